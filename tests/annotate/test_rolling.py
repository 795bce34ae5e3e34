"""Every check holds exactly while rows are read one after the other, and finds what is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from scenegen.annotate import annotate
from scenegen.annotate.checks import SceneTruth, check_frame, check_scene, stored_pictures
from scenegen.geometry import quaternion_from_rpy
from scenegen.records import CameraSpec, LensSpec
from scenegen.render import make_renderer
from tests.annotate.conftest import stored

BARREL = LensSpec(model="brown_conrady", k1=-0.3, k2=0.1, p1=0.001, p2=-0.0015)
FISHEYE = LensSpec(model="kannala_brandt", k1=-0.03, k2=0.004, k3=-0.001, field_rad=3.32)
SPECS = {
    "pinhole": CameraSpec(width=120, height=72, hfov_rad=1.3, readout_s=0.03),
    "barrel": CameraSpec(width=120, height=72, hfov_rad=1.5, lens=BARREL, readout_s=0.05),
    "fisheye": CameraSpec(width=144, height=144, hfov_rad=3.25, lens=FISHEYE, readout_s=0.03),
}
CASES = [
    pytest.param(name, marks=[] if name == "pinhole" else [pytest.mark.slow]) for name in SPECS
]


@pytest.fixture(scope="module", params=CASES)
def rolled(request: Any, street: Any) -> Any:
    """The street from an ego that drives, turns and pitches fast."""
    scenario = street.scenario.model_copy(update={"sensors": {"front": SPECS[request.param]}})
    times = street.trajectory.time_s
    quaternions = street.trajectory.quaternion_wxyz.copy()
    quaternions[:, 0] = [
        quaternion_from_rpy(0.02 * np.sin(9 * t), 0.03 * np.sin(7 * t), 0.6 * (t - 0.1))
        for t in times
    ]
    trajectory = replace(street.trajectory, quaternion_wxyz=quaternions)
    with make_renderer("opengl") as renderer:
        renderer.load(scenario, trajectory)
        frames = tuple(renderer.draw("front", index) for index in range(3))
    labels = tuple(
        annotate(frame, scenario, trajectory, "front", index) for index, frame in enumerate(frames)
    )
    pictures = stored(scenario, trajectory, frames, labels)
    truth = SceneTruth(scenario, trajectory)
    return replace(
        street,
        scenario=scenario,
        trajectory=trajectory,
        truth=truth,
        frames=frames,
        labels=labels,
        pictures=pictures,
    )


def test_honest_frames_pass(rolled: Any) -> None:
    for index, following in ((0, rolled.pictures[1]), (2, None)):
        labels, pictures = rolled.labels[index], rolled.pictures[index]
        assert check_frame(labels, pictures, rolled.truth, following) == []
    assert check_scene(rolled.truth, rolled.labels) == []
    assert len(rolled.labels[0].objects) >= 5


def found(rolled: Any, labels: Any = None, **pictures: Any) -> set[str]:
    damaged = replace(rolled.pictures[0], **pictures)
    violations = check_frame(labels or rolled.labels[0], damaged, rolled.truth, rolled.pictures[1])
    return {violation.check for violation in violations}


def camera_with(rolled: Any, **changed: Any) -> Any:
    label = rolled.labels[0]
    camera = label.camera.model_copy(update=changed)
    return label.model_copy(update={"camera": camera})


def test_rows_at_other_times_than_said(rolled: Any) -> None:
    """A readout that is longer by a tenth, in the scenario and all labels alike."""
    spec = rolled.scenario.cameras["front"]
    longer = spec.model_copy(update={"readout_s": spec.readout_s * 1.1})
    scenario = rolled.scenario.model_copy(update={"sensors": {"front": longer}})
    frame = replace(rolled.frames[0], camera=longer.camera())
    labels = annotate(frame, scenario, rolled.trajectory, "front", 0)
    # Without classes no rays are cast: they would tell it too, but each wrong pixel takes many.
    pictures = replace(rolled.pictures[0], semantic=None)
    violations = check_frame(labels, pictures, SceneTruth(scenario, rolled.trajectory))
    assert "flow" in {violation.check for violation in violations}


def test_pictures_of_a_global_shutter(rolled: Any) -> None:
    spec = rolled.scenario.cameras["front"].model_copy(update={"readout_s": 0.0})
    at_once = rolled.scenario.model_copy(update={"sensors": {"front": spec}})
    with make_renderer("opengl") as renderer:
        renderer.load(at_once, rolled.trajectory)
        drawn = stored_pictures(renderer.draw("front", 0))
    violations = check_frame(rolled.labels[0], drawn, rolled.truth)
    assert {"rays", "flow", "visible boxes"} <= {violation.check for violation in violations}


def test_a_wrong_readout_in_the_labels(rolled: Any) -> None:
    longer = rolled.labels[0].camera.readout_s + 1e-6
    other = rolled.labels[1].camera.poses
    for wrong in ({"readout_s": longer}, {"poses": other}, {"poses": []}):
        # Without classes no rays are cast.
        assert found(rolled, camera_with(rolled, **wrong), semantic=None) == {"camera"}


def test_flow_a_sixteenth_of_a_pixel_off(rolled: Any) -> None:
    flow = rolled.pictures[0].flow_px.copy()
    flow[..., 1] += 1 / 16
    moved = np.where(rolled.pictures[0].flow_valid[..., None], flow, 0)
    assert found(rolled, flow_px=moved) == {"flow"}


def test_a_row_shifted_by_a_pixel(rolled: Any) -> None:
    row = int(rolled.labels[0].objects[0].box2d_visible[1]) + 1
    moved = rolled.pictures[0].instance.copy()
    moved[row] = np.roll(moved[row], 1)
    assert "semantics" in found(rolled, instance=moved)


def test_joints_where_the_middle_row_would_see_them(rolled: Any) -> None:
    label = rolled.labels[0]
    person = next(o for o in label.objects if o.skeleton)
    points = np.array(list(person.skeleton.values()))
    pixels = rolled.frames[0].camera.project(points).tolist()
    wrong = person.model_copy(
        update={"skeleton_px": dict(zip(person.skeleton, map(tuple, pixels), strict=True))}
    )
    objects = [wrong if o is person else o for o in label.objects]
    assert found(rolled, label.model_copy(update={"objects": objects})) == {"objects"}


def test_labels_tell_where_pixels_lie_in_the_world(rolled: Any) -> None:
    """Depths taken to the world by the labels alone lie on the road."""
    frame, label = rolled.frames[0], rolled.labels[0]
    road = (frame.semantic == 7) & np.isfinite(frame.depth_m)
    pixels = np.argwhere(road)[:, ::-1] + 0.5
    points = label.moving_camera().unproject(pixels, frame.depth_m[road].astype(np.float64))
    assert len(points) > 500
    np.testing.assert_allclose(points[:, 2], points[:, 2].mean(), atol=0.2)
