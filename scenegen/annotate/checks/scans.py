"""Checks of radar scans: against the scenario, the trajectory, exact surfaces, and rays."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

import numpy as np

from scenegen.annotate.checks.case import Violation
from scenegen.annotate.checks.ranged_ego import scan_ego
from scenegen.annotate.checks.scan_case import ScanCase
from scenegen.annotate.checks.scan_fits import Errors, fitting, ghosts, hidden
from scenegen.annotate.checks.sweep_case import Moment
from scenegen.annotate.checks.truth import SceneTruth
from scenegen.geometry import apply, inverse, pose
from scenegen.records import Scan, ScanLabels
from scenegen.records.base import F64
from scenegen.records.radar_spec import WAVELENGTH_M
from scenegen.records.taxonomy import CLASS_BY_ID, CLASS_BY_NAME

_THERMAL_W = 1.380649e-23 * 290.0
"""Noise of a warm receiver for each hertz."""


def numbers(case: ScanCase) -> Iterator[str]:
    """Detections lie in the field, stand out from the noise, and have known ids."""
    scan, spec = case.scan, case.spec
    points = scan.points.astype(np.float64)
    if not np.isfinite(points).all():
        yield "detections are not finite"
        return
    distance, azimuth, elevation, speed, rcs, snr = points.T
    if np.any(np.diff(distance) < 0):
        yield "ranges don't rise"
    errors = Errors(spec, points)
    for name, values, low, high in (
        ("ranges", distance, spec.near_m, spec.far_m),
        ("azimuths", np.abs(azimuth) - errors.azimuth_rad, -np.inf, spec.hfov_rad / 2),
        ("elevations", np.abs(elevation) - errors.elevation_rad, -np.inf, spec.vfov_rad / 2),
        ("speeds", speed, -spec.max_speed_mps, spec.max_speed_mps),
        ("signals", snr, 10 * math.log10(-math.log(spec.false_alarm_rate) - 1), np.inf),
        ("cross-sections", np.abs(rcs - _rcs_db(case, points)), 0.0, 0.0),
    ):
        off = (values < low - 1e-3) | (values > high + 1e-3)
        if off.any():
            yield f"{off.sum()} {name} are not what the sensor can report, first {off.argmax()}"
    unknown = set(np.unique(scan.semantic).tolist()) - set(CLASS_BY_ID)
    if unknown:
        yield f"class ids {sorted(unknown)} are unknown"
    for id_ in np.unique(scan.instance[scan.instance > 0]).tolist():
        if id_ not in case.truth.actors or id_ == case.truth.scenario.ego.instance_id:
            yield f"instance {id_} is no actor to be seen"
        elif np.any(scan.semantic[scan.instance == id_] != _class_of(case, id_)):
            yield f"detections of instance {id_} are not all of class {_class_of(case, id_)}"


def _class_of(case: ScanCase, instance_id: int) -> int:
    return CLASS_BY_NAME[case.truth.actors[instance_id].category].id


def _rcs_db(case: ScanCase, points: F64) -> F64:
    """Return the cross-sections (N,) that the radar equation gives for the signals, dBsm."""
    spec = case.spec
    sent_w = 10 ** (spec.power_dbm / 10 - 3) * 10 ** (spec.gain_db / 5)
    back = sent_w * WAVELENGTH_M**2 / ((4 * np.pi) ** 3 * points[:, 0] ** 4)
    noise_w = _THERMAL_W / spec.dwell_s * 10 ** ((spec.noise_figure_db + spec.losses_db) / 10)
    # Half the power, each way, at the edge of the field.
    share = (2 * points[:, 1] / spec.hfov_rad) ** 2 + (2 * points[:, 2] / spec.vfov_rad) ** 2
    return np.asarray(points[:, 5] - 10 * np.log10(back / noise_w) + 6 * share)


def poses(case: ScanCase) -> Iterator[str]:
    """Time, pose and velocity of the sensor are those of the scenario and the trajectory."""
    labels, scenario = case.labels, case.truth.scenario
    if abs(labels.time_s - case.time_s) > 1e-9:
        yield f"time is {labels.time_s:g} s, not {case.time_s:g} s"
    if labels.step != round(case.time_s * scenario.rates.physics_hz):
        yield f"step {labels.step} is not that of {case.time_s:g} s"
    off = np.abs(np.array(labels.world_from_sensor) - case.sensor_now).max()
    if off > 1e-6:
        yield f"pose of the sensor is off by {off:.2g}"
    off = np.abs(np.array(labels.velocity_mps) - case.sensor_velocity).max()
    if off > 1e-6:
        yield f"velocity of the sensor is off by {off:.2g} m/s"
    if labels.elevation != (case.spec.elevation_resolution_rad is not None):
        yield "elevation is not measured, or is"
    if labels.parameters != scenario.parameters:
        yield "parameters are not the scenario's"
    if labels.weather != scenario.weather.model_dump():
        yield "weather is not the scenario's"


def boxes(case: ScanCase) -> Iterator[str]:
    """Every actor with detections has a box, at its place, and says how many there are."""
    ids, counts = np.unique(case.scan.instance[case.scan.instance > 0], return_counts=True)
    expected = dict(zip(ids.tolist(), counts.tolist(), strict=True))
    found = {label.instance_id: label.num_points for label in case.labels.objects}
    if found != expected:
        yield f"boxes count detections {found}, the files {expected}"
        return
    for label in case.labels.objects:
        low, high = case.truth.bounds[label.instance_id]
        body = inverse(case.sensor_now) @ case.body_now(label.instance_id)
        box = pose(label.box3d.center_m, label.box3d.quaternion_wxyz)
        off = max(
            np.abs(apply(body, 0.5 * (low + high)) - box[:3, 3]).max(),
            np.abs(body[:3, :3] - box[:3, :3]).max(),
            np.abs(high - low - label.box3d.size_m).max(),
            np.abs(case.recorded(label.instance_id)[0] - label.velocity_world_mps).max(),
        )
        if off > 1e-6:
            yield f"box or velocity of instance {label.instance_id} is off by {off:.2g}"


def surfaces(case: ScanCase) -> Iterator[str]:
    """Detections are where a surface of theirs is, as fast as it is, and in sight."""
    scan = case.scan
    points = scan.points.astype(np.float64)
    errors = Errors(case.spec, points)
    aside = float(2 * errors.azimuth_rad.max(initial=0.0))
    actors: list[tuple[int, F64]] = []
    kinds = set(zip(scan.semantic.tolist(), scan.instance.tolist(), strict=True)) - {(0, 0)}
    for semantic, id_ in sorted(kinds):
        own = np.flatnonzero((scan.semantic == semantic) & (scan.instance == id_))
        reach = case.actor_reach(id_) if id_ else case.scenery_reach(semantic, aside)
        told = f"instance {id_}" if id_ else CLASS_BY_ID[semantic].name
        for k in own.tolist():
            faces = fitting(case.spec, reach, points[k], errors.of(k))
            if not len(faces):
                numbers = ", ".join(f"{value:.3f}" for value in points[k, :4])
                yield f"no surface of {told} is at {numbers} (m, rad, rad, m/s)"
            elif id_:
                actors.append((k, reach.corners[faces]))
    ids = [int(scan.instance[k]) for k, _ in actors]
    moment = Moment(case, case.time_s)
    for number in hidden(moment, [corners for _, corners in actors], ids):
        distance = points[actors[number][0], 0]
        yield f"nothing of instance {ids[number]} can be seen at {distance:.1f} m"


SCAN_CHECKS: dict[str, Callable[[ScanCase], Iterator[str]]] = {
    "scan numbers": numbers,
    "scan poses": poses,
    "scan boxes": boxes,
    "scan ego": scan_ego,
    "scan surfaces": surfaces,
}
"""Every check of one scan by the name that violations carry."""


def check_scan(labels: ScanLabels, scan: Scan, truth: SceneTruth) -> list[Violation]:
    """Hold one scan's detections, labels and pose against each other and the scene.

    What the sensor could not even report is not looked at any further.
    """
    if labels.sensor not in truth.scenario.radars:
        message = f"{labels.sensor} is no radar of the scenario"
        return [Violation("scan numbers", labels.scene, labels.frame, message, labels.sensor)]
    case = ScanCase(labels, scan, truth)
    violations = []
    for name, check in SCAN_CHECKS.items():
        for message in check(case):
            violations.append(Violation(name, labels.scene, labels.frame, message, labels.sensor))
        if violations and name == "scan numbers":
            break
    return violations


def check_scan_series(
    truth: SceneTruth, seen: Sequence[tuple[ScanLabels, Scan]]
) -> list[Violation]:
    """Every radar has scans 0, 1, … to the end of the scene, and no more noise than its own."""
    scenario = truth.scenario
    violations = []
    for sensor, spec in scenario.radars.items():
        own = [(labels, scan) for labels, scan in seen if labels.sensor == sensor]
        found = sorted(labels.frame for labels, _ in own)
        expected = list(range(spec.scan_count(scenario.duration_s)))
        if found != expected:
            message = f"{sensor} has scans {found}, not 0 to {len(expected) - 1}"
            violations.append(Violation("scans", scenario.scene_id, None, message, sensor))
        noise = sum(int(((scan.semantic == 0) & ~ghosts(spec, scan)).sum()) for _, scan in own)
        mean = spec.false_alarm_rate * spec.cell_count * len(own)
        if abs(noise - mean) > 6 * math.sqrt(mean) + 6:
            message = f"{sensor} has {noise} false alarms where about {mean:.0f} are to be expected"
            violations.append(Violation("scans", scenario.scene_id, None, message, sensor))
    if any(labels.scene != scenario.scene_id for labels, _ in seen):
        message = "there are scans of another scene"
        violations.append(Violation("scans", scenario.scene_id, None, message))
    return violations
