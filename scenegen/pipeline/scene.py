"""One scene from its key to its folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenegen.pipeline.draw_scene import StageClock, draw_scene
from scenegen.pipeline.freed_memory import return_freed_memory
from scenegen.render import QualityName, RendererKind, process_renderer
from scenegen.sample import draw
from scenegen.simulate import simulate

if TYPE_CHECKING:
    from scenegen.records import ConcreteScenario, SensorSpec
    from scenegen.records.pixels import OptionalLayer
    from scenegen.render.protocol import Renderer
    from scenegen.scenario import LogicalScenario


@dataclass(frozen=True)
class SceneJob:
    """Everything a process needs to make one scene.

    Attributes
    ----------
    out : str
        The data set's folder.
    sensors : dict or None
        Sensors in place of the scenario's own.
    duration_s : float or None
        Length in place of the scenario's own, for trials.
    quality : str
        What the colours may cost.
    layers : tuple of str
        Optional layers that are written.
    """

    logical: LogicalScenario
    seed: int
    index: int
    out: str
    sensors: dict[str, SensorSpec] | None = None
    renderer: RendererKind = "opengl"
    duration_s: float | None = None
    quality: QualityName = "full"
    layers: tuple[OptionalLayer, ...] = ()

    @property
    def scene_id(self) -> str:
        """The scene's name in the data set."""
        return f"{self.logical.name}-{self.index:06d}"

    def concrete(self) -> ConcreteScenario:
        """Draw the scene, with the sensors that were asked for."""
        concrete = draw(self.logical, self.seed, self.index)
        instead = {"sensors": self.sensors, "duration_s": self.duration_s}
        given = {name: value for name, value in instead.items() if value is not None}
        return concrete.model_copy(update=given)


@dataclass(frozen=True)
class SceneResult:
    """What came of a job: the scene's id, its frames, and CPU seconds by stage."""

    scene_id: str
    frames: int
    cpu_s: dict[str, float]


def make_scene(job: SceneJob) -> SceneResult:
    """Draw, simulate, render, annotate and write one scene.

    Raises
    ------
    ScenegenError
        Any stage's own error. Nothing of the scene is left on disk then.
    """
    clock = StageClock()
    with clock.stage("sample"):
        concrete = job.concrete()
    renderer = process_renderer(job.renderer)
    result = write_scene(concrete, job.out, renderer, clock, job.quality, job.layers)
    return_freed_memory()
    return result


def write_scene(
    concrete: ConcreteScenario,
    out: str,
    renderer: Renderer,
    clock: StageClock,
    quality: QualityName = "full",
    layers: tuple[OptionalLayer, ...] = (),
) -> SceneResult:
    """Simulate, render, annotate and write a scene whose every value is fixed."""
    with clock.stage("simulate"):
        trajectory = simulate(concrete)
    frames = draw_scene(concrete, trajectory, out, renderer, clock, quality, layers)
    return SceneResult(concrete.scene_id, frames, clock.cpu_s)
