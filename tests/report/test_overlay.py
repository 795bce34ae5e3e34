"""Overlays touch the pixels that they name and leave the given picture alone."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from scenegen import assets
from scenegen.records.labels import LaneLabel, SignalLabel
from scenegen.report import annotated, birds_eye, contact_sheet
from scenegen.report.birds_eye import draw_actors
from scenegen.report.colors import (
    category_colour,
    color_depth,
    color_flow,
    color_instance,
    color_normal,
    color_semantic,
)
from scenegen.report.overlay import draw_boxes, draw_lanes, draw_signals, highlight
from scenegen.report.plan import Plan
from scenegen.roads import build_network
from scenegen.sample import draw
from scenegen.scenario import parse_scenario
from scenegen.simulate import simulate


@pytest.fixture
def black():
    return np.zeros((48, 64, 3), np.uint8)


@pytest.fixture
def labels(makers):
    return makers.make_labels(makers.make_concrete(), makers.make_frame(), 0)


def test_a_box_runs_along_the_outermost_pixels(black, labels):
    drawn = draw_boxes(black, labels.objects, captions=False)
    assert not black.any()
    rows, columns = np.nonzero(drawn.max(axis=-1) > 100)
    x1, y1, x2, y2 = labels.objects[0].box2d_visible
    assert abs(columns.min() - x1) <= 1
    assert abs(rows.min() - y1) <= 1
    assert abs(columns.max() + 1 - x2) <= 1
    assert abs(rows.max() + 1 - y2) <= 1


def test_scaled_labels_land_on_the_scaled_picture(labels):
    drawn = draw_boxes(np.zeros((96, 128, 3), np.uint8), labels.objects, 2.0, captions=False)
    columns = np.nonzero(drawn.max(axis=(0, 2)) > 100)[0]
    assert abs(columns.min() - 2 * labels.objects[0].box2d_visible[0]) <= 1


def test_objects_have_the_names_that_are_given(black, labels):
    plain = draw_boxes(black, labels.objects)
    ids = {label.instance_id for label in labels.objects}
    own = {label.instance_id: f"{label.category} {label.instance_id}" for label in labels.objects}
    assert (draw_boxes(black, labels.objects, names=own) == plain).all()
    named = draw_boxes(black, labels.objects, names=dict.fromkeys(ids, "the van"))
    assert (named != plain).any()


def test_annotated_survives_objects_behind_and_beside_the_camera(black, labels):
    label = labels.objects[0]
    for center in ((0.0, 0.0, -5.0), (0.0, 0.0, 0.5), (1e6, 0.0, 1.0), (-2.0, 0.0, 1.0)):
        box = label.box3d.model_copy(update={"center_m": center})
        moved = label.model_copy(update={"box3d": box, "skeleton": {"head": center}})
        drawn = annotated(black, labels.model_copy(update={"objects": [moved]}))
        assert drawn.shape == black.shape


def test_lane_lines_break_where_they_are_behind_the_camera(black):
    points = [(5.0, 40.0), (20.0, 40.0), None, (40.0, 40.0), (60.0, 40.0)]
    lane = LaneLabel(
        id="l",
        type="solid",
        color="white",
        points_world_m=[],
        points_px=points,
        points_visible=[True] * len(points),
        visible=True,
    )
    row = draw_lanes(black, [lane])[39:41].max(axis=(0, 2))
    assert row[6:18].all()
    assert not row[24:37].any()
    assert row[42:58].all()


def test_a_signal_is_ringed_in_its_colour(black):
    signal = SignalLabel(
        id="s",
        state="GREEN",
        position_world_m=(0, 0, 0),
        position_px=(32.0, 24.0),
        relevant_to_ego=True,
    )
    drawn = draw_signals(black, [signal])
    assert drawn[..., 1].max() > 200
    assert drawn[24, 32].max() == 0


def test_a_highlight_darkens_what_it_is_not_about():
    grey = np.full((48, 64, 3), 200, np.uint8)
    drawn = highlight(grey, (30, 20, 34, 24))
    assert (drawn[22, 32] == 200).all()
    assert (drawn[2, 2] < 130).all()


def test_depth_colours_differ_and_nothing_is_grey():
    depth = np.array([[2.0, 10.0, 50.0, np.inf]], np.float32)
    colours = color_depth(depth)[0]
    assert len({tuple(c) for c in colours.tolist()}) == 4
    assert tuple(colours[3]) == (24, 26, 32)


def test_opposite_flow_has_opposite_hue_and_no_flow_is_white():
    flow = np.array([[[4, 0], [-4, 0], [0, 0], [9, 9]]], np.float32)
    colours = color_flow(flow, np.array([[True, True, True, False]]), full_px=4.0)[0].astype(int)
    assert tuple(colours[0]) == (255, 0, 0)
    assert tuple(colours[1]) == (0, 255, 255)
    assert tuple(colours[2]) == (255, 255, 255)
    assert tuple(colours[3]) == (24, 26, 32)


def test_normals_semantics_and_ids_have_their_own_colours():
    towards = np.array([[[0, 0, -1], [0, -1, 0], [0, 0, 0]]], np.float32)
    colours = color_normal(towards)[0]
    assert colours[0].tolist() == [128, 128, 255]
    assert colours[1].tolist() == [128, 255, 128]
    assert color_semantic(np.array([[7, 24, 200]], np.uint8))[0].tolist() == [
        [128, 64, 128],
        [220, 20, 60],
        [0, 0, 0],
    ]
    ids = color_instance(np.array([[0, 1, 2, 1]], np.uint16))[0].tolist()
    assert ids[0] == [0, 0, 0]
    assert ids[1] == ids[3] != ids[2]


def test_a_contact_sheet_holds_every_picture_in_its_cell():
    images = [np.full((20, 30, 3), value, np.uint8) for value in (60, 120, 240)]
    sheet = contact_sheet(images, 2, ["a", "ünïcode", "a caption much too long for 30 px"])
    assert sheet.shape[1] == 2 * 30 + 3 * 10
    for value in (60, 120, 240):
        assert (sheet == value).all(axis=-1).sum() >= 600


def test_a_caption_goes_on_in_the_next_line():
    picture = np.full((20, 100, 3), 60, np.uint8)
    (one, two, kept) = (
        contact_sheet([picture], 1, [text]).shape[0]
        for text in ("a", "first second third fourth", "a\N{NO-BREAK SPACE}b\nc")
    )
    assert two - one == 15
    assert kept - one == 15
    assert contact_sheet([picture], 1, ["word " * 400]).shape[0] - one == 23 * 15


@pytest.mark.parametrize(("count", "columns", "captions"), [(0, 1, 0), (2, 0, 2), (2, 1, 1)])
def test_a_contact_sheet_refuses_what_it_cannot_lay_out(count, columns, captions):
    with pytest.raises(ValueError, match="contact sheet"):
        contact_sheet([np.zeros((4, 4, 3), np.uint8)] * count, columns, ["x"] * captions)


def test_the_plan_shows_the_ego_where_it_is(makers):
    scenario, trajectory = makers.make_concrete(), makers.make_trajectory()
    network = build_network(scenario.road)
    first = birds_eye(scenario, trajectory, network, width=320, height=200, row=0)
    last = birds_eye(scenario, trajectory, network, width=320, height=200, row=4)
    assert first.shape == (200, 320, 3)
    white = [np.nonzero((image > 250).all(axis=-1))[1].mean() for image in (first, last)]
    assert white[1] > white[0]
    gone = dataclasses.replace(trajectory, valid=np.zeros_like(trajectory.valid))
    empty = birds_eye(scenario, gone, network, width=320, height=200)
    assert not (empty > 250).all(axis=-1)[:170].any()


def test_the_plan_goes_as_far_as_who_is_asked_for():
    """Somebody 150 m ahead is on a plan that asks for them, and nobody at 400 m."""
    text = (
        "{scenario: t, description: t, duration: 1 s, road: {kind: straight, length: 500 m},"
        "ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 20 m}, speed: 20 m/s},"
        "actors: {lorry: {asset: vehicle.box_truck, place: {lane: forward_0, s: FAR m}}}}"
    )
    shades = []
    for far in (170, 420):
        concrete = draw(parse_scenario(text.replace("FAR", str(far)), "t.yaml"), 0, 0)
        run, network = simulate(concrete), build_network(concrete.road)
        lorry = concrete.actors[1].instance_id
        plans = [birds_eye(concrete, run, network, row=0, with_ids=ids) for ids in ((), (lorry,))]
        colour = category_colour(concrete.actors[1].category)
        shades.append([bool((plan == colour).all(axis=-1).any()) for plan in plans])
    assert shades == [[False, True], [False, False]]


def test_an_opened_door_is_drawn_where_it_is():
    text = (
        "{scenario: t, description: t, duration: 3 s, road: {kind: straight, length: 100 m},"
        "ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 50 m},"
        "      behaviour: [{when: {time: 1 s}, do: open_door, door: DOOR, angle: 60 deg}]}}"
    )
    width, height, away = 800, 400, 0.7
    for door, side in (("front_left", 1.0), ("rear_right", -1.0)):
        scene = draw(parse_scenario(text.replace("DOOR", door), "t.yaml"), 0, 0)
        trajectory = simulate(scene)
        plan = Plan(np.array(scene.ego.position_m[:2]), 0.01, width, height)
        shut, wide = (plan.image.copy() for _ in range(2))
        for image, row in ((shut, 0), (wide, len(trajectory.time_s) - 1)):
            plan.image = image
            draw_actors(plan, scene, trajectory, row, 1.0)
        y, x = np.nonzero((shut != wide).any(axis=-1))
        asset = assets.get(scene.ego.asset_id, scene.ego.variant)
        part, panel = assets.door_shape(asset, f"door_{door}")
        # All that differs is on the door's side, and reaches as far as its edge does.
        up = side * (0.5 * height - y) * 0.01
        assert up.min() > away
        assert up.max() == pytest.approx(
            side * part.origin_m[1] + panel.size_m[0] * np.sin(np.radians(60)), abs=0.1
        )
        at = (x - 0.5 * width) * 0.01
        edge = part.origin_m[0] - panel.size_m[0] * np.cos(np.radians(60))
        assert at.min() == pytest.approx(edge, abs=0.1)
