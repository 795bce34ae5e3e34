"""How far the scenes of a plan are, read from the store whenever somebody asks."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from scenegen.pipeline.nightly.scenes import state_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenegen.pipeline.nightly.scenes import SceneState, SceneTask


class States(Mapping[str, "SceneState"]):
    """A mapping from scenes to states that holds the scenes' tasks alone.

    The store is what says how far a scene is, and looking takes a tenth of a millisecond: so a
    run needs no more memory for many scenes than for few. Of scenes that were whole when
    somebody looked, the digests of their labels alone are kept.

    Parameters
    ----------
    tasks : sequence of SceneTask
    """

    def __init__(self, tasks: Sequence[SceneTask]) -> None:
        self._tasks = {task.scene_id: task for task in tasks}
        self._labels: dict[str, str] = {}

    def __getitem__(self, scene: str) -> SceneState:
        state = state_of(self._tasks[scene])
        if state.labelled is not None:
            self._labels[scene] = state.labelled.value
        return state

    def label(self, scene: str) -> str:
        """Return the digest of a scene's labels, as of the last look; empty if it has none."""
        if scene not in self._labels:
            labelled = self[scene].labelled
            return "" if labelled is None else labelled.value
        return self._labels[scene]

    def __iter__(self) -> Iterator[str]:
        return iter(self._tasks)

    def __len__(self) -> int:
        return len(self._tasks)

    @property
    def tasks(self) -> Sequence[SceneTask]:
        """Of all scenes, in the plan's order."""
        return tuple(self._tasks.values())

    def without(self, scenes: Mapping[str, object]) -> States:
        """Return all but some."""
        left = States([task for name, task in self._tasks.items() if name not in scenes])
        left._labels = {name: self._labels[name] for name in left if name in self._labels}
        return left
