"""The second stage: what the sensors of a run measure, and all that its labels are made from."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenegen.dataset.codecs import encode_frame
from scenegen.dataset.point_files import SCAN_FILES, SWEEP_FILES, encode_scan, encode_sweep
from scenegen.dataset.raw_truth import encode_raw
from scenegen.pipeline.freed_memory import return_freed_memory
from scenegen.pipeline.nightly.drawing_files import RAW, DrawingWriter
from scenegen.pipeline.nightly.run_files import read_run
from scenegen.pipeline.nightly.store import Made, Store, finish
from scenegen.ranging.lidar import Lidar
from scenegen.ranging.radar.sensor import Radar
from scenegen.ranging.scene import RangingScene
from scenegen.render import process_renderer

if TYPE_CHECKING:
    from pathlib import Path

    from scenegen.pipeline.config import GenerateConfig
    from scenegen.records import ConcreteScenario, SensorSpec, Trajectory


def drawn(
    store: Store,
    key: str,
    run: Path,
    config: GenerateConfig,
    sensors: dict[str, SensorSpec] | None,
) -> Made:
    """Draw a run and store its pictures and points, and the raw truth of the pictures.

    Parameters
    ----------
    run : Path
        Entry of the simulated scene.
    sensors : dict or None
        In place of the scenario's own.

    Raises
    ------
    ScenegenError
        It can't be drawn; nothing is stored then.
    """
    concrete, trajectory = read_run(run, sensors)
    with store.making("draw", key) as folder:
        writer = DrawingWriter(folder)
        frames = _draw_cameras(concrete, trajectory, config, writer)
        frames += _measure(concrete, trajectory, writer)
        made = Made(value=writer.finish(), frames=frames)
        finish(folder, made)
    return_freed_memory()
    return made


def _draw_cameras(
    concrete: ConcreteScenario, trajectory: Trajectory, config: GenerateConfig, out: DrawingWriter
) -> int:
    asked = [(name, at) for name in concrete.cameras for at in range(concrete.frame_count)]
    if not asked:
        return 0
    renderer = process_renderer(config.renderer)
    renderer.load(concrete, trajectory, config.quality)
    for (sensor, index), frame in zip(asked, renderer.draw_all(asked), strict=True):
        pictures = encode_frame(frame)
        files: dict[str, tuple[str, bytes]] = {k: ("png", pictures[k]) for k in pictures}
        out.add(sensor, index, {**files, RAW: ("npz", encode_raw(frame))})
    return len(asked)


def _measure(concrete: ConcreteScenario, trajectory: Trajectory, out: DrawingWriter) -> int:
    """Write the sweeps of all LiDARs and the scans of all radars; return how many there are."""
    if not concrete.lidars and not concrete.radars:
        return 0
    ranged = RangingScene(concrete, trajectory)
    written = 0
    for name in concrete.lidars:
        lidar = Lidar(ranged, name)
        for index in range(lidar.sweep_count):
            points = encode_sweep(lidar.sweep(index))
            out.add(name, index, {kind: (SWEEP_FILES[kind], d) for kind, d in points.items()})
        written += lidar.sweep_count
    for name in concrete.radars:
        radar = Radar(ranged, name)
        for index in range(radar.scan_count):
            echoes = encode_scan(radar.scan(index))
            out.add(name, index, {kind: (SCAN_FILES[kind], d) for kind, d in echoes.items()})
        written += radar.scan_count
    return written
