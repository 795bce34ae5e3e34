"""Light from around is kept from corners and from the ground by what stands there."""

import numpy as np
import pytest

from scenegen.records import Light, Weather

_OVERCAST = {"weather": Weather(cloud_cover=1.0), "light": Light(sun_elevation_rad=0.7)}
_WALL = (1.0, 40.0, 12.0)


def _still(x, y, size):
    return size, np.tile([x, y, 0.0], (5, 1)).astype(float)


def _drawn(renderer, make_world, boxes, quality="full"):
    renderer.load(*make_world(boxes, **_OVERCAST), quality)
    return renderer.draw("front", 0)


def _patch(frame, x, y, z, reach=2):
    """Mean level around the picture of a world point."""
    camera_from_world = np.linalg.inv(frame.world_from_camera)
    p = camera_from_world[:3, :3] @ [x, y, z] + camera_from_world[:3, 3]
    column, row = (frame.camera.K @ p)[:2] / p[2]
    rows = slice(int(row) - reach, int(row) + reach + 1)
    return frame.rgb[rows, int(column) - reach : int(column) + reach + 1].mean()


def test_a_corner_between_walls_is_darker_in_full_pictures(renderer, make_world):
    wall = {7: _still(8.5, 0.0, _WALL), 8: _still(7.5, -2.0, (1.0, 1.0, 6.0))}
    levels = {
        quality: [
            _patch(_drawn(renderer, make_world, wall, quality), 8.0, y, 2.2, reach=0)
            for y in (-1.4, 1.4)
        ]
        for quality in ("fast", "full")
    }
    corner, open_wall = levels["full"]
    assert corner < 0.95 * open_wall
    assert levels["fast"][0] > 0.97 * levels["fast"][1]


def test_what_stands_far_before_a_wall_has_no_dark_rim(renderer, make_world):
    wall, post = _still(12.5, 0.0, _WALL), _still(6.0, 0.0, (0.4, 0.4, 6.0))
    bare, behind = (_drawn(renderer, make_world, b) for b in ({7: wall}, {7: wall, 8: post}))
    # The post hides the wall from y = -0.42 to 0.42.
    for y in (-0.7, 0.7):
        assert _patch(behind, 12.0, y, 2.5) == pytest.approx(_patch(bare, 12.0, y, 2.5), rel=0.02)


def test_a_post_hides_less_sky_from_the_ground_than_a_wide_box(renderer, make_world):
    near = {}
    for name, width in (("post", 0.12), ("box", 2.0)):
        boxes = {7: _still(6.0, 0.0, (width, width, 2.0))}
        foot = 6.0 - width / 2 - 0.25
        near[name] = _patch(_drawn(renderer, make_world, boxes, "fast"), foot, 0.0, 0.0, reach=0)
    bare = _patch(_drawn(renderer, make_world, {}, "fast"), 5.0, 0.0, 0.0)
    assert near["box"] < 0.88 * bare
    assert near["post"] > 0.93 * bare
