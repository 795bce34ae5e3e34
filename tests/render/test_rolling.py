"""What is drawn row by row against closed forms."""

import numpy as np
import pytest

from scenegen.records import CameraSpec, LensSpec

READOUT = 0.04
SIZE = {"width": 160, "height": 120, "position_m": (0.0, 0.0, 1.5), "readout_s": READOUT}
SPECS = {
    "pinhole": CameraSpec(hfov_rad=1.2, **SIZE),
    "barrel": CameraSpec(
        hfov_rad=1.4, lens=LensSpec(model="brown_conrady", k1=-0.2, k2=0.04), **SIZE
    ),
    "fisheye": CameraSpec(
        hfov_rad=2.8, lens=LensSpec(model="kannala_brandt", k1=-0.03, field_rad=3.0), **SIZE
    ),
}
SPEED = 20.0
LOW, HIGH = np.array([7.5, -1.0, -1.0]), np.array([8.5, 1.0, 0.0])
"""The box below at its middle row's moment, from the camera."""


@pytest.fixture(params=SPECS)
def spec(request):
    return SPECS[request.param]


def passing(speed):
    """A box that goes to the left, in the middle of the picture at row 2, 0.1 s."""
    y = speed * (np.arange(5) - 2) * 0.05
    return (1.0, 2.0, 1.0), np.stack([np.full(5, 8.0), y, np.full(5, 0.5)], axis=1)


def met_by(camera, speed):
    """Which rays meet the box, each at its row's time, by slabs; and at which depth."""
    rays = np.nan_to_num(camera.pixel_rays())
    ways = np.stack([rays[..., 2], -rays[..., 0], -rays[..., 1]], axis=-1)
    delays = READOUT * ((np.arange(camera.height) + 0.5) / camera.height - 0.5)
    moved = np.zeros((camera.height, 1, 3))
    moved[:, 0, 1] = speed * delays
    with np.errstate(divide="ignore", invalid="ignore"):
        first, last = (LOW + moved) / ways, (HIGH + moved) / ways
    enter = np.fmax.reduce(np.minimum(first, last), axis=-1)
    leave = np.fmin.reduce(np.maximum(first, last), axis=-1)
    return (enter <= leave) & (enter > 0) & np.isfinite(camera.pixel_rays()[..., 0]), enter


def test_a_passing_box_is_where_each_row_sees_it(renderer, make_world, spec):
    renderer.load(*make_world({7: passing(SPEED)}, ground=False, camera=spec))
    frame = renderer.draw("front", 1)
    met, enter = met_by(frame.camera, SPEED)
    assert met.sum() > 100
    assert ((frame.instance == 7) == met).all()
    np.testing.assert_allclose(frame.depth_m[met], enter[met], rtol=2e-6)
    assert frame.silhouettes[7].inside_px == met.sum()
    rows, columns = np.nonzero(met)
    box = (columns.min(), rows.min(), columns.max() + 1, rows.max() + 1)
    assert frame.silhouettes[7].box == box


def test_a_scene_at_rest_is_drawn_as_by_a_global_shutter(renderer, make_world, spec):
    frames = []
    for camera in (spec, spec.model_copy(update={"readout_s": 0.0})):
        renderer.load(*make_world({7: passing(0.0)}, camera=camera))
        frames.append(renderer.draw("front", 0))
    for name in ("rgb", "depth_m", "instance", "semantic", "normal", "flow_px"):
        np.testing.assert_array_equal(getattr(frames[0], name), getattr(frames[1], name))


def test_colours_lie_where_the_truth_is(renderer, make_world, spec):
    _, places = passing(SPEED)
    renderer.load(*make_world({7: ((1.0, 2.0, 3.5), places)}, camera=spec))
    frame = renderer.draw("front", 1)
    sky, box = frame.semantic == 23, frame.instance == 7
    bright = frame.rgb.mean(axis=-1)
    assert bright[sky].mean() > bright[box].mean() + 20
    between = 0.5 * (bright[sky].mean() + bright[box].mean())
    wrong = (sky & (bright < between - 30)) | (box & (bright > between + 30))
    assert wrong.sum() < 0.05 * box.sum()


def test_colours_have_no_steps_between_rows(renderer, make_world, spec):
    """Something small goes by: all else is as a global shutter has it, row by row."""
    small = (0.1, 0.1, 0.1), passing(SPEED)[1]
    rows = []
    for camera in (spec, spec.model_copy(update={"readout_s": 0.0})):
        renderer.load(
            *make_world({7: small, 8: ((1.0, 1.5, 2.0), [6.0, -3.0, 1.0])}, camera=camera)
        )
        rows.append(renderer.draw("front", 1).rgb.astype(float).mean(axis=(1, 2)))
    np.testing.assert_allclose(rows[0], rows[1], atol=2.0)
    assert np.abs(rows[0] - rows[1]).mean() < 0.1


def test_flow_leads_to_the_row_where_the_point_lands(renderer, make_world):
    """A box that falls: v' = v + s (T + t(v') - t(v)), s px a second."""
    fall = 12.0
    z = 1.5 - fall * (np.arange(5) - 2) * 0.05
    places = np.stack([np.full(5, 10.0), np.zeros(5), z], axis=1)
    renderer.load(
        *make_world({7: ((1.0, 2.0, 1.0), places)}, ground=False, camera=SPECS["pinhole"])
    )
    frame = renderer.draw("front", 1)
    front = (frame.instance == 7) & (np.abs(frame.depth_m - 9.5) < 1e-3)
    rate = fall * frame.camera.fy / 9.5
    expected = 0.1 * rate / (1 - READOUT * rate / frame.camera.height)
    v = np.nonzero(front)[0] + 0.5 + frame.flow_px[front][:, 1]
    inside = v < frame.camera.height - 0.5
    assert inside.sum() > 50
    np.testing.assert_allclose(frame.flow_px[front][inside][:, 1], expected, rtol=1e-4)
