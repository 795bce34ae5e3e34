"""Which lines a picture has, in which order and where, by scenes that are worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest

from scenegen.exports.lane_images import ImageLane, image_lanes
from scenegen.records import FrameLabels, LaneLabel
from scenegen.records.base import F64

WIDTH, HEIGHT, FOCAL, ABOVE_M = 1280, 720, 900.0, 1.5


def looking(yaw_rad: float = 0.0) -> F64:
    """Return the pose of a level camera above the origin."""
    pose = np.eye(4)
    cos, sin = np.cos(yaw_rad), np.sin(yaw_rad)
    pose[:3, :3] = np.array([[sin, 0, cos], [-cos, 0, sin], [0, -1, 0]])
    pose[2, 3] = ABOVE_M
    return pose


def frame(lanes: list[LaneLabel], yaw_rad: float = 0.0) -> FrameLabels:
    pose = looking(yaw_rad)
    camera = {
        "K": [[FOCAL, 0, WIDTH / 2], [0, FOCAL, HEIGHT / 2], [0, 0, 1]],
        "distortion": [0.0] * 5,
        "width": WIDTH,
        "height": HEIGHT,
        "world_from_camera": pose.tolist(),
        "next_world_from_camera": pose.tolist(),
        "near_m": 0.3,
        "far_m": 400.0,
    }
    ego = {
        "world_from_body": np.eye(4).tolist(),
        "velocity_mps": (0, 0, 0),
        "angular_velocity_radps": (0, 0, 0),
    }
    about = {"scene": "s", "sensor": "front", "frame": 0, "step": 0, "time_s": 0.0}
    rest = {"objects": [], "signals": [], "weather": {}, "light": {}, "parameters": {}}
    content = about | rest | {"camera": camera, "ego": ego, "lanes": lanes}
    return FrameLabels.model_validate(content)


def line(
    left_m: float,
    start_m: float = -60.0,
    end_m: float = 60.0,
    *,
    id_: str = "line",
    type_: str = "solid",
    hidden: tuple[float, float] = (0.0, 0.0),
    up_m: float = 0.0,
    backward: bool = False,
) -> LaneLabel:
    """Return a line along x, 2 m from point to point, that the camera at the origin sees."""
    x = np.linspace(start_m, end_m, round((end_m - start_m) / 2) + 1)
    y = np.full(len(x), left_m)
    with np.errstate(divide="ignore", invalid="ignore"):
        u, v = WIDTH / 2 - FOCAL * y / x, HEIGHT / 2 + FOCAL * (ABOVE_M - up_m) / x
    there = (x > 0.3) & (u >= 0) & (u < WIDTH) & (v >= 0) & (v < HEIGHT)
    there &= ~((x > hidden[0]) & (x < hidden[1]))
    world = np.stack([x, y, np.full(len(x), up_m)], axis=1)
    if backward:
        world, there = world[::-1], there[::-1]
    return LaneLabel(
        id=id_,
        type=type_,
        color="white",
        points_world_m=world.tolist(),
        points_px=[None] * len(x),
        points_visible=there.tolist(),
        visible=bool(there.any()),
    )


ROWS = np.arange(160, 720, 10)


def columns(lane: ImageLane) -> F64:
    return lane.at_rows(ROWS, WIDTH)[0]


@pytest.mark.parametrize("backward", [False, True])
def test_a_straight_line_is_where_its_formula_has_it(backward: bool) -> None:
    lanes = image_lanes(frame([line(1.75, backward=backward), line(-1.6)]))
    assert [lane.order for lane in lanes] == [1, -1]
    for lane, left_m in zip(lanes, (1.75, -1.6), strict=True):
        below = ROWS + 0.5 - HEIGHT / 2
        expected = WIDTH / 2 - left_m * below / ABOVE_M
        far = FOCAL * ABOVE_M / 60.0
        there = (below >= far) & (expected >= 0) & (expected < WIDTH)
        found = columns(lane)
        assert np.array_equal(np.isfinite(found), there)
        assert np.abs(found - expected)[there].max() < 1e-6


def test_lines_count_from_the_ego_lane_outward() -> None:
    offsets = [-8.75, -5.25, -1.75, 1.75, 5.25, 8.75]
    lanes = image_lanes(frame([line(y, id_=str(y)) for y in offsets]))
    assert [lane.order for lane in lanes] == [2, 1, -1, -2]
    bottom = [columns(lane)[np.isfinite(columns(lane))][-1] for lane in lanes]
    assert bottom == sorted(bottom)


def test_double_lines_are_one() -> None:
    lanes = image_lanes(frame([line(1.75), line(1.95, type_="broken"), line(5.25)]))
    assert [(lane.order, lane.type) for lane in lanes] == [(2, "solid"), (1, "solid")]


def test_pieces_are_joined_across_a_crossing() -> None:
    pieces = [line(1.75, -60, 12), line(1.75, 34, 60, id_="beyond", type_="broken")]
    (lane,) = image_lanes(frame(pieces))
    x, seen = lane.at_rows(ROWS, WIDTH)
    whole = image_lanes(frame([line(1.75)]))[0].at_rows(ROWS, WIDTH)[0]
    assert np.allclose(x, whole, equal_nan=True, atol=1e-6)
    ahead = FOCAL * ABOVE_M / (ROWS + 0.5 - HEIGHT / 2)
    assert not seen[(ahead > 12.5) & (ahead < 33.5)].any()
    assert seen[np.isfinite(x) & ((ahead < 11.5) | (ahead > 35) & (ahead < 59))].all()


def test_pieces_beside_each_other_are_not_joined() -> None:
    pieces = [line(1.75, -60, 12), line(5.25, -60, 60), line(3.5, 20, 60, id_="other")]
    lanes = image_lanes(frame(pieces))
    assert [lane.order for lane in lanes] == [2, 1]
    assert np.nanmin(columns(lanes[1])) > 0
    ahead = FOCAL * ABOVE_M / (ROWS + 0.5 - HEIGHT / 2)
    assert ahead[np.isfinite(columns(lanes[1]))].max() < 13


def test_what_hides_a_line_in_between_is_told() -> None:
    (lane,) = image_lanes(frame([line(-1.75, hidden=(10.0, 20.0))]))
    x, seen = lane.at_rows(ROWS, WIDTH)
    ahead = FOCAL * ABOVE_M / (ROWS + 0.5 - HEIGHT / 2)
    between = (ahead > 11.6) & (ahead < 18.4)
    assert np.isfinite(x[between]).all()
    assert not seen[between].any()
    (short,) = image_lanes(frame([line(-1.75, hidden=(20.0, 99.0))]))
    assert ahead[np.isfinite(columns(short))].max() <= 21


def test_lines_of_other_roads_do_not_count() -> None:
    across = line(0.0).model_copy(
        update={
            "points_world_m": [(20.0, float(y), 0.0) for y in range(-60, 61, 2)],
            "points_visible": [abs(y) < 14 for y in range(-60, 61, 2)],
        }
    )
    assert image_lanes(frame([across, line(1.75, up_m=6.0), line(0.5, type_="stop")])) == []
    assert image_lanes(frame([line(1.75), line(-1.75)], yaw_rad=np.pi / 2)) == []
