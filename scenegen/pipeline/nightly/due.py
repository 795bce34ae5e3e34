"""What is due and why: each scene's stages against what is stored, and against the last version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from scenegen.pipeline.nightly.scenes import SceneState, SceneTask
    from scenegen.pipeline.nightly.version import Version


@dataclass(frozen=True)
class Due:
    """What a run has to do.

    Attributes
    ----------
    wanted : int
        Scenes of the plan.
    simulate, draw, label : tuple of str
        Scenes whose run, whose pictures and whose labels are to be made. What comes after is
        only made if what is made again is another.
    gone : tuple of str
        Scenes of the last version that the plan no longer has.
    reasons : dict of str to int
        Why, with the number of scenes.
    unsearched : dict of str to int
        By scenario, how many more scenes are to be searched for; which, and whether those of
        the last version are among them, is known when draws have been simulated.
    """

    wanted: int
    simulate: tuple[str, ...]
    draw: tuple[str, ...]
    label: tuple[str, ...]
    gone: tuple[str, ...]
    reasons: dict[str, int]
    unsearched: dict[str, int]

    @property
    def nothing(self) -> bool:
        """Whether every scene is there."""
        return not (self.simulate or self.draw or self.label or self.gone or self.unsearched)

    def __str__(self) -> str:
        there = self.wanted - len(self.simulate) - len(self.draw) - len(self.label)
        rows = [f"{self.wanted} scenes, {there} of them up to date"]
        if self.simulate:
            rows.append(f"  {len(self.simulate)} to simulate, then to draw if they ran otherwise")
        if self.draw:
            rows.append(f"  {len(self.draw)} to draw, from runs that are there, and to label")
        if self.label:
            rows.append(f"  {len(self.label)} to label, from what is drawn")
        rows += [
            f"  up to {count} of {name} to search for, by simulating draws"
            for name, count in self.unsearched.items()
        ]
        if self.gone:
            rows.append(f"  {len(self.gone)} to leave out")
        rows += [f"  because {why}: {count}" for why, count in self.reasons.items()]
        return "\n".join(rows)


def due_of(
    tasks: Sequence[SceneTask],
    states: Mapping[str, SceneState],
    grounds: Mapping[str, object],
    last: Version | None,
    known: Collection[str],
    unsearched: Mapping[str, int],
) -> Due:
    """Return what is due.

    Parameters
    ----------
    states : mapping of str to SceneState
        By scene.
    grounds : mapping
        What all scenes depend on now, as versions note it.
    known : collection of str
        Scenes of the last version.
    unsearched : mapping of str to int
        Scenes by scenario of which nobody knows yet which draws they are.
    """
    simulate: list[SceneTask] = []
    draw: list[SceneTask] = []
    label: list[SceneTask] = []
    for task in tasks:
        state = states[task.scene_id]
        if state.simulated is None:
            simulate.append(task)
        elif state.drawn is None:
            draw.append(task)
        elif not state.complete:
            label.append(task)
    reasons = Counter(
        why for t in (*simulate, *draw, *label) for why in _why(t, grounds, last, known)
    )
    wanted = {task.scene_id for task in tasks}
    gone = tuple(
        scene
        for scene in known
        if scene not in wanted and scene.rpartition("-")[0] not in unsearched
    )
    return Due(
        len(tasks),
        tuple(task.scene_id for task in simulate),
        tuple(task.scene_id for task in draw),
        tuple(task.scene_id for task in label),
        gone,
        dict(reasons.most_common()),
        dict(unsearched),
    )


def _why(
    task: SceneTask,
    grounds: Mapping[str, object],
    last: Version | None,
    known: Collection[str],
) -> list[str]:
    """Return why a scene isn't there."""
    if last is None:
        return ["there is no version yet"]
    if task.logical.name not in last.scenarios:
        return [f"{task.logical.name} is new"]
    if last.scenarios[task.logical.name] != task.logical.digest:
        return [f"{task.logical.name} is another scenario now"]
    if task.scene_id not in known:
        return [f"{task.logical.name} has more scenes"]
    changed = [name for name in grounds if grounds[name] != last.grounds.get(name)]
    return [f"{name} changed" for name in changed] or ["what was stored is gone"]
