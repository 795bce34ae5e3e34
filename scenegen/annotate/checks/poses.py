"""Checks of the labels' numbers against scenario and trajectory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from scenegen import assets
from scenegen.annotate.checks.case import FrameCase
from scenegen.annotate.objects import (
    INTENTIONAL,
    SKELETAL,
    VEHICLES,
    camera_box,
    intent_name,
    lamp_names,
)
from scenegen.annotate.signals import signal_name
from scenegen.geometry import apply, matrix_from_quaternion
from scenegen.records import ObjectLabel
from scenegen.records.base import F64
from scenegen.records.lens_spec import lens_label
from scenegen.records.taxonomy import Lamp

TOLERANCE_M = 1e-6
"""Labels are written with all digits, so only rounding of the last ones is allowed."""


def camera_pose(case: FrameCase) -> Iterator[str]:
    """Calibration equals the sensor's, and both poses follow from the ego's trajectory."""
    label, camera = case.labels.camera, case.camera
    if (label.width, label.height) != (camera.width, camera.height):
        yield f"picture size {label.width}x{label.height}, sensor {camera.width}x{camera.height}"
    if _off(label.K, camera.K):
        yield "K is not the sensor's"
    lens = lens_label(camera.lens)
    if any(getattr(label, key) != value for key, value in lens.items()):
        yield f"lens is not the sensor's: {lens}"
    if (label.near_m, label.far_m) != (camera.near_m, camera.far_m):
        yield "near and far planes are not the sensor's"
    ego = case.truth.scenario.ego.instance_id
    for name, matrix, row in (
        ("world_from_camera", case.world_from_camera, case.row),
        ("next_world_from_camera", case.next_world_from_camera, case.next_row),
    ):
        expected = case.truth.world_from_body(ego, row) @ camera.body_from_camera
        if _off(matrix, expected):
            yield f"{name} is {_gap(matrix, expected):.3g} off the ego's pose"
    yield from _readout_problems(case)
    for name, picture in {**vars(case.pictures), **vars(case.pictures.truth)}.items():
        if isinstance(picture, np.ndarray) and picture.shape[:2] != (camera.height, camera.width):
            yield f"{name} has shape {picture.shape[:2]}"


def _readout_problems(case: FrameCase) -> Iterator[str]:
    """The time of the rows is the sensor's, and the poses at them follow from the trajectory."""
    label, camera = case.labels.camera, case.camera
    if label.readout_s != camera.readout_s:
        yield f"readout_s is {label.readout_s}, not the sensor's {camera.readout_s}"
    if not case.rolling:
        if label.poses:
            yield "there are poses of rows, which are all taken at once"
        return
    times = case.truth.trajectory.time_s
    first, last = case.moving.moments([0.5, camera.height - 0.5])
    expected = np.array([first, *times[(times > first) & (times < last)], last])
    told = [knot.time_s for knot in label.poses]
    if _off(told, expected):
        yield f"poses are of the times {told}, not {expected.tolist()}"
        return
    found = [knot.world_from_camera for knot in label.poses]
    if _off(found, case.moving.at(expected)):
        yield "the poses while rows are read are not the trajectory's"


def ego_state(case: FrameCase) -> Iterator[str]:
    """Time and the ego's pose and velocities equal the trajectory's."""
    trajectory, row, labels = case.truth.trajectory, case.row, case.labels
    ego_id = case.truth.scenario.ego.instance_id
    ego = trajectory.column(ego_id)
    if labels.step != int(trajectory.step[row]) or _off(labels.time_s, trajectory.time_s[row]):
        yield f"step {labels.step} at {labels.time_s} s, trajectory {trajectory.step[row]}"
    if _off(labels.ego.world_from_body, case.truth.world_from_body(ego_id, row)):
        yield "the ego's pose is not the trajectory's"
    if _off(labels.ego.velocity_mps, trajectory.velocity_mps[row, ego]):
        yield "the ego's velocity is not the trajectory's"
    if _off(labels.ego.angular_velocity_radps, trajectory.angular_velocity_radps[row, ego]):
        yield "the ego's angular velocity is not the trajectory's"


def object_states(case: FrameCase) -> Iterator[str]:
    """Positions, boxes, distances, lamps, intents and skeletons follow from the trajectory."""
    for label in case.labels.objects:
        if label.instance_id in case.truth.actors:
            for problem in _object_problems(case, label):
                yield f"instance {label.instance_id}: {problem}"


