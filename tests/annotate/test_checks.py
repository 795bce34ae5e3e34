"""Honest frames pass every check; each kind of damage is found by the checks it should be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from scenegen.annotate.checks import (
    FRAME_CHECKS,
    Pictures,
    SceneTruth,
    applicable,
    check_frame,
    check_scene,
)
from scenegen.annotate.checks.sampling import one_in_each_square
from scenegen.records import FrameLabels, PixelTruth


def found(street: Any, labels: FrameLabels, pictures: Pictures, truth: Any = None) -> set[str]:
    """Return the names of the checks that object to the first frame."""
    violations = check_frame(labels, pictures, truth or street.truth, street.pictures[1])
    assert all(v.scene == "street-000000" and v.frame == labels.frame for v in violations)
    return {violation.check for violation in violations}


def edited(labels: FrameLabels, name: str, **changes: Any) -> FrameLabels:
    """Return labels in which one object differs."""
    assert any(o.name == name for o in labels.objects)
    objects = [o.model_copy(update=changes) if o.name == name else o for o in labels.objects]
    return labels.model_copy(update={"objects": objects})


def labelled(street: Any, name: str) -> Any:
    return next(o for o in street.labels[0].objects if o.name == name)


def test_honest_frames_pass(street: Any) -> None:
    for index, (labels, pictures) in enumerate(zip(street.labels, street.pictures, strict=True)):
        following = street.pictures[index + 1] if index + 1 < len(street.pictures) else None
        assert check_frame(labels, pictures, street.truth, following) == []
    assert check_scene(street.truth, street.labels) == []


def test_everything_is_checked_if_every_layer_is_there(street: Any) -> None:
    assert applicable(street.pictures[0]) == list(FRAME_CHECKS)
    without = replace(street.pictures[0], flow_px=None, flow_valid=None, normal=None)
    needy = {"flow", "scene flow", "normals", "normals of depth"}
    assert set(FRAME_CHECKS) - set(applicable(without)) == needy
    usual = replace(street.pictures[0], truth=PixelTruth())
    needy = {"backward flow", "scene flow", "object coordinates", "line numbers", "drivable"}
    assert set(FRAME_CHECKS) - set(applicable(usual)) == needy


def test_shifted_visible_box(street: Any) -> None:
    x1, y1, x2, y2 = labelled(street, "lead").box2d_visible
    labels = edited(street.labels[0], "lead", box2d_visible=(x1 + 1, y1, x2, y2))
    assert found(street, labels, street.pictures[0]) == {"visible boxes"}


def test_miscounted_pixels(street: Any) -> None:
    count = labelled(street, "truck").visible_px
    labels = edited(street.labels[0], "truck", visible_px=count - 1)
    assert found(street, labels, street.pictures[0]) == {"visible boxes"}


def test_missing_label(street: Any) -> None:
    labels = street.labels[0]
    labels = labels.model_copy(update={"objects": labels.objects[1:]})
    assert found(street, labels, street.pictures[0]) == {"ids"}


def test_swapped_ids_in_the_picture(street: Any) -> None:
    instance = street.pictures[0].instance
    lead, truck = instance == 2, instance == 4
    swapped = np.where(lead, 4, np.where(truck, 2, instance)).astype(np.uint16)
    names = found(street, street.labels[0], replace(street.pictures[0], instance=swapped))
    assert {"visible boxes", "semantics", "3D boxes"} <= names


def test_the_ego_in_its_own_picture(street: Any) -> None:
    instance = street.pictures[0].instance.copy()
    instance[100:104, 0:4] = 1
    assert "ids" in found(street, street.labels[0], replace(street.pictures[0], instance=instance))


def test_wrong_class_of_an_instance(street: Any) -> None:
    semantic = street.pictures[0].semantic.copy()
    semantic[street.pictures[0].instance == 2] = 27
    names = found(street, street.labels[0], replace(street.pictures[0], semantic=semantic))
    assert "semantics" in names
    assert names <= {"semantics", "rays"}


def test_sky_with_a_depth(street: Any) -> None:
    depth = street.pictures[0].depth_m.copy()
    depth[street.pictures[0].semantic == 23] = 100.0
    names = found(street, street.labels[0], replace(street.pictures[0], depth_m=depth))
    assert "sky" in names


def test_hole_in_the_depth(street: Any) -> None:
    depth = street.pictures[0].depth_m.copy()
    depth[150:160, 100:110] = np.inf
    names = found(street, street.labels[0], replace(street.pictures[0], depth_m=depth))
    assert "far surfaces" in names


@pytest.mark.parametrize("scale", [1.02, 1.002])
def test_scaled_depth(street: Any, scale: float) -> None:
    depth = (street.pictures[0].depth_m * np.float32(scale)).astype(np.float32)
    names = found(street, street.labels[0], replace(street.pictures[0], depth_m=depth))
    assert {"flow", "rays"} <= names


def test_a_prop_that_is_not_drawn(street: Any) -> None:
    props = street.scenario.props
    another = props[0].model_copy(update={"position_m": (40, -3, 0)})
    more = street.scenario.model_copy(update={"props": (*props, another)})
    truth = SceneTruth(more, street.trajectory)
    assert "rays" in found(street, street.labels[0], street.pictures[0], truth)


def test_a_prop_that_is_drawn_but_not_there(street: Any) -> None:
    bare = SceneTruth(
        street.scenario.model_copy(update={"props": street.scenario.props[:1]}), street.trajectory
    )
    assert "rays" in found(street, street.labels[0], street.pictures[0], bare)


def test_one_wrong_pixel_of_the_grid(street: Any) -> None:
    pictures = street.pictures[0]
    pixels = one_in_each_square(0, 0, 320, 192, 16)
    ground = [(c, r) for c, r in pixels.tolist() if pictures.semantic[r, c] == 7]
    column, row = ground[len(ground) // 2]
    depth = pictures.depth_m.copy()
    depth[row, column] += 0.05
    assert "rays" in found(street, street.labels[0], replace(pictures, depth_m=depth))


def test_shifted_flow(street: Any) -> None:
    flow = street.pictures[0].flow_px + np.float32(0.25)
    assert found(street, street.labels[0], replace(street.pictures[0], flow_px=flow)) == {"flow"}


def test_flow_of_one_actor(street: Any) -> None:
    flow = street.pictures[0].flow_px.copy()
    flow[street.pictures[0].instance == 3] += 0.5
    assert found(street, street.labels[0], replace(street.pictures[0], flow_px=flow)) == {"flow"}


def test_next_frame_at_another_depth(street: Any) -> None:
    depth = street.pictures[1].depth_m.copy()
    depth[112:122, 150:190] *= np.float32(1.2)  # some of the road: every wrong pixel takes rays
    far = replace(street.pictures[1], depth_m=depth)
    violations = check_frame(street.labels[0], street.pictures[0], street.truth, far)
    assert {v.check for v in violations} == {"next depth"}


@pytest.mark.parametrize("sign", [-1.0, 0.5])
def test_normals(street: Any, sign: float) -> None:
    normal = street.pictures[0].normal * np.float32(sign)
    names = found(street, street.labels[0], replace(street.pictures[0], normal=normal))
    assert "normals" in names


def test_turned_normals(street: Any) -> None:
    turn = np.deg2rad(12.0)
    rotation = np.array(
        [[1, 0, 0], [0, np.cos(turn), -np.sin(turn)], [0, np.sin(turn), np.cos(turn)]]
    )
    normal = (street.pictures[0].normal @ rotation.T).astype(np.float32)
    names = found(street, street.labels[0], replace(street.pictures[0], normal=normal))
    assert "normals of depth" in names


@pytest.mark.parametrize("field", ["occlusion", "truncation"])
def test_edited_shares(street: Any, field: str) -> None:
    labels = edited(street.labels[0], "truck", **{field: 0.3})
    assert found(street, labels, street.pictures[0]) == {"occlusion"}


def test_edited_amodal_box(street: Any) -> None:
    x1, y1, x2, y2 = labelled(street, "lead").box2d_amodal
    labels = edited(street.labels[0], "lead", box2d_amodal=(x1 - 4, y1, x2, y2))
    assert found(street, labels, street.pictures[0]) == {"occlusion"}


def test_amodal_box_smaller_than_the_visible(street: Any) -> None:
    x1, y1, x2, y2 = labelled(street, "lead").box2d_amodal
    labels = edited(street.labels[0], "lead", box2d_amodal=(x1 + 4, y1, x2, y2))
    assert "amodal boxes" in found(street, labels, street.pictures[0])


def test_shrunk_box(street: Any) -> None:
    box = labelled(street, "truck").box3d
    small = box.model_copy(update={"size_m": tuple(0.8 * s for s in box.size_m)})
    labels = edited(street.labels[0], "truck", box3d=small)
    assert {"3D boxes", "objects"} <= found(street, labels, street.pictures[0])


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("lead", {"distance_m": 17.0}),
        ("lead", {"position_world_m": (38.0, -1.5, 0.0)}),
        ("lead", {"velocity_world_mps": (9.1, 0.0, 0.0)}),
        ("adult", {"intent": "waiting"}),
        ("adult", {"skeleton": {}}),
    ],
)
def test_edited_states(street: Any, name: str, changes: dict[str, Any]) -> None:
    labels = edited(street.labels[0], name, **changes)
    assert found(street, labels, street.pictures[0]) == {"objects"}


def test_lamps_that_are_not_lit(street: Any) -> None:
    labels = edited(street.labels[0], "lead", lamps=[])
    assert found(street, labels, street.pictures[0]) == {"objects", "motion"}


def test_moved_camera(street: Any) -> None:
    label = street.labels[0].camera
    pose = np.array(label.next_world_from_camera)
    pose[1, 3] += 0.05
    moved = label.model_copy(update={"next_world_from_camera": pose.tolist()})
    labels = street.labels[0].model_copy(update={"camera": moved})
    violations = check_frame(labels, street.pictures[0], street.truth)
    assert {"camera", "flow"} <= {violation.check for violation in violations}


def test_moved_actor(street: Any) -> None:
    position = street.trajectory.position_m.copy()
    position[:, 3, 1] += 0.2
    truth = SceneTruth(street.scenario, replace(street.trajectory, position_m=position))
    names = found(street, street.labels[0], street.pictures[0], truth)
    assert {"objects", "occlusion"} <= names


def test_ego_signals_and_lanes(street: Any) -> None:
    labels = street.labels[0]
    later = labels.model_copy(update={"time_s": 0.5})
    assert found(street, later, street.pictures[0]) == {"ego", "countdowns"}
    amber = [s.model_copy(update={"state": "amber"}) for s in labels.signals]
    assert amber
    names = found(street, labels.model_copy(update={"signals": amber}), street.pictures[0])
    assert names == {"signals", "countdowns"}
    line = labels.lanes[0]
    shifted = [None if p is None else (p[0] + 1, p[1]) for p in line.points_px]
    lanes = [line.model_copy(update={"points_px": shifted}), *labels.lanes[1:]]
    names = found(street, labels.model_copy(update={"lanes": lanes}), street.pictures[0])
    assert names == {"lanes"}


SceneDamage = Callable[[tuple[FrameLabels, ...]], list[FrameLabels]]


def _turned_pose(frames: tuple[FrameLabels, ...]) -> list[FrameLabels]:
    pose = np.array(frames[1].camera.world_from_camera)
    pose[0, 3] += 1.0
    camera = frames[1].camera.model_copy(update={"world_from_camera": pose.tolist()})
    return [frames[0], frames[1].model_copy(update={"camera": camera}), frames[2]]


def _renamed(frames: tuple[FrameLabels, ...]) -> list[FrameLabels]:
    first = frames[0].objects[0].model_copy(update={"name": "other"})
    objects = [first, *frames[0].objects[1:]]
    return [frames[0].model_copy(update={"objects": objects}), *frames[1:]]


@pytest.mark.parametrize(
    ("check", "damage"),
    [
        ("frames", lambda f: [f[0], f[2]]),
        ("next poses", _turned_pose),
        ("sizes", _renamed),
        ("parameters", lambda f: [f[0].model_copy(update={"parameters": {}}), f[1], f[2]]),
    ],
)
def test_scene_damage(street: Any, check: str, damage: SceneDamage) -> None:
    violations = check_scene(street.truth, damage(street.labels))
    assert {v.check for v in violations} == {check}


def test_trajectory_damage(street: Any) -> None:
    step = street.trajectory.step.copy()
    step[3] += 1
    truth = SceneTruth(street.scenario, replace(street.trajectory, step=step))
    assert {v.check for v in check_scene(truth, street.labels)} == {"trajectory"}
