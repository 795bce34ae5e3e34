"""One scene from its key to its folder: the stages in order, each timed."""

from __future__ import annotations

import ctypes
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from scenegen.annotate import annotate, track_bounds
from scenegen.assets import credit
from scenegen.dataset import Licence, SceneWriter, encode_frame
from scenegen.pipeline.detail import with_detail
from scenegen.ranging import Lidar, Radar, RangingScene, scan_labels, sweep_labels
from scenegen.render import QualityName, make_renderer
from scenegen.sample import draw
from scenegen.simulate import simulate

if TYPE_CHECKING:
    from scenegen.records import ConcreteScenario, SensorSpec, Trajectory
    from scenegen.records.base import F64
    from scenegen.render.protocol import Renderer
    from scenegen.scenario import LogicalScenario

RendererKind = Literal["opengl", "pyrender"]


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
    """

    logical: LogicalScenario
    seed: int
    index: int
    out: str
    sensors: dict[str, SensorSpec] | None = None
    renderer: RendererKind = "opengl"
    duration_s: float | None = None
    quality: QualityName = "full"

    def concrete(self) -> ConcreteScenario:
        """Draw the scene, with the sensors that were asked for."""
        concrete = draw(self.logical, self.seed, self.index)
        instead = {"sensors": self.sensors, "duration_s": self.duration_s}
        given = {name: value for name, value in instead.items() if value is not None}
        return concrete.model_copy(update=given)


@dataclass
class StageClock:
    """CPU seconds of this process by stage."""

    cpu_s: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the CPU time of a block to a stage."""
        start = time.process_time()
        try:
            yield
        finally:
            self.add(name, time.process_time() - start)

    def add(self, name: str, seconds: float) -> None:
        """Add CPU seconds to a stage."""
        self.cpu_s[name] = self.cpu_s.get(name, 0.0) + seconds


@dataclass(frozen=True)
class SceneResult:
    """What came of a job: the scene's id, its frames, and CPU seconds by stage."""

    scene_id: str
    frames: int
    cpu_s: dict[str, float]


@lru_cache(maxsize=1)
def process_renderer(kind: RendererKind) -> Renderer:
    """Return this process's renderer; a process holds one OpenGL context."""
    return make_renderer(kind)


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
    result = write_scene(concrete, job.out, process_renderer(job.renderer), clock, job.quality)
    _return_freed_memory()
    return result


def _return_freed_memory() -> None:
    """Give the system what the scene's arrays have left: else glibc keeps it in small pieces."""
    trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
    if trim is not None:
        trim(0)


def write_scene(
    concrete: ConcreteScenario,
    out: str,
    renderer: Renderer,
    clock: StageClock,
    quality: QualityName = "full",
) -> SceneResult:
    """Simulate, render, annotate and write a scene whose every value is fixed."""
    with clock.stage("simulate"):
        trajectory = simulate(concrete)
    with clock.stage("load"):
        concrete = with_detail(concrete, trajectory)
        if concrete.cameras:
            renderer.load(concrete, trajectory, quality)
    with clock.stage("annotate"):
        bounds = track_bounds(concrete, trajectory)
    frames = 0
    with SceneWriter(out, concrete, imported_licences(concrete)) as scene:
        with clock.stage("write"):
            scene.write_trajectory(trajectory)
        for sensor in concrete.cameras:
            for index in range(concrete.frame_count):
                frame = renderer.draw(sensor, index)
                for name, seconds in renderer.last_timing.items():
                    if name != "total":
                        clock.add(name, seconds)
                with clock.stage("annotate"):
                    labels = annotate(frame, concrete, trajectory, sensor, index, bounds)
                with clock.stage("encode"):
                    pictures = encode_frame(frame)
                with clock.stage("write"):
                    scene.write_pictures(sensor, index, pictures, labels)
                frames += 1
        frames += _write_sweeps(scene, concrete, trajectory, bounds, clock)
    return SceneResult(concrete.scene_id, frames, clock.cpu_s)


def imported_licences(concrete: ConcreteScenario) -> list[Licence]:
    """Return the terms of the imported assets that a scene shows or is lit by."""
    shown = {actor.asset_id for actor in concrete.actors}
    shown |= {prop.asset_id for prop in concrete.props}
    sky = concrete.weather.sky
    shown.add(sky)
    credits_due = [due for due in map(credit, sorted(shown)) if due is not None]
    return [
        Licence(
            what=f"{'light of' if due.id == sky else '3D asset'} {due.id} ({due.what})",
            licence=due.licence,
            attribution=due.creator,
            source=f"{due.url}, in {due.package}",
            changes=due.changes,
            sha256=due.sha256,
        )
        for due in credits_due
    ]


def _write_sweeps(
    scene: SceneWriter,
    concrete: ConcreteScenario,
    trajectory: Trajectory,
    bounds: dict[int, F64],
    clock: StageClock,
) -> int:
    """Write the sweeps of all LiDARs and the scans of all radars; return how many there are."""
    if not concrete.lidars and not concrete.radars:
        return 0
    with clock.stage("load"):
        ranged = RangingScene(concrete, trajectory)
    sweeps = 0
    for sensor in concrete.lidars:
        lidar = Lidar(ranged, sensor)
        for index in range(lidar.sweep_count):
            with clock.stage("lidar"):
                sweep = lidar.sweep(index)
            with clock.stage("annotate"):
                labels = sweep_labels(lidar, index, sweep, bounds)
            with clock.stage("write"):
                scene.write_sweep(sensor, index, sweep, labels)
            sweeps += 1
    for sensor in concrete.radars:
        radar = Radar(ranged, sensor)
        for index in range(radar.scan_count):
            with clock.stage("radar"):
                scan = radar.scan(index)
            with clock.stage("annotate"):
                about = scan_labels(radar, index, scan, bounds)
            with clock.stage("write"):
                scene.write_scan(sensor, index, scan, about)
            sweeps += 1
    return sweeps
