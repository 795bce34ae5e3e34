"""What an imager makes of light: its laws, and that truth is left alone."""

import cv2
import numpy as np
import pytest

from scenegen.geometry import Camera
from scenegen.records import CameraSpec, ImagerSpec
from scenegen.render.defocus import defocused, radius_px
from scenegen.render.imager import counted, falloff
from scenegen.render.tone import LIGHT

CAMERA = Camera(160, 96, 120.0, 120.0, 80.0, 48.0, np.eye(4))
SIZE = {"width": 160, "height": 96, "position_m": (0.0, 0.0, 1.5)}
BRIGHTEST = float(LIGHT[-1])


def test_corners_lack_what_vignetting_says() -> None:
    share = falloff(CAMERA, 0.4)
    assert share.max() == pytest.approx(1.0, abs=1e-3)
    assert share[0, 0] == pytest.approx(0.6, abs=0.01)
    assert (falloff(CAMERA, 0.0) == 1).all()


@pytest.mark.parametrize(("gain", "grey"), [(1.0, 0.05), (1.0, 0.3), (8.0, 0.1)])
def test_noise_is_that_of_photons_and_of_reading(gain, grey) -> None:
    """Before interpolation a mosaic's variance is (n + r²) at n electrons; known pixels keep it."""
    spec = ImagerSpec(full_well_e=10_000, read_noise_e=5)
    light = np.full((200, 200, 3), grey * BRIGHTEST, dtype=np.float32)
    value = counted(light, spec, gain, np.random.default_rng(0)) / BRIGHTEST * 10_000 / gain
    red = value[2:-2:2, 2:-2:2, 0]  # where the mosaic has red
    electrons = grey * 10_000 / gain
    step = 10_000 / gain / 4031
    assert red.mean() == pytest.approx(electrons, rel=0.01)
    assert red.var() == pytest.approx(electrons + 25 + step**2 / 12, rel=0.1)


def test_darkness_stays_dark_on_average() -> None:
    light = np.zeros((100, 100, 3), dtype=np.float32)
    value = counted(light, ImagerSpec(), 64.0, np.random.default_rng(0))
    assert 0 <= value.mean() < 0.02 * BRIGHTEST


def test_circles_of_confusion_are_those_of_a_thin_lens() -> None:
    spec = ImagerSpec(f_number=2.0, focal_length_m=0.05, focus_m=10.0)
    radius = radius_px(np.array([[10.0, 5.0, np.inf]], np.float32), CAMERA, spec)
    # Aperture 25 mm: 25 mm * 120 px / 9.95 m across at infinity.
    at_infinity = 0.5 * 0.025 * 120 / 9.95
    np.testing.assert_allclose(radius, [[0.0, -at_infinity, at_infinity]], rtol=1e-5)


def test_a_point_out_of_focus_becomes_a_disc_of_its_circle_of_confusion() -> None:
    """A disc of radius R has a variance of R² / 4 along each axis."""
    spec = ImagerSpec(f_number=0.7, focal_length_m=0.9, focus_m=10.0)
    depth = np.full((96, 160), 30.0, np.float32)
    light = np.zeros((96, 160, 3), dtype=np.float32)
    light[48, 80] = 1.0
    radius = 0.5 * 0.9 / 0.7 * 120.0 * (30.0 - 10.0) / (30.0 * (10.0 - 0.9))
    assert radius > 5.0
    spot = defocused(light, depth, CAMERA, spec)[..., 0]
    y, x = np.mgrid[:96, :160]
    assert spot.sum() == pytest.approx(1.0, rel=1e-3)
    for axis, middle in ((y, 48), (x, 80)):
        assert (spot * (axis - middle) ** 2).sum() == pytest.approx(radius**2 / 4, rel=0.05)
    far = np.hypot(y - 48, x - 80)[spot > 1e-4].max()
    assert far == pytest.approx(radius, abs=1.0)


def test_defocus_keeps_light_and_what_is_in_focus() -> None:
    spec = ImagerSpec(f_number=1.0, focal_length_m=0.3, focus_m=10.0)
    light = np.random.default_rng(0).random((96, 160, 3)).astype(np.float32)
    near, sharp = np.full((96, 160), 3.0, np.float32), np.full((96, 160), 10.0, np.float32)
    np.testing.assert_array_equal(defocused(light, sharp, CAMERA, spec), light)
    blurred = defocused(light, near, CAMERA, spec)
    assert blurred.mean() == pytest.approx(light.mean(), rel=0.01)
    assert blurred.std() < 0.3 * light.std()


