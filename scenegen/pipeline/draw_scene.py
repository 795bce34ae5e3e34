"""A scene that has been simulated, drawn and labelled into its folder; each part timed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from scenegen.annotate import RunFacts, annotate, pixel_truth
from scenegen.dataset import SceneWriter, encode_frame, encode_pixels
from scenegen.dataset.licences import imported_licences
from scenegen.monitor import judge
from scenegen.pipeline.detail import with_detail
from scenegen.pipeline.ranged import label_scan, label_sweep
from scenegen.ranging import Lidar, Radar, RangingScene
from scenegen.records import ScanLabels, SweepLabels
from scenegen.render import QualityName

if TYPE_CHECKING:
    from scenegen.records import ConcreteScenario, Trajectory
    from scenegen.records.pixels import OptionalLayer
    from scenegen.render.protocol import Renderer

Measured = TypeVar("Measured")
Labels = TypeVar("Labels", SweepLabels, ScanLabels)


@dataclass
class StageClock:
    """CPU seconds of this process by stage."""

    cpu_s: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str, *, beside: str | None = None) -> Iterator[None]:
        """Add the CPU time of a block to a stage.

        Parameters
        ----------
        beside : str, optional
            The stage that takes what other threads spend meanwhile.
        """
        start, own = time.process_time(), time.thread_time()
        try:
            yield
        finally:
            spent = time.process_time() - start
            if beside is not None:
                others = spent - (time.thread_time() - own)
                self.add(beside, others)
                spent -= others
            self.add(name, spent)

    def add(self, name: str, seconds: float) -> None:
        """Add CPU seconds to a stage."""
        self.cpu_s[name] = self.cpu_s.get(name, 0.0) + seconds


def draw_scene(
    concrete: ConcreteScenario,
    trajectory: Trajectory,
    out: str,
    renderer: Renderer,
    clock: StageClock,
    quality: QualityName = "full",
    layers: tuple[OptionalLayer, ...] = (),
) -> int:
    """Render, annotate and write a scene that has been simulated; return how many frames it has.

    Parameters
    ----------
    concrete, trajectory
        Of the same scene.
    out : str
        The data set's folder.
    layers : tuple of str
        Optional layers that are written.
    """
    with clock.stage("load"):
        concrete = with_detail(concrete, trajectory)
        if concrete.cameras:
            renderer.load(concrete, trajectory, quality)
    with clock.stage("annotate"):
        facts = RunFacts(concrete, trajectory)
    frames = 0
    with SceneWriter(out, concrete, imported_licences(concrete)) as scene:
        with clock.stage("write"):
            scene.write_trajectory(trajectory)
            scene.note_robustness(judge(concrete, trajectory))
        asked = [(name, at) for name in concrete.cameras for at in range(concrete.frame_count)]
        for (sensor, index), frame in zip(asked, renderer.draw_all(asked), strict=True):
            for name, seconds in renderer.last_timing.items():
                if name != "total":
                    clock.add(name, seconds)
            with clock.stage("annotate", beside="draw"):
                labels = annotate(frame, concrete, trajectory, sensor, index, facts)
            with clock.stage("layers", beside="draw"):
                truth = pixel_truth(frame, concrete, trajectory, labels, facts.bounds, layers)
            with clock.stage("encode", beside="draw"):
                pictures = encode_frame(frame) | encode_pixels(truth)
            with clock.stage("write", beside="draw"):
                scene.write_pictures(sensor, index, pictures, labels)
            frames += 1
        frames += _write_ranged(scene, facts, clock)
    return frames


def _write_ranged(scene: SceneWriter, facts: RunFacts, clock: StageClock) -> int:
    """Write the sweeps of all LiDARs and the scans of all radars; return how many there are."""
    concrete = facts.scenario
    if not concrete.lidars and not concrete.radars:
        return 0
    with clock.stage("load"):
        ranged = RangingScene(concrete, facts.trajectory)
    written = 0
    for name in concrete.lidars:
        lidar = Lidar(ranged, name)
        label = partial(label_sweep, facts, name)
        write = partial(scene.write_sweep, name)
        written += _write_all(lidar.sweep_count, lidar.sweep, label, write, clock, "lidar")
    for name in concrete.radars:
        radar = Radar(ranged, name)
        about = partial(label_scan, facts, name)
        keep = partial(scene.write_scan, name)
        written += _write_all(radar.scan_count, radar.scan, about, keep, clock, "radar")
    return written


def _write_all(
    count: int,
    measure: Callable[[int], Measured],
    label: Callable[[int, Measured], Labels],
    write: Callable[[int, Measured, Labels], None],
    clock: StageClock,
    stage: str,
) -> int:
    """Measure, label and write all that a sensor has in a scene; return how much that is."""
    for index in range(count):
        with clock.stage(stage):
            measured = measure(index)
        with clock.stage("annotate"):
            labels = label(index, measured)
        with clock.stage("write"):
            write(index, measured, labels)
    return count
