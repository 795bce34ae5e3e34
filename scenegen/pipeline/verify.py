"""Every consistency check over a data set: hashes, then labels against each other."""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

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
from scenegen.dataset import (
    FrameReader,
    SceneReader,
    Signing,
    check_hashes,
    check_manifests,
    check_statement,
    open_dataset,
)
from scenegen.errors import DatasetError, ScenegenError
from scenegen.monitor import judge
from scenegen.pipeline.progress import RunProgress
from scenegen.pipeline.verify_search import check_search
from scenegen.pipeline.workers import run_tasks
from scenegen.records import PixelTruth
from scenegen.records.taxonomy import IGNORE

if TYPE_CHECKING:
    from scenegen.pipeline.config import VerifyConfig
    from scenegen.records import FrameLabels, Scan, ScanLabels, SweepLabels


@dataclass(frozen=True)
class VerifyResult:
    """What was looked at and what contradicts itself.

    Attributes
    ----------
    checked : dict
        Name of a check to how often it was made.
    violations : tuple of str
        One line each: check, place, what disagrees.
    """

    scenes: int
    frames: int
    checked: dict[str, int]
    violations: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return not self.violations


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


def verify(
    config: VerifyConfig, stream: TextIO = sys.stderr, trusted: Collection[str] = ()
) -> VerifyResult:
    """Read a data set back and hold its parts against each other.

    Parameters
    ----------
    config : VerifyConfig
    stream : text file
        Where progress goes.
    trusted : collection of str
        Scenes that were checked before, file by file: what joins them to the data set is
        checked alone.

    Raises
    ------
    DatasetError
        The folder is no data set. Damage below is a violation, not an error.
    """
    dataset = open_dataset(config.dataset)
    violations = [f"hash: {problem}" for problem in check_hashes(dataset, trusted)]
    violations += [f"provenance: {problem}" for problem in check_statement(dataset)]
    violations += check_search(dataset)
    checked: Counter[str] = Counter(
        {"file hashes": sum(_file_count(s) for s in dataset if s.id not in trusted)}
    )
    if not dataset.info.complete:
        violations.append("dataset.json: the run has not finished; resume it with resume=true")
    frames = 0
    tasks = [
        SceneToVerify(config.dataset, scene, dataset.info.signing)
        for scene in dataset.scene_ids
        if scene not in trusted
    ]
    with (
        RunProgress("verify", len(tasks), stream) as progress,
        closing(run_tasks(verify_scene, tasks, config.workers)) as results,
    ):
        for task, found in results:
            if isinstance(found, ScenegenError):
                violations.append(f"unreadable: {found}")
                continue
            frames += found.frames
            checked += found.checked
            violations += found.violations
            progress.advance(task.scene, found.frames)
    return VerifyResult(len(tasks), frames, dict(checked), tuple(violations))


def _file_count(scene: SceneReader) -> int:
    try:
        return len(scene.manifest.files)
    except DatasetError:
        return 0


def verify_scene(task: SceneToVerify) -> SceneFindings:
    """Check one scene, frame by frame.

    Raises
    ------
    DatasetError
        Its scenario, trajectory or manifest can't be read.
    """
    scene = open_dataset(task.dataset).scene(task.scene)
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
    if task.signing is not None:
        problems = check_manifests(scene, task.signing)
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
