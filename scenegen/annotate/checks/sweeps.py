"""Checks of LiDAR sweeps: against the scenario, the trajectory, boxes, and rays of our own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np
import numpy.typing as npt

from scenegen.annotate.checks import sweep_labels
from scenegen.annotate.checks.case import Violation
from scenegen.annotate.checks.footprint import FLOAT_M, PULSE_M, beam_rays, slack_m
from scenegen.annotate.checks.ranged_ego import sweep_ego
from scenegen.annotate.checks.sweep_case import Met, Moment, SweepCase
from scenegen.annotate.checks.truth import SceneTruth
from scenegen.geometry import apply, inverse, pose
from scenegen.records import Sweep, SweepLabels
from scenegen.records.taxonomy import CLASS_BY_ID

_COLUMNS = 12
"""So many columns of a sweep are cast again."""


def numbers(case: SweepCase) -> Iterator[str]:
    """Beams rise, ranges are the sensor's, intensities and ids are known ones."""
    sweep, spec = case.sweep, case.spec
    beam = sweep.beam.astype(np.int64)
    if not np.isfinite(sweep.points).all():
        yield "points are not finite"
        return
    if len(beam) and (beam[-1] >= spec.channels * spec.columns or np.any(np.diff(beam) <= 0)):
        yield f"beams don't rise within 0..{spec.channels * spec.columns - 1}"
        return
    intensity = sweep.points[:, 3]
    if np.any((intensity < 0) | (intensity > 1)):
        yield f"intensities from {intensity.min():g} to {intensity.max():g} leave 0..1"
    off = (case.range_m < spec.near_m - FLOAT_M) | (case.range_m > spec.far_m + FLOAT_M)
    if off.any():
        yield f"{off.sum()} ranges are not within {spec.near_m:g} to {spec.far_m:g} m"
    along = case.beams.reshape(-1, 3)[beam] * case.range_m[:, None]
    aside = np.linalg.norm(sweep.points[:, :3] - along, axis=1)
    wrong = aside > 1e-5 * case.range_m
    if wrong.any():
        yield f"{wrong.sum()} points don't lie on their beams, first number {wrong.argmax()}"
    unknown = set(np.unique(sweep.semantic).tolist()) - set(CLASS_BY_ID)
    if unknown:
        yield f"class ids {sorted(unknown)} are unknown"
    for id_ in np.unique(sweep.instance).tolist():
        if id_ and id_ not in case.truth.actors:
            yield f"instance {id_} is no actor"


def poses(case: SweepCase) -> Iterator[str]:
    """Times, pattern and the sensor's poses are those of the scenario and the trajectory."""
    labels, spec, scenario = case.labels, case.spec, case.truth.scenario
    expected = (case.start_s, (labels.frame + 1) / spec.rate_hz, spec.channels, spec.columns)
    found = (labels.time_s, labels.end_s, labels.channels, labels.columns)
    if not np.allclose(found, expected, rtol=0, atol=1e-9):
        yield f"start, end, channels, columns are {found}, not {expected}"
        return
    if labels.step != round(case.start_s * scenario.rates.physics_hz):
        yield f"step {labels.step} is not that of {case.start_s:g} s"
    times = np.array([knot.time_s for knot in labels.poses])
    rows = case.truth.trajectory.time_s
    within = rows[(rows > case.start_s + 1e-9) & (rows < labels.end_s - 1e-9)]
    wanted = np.concatenate([[case.start_s], within, [labels.end_s]])
    if times.shape != wanted.shape or not np.allclose(times, wanted, rtol=0, atol=1e-9):
        yield "poses are not given at the start, at every control step within, and at the end"
        return
    gap = np.array([knot.world_from_sensor for knot in labels.poses])
    off = np.abs(gap - case.world_from_sensor(times)).max()
    if off > 1e-6:
        yield f"poses of the sensor are off by {off:.2g}"
    if labels.parameters != scenario.parameters:
        yield "parameters are not the scenario's"
    if labels.weather != scenario.weather.model_dump():
        yield "weather is not the scenario's"


def boxes(case: SweepCase) -> Iterator[str]:
    """Every actor with points has a box, at its place, and holds its points at their times."""
    sweep, labels = case.sweep, case.labels
    ids, counts = np.unique(sweep.instance[sweep.instance > 0], return_counts=True)
    found = {label.instance_id: label.num_points for label in labels.objects}
    if found != dict(zip(ids.tolist(), counts.tolist(), strict=True)):
        yield f"boxes count points {found}, the files {dict(zip(ids, counts, strict=True))}"
        return
    if not found:
        return
    slack = slack_m(case) + PULSE_M
    sensor_from_world = inverse(case.world_from_sensor(np.array([case.start_s]))[0])
    world = labels.in_world(sweep.points[:, :3], sweep.beam)
    for label in labels.objects:
        if label.instance_id not in case.truth.actors:
            yield f"instance {label.instance_id} is no actor"
            continue
        low, high = case.truth.bounds[label.instance_id]
        body = case.body_at(label.instance_id, np.array([case.start_s]))[0]
        center = apply(sensor_from_world @ body, 0.5 * (low + high))
        box = pose(label.box3d.center_m, label.box3d.quaternion_wxyz)
        turned = np.abs(box[:3, :3] - (sensor_from_world @ body)[:3, :3]).max()
        off = max(np.abs(center - label.box3d.center_m).max(), turned)
        if off > 1e-6 or not np.allclose(high - low, label.box3d.size_m, atol=1e-6):
            yield f"box of instance {label.instance_id} is off by {off:.2g} or of another size"
        own = sweep.instance == label.instance_id
        bodies = case.body_at(label.instance_id, case.time_s[own])
        inside = np.einsum("nji,nj->ni", bodies[:, :3, :3], world[own] - bodies[:, :3, 3])
        beyond = np.linalg.norm(np.maximum(np.maximum(low - inside, inside - high), 0), axis=1)
        if beyond.max() > slack:
            yield f"points of instance {label.instance_id} leave its box by {beyond.max():.2f} m"