def _object_problems(case: FrameCase, label: ObjectLabel) -> Iterator[str]:
    trajectory, row = case.truth.trajectory, case.row
    column = trajectory.column(label.instance_id)
    world_from_body = case.truth.world_from_body(label.instance_id, row)
    expected = camera_box(
        case.truth.bounds[label.instance_id], case.camera_from_world @ world_from_body
    )
    if _off(label.position_world_m, trajectory.position_m[row, column]):
        yield "position_world_m is not the trajectory's"
    if _off(label.velocity_world_mps, trajectory.velocity_mps[row, column]):
        yield "velocity_world_mps is not the trajectory's"
    if _off(label.box3d.center_m, expected.center_m):
        yield f"box3d middle is {_gap(label.box3d.center_m, expected.center_m):.3g} m off"
    if _off(
        matrix_from_quaternion(label.box3d.quaternion_wxyz),
        matrix_from_quaternion(expected.quaternion_wxyz),
    ):
        yield "box3d is turned"
    if _off(label.box3d.size_m, expected.size_m):
        yield f"box3d size {label.box3d.size_m} is not the track's {expected.size_m}"
    if _off(label.distance_m, np.linalg.norm(label.box3d.center_m)):
        yield f"distance_m {label.distance_m} is not that of the box's middle"
    if label.category in VEHICLES:
        lamps = lamp_names(Lamp(int(trajectory.lamps[row, column])))
        if label.lamps != lamps:
            yield f"lamps {label.lamps}, trajectory {lamps}"
    if label.category in INTENTIONAL:
        intent = intent_name(int(trajectory.intent[row, column]))
        if label.intent != intent:
            yield f"intent {label.intent}, trajectory {intent}"
    if label.category in SKELETAL:
        yield from _skeleton_problems(case, label)


def _skeleton_problems(case: FrameCase, label: ObjectLabel) -> Iterator[str]:
    expected = case.truth.skeleton_world(label.instance_id, case.row)
    found = label.skeleton or {}
    if set(found) != set(expected):
        yield f"skeleton has joints {sorted(found)}, not {sorted(expected)}"
        return
    names = sorted(expected)
    if names and _off(
        [found[n] for n in names],
        apply(case.camera_from_world, np.array([expected[n] for n in names])),
    ):
        yield "skeleton is not that of the trajectory's joints"
    yield from _image_problems(case, label)


def _image_problems(case: FrameCase, label: ObjectLabel) -> Iterator[str]:
    """Images of joints are those of points that go with the parts they are fixed to."""
    truth = case.truth
    asset = truth.asset(label.instance_id)
    numbers = {part.name: number for number, part in enumerate(asset.parts)}
    found = label.skeleton_px or {}
    fixed = assets.skeleton_points(asset)
    if set(found) != set(fixed):
        yield f"skeleton_px has joints {sorted(found)}, not {sorted(fixed)}"
    if not found or set(found) != set(fixed):
        return

    def places(moments: F64) -> F64:
        return np.concatenate(
            [
                truth.part_at(label.instance_id, numbers[part], moments[k : k + 1])[:, :3]
                @ [*offset, 1.0]
                for k, (part, offset) in enumerate(fixed.values())
            ]
        )

    middle = np.full(len(fixed), case.moving.time_s)
    pixels = case.moving.project(lambda t: places(np.broadcast_to(t, middle.shape))).pixels
    if not _same_pixels([found[name] for name in fixed], pixels):
        yield "images of joints are not those of the trajectory's joints"


def _same_pixels(found: list[tuple[float, float] | None], expected: F64) -> bool:
    """Tell whether rounded images are the expected ones (N, 2), None standing for NaN."""
    told = np.array([(np.nan, np.nan) if p is None else p for p in found]).reshape(-1, 2)
    if told.shape != expected.shape:
        return False
    return bool(np.isclose(told, expected, rtol=1e-6, atol=1e-3, equal_nan=True).all())


def signal_states(case: FrameCase) -> Iterator[str]:
    """Signals are all there and show what the trajectory says."""
    heads = case.truth.network.signals
    if [s.id for s in case.labels.signals] != [h.id for h in heads]:
        yield "the labelled signals are not the road's"
        return
    states = case.truth.trajectory.signal_states[case.row]
    for label, head, state in zip(case.labels.signals, heads, states, strict=True):
        name = signal_name(int(state))
        if label.state != name:
            yield f"signal {label.id} is labelled {label.state}, trajectory {name}"
        if label.kind != head.kind:
            yield f"signal {label.id} is labelled {label.kind}, the road says {head.kind}"
        if _off(label.position_world_m, head.position_m):
            yield f"signal {label.id} is not where the road has it"
    middles = np.array([head.position_m for head in heads]).reshape(-1, 3)
    pixels = case.moving.project(middles).pixels
    if not _same_pixels([label.position_px for label in case.labels.signals], pixels):
        yield "images of signals are not those of their places"


def lane_images(case: FrameCase) -> Iterator[str]:
    """Image points of lane lines are those of their world points, to their rounding."""
    for lane in case.labels.lanes:
        pixels = case.moving.project(np.array(lane.points_world_m).reshape(-1, 3)).pixels
        if not _same_pixels(lane.points_px, pixels):
            yield f"lane line {lane.id}: image points are not those of its world points"


def _off(found: npt.ArrayLike, expected: npt.ArrayLike) -> bool:
    return not _gap(found, expected) <= TOLERANCE_M


def _gap(found: npt.ArrayLike, expected: npt.ArrayLike) -> float:
    a, b = np.asarray(found, dtype=np.float64), np.asarray(expected, dtype=np.float64)
    if a.shape != b.shape:
        return float("inf")
    return float(np.abs(a - b).max(initial=0.0))
