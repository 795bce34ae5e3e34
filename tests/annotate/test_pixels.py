"""The optional layers against formulas that need no renderer, and damage that checks must find."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from scenegen.annotate import pixel_truth
from scenegen.annotate.checks import Pictures, check_frame
from scenegen.records import Drivable, PixelTruth


def found(street: Any, index: int, **layers: Any) -> set[str]:
    """Return the names of the checks that object to a frame whose optional layers differ."""
    pictures: Pictures = street.pictures[index]
    damaged = replace(pictures, truth=replace(pictures.truth, **layers))
    return {v.check for v in check_frame(street.labels[index], damaged, street.truth)}


def truth_of(street: Any, index: int) -> PixelTruth:
    truth: PixelTruth = street.pictures[index].truth
    return truth


def test_every_layer_is_there(street: Any) -> None:
    truth = truth_of(street, 1)
    assert all(value is not None for value in vars(truth).values())
    assert not truth_of(street, 0).flow_back_valid.any()
    assert truth.flow_back_valid.mean() > 0.5


def test_backward_flow_undoes_forward_flow_where_the_same_surface_shows(street: Any) -> None:
    before, now = street.pictures[0], street.pictures[1]
    rows, columns = np.nonzero(now.truth.flow_back_valid)
    back = now.truth.flow_back_px[rows, columns]
    there = np.floor(np.stack([columns, rows], axis=1) + 0.5 + back).astype(int)
    inside = ((there >= 0) & (there < (320, 192))).all(axis=1)
    column, row = there[inside].T
    forward, valid = before.flow_px[row, column], before.flow_valid[row, column]
    off = np.abs(forward + back[inside]).max(axis=1)[valid]
    # Half a pixel of rounding where flow changes slowly; not where surfaces hide each other.
    assert np.median(off) < 0.2
    assert (off < 1.0).mean() > 0.9


def test_a_point_moved_by_scene_flow_is_seen_where_flow_says(street: Any) -> None:
    frame, truth = street.frames[0], truth_of(street, 0)
    camera, both = frame.camera, truth.scene_flow_valid & frame.flow_valid
    points = camera.pixel_rays()[both] * frame.depth_m[both][:, None]
    pixels = camera.project(points + truth.scene_flow_m[both])
    expected = camera.pixel_centres()[both] + frame.flow_px[both]
    assert np.abs(pixels - expected).max() < 0.02


def test_scene_flow_of_the_road_is_the_egos_own_motion(street: Any) -> None:
    frame, truth = street.frames[0], truth_of(street, 0)
    road = truth.scene_flow_valid & (frame.instance == 0) & (frame.depth_m < 30)
    # It drives straight on at 12 m/s and takes ten pictures a second.
    np.testing.assert_allclose(truth.scene_flow_m[road], [[0, 0, -1.2]] * road.sum(), atol=1e-5)


def test_object_coordinates_span_the_box(street: Any) -> None:
    frame, truth = street.frames[0], truth_of(street, 0)
    van = next(o for o in street.labels[0].objects if o.name == "van")
    shown = truth.nocs[frame.instance == van.instance_id]
    # It comes towards the camera: its front shows, at the end of its box, over its whole width.
    assert shown[:, 0].max() > 0.99
    assert np.ptp(shown[:, 1]) > 0.8
    np.testing.assert_array_equal(truth.nocs_valid, frame.instance > 0)


def test_the_ego_drives_in_the_ego_lane(street: Any) -> None:
    truth = truth_of(street, 0)
    # The camera is 1.6 m right of the middle line, and looks ahead: below it is its own lane.
    assert truth.drivable[-1, 160] == Drivable.EGO
    assert {Drivable.NONE, Drivable.EGO, Drivable.ONCOMING} <= set(np.unique(truth.drivable))
    assert (truth.drivable[street.frames[0].instance > 0] == 0).all()


def test_lines_are_numbered_and_know_their_side(street: Any) -> None:
    labels, truth = street.labels[0], truth_of(street, 0)
    shown = set(np.unique(truth.lanes).tolist()) - {0}
    by_number = {lane.number: lane for lane in labels.lanes}
    assert shown <= by_number.keys()
    middle = next(lane for lane in labels.lanes if lane.ego_index == 1)
    assert middle.id.startswith("centre")
    assert all(p[1] > -1.6 for p in middle.points_world_m)
    assert middle.number in shown


DAMAGE: dict[str, tuple[str, Callable[[PixelTruth], dict[str, Any]]]] = {
    "flow_back": (
        "backward flow",
        lambda t: {"flow_back_px": np.where(t.flow_back_valid[..., None], t.flow_back_px + 0.1, 0)},
    ),
    "flow_back validity": (
        "backward flow",
        lambda t: {"flow_back_valid": np.zeros_like(t.flow_back_valid)},
    ),
    "scene_flow": (
        "scene flow",
        lambda t: {
            "scene_flow_m": np.where(t.scene_flow_valid[..., None], t.scene_flow_m + 0.02, 0)
        },
    ),
    "scene_flow validity": (
        "scene flow",
        lambda t: {"scene_flow_valid": np.ones_like(t.scene_flow_valid)},
    ),
    "nocs": ("object coordinates", lambda t: {"nocs": t.nocs[..., ::-1].copy()}),
    "nocs validity": ("object coordinates", lambda t: {"nocs_valid": ~t.nocs_valid}),
    "lanes": ("line numbers", lambda t: {"lanes": np.where(t.lanes == 1, 2, t.lanes)}),
    "lanes lost": ("line numbers", lambda t: {"lanes": np.zeros_like(t.lanes)}),
    "lanes strange": ("line numbers", lambda t: {"lanes": np.where(t.lanes > 0, 999, 0)}),
    "drivable": (
        "drivable",
        lambda t: {"drivable": np.where(t.drivable == 1, 3, t.drivable).astype(np.uint8)},
    ),
    "drivable everywhere": ("drivable", lambda t: {"drivable": np.maximum(t.drivable, 5)}),
}


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_is_found(street: Any, name: str) -> None:
    check, damage = DAMAGE[name]
    assert found(street, 1, **damage(truth_of(street, 1))) == {check}


def test_joints_told_to_show_that_hide(street: Any) -> None:
    labels = street.labels[0]
    person = next(o for o in labels.objects if o.skeleton_visible)
    assert set(person.skeleton_visible.values()) <= {0, 1, 2}
    swapped = {joint: {0: 0, 1: 2, 2: 1}[v] for joint, v in person.skeleton_visible.items()}
    objects = [
        o.model_copy(update={"skeleton_visible": swapped}) if o is person else o
        for o in labels.objects
    ]
    damaged = labels.model_copy(update={"objects": objects})
    violations = check_frame(damaged, street.pictures[0], street.truth)
    assert {v.check for v in violations} == {"joints"}


def test_lines_beside_on_the_wrong_side(street: Any) -> None:
    labels = street.labels[0]
    lanes = [
        lane.model_copy(update={"ego_index": lane.ego_index and -lane.ego_index})
        for lane in labels.lanes
    ]
    damaged = labels.model_copy(update={"lanes": lanes})
    violations = check_frame(damaged, street.pictures[0], street.truth)
    assert "lines beside" in {v.check for v in violations}


def test_nothing_is_made_that_nobody_asks_for(street: Any) -> None:
    scene = (street.frames[0], street.scenario, street.trajectory, street.labels[0], {})
    assert pixel_truth(*scene, ()) == PixelTruth()
    only = pixel_truth(*scene, ("drivable",))
    assert [name for name, value in vars(only).items() if value is not None] == ["drivable"]


def test_a_backend_without_pieces_is_refused(street: Any) -> None:
    frame = replace(street.frames[0], pieces=None)
    with pytest.raises(ValueError, match="pieces"):
        pixel_truth(frame, street.scenario, street.trajectory, street.labels[0], {}, ("nocs",))
