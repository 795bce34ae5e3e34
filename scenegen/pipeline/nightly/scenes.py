"""A scene through all its stages: what is there already is taken, the rest is made."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scenegen.pipeline.nightly.store import Made, Stage, Store
from scenegen.sample import parse_rig

if TYPE_CHECKING:
    from scenegen.pipeline.nightly.chain import Grounds
    from scenegen.scenario import LogicalScenario


@dataclass(frozen=True, slots=True)
class SceneTask:
    """Everything a process needs to make what is missing of a scene.

    Attributes
    ----------
    simulate_only : bool
        Whether it ends with the run, which says if the scene is kept.
    """

    store: str
    grounds: Grounds
    logical: LogicalScenario
    index: int
    simulate_only: bool = False

    @property
    def scene_id(self) -> str:
        """The scene's name in the data set."""
        return f"{self.logical.name}-{self.index:06d}"

    @property
    def simulate_key(self) -> str:
        """Where its run is stored."""
        return self.grounds.simulate_key(self.logical, self.index)


@dataclass(frozen=True, slots=True)
class SceneState:
    """How far a scene is.

    Attributes
    ----------
    simulated, drawn : Made or None
    draw_key : str
        Empty before the run is there.
    made : tuple of str
        Stages that were done just now.
    """

    scene_id: str
    simulate_key: str
    simulated: Made | None = None
    draw_key: str = ""
    drawn: Made | None = None
    made: tuple[Stage, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return self.drawn is not None


def state_of(task: SceneTask) -> SceneState:
    """Look how far a scene is, and make nothing."""
    store, key = Store(Path(task.store)), task.simulate_key
    simulated = store.made("simulate", key)
    if simulated is None:
        return SceneState(task.scene_id, key)
    draw_key = task.grounds.draw_key(simulated)
    return SceneState(task.scene_id, key, simulated, draw_key, store.made("draw", draw_key))


def make_scene_state(task: SceneTask) -> SceneState:
    """Make what is missing of a scene.

    Raises
    ------
    ScenegenError
        A stage's own error; what was made before stays.
    """
    # A process that only simulates loads no renderer.
    from scenegen.pipeline.nightly.simulating import simulated  # noqa: PLC0415

    store, state = Store(Path(task.store)), state_of(task)
    stages: tuple[Stage, ...] = ()
    run = state.simulated
    if run is None:
        run = simulated(store, state.simulate_key, task.logical, task.grounds.seed, task.index)
        stages = ("simulate",)
    draw_key = task.grounds.draw_key(run)
    picture = store.made("draw", draw_key)
    if picture is None and not task.simulate_only:
        from scenegen.pipeline.nightly.drawing import drawn  # noqa: PLC0415

        config = task.grounds.config
        sensors = parse_rig(config.sensors, "sensors") if config.sensors else None
        folder = store.folder("simulate", state.simulate_key)
        picture = drawn(store, draw_key, folder, config, sensors)
        stages = (*stages, "draw")
    return SceneState(task.scene_id, state.simulate_key, run, draw_key, picture, stages)
