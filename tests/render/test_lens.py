"""What is drawn through a lens against what geometry says of every pixel's ray."""

import cv2
import numpy as np
import pytest

from scenegen.records import CameraSpec, LensSpec, Weather

SIZE = {"width": 160, "height": 120, "position_m": (0.0, 0.0, 1.5)}
LENSES = {
    "barrel": (1.6, LensSpec(model="brown_conrady", k1=-0.28, k2=0.08, p1=0.002, p2=-0.001)),
    "pincushion": (1.1, LensSpec(model="brown_conrady", k1=0.2)),
    "fisheye": (3.3, LensSpec(model="kannala_brandt", k1=-0.03, k2=0.004, field_rad=3.35)),
}


@pytest.fixture(params=LENSES)
def spec(request):
    hfov, lens = LENSES[request.param]
    return CameraSpec(hfov_rad=hfov, lens=lens, **SIZE)


def _box(x, y=0.0, size=(1.0, 2.0, 1.0)):
    return size, np.tile([x, y, 0.5], (5, 1))


@pytest.mark.parametrize("y", [0.0, 2.2])
def test_a_box_covers_exactly_the_pixels_whose_rays_meet_it(renderer, make_world, spec, y):
    """Its edges, straight in space, are drawn where the lens has them, to the pixel."""
    renderer.load(*make_world({7: _box(4.5, y)}, ground=False, camera=spec))
    frame = renderer.draw("front", 0)
    rays = np.nan_to_num(frame.camera.pixel_rays())
    # The slab method in the world's axes: x ahead, y left, z up from the camera.
    ways = np.stack([rays[..., 2], -rays[..., 0], -rays[..., 1]], axis=-1)
    low, high = np.array([4.0, y - 1.0, -1.0]), np.array([5.0, y + 1.0, 0.0])
    with np.errstate(divide="ignore", invalid="ignore"):
        first, last = low / ways, high / ways
    enter = np.fmax.reduce(np.minimum(first, last), axis=-1)
    leave = np.fmin.reduce(np.maximum(first, last), axis=-1)
    met = (enter <= leave) & (enter > 0) & np.isfinite(frame.camera.pixel_rays()[..., 0])
    assert met.sum() > 100
    assert ((frame.instance == 7) == met).all()
    np.testing.assert_allclose(frame.depth_m[met], enter[met], rtol=2e-6)
    np.testing.assert_allclose(np.linalg.norm(frame.normal[met], axis=1), 1.0, atol=1e-6)
    assert frame.silhouettes[7].inside_px == met.sum()


def test_the_ground_is_met_by_every_ray_that_points_down(renderer, make_world, spec):
    renderer.load(*make_world(camera=spec))
    frame = renderer.draw("front", 0)
    rays = frame.camera.pixel_rays()
    field = np.isfinite(rays[..., 0])
    down = np.where(field, rays[..., 1], 0.0)
    seen = field & (down > 0) & (1.5 / np.maximum(down, 1e-9) < 190.0)
    np.testing.assert_allclose(frame.depth_m[seen], 1.5 / down[seen], rtol=1e-5)
    assert (frame.semantic[field & (down <= 0)] == 23).all()
    assert (frame.semantic[~field] == 255).all()
    assert (frame.rgb[~field] == 0).all()
    assert np.isinf(frame.depth_m[~field]).all()
    # Nothing moves: the flow is none, and there wherever there is a surface.
    assert (frame.flow_valid == np.isfinite(frame.depth_m)).all()
    assert np.abs(frame.flow_px).max() < 1e-3


def test_colours_lie_where_the_truth_is(renderer, make_world, spec):
    """A dark box before a bright sky: the edges of its picture are those of its mask."""
    renderer.load(*make_world({7: _box(4.5, size=(1.0, 2.0, 4.0))}, camera=spec))
    frame = renderer.draw("front", 0)
    sky = frame.semantic == 23
    box = frame.instance == 7
    bright = frame.rgb.mean(axis=-1)
    assert bright[sky].mean() > bright[box].mean() + 20
    between = 0.5 * (bright[sky].mean() + bright[box].mean())
    wrong = (sky & (bright < between - 30)) | (box & (bright > between + 30))
    assert wrong.sum() < 0.02 * box.sum()


def test_drops_sit_on_the_lens_and_not_on_the_parts_it_is_drawn_in(renderer, make_world):
    """They are where a pinhole's picture of this size has them."""
    hfov, fisheye = LENSES["fisheye"]
    changed = []
    for camera in (
        CameraSpec(hfov_rad=1.2, **SIZE),
        CameraSpec(hfov_rad=hfov, lens=fisheye, **SIZE),
    ):
        pictures = []
        for drops in (0.0, 0.7):
            world = make_world({7: _box(4.5)}, camera=camera, weather=Weather(lens_drops=drops))
            renderer.load(*world)
            pictures.append(renderer.draw("front", 0).rgb.astype(int))
        changed.append(np.abs(pictures[1] - pictures[0]).max(axis=-1))
    around = cv2.dilate((changed[0] > 8).astype(np.uint8), np.ones((5, 5), np.uint8)) > 0
    dropped = changed[1] > 25
    assert dropped.sum() > 200
    assert (dropped & ~around).sum() < 0.1 * dropped.sum()


def test_what_stands_aside_is_drawn_up_to_the_far_plane(renderer, make_world, spec):
    """Depth ends at the far plane: along the axis, or where it is a distance, around the camera."""
    body = _box(380.0, 200.0, (2.0, 20.0, 20.0))
    renderer.load(*make_world({7: body}, ground=False, camera=spec))
    frame = renderer.draw("front", 0)
    assert frame.camera.far_m == 400.0
    beyond = spec.lens.model == "kannala_brandt"  # it is 429 m away, and 379 m along the axis
    assert (frame.instance == 7).any() != beyond
