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
    simulate, draw : tuple of str
        Scenes whose run, and whose pictures, are to be made. Of those that are simulated
        again, pictures are only made if the run is another.
    gone : tuple of str
        Scenes of the last version that the plan no longer has.
    reasons : dict of str to int
        Why, with the number of scenes.
    """

    wanted: int
    simulate: tuple[str, ...]
    draw: tuple[str, ...]
    gone: tuple[str, ...]
    reasons: dict[str, int]

    @property
    def nothing(self) -> bool:
        """Whether every scene is there."""
        return not self.simulate and not self.draw and not self.gone

    def __str__(self) -> str:
        there = self.wanted - len(self.simulate) - len(self.draw)
        rows = [f"{self.wanted} scenes, {there} of them up to date"]
        if self.simulate:
            rows.append(f"  {len(self.simulate)} to simulate, then to draw if they ran otherwise")
        if self.draw:
            rows.append(f"  {len(self.draw)} to draw and label, from runs that are there")
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
    """
    simulate = [t for t in tasks if states[t.scene_id].simulated is None]
    draw = [
        t
        for t in tasks
        if states[t.scene_id].simulated is not None and not states[t.scene_id].complete
    ]
    reasons = Counter(why for t in (*simulate, *draw) for why in _why(t, grounds, last, known))
    wanted = {task.scene_id for task in tasks}
    gone = tuple(scene for scene in known if scene not in wanted)
    return Due(
        len(tasks),
        tuple(task.scene_id for task in simulate),
        tuple(task.scene_id for task in draw),
        gone,
        dict(reasons.most_common()),
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
