"""The third stage: a drawn run labelled from what is stored of it, as a scene of a data set."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from scenegen.annotate import RunFacts, annotate, pixel_truth
from scenegen.dataset.codecs import (
    LAYERS,
    decode_instance,
    decode_rgb,
    decode_semantic,
    encode_pixels,
)
from scenegen.dataset.layout import MANIFEST, SCENES, read_manifest
from scenegen.dataset.licences import imported_licences
from scenegen.dataset.point_files import decode_detections, decode_ids, decode_points
from scenegen.dataset.raw_truth import decode_raw
from scenegen.dataset.writer import SceneWriter
from scenegen.monitor import judge
from scenegen.pipeline.freed_memory import return_freed_memory
from scenegen.pipeline.layers import layers_of
from scenegen.pipeline.nightly.drawing_files import RAW, DrawingReader
from scenegen.pipeline.nightly.run_files import read_run
from scenegen.pipeline.nightly.store import Made, Store, finish
from scenegen.pipeline.ranged import label_scan, label_sweep
from scenegen.records import Frame, Scan, Sweep

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from scenegen.dataset.aside import StoredFile
    from scenegen.dataset.schema import SceneManifest
    from scenegen.pipeline.config import GenerateConfig
    from scenegen.records import SensorSpec
    from scenegen.records.pixels import OptionalLayer

_SEEN = ("rgb", "semantic", "flow", "instance")
"""Layers that a refiner reads."""


def labelled(
    store: Store,
    key: str,
    run: Path,
    drawing: Path,
    config: GenerateConfig,
    sensors: dict[str, SensorSpec] | None,
) -> Made:
    """Label a drawn run and store the scene; its pictures and points are links to what is drawn.

    Parameters
    ----------
    run, drawing : Path
        Entries of the simulated and of the drawn scene.
    sensors : dict or None
        In place of the scenario's own.

    Raises
    ------
    ScenegenError
        It can't be labelled; nothing is stored then.
    """
    concrete, trajectory = read_run(run, sensors)
    facts, files = RunFacts(concrete, trajectory), DrawingReader(drawing)
    with store.making("label", key) as folder:
        with SceneWriter(folder, concrete, imported_licences(concrete)) as scene:
            scene.write_trajectory(trajectory)
            scene.note_robustness(judge(concrete, trajectory))
            frames = _label_cameras(scene, files, facts, layers_of(config.layers))
            frames += _label_points(scene, files, facts)
        path = folder / SCENES / concrete.scene_id
        made = Made(
            value=hashlib.sha256((path / MANIFEST).read_bytes()).hexdigest(),
            seen=_seen(read_manifest(path)),
            frames=frames,
            log_weight=concrete.log_weight,
        )
        finish(folder, made)
    return_freed_memory()
    return made


def _label_cameras(
    scene: SceneWriter, files: DrawingReader, facts: RunFacts, layers: tuple[OptionalLayer, ...]
) -> int:
    concrete, trajectory = facts.scenario, facts.trajectory
    for sensor in concrete.cameras:
        for index in range(concrete.frame_count):
            stored = files.files(sensor, index)
            frame = _frame(stored, facts, sensor, index)
            labels = annotate(frame, concrete, trajectory, sensor, index, facts)
            truth = pixel_truth(frame, concrete, trajectory, labels, facts.bounds, layers)
            pictures = {layer: stored[layer] for layer in LAYERS if layer in stored}
            scene.write_pictures(sensor, index, {**pictures, **encode_pixels(truth)}, labels)
    return len(concrete.cameras) * concrete.frame_count


def _frame(stored: Mapping[str, StoredFile], facts: RunFacts, sensor: str, index: int) -> Frame:
    """Return a frame as it was drawn, but for normals and flow, which no label asks for."""
    raw = decode_raw(stored[RAW].data)
    return Frame(
        step=int(facts.scenario.frame_rows[index]),
        camera=facts.scenario.cameras[sensor].camera(),
        world_from_camera=raw.world_from_camera,
        next_world_from_camera=raw.next_world_from_camera,
        rgb=decode_rgb(stored["rgb"].data),
        depth_m=raw.depth_m,
        instance=decode_instance(stored["instance"].data),
        semantic=decode_semantic(stored["semantic"].data),
        normal=None,
        flow_px=None,
        flow_valid=None,
        silhouettes=raw.silhouettes,
        pieces=raw.pieces,
    )


def _label_points(scene: SceneWriter, files: DrawingReader, facts: RunFacts) -> int:
    """Label the sweeps of all LiDARs and the scans of all radars; return how many there are."""
    concrete, written = facts.scenario, 0
    for name, lidar in concrete.lidars.items():
        count = lidar.sweep_count(concrete.duration_s)
        for index in range(count):
            stored = files.files(name, index)
            swept = label_sweep(facts, name, index, _sweep(stored))
            scene.write_points("lidar", name, index, stored, swept)
        written += count
    for name, radar in concrete.radars.items():
        count = radar.scan_count(concrete.duration_s)
        for index in range(count):
            stored = files.files(name, index)
            scanned = label_scan(facts, name, index, _scan(stored))
            scene.write_points("radar", name, index, stored, scanned)
        written += count
    return written


def _sweep(stored: Mapping[str, StoredFile]) -> Sweep:
    instance, semantic = np.divmod(decode_ids(stored["labels"].data), 1 << 16)
    return Sweep(
        decode_points(stored["points"].data),
        semantic.astype(np.uint16),
        instance.astype(np.uint16),
        decode_ids(stored["beams"].data),
    )


def _scan(stored: Mapping[str, StoredFile]) -> Scan:
    instance, semantic = np.divmod(decode_ids(stored["labels"].data), 1 << 16)
    points = decode_detections(stored["points"].data)
    return Scan(points, semantic.astype(np.uint16), instance.astype(np.uint16))


def _seen(manifest: SceneManifest) -> str:
    """Return the digest of the files that a refiner reads."""
    total = hashlib.sha256()
    for name, entry in manifest.files.items():
        if name == "scenario.json" or name.split("/")[1:2] in [[layer] for layer in _SEEN]:
            total.update(f"{name}\0{entry.sha256}\n".encode())
    return total.hexdigest()
