"""Depth, ids and classes of known geometry, on every backend."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from scenegen.geometry import Camera
from scenegen.records import CameraSpec
from scenegen.records.taxonomy import CLASS_BY_NAME
from scenegen.render import TARGETS, Renderer

SKY, ROAD, CAR = (CLASS_BY_NAME[name].id for name in ("sky", "road", "car"))

Make = Callable[..., Any]


def test_shapes_types_and_read_only(renderer: Renderer, world: Make, thing: Make) -> None:
    renderer.load(*world(thing("test.cube", (10.0, 0.0, 0.0))))
    frame = renderer.draw("front", 0)
    assert renderer.targets <= TARGETS
    expected = {
        "rgb": ((48, 64, 3), np.uint8),
        "depth_m": ((48, 64), np.float32),
        "instance": ((48, 64), np.uint16),
        "semantic": ((48, 64), np.uint8),
        "normal": ((48, 64, 3), np.float32),
        "flow_px": ((48, 64, 2), np.float32),
    }
    for name, (shape, dtype) in expected.items():
        array = getattr(frame, name)
        if name not in renderer.targets:
            assert array is None
            continue
        assert array.shape == shape
        assert array.dtype == dtype
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    assert frame.step == 0
    assert bool(frame.silhouettes) == ("silhouettes" in renderer.targets)


def test_cube_at_known_depth(renderer: Renderer, world: Make, thing: Make) -> None:
    renderer.load(*world(thing("test.cube", (11.0, 0.0, 0.0))))
    frame = renderer.draw("front", 0)
    assert frame.instance[24, 32] == 2
    assert frame.semantic[24, 32] == CAR
    on_cube = frame.instance == 2
    # The front face is a plane across the view: depth along z is the same all over it.
    assert np.abs(frame.depth_m[on_cube] - 10.0).max() < 1e-3


def test_depth_of_the_ground_is_exact(renderer: Renderer, world: Make) -> None:
    scenario, trajectory = world()
    renderer.load(scenario, trajectory)
    frame = renderer.draw("front", 0)
    camera = scenario.sensors["front"].camera()
    v = camera.pixel_centres()[..., 1]
    below = v > camera.cy + 2
    expected = camera.fy * 1.0 / (v[below] - camera.cy)
    assert (frame.semantic[below] == ROAD).all()
    assert (np.abs(frame.depth_m[below] - expected) <= 1e-3 * np.maximum(1, expected / 10)).all()


def test_sky_has_no_depth(renderer: Renderer, world: Make) -> None:
    renderer.load(*world())
    frame = renderer.draw("front", 0)
    sky = frame.semantic == SKY
    assert sky[:24].all()
    assert np.isinf(frame.depth_m[sky]).all()
    assert np.isfinite(frame.depth_m[~sky]).all()
    assert (frame.instance[sky] == 0).all()


@pytest.mark.parametrize("box", [(10, 8, 20, 12), (31, 23, 1, 1)])
def test_quad_covers_exactly_its_pixels(
    renderer: Renderer, world: Make, thing: Make, box: tuple[int, int, int, int]
) -> None:
    """A 2 m x 1 m quad, 2 m ahead, through a camera that images it onto whole pixels.

    Edges fall on pixel corners, so no pixel centre is near an edge and there is one answer.
    """
    left, top, width, height = box
    renderer.load(*world(thing("test.quad", (10.0, 0.0, 5.0))))
    pose = np.eye(4)
    pose[:3, :3] = [[0, 0, 1], [-1, 0, 0], [0, -1, 0]]
    pose[:3, 3] = (8.0, 0.0, 5.0)
    camera = Camera(
        64, 48, float(width), 2.0 * height, left + width / 2, top + height / 2, np.eye(4)
    )
    frame = renderer.draw_camera(camera, pose, 0)
    expected = np.zeros((48, 64), dtype=bool)
    expected[top : top + height, left : left + width] = True
    assert np.array_equal(frame.instance == 2, expected)


def test_half_pixel_edges_follow_centres(renderer: Renderer, world: Make, thing: Make) -> None:
    """Edges at x.4 and x.6 px take or leave a pixel by its centre at x.5."""
    renderer.load(*world(thing("test.quad", (10.0, 0.0, 5.0))))
    pose = np.eye(4)
    pose[:3, :3] = [[0, 0, 1], [-1, 0, 0], [0, -1, 0]]
    pose[:3, 3] = (8.0, 0.0, 5.0)
    # Columns from 10.4 to 30.6, rows from 8.6 to 20.4.
    camera = Camera(64, 48, 20.2, 23.6, 20.5, 14.5, np.eye(4))
    frame = renderer.draw_camera(camera, pose, 0)
    rows, columns = np.nonzero(frame.instance == 2)
    assert (columns.min(), columns.max()) == (10, 30)
    assert (rows.min(), rows.max()) == (9, 19)


def test_ego_is_not_in_its_own_picture(
    renderer: Renderer, world: Make, side_view: np.ndarray
) -> None:
    inside = {"inside": CameraSpec(width=64, height=48, position_m=(-3.0, 0.0, 1.0))}
    scenario, trajectory = world(sensors=inside)
    renderer.load(scenario, trajectory)
    assert (renderer.draw("inside", 0).instance == 0).all()
    camera = scenario.sensors["inside"].camera()
    assert (renderer.draw_camera(camera, side_view, 0).instance == 1).any()
    hidden = renderer.draw_camera(camera, side_view, 0, hide_ego=True)
    assert (hidden.instance == 0).all()


@pytest.mark.parametrize("swap", [False, True])
def test_the_nearer_occludes(renderer: Renderer, world: Make, thing: Make, swap: bool) -> None:
    near, far = thing("test.small", (6.0, 0.0, 0.75)), thing("test.cube", (12.0, 0.0, 0.0))
    renderer.load(*world(*((far, near) if swap else (near, far))))
    frame = renderer.draw("front", 0)
    near_id, far_id = (3, 2) if swap else (2, 3)
    assert frame.instance[24, 32] == near_id
    assert (frame.instance == far_id).any()
    assert frame.depth_m[frame.instance == near_id].max() < 6.3


def test_what_is_not_valid_is_not_drawn(renderer: Renderer, world: Make, thing: Make) -> None:
    renderer.load(*world(thing("test.cube", (10.0, 0.0, 0.0), valid=False)))
    assert (renderer.draw("front", 0).instance == 0).all()


def test_faces_are_one_sided_unless_they_say_so(
    renderer: Renderer, world: Make, thing: Make
) -> None:
    facing, turned = (10.0, 1.5, 1.0), (10.0, -1.5, 1.0)
    for asset_id, seen in (("test.quad", {2}), ("test.leaf", {2, 3})):
        renderer.load(*world(thing(asset_id, facing), thing(asset_id, turned, yaw_rad=np.pi)))
        found = set(np.unique(renderer.draw("front", 0).instance).tolist()) - {0}
        assert found == seen


def test_actors_move_by_the_trajectory(renderer: Renderer, world: Make, thing: Make) -> None:
    renderer.load(*world(thing("test.cube", (11.0, 0.0, 0.0), velocity_mps=(10.0, 0, 0))))
    for index, depth in enumerate((10.0, 11.0, 12.0)):
        frame = renderer.draw("front", index)
        assert frame.step == 2 * index
        assert abs(float(frame.depth_m[24, 32]) - depth) < 1e-3


def test_joints_turn_their_parts(renderer: Renderer, world: Make, thing: Make) -> None:
    turn = np.deg2rad(300.0)  # 60 degrees in two tenths of a second
    renderer.load(*world(thing("test.arm", (10.0, 0.0, 0.0), turn_radps=turn)))
    widths = []
    for index in (0, 2):
        columns = np.flatnonzero((renderer.draw("front", index).instance == 2).any(axis=0))
        widths.append(columns[-1] - columns[0] + 1)
    assert abs(widths[1] / widths[0] - 0.5) < 0.3


def test_near_and_far_planes_cut(renderer: Renderer, world: Make, thing: Make) -> None:
    close = CameraSpec(width=64, height=48, position_m=(0, 0, 1.0), near_m=12.0, far_m=20.0)
    renderer.load(
        *world(
            thing("test.quad", (10.0, 0, 1)),
            thing("test.quad", (25.0, 0, 1)),
            sensors={"front": close},
        )
    )
    frame = renderer.draw("front", 0)
    assert (frame.instance == 0).all()
    depth = frame.depth_m[np.isfinite(frame.depth_m)]
    assert depth.min() >= 12.0 - 1e-3
    assert depth.max() <= 20.0 + 1e-3


def test_same_frame_same_bytes(renderer: Renderer, world: Make, thing: Make) -> None:
    renderer.load(*world(thing("test.cube", (9.0, 1.0, 0.0), yaw_rad=0.4)))
    first = renderer.draw("front", 1)
    renderer.draw("front", 2)
    again = renderer.draw("front", 1)
    for name in ("rgb", "depth_m", "instance", "semantic", "normal", "flow_px"):
        a, b = getattr(first, name), getattr(again, name)
        assert (a is None and b is None) or np.array_equal(a, b)
    assert first.silhouettes == again.silhouettes


def test_poses_of_the_frame(renderer: Renderer, world: Make) -> None:
    scenario, trajectory = world(ego_speed_mps=10.0)
    renderer.load(scenario, trajectory)
    frame = renderer.draw("front", 1)
    mount = scenario.sensors["front"].camera().body_from_camera
    assert np.allclose(frame.world_from_camera[:3, :3], mount[:3, :3])
    assert np.allclose(frame.world_from_camera[:3, 3], mount[:3, 3] + (1.0, 0, 0))
    assert np.allclose(frame.next_world_from_camera[:3, 3], mount[:3, 3] + (2.0, 0, 0))
