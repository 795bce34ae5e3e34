"""Every check of one scene of a data set: its files, then its labels against each other."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenegen.annotate.checks import (
    SCAN_CHECKS,
    SCENE_CHECKS,
    SWEEP_CHECKS,
    Pictures,
    SceneTruth,
    applicable,
    check_frame,
    check_scan,
    check_scan_series,
    check_scene,
    check_sweep,
    check_sweep_series,
)
from scenegen.dataset import FrameReader, SceneReader, Signing, check_manifests, open_dataset
from scenegen.dataset.digest import check_files
from scenegen.errors import DatasetError
from scenegen.monitor import judge
from scenegen.records import PixelTruth
from scenegen.records.taxonomy import IGNORE

if TYPE_CHECKING:
    from scenegen.records import FrameLabels, Scan, ScanLabels, SweepLabels


@dataclass(frozen=True)
class SceneToVerify:
    """A scene of a data set, for a worker."""

    dataset: str
    scene: str
    signing: Signing | None = None


@dataclass(frozen=True)
class SceneFindings:
    """What one scene's checks came to."""

    frames: int
    checked: Counter[str]
    violations: tuple[str, ...]


def verify_scene(task: SceneToVerify) -> SceneFindings:
    """Check one scene, file by file and frame by frame.

    Raises
    ------
    DatasetError
        Its manifest can't be read.
    """
    dataset = open_dataset(task.dataset)
    scene = dataset.scene(task.scene)
    files = scene.manifest
    hashed = [f"hash: {problem}" for problem in check_files(dataset.path, files)]
    try:
        held = _held_together(scene, task.signing)
    except DatasetError as error:
        held = SceneFindings(0, Counter(), (f"unreadable: {error}",))
    checked = Counter({"file hashes": len(files.files)}) + held.checked
    return SceneFindings(held.frames, checked, (*hashed, *held.violations))


def _held_together(scene: SceneReader, signing: Signing | None) -> SceneFindings:
    """Hold the labels of a scene against its pictures, its run and each other."""
    truth = SceneTruth(scene.scenario, scene.trajectory)
    checked: Counter[str] = Counter()
    violations: list[str] = []
    seen: list[FrameLabels] = []
    for sensor in sorted(truth.scenario.cameras.keys() & set(scene.sensors)):
        following: Pictures | None = None
        # From the last to the first, so that each picture is decoded once.
        for reader in reversed(scene.frames(sensor)):
            try:
                labels, pictures = reader.labels, read_pictures(reader)
            except DatasetError as error:
                violations.append(f"unreadable: {error}")
                following = None
                continue
            violations += check_ignored(reader)
            found = check_frame(labels, pictures, truth, following)
            violations += [str(violation) for violation in found]
            checked.update(applicable(pictures))
            seen.append(labels)
            following = pictures
    seen.sort(key=lambda labels: (labels.sensor, labels.frame))
    violations += [str(violation) for violation in check_scene(truth, seen)]
    checked.update(list(SCENE_CHECKS))
    violations += check_monitors(scene)
    checked["monitors"] += len(scene.scenario.monitors)
    if signing is not None:
        problems = check_manifests(scene, signing)
        violations += [f"provenance: {problem}" for problem in problems]
        checked["manifests"] += sum("rgb" in frame.entry.layers for frame in scene.frames())
    swept = _verify_sweeps(scene, truth, checked, violations)
    swept += _verify_scans(scene, truth, checked, violations)
    return SceneFindings(len(seen) + swept, checked, tuple(violations))


def _verify_sweeps(
    scene: SceneReader, truth: SceneTruth, checked: Counter[str], violations: list[str]
) -> int:
    """Check the sweeps of a scene's LiDARs; return how many could be read."""
    seen: list[SweepLabels] = []
    for reader in scene.sweeps():
        try:
            labels, sweep = reader.labels, reader.sweep
        except DatasetError as error:
            violations.append(f"unreadable: {error}")
            continue
        violations += [str(violation) for violation in check_sweep(labels, sweep, truth)]
        checked.update(list(SWEEP_CHECKS))
        seen.append(labels)
    if truth.scenario.lidars or seen:
        violations += [str(violation) for violation in check_sweep_series(truth, seen)]
        checked.update(["sweeps"])
    return len(seen)


def _verify_scans(
    scene: SceneReader, truth: SceneTruth, checked: Counter[str], violations: list[str]
) -> int:
    """Check the scans of a scene's radars; return how many could be read."""
    seen: list[tuple[ScanLabels, Scan]] = []
    for reader in scene.scans():
        try:
            labels, scan = reader.labels, reader.scan
        except DatasetError as error:
            violations.append(f"unreadable: {error}")
            continue
        violations += [str(violation) for violation in check_scan(labels, scan, truth)]
        checked.update(list(SCAN_CHECKS))
        seen.append((labels, scan))
    if truth.scenario.radars or seen:
        violations += [str(violation) for violation in check_scan_series(truth, seen)]
        checked.update(["scans"])
    return len(seen)


def check_monitors(scene: SceneReader) -> list[str]:
    """Return a line for each monitor that isn't worth what the scene's manifest says."""
    noted = scene.manifest.robustness
    try:
        found = judge(scene.scenario, scene.trajectory)
    except ValueError as error:
        return [f"monitors: {scene.id}: {error}"]
    if noted.keys() != found.keys():
        return [f"monitors: {scene.id}: {sorted(noted)} are noted, not {sorted(found)}"]
    return [
        f"monitors: {scene.id}: {name} is noted as {noted[name]}, the run gives {value}"
        for name, value in found.items()
        if not math.isclose(noted[name], value, rel_tol=1e-9, abs_tol=1e-9)
    ]


def check_ignored(reader: FrameReader) -> list[str]:
    """Return a line if a label gate changed a frame's classes to anything but ignore."""
    if "semantic" not in reader.entry.layers:
        return []
    shown, truth = reader.semantic, reader.semantic_truth
    if shown.shape == truth.shape and ((shown == truth) | (shown == IGNORE)).all():
        return []
    return [f"semantics: {reader.path('semantic')}: differs from semantic_truth beside ignore"]


def read_pictures(reader: FrameReader) -> Pictures:
    """Decode the pictures that a frame has; DatasetError if one is damaged."""
    layers = set(reader.entry.layers)
    flow, flow_valid = reader.flow if "flow" in layers else (None, None)
    return Pictures(
        depth_m=reader.depth_m if "depth" in layers else None,
        semantic=reader.semantic_truth if "semantic" in layers else None,
        instance=reader.instance if "instance" in layers else None,
        normal=reader.normal if "normal" in layers else None,
        flow_px=flow,
        flow_valid=flow_valid,
        truth=read_truth(reader),
    )


def read_truth(reader: FrameReader) -> PixelTruth:
    """Decode the optional layers that a frame has; DatasetError if one is damaged."""
    layers = set(reader.entry.layers)
    back, back_valid = reader.flow_back if "flow_back" in layers else (None, None)
    ways, ways_valid = reader.scene_flow if "scene_flow" in layers else (None, None)
    nocs, nocs_valid = reader.nocs if "nocs" in layers else (None, None)
    return PixelTruth(
        flow_back_px=back,
        flow_back_valid=back_valid,
        scene_flow_m=ways,
        scene_flow_valid=ways_valid,
        nocs=nocs,
        nocs_valid=nocs_valid,
        lanes=reader.lanes if "lanes" in layers else None,
        drivable=reader.drivable if "drivable" in layers else None,
    )