def surfaces(case: SweepCase) -> Iterator[str]:
    """Points of some columns lie on what rays of our own meet, or in the air before it."""
    spec, sweep = case.spec, case.sweep
    count = min(_COLUMNS, spec.columns)
    step = spec.columns // count
    first = (case.labels.frame * 7) % step
    wrong, seen = 0, 0
    example = ""
    for column in range(first, first + count * step, step):
        own = np.flatnonzero(sweep.beam // spec.channels == column).astype(np.int64)
        if not len(own):
            continue
        moment = Moment(case, (case.labels.frame + (column + 0.5) / spec.columns) / spec.rate_hz)
        channel = (sweep.beam[own] % spec.channels).astype(np.int64)
        met = moment.cast(case.beams[column, channel])
        seen += len(own)
        for k in np.flatnonzero(~_on_surface(case, own, met)):
            rays = beam_rays(case, sweep.beam[own[k : k + 1]].astype(np.int64))[0]
            if not _in_footprint(case, int(own[k]), moment.cast(rays)):
                wrong += 1
                example = example or _told(case, int(own[k]), met, int(k))
    if wrong:
        yield f"{wrong} of {seen} points are not where rays meet something, first {example}"


def _on_surface(case: SweepCase, own: npt.NDArray[np.int64], met: Met) -> npt.NDArray[np.bool_]:
    """Return which points (K,) lie on what their beams' middles (K,) meet, or before it."""
    distance = case.range_m[own]
    same = (met.semantic == case.sweep.semantic[own]) & (met.instance == case.sweep.instance[own])
    with np.errstate(invalid="ignore"):
        close = np.abs(distance - met.distance_m) <= slack_m(case)
    air = (case.sweep.semantic[own] == 0) & (distance <= met.distance_m + slack_m(case))
    return np.asarray((same & close) | air)


def _in_footprint(case: SweepCase, point: int, met: Met) -> bool:
    """Tell whether a point may be the echo of some of the rays of its beam."""
    distance, slack = case.range_m[point], slack_m(case)
    there = np.isfinite(met.distance_m)
    if case.sweep.semantic[point] == 0:
        return bool(distance <= met.distance_m.max() + slack)
    same = there & (met.semantic == case.sweep.semantic[point])
    same &= met.instance == case.sweep.instance[point]
    off = np.where(there, met.distance_m - distance, np.inf)
    if np.any(same & (np.abs(off) <= slack)):
        return True
    between = np.any((off >= -PULSE_M - slack) & (off <= slack))
    between &= np.any((off <= PULSE_M + slack) & (off >= -slack))
    return bool(between and np.any(same & (np.abs(off) <= PULSE_M + slack)))


def _told(case: SweepCase, point: int, met: Met, k: int) -> str:
    name = CLASS_BY_ID[int(case.sweep.semantic[point])].name
    return (
        f"{name} of instance {case.sweep.instance[point]} at {case.range_m[point]:.3f} m, "
        f"by rays {met.semantic[k]:g} of {met.instance[k]:g} at {met.distance_m[k]:.3f} m"
    )


SWEEP_CHECKS: dict[str, Callable[[SweepCase], Iterator[str]]] = {
    "sweep numbers": numbers,
    "sweep poses": poses,
    "sweep boxes": boxes,
    "sweep ego": sweep_ego,
    "sweep classes": sweep_labels.classes,
    "sweep scenery": sweep_labels.scenery,
    "sweep air": sweep_labels.air,
    "sweep surfaces": surfaces,
}
"""Every check of one sweep by the name that violations carry."""


def check_sweep(labels: SweepLabels, sweep: Sweep, truth: SceneTruth) -> list[Violation]:
    """Hold one sweep's points, labels and poses against each other and the scene.

    What is not even of the sensor's pattern is not looked at any further.
    """
    case = SweepCase(labels, sweep, truth)
    if labels.sensor not in truth.scenario.lidars:
        message = f"{labels.sensor} is no LiDAR of the scenario"
        return [Violation("sweep numbers", labels.scene, labels.frame, message, labels.sensor)]
    violations = []
    for name, check in SWEEP_CHECKS.items():
        for message in check(case):
            violations.append(Violation(name, labels.scene, labels.frame, message, labels.sensor))
        if violations and name == "sweep numbers":
            break
    return violations


def check_sweep_series(truth: SceneTruth, labels: Sequence[SweepLabels]) -> list[Violation]:
    """Every LiDAR has sweeps 0, 1, … to the end of the scene, all of this scene."""
    scenario = truth.scenario
    violations = []
    for sensor, spec in scenario.lidars.items():
        found = sorted(label.frame for label in labels if label.sensor == sensor)
        expected = list(range(spec.sweep_count(scenario.duration_s)))
        if found != expected:
            message = f"{sensor} has sweeps {found}, not 0 to {len(expected) - 1}"
            violations.append(Violation("sweeps", scenario.scene_id, None, message, sensor))
    if any(label.scene != scenario.scene_id for label in labels):
        violations.append(
            Violation("sweeps", scenario.scene_id, None, "there are sweeps of another scene")
        )
    return violations
