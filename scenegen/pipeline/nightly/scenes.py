"""A scene through all its stages: what is there already is taken, the rest is made."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from scenegen.pipeline.nightly.drawing_files import drawing_damage
from scenegen.pipeline.nightly.observing import stage
from scenegen.pipeline.nightly.run_sum import run_damage
from scenegen.pipeline.nightly.store import Made, Stage, Store
from scenegen.sample import parse_rig

if TYPE_CHECKING:
    from scenegen.pipeline.nightly.chain import Grounds
    from scenegen.scenario import LogicalScenario


log = logging.getLogger(__name__)


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
    simulated, drawn, labelled : Made or None
    draw_key, label_key : str
        Empty before the stage before is there.
    made : tuple of str
        Stages that were done just now.
    """

    scene_id: str
    simulate_key: str
    simulated: Made | None = None
    draw_key: str = ""
    drawn: Made | None = None
    label_key: str = ""
    labelled: Made | None = None
    made: tuple[Stage, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether nothing is missing."""
        return self.labelled is not None


def state_of(task: SceneTask) -> SceneState:
    """Look how far a scene is, and make nothing."""
    store, grounds = Store(Path(task.store)), task.grounds
    found = SceneState(task.scene_id, task.simulate_key)
    run = store.made("simulate", found.simulate_key)
    if run is None:
        return found
    found = replace(found, simulated=run, draw_key=grounds.draw_key(run))
    drawing = store.made("draw", found.draw_key)
    if drawing is None:
        return found
    label_key = grounds.label_key(run, drawing)
    labels = store.made("label", label_key)
    return replace(found, drawn=drawing, label_key=label_key, labelled=labels)


def make_scene_state(task: SceneTask) -> SceneState:
    """Make what is missing of a scene.

    Raises
    ------
    ScenegenError
        A stage's own error; what was made before stays.
    """
    store = Store(Path(task.store))
    state = _sound(store, task)
    made: tuple[Stage, ...] = ()
    config, scene = task.grounds.config, task.scene_id
    run = store.folder("simulate", state.simulate_key)
    sensors = parse_rig(config.sensors, "sensors") if config.sensors else None
    if state.simulated is None:
        # A process that only simulates loads no renderer, and one that labels no simulator.
        from scenegen.pipeline.nightly.simulating import simulated  # noqa: PLC0415

        with stage(store.root, scene, "simulate"):
            simulated(store, state.simulate_key, task.logical, task.grounds.seed, task.index)
        state, made = state_of(task), ("simulate",)
    if task.simulate_only:
        return replace(state, made=made)
    if state.drawn is None:
        from scenegen.pipeline.nightly.drawing import drawn  # noqa: PLC0415

        with stage(store.root, scene, "draw"):
            drawn(store, state.draw_key, run, config, sensors)
        state, made = state_of(task), (*made, "draw")
    if state.labelled is None:
        from scenegen.pipeline.nightly.labelling import labelled  # noqa: PLC0415

        with stage(store.root, scene, "label"):
            drawing = store.folder("draw", state.draw_key)
            labelled(store, state.label_key, run, drawing, config, sensors)
        state, made = state_of(task), (*made, "label")
    return replace(state, made=made)


def _sound(store: Store, task: SceneTask) -> SceneState:
    """Look how far a scene is, and let go of what is damaged of that from which more is made."""
    state = state_of(task)
    if state.simulated is not None:
        problem = run_damage(store.folder("simulate", state.simulate_key), state.simulated.value)
        if problem:
            _let_go(store, task, "simulate", state.simulate_key, problem)
            return state_of(task)
    if state.drawn is not None:
        problem = drawing_damage(store.folder("draw", state.draw_key), state.drawn.value)
        if problem:
            _let_go(store, task, "draw", state.draw_key, problem)
            return state_of(task)
    return state


def _let_go(store: Store, task: SceneTask, made: Stage, key: str, problem: str) -> None:
    told = "%s: what is stored of it is damaged (%s); it is made anew"
    log.warning(told, task.scene_id, problem, extra={"event": "mended", "stage": made})
    store.drop(made, key)
