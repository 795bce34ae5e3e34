"""Every check holds exactly under every lens, and still finds what is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from scenegen.annotate import annotate
from scenegen.annotate.checks import SceneTruth, check_frame, check_scene
from scenegen.records import CameraSpec, LensSpec
from scenegen.render import make_renderer
from tests.annotate.conftest import stored

BARREL = LensSpec(model="brown_conrady", k1=-0.3, k2=0.1, p1=0.001, p2=-0.0015)
PINCUSHION = LensSpec(model="brown_conrady", k1=0.15, k2=0.05)
FISHEYE = LensSpec(model="kannala_brandt", k1=-0.03, k2=0.004, k3=-0.001, field_rad=3.32)
SPECS = {
    "barrel": CameraSpec(width=160, height=96, hfov_rad=1.5, lens=BARREL),
    "pincushion": CameraSpec(width=160, height=96, hfov_rad=1.1, lens=PINCUSHION),
    "fisheye": CameraSpec(width=144, height=144, hfov_rad=3.25, lens=FISHEYE),
}


@pytest.fixture(scope="module", params=SPECS)
def lensed(request: Any, street: Any) -> Any:
    """The street through a lens."""
    scenario = street.scenario.model_copy(update={"sensors": {"front": SPECS[request.param]}})
    with make_renderer("opengl") as renderer:
        renderer.load(scenario, street.trajectory)
        frames = tuple(renderer.draw("front", index) for index in range(3))
    labels = tuple(
        annotate(frame, scenario, street.trajectory, "front", index)
        for index, frame in enumerate(frames)
    )
    pictures = stored(scenario, street.trajectory, frames, labels)
    truth = SceneTruth(scenario, street.trajectory)
    return replace(
        street, scenario=scenario, truth=truth, frames=frames, labels=labels, pictures=pictures
    )


def found(lensed: Any, labels: Any = None, **pictures: Any) -> set[str]:
    damaged = replace(lensed.pictures[0], **pictures)
    violations = check_frame(labels or lensed.labels[0], damaged, lensed.truth, lensed.pictures[1])
    return {violation.check for violation in violations}


def test_honest_frames_pass(lensed: Any) -> None:
    for index, following in ((0, lensed.pictures[1]), (2, None)):
        labels, pictures = lensed.labels[index], lensed.pictures[index]
        assert check_frame(labels, pictures, lensed.truth, following) == []
    assert check_scene(lensed.truth, lensed.labels) == []
    assert len(lensed.labels[0].objects) >= 5


def test_labels_give_the_camera_back(lensed: Any) -> None:
    camera, told = lensed.frames[0].camera, lensed.labels[0].camera.camera()
    np.testing.assert_array_equal(told.pixel_rays(), camera.pixel_rays())


def test_ids_shifted_by_a_pixel(lensed: Any) -> None:
    moved = np.roll(lensed.pictures[0].instance, 1, axis=1)
    assert {"visible boxes", "semantics"} <= found(lensed, instance=moved)


def test_wrong_coefficients(lensed: Any) -> None:
    label = lensed.labels[0]
    distortion = [v + 1e-6 for v in label.camera.distortion]
    camera = label.camera.model_copy(update={"distortion": distortion})
    assert found(lensed, label.model_copy(update={"camera": camera})) == {"camera"}


def test_flow_a_sixteenth_of_a_pixel_off(lensed: Any) -> None:
    flow = lensed.pictures[0].flow_px.copy()
    flow[..., 0] += 1 / 16
    assert found(lensed, flow_px=np.where(lensed.pictures[0].flow_valid[..., None], flow, 0)) == {
        "flow"
    }


def test_miscounted_silhouette(lensed: Any) -> None:
    label = lensed.labels[0]
    lead = next(o for o in label.objects if o.name == "lead")
    x1, y1, x2, y2 = lead.box2d_amodal
    wrong = lead.model_copy(update={"box2d_amodal": (x1, y1 - 1, x2, y2)})
    objects = [wrong if o is lead else o for o in label.objects]
    assert found(lensed, label.model_copy(update={"objects": objects})) == {"occlusion"}