def _drawn(renderer, make_world, imager, step=0.4):
    places = np.array([10.5, 0.0, 0.5]) + np.arange(5)[:, None] * np.array([0.0, step, 0.0])
    camera = CameraSpec(imager=imager, **SIZE)
    renderer.load(*make_world({7: ((1.0, 2.0, 1.0), places)}, camera=camera))
    return renderer.draw("front", 1)


def test_truth_is_the_same_whatever_the_imager(renderer, make_world) -> None:
    imager = ImagerSpec(shutter_s=0.05, f_number=1.4, focal_length_m=0.05, jpeg=30)
    plain, taken = _drawn(renderer, make_world, None), _drawn(renderer, make_world, imager)
    for name in ("depth_m", "instance", "semantic", "normal", "flow_px", "flow_valid"):
        np.testing.assert_array_equal(getattr(plain, name), getattr(taken, name))
    assert plain.silhouettes == taken.silhouettes
    assert (plain.rgb != taken.rgb).any()


def test_the_same_frame_has_the_same_noise(renderer, make_world) -> None:
    first, again = (_drawn(renderer, make_world, ImagerSpec(gain=8)).rgb for _ in range(2))
    np.testing.assert_array_equal(first, again)


def test_motion_blur_is_as_wide_as_the_motion_within_the_exposure(renderer, make_world) -> None:
    """A box that moves aside is smeared on both sides of where the labels have it."""
    sharp = _drawn(renderer, make_world, ImagerSpec(bayer=False), step=1.0)
    blurred = _drawn(renderer, make_world, ImagerSpec(bayer=False, shutter_s=0.05), step=1.0)
    row = int(np.argwhere(sharp.instance == 7)[:, 0].mean())
    change = np.abs(sharp.rgb[row].astype(int) - blurred.rgb[row]).max(axis=-1) > 6
    columns = np.flatnonzero(sharp.instance[row] == 7)
    # One row of the trajectory takes 0.05 s: 1 m, half of it to each side, at 10 m.
    reach = 0.5 * sharp.camera.fx / 10.0
    touched = np.flatnonzero(change)
    assert touched.min() == pytest.approx(columns.min() - reach, abs=2)
    assert touched.max() == pytest.approx(columns.max() + reach, abs=2)
    # Which is half of what the flow makes of the exposure.
    front = sharp.instance == 7
    flow = np.median(np.abs(sharp.flow_px[..., 0][front & (sharp.depth_m < 10.01)]))
    assert 0.5 * flow * 0.05 / 0.1 == pytest.approx(reach, rel=1e-3)


def test_light_that_moves_is_added_up_before_it_is_shown(renderer, make_world) -> None:
    """Where a box covers the sky for half of the exposure there is half of the light of each."""
    imager = ImagerSpec(bayer=False, shutter_s=0.05, vignetting=0.0)
    blurred = _drawn(renderer, make_world, imager, step=1.0)
    sharp = _drawn(renderer, make_world, ImagerSpec(bayer=False, vignetting=0.0), step=1.0)
    box = sharp.instance == 7
    row = int(np.argwhere(box)[:, 0].min()) + 3
    columns = np.flatnonzero(box[row])
    inside = LIGHT[sharp.rgb[row, columns[len(columns) // 2]]].mean()
    for edge, beyond in ((columns[0], -1), (columns[-1] + 1, 1)):
        outside = LIGHT[sharp.rgb[row, edge + 9 * beyond]].mean()
        found = LIGHT[blurred.rgb[row, edge - 1 : edge + 1]].mean()
        assert found == pytest.approx(0.5 * (inside + outside), rel=0.12)


def test_jpeg_is_what_opencv_makes_of_it(renderer, make_world) -> None:
    plain = _drawn(renderer, make_world, ImagerSpec(bayer=False)).rgb
    found = _drawn(renderer, make_world, ImagerSpec(bayer=False, jpeg=20)).rgb
    _, data = cv2.imencode(".jpg", plain[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, 20])
    np.testing.assert_array_equal(found, cv2.imdecode(data, cv2.IMREAD_COLOR)[..., ::-1])
