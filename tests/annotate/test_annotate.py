"""Labels of a drawn street against what is known of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen import assets
from scenegen.annotate import annotate
from scenegen.annotate.lanes import clip_to_range, densify
from scenegen.annotate.objects import visible_extents
from scenegen.geometry import mask_box
from scenegen.records import FrameLabels


@given(st.integers(0, 2**32 - 1), st.integers(1, 6))
def test_extents_are_those_of_each_mask(seed: int, ids: int) -> None:
    rng = np.random.default_rng(seed)
    names = rng.integers(1, 60000, size=ids)
    picture = np.where(rng.random((17, 23)) < 0.1, rng.choice(names, (17, 23)), 0)
    extents = visible_extents(picture.astype(np.uint16))
    assert list(extents) == sorted(set(np.unique(picture).tolist()) - {0})
    for id_, (box, count) in extents.items():
        expected = mask_box(picture == id_)
        assert expected is not None
        assert box == tuple(expected)
        assert count == int((picture == id_).sum())


def test_an_empty_picture_has_no_extents() -> None:
    assert visible_extents(np.zeros((4, 5), np.uint16)) == {}


def test_objects_of_the_street(street: Any) -> None:
    objects = {o.name: o for o in street.labels[0].objects}
    assert "ego" not in objects
    assert {"lead", "truck", "adult", "dog", "cone"} <= set(objects)
    lead = objects["lead"]
    assert lead.lamps == ["tail", "brake"]
    assert lead.attributes["braking"] is True
    assert lead.attributes["moving"] is True
    # Mounted at (0.4, 0, 1.35) on the ego at x = 20; the lead's middle is at x = 38.
    assert lead.box3d.center_m[2] == pytest.approx(17.6)
    assert lead.box3d.center_m[0] == pytest.approx(0.0, abs=1e-9)
    assert objects["truck"].attributes["moving"] is False
    assert objects["adult"].intent == "crossing"
    assert objects["adult"].lamps is None
    assert objects["cone"].intent is None
    assert objects["dog"].skeleton is None


def test_people_and_nobody_else_have_the_look_of_their_asset(street: Any) -> None:
    people = {"person", "rider"}
    for label in street.labels[0].objects:
        asset_id, variant = label.attributes["asset_id"], label.attributes["variant"]
        look = assets.person_look(asset_id, variant) if label.category in people else None
        assert label.look == look
    assert any(label.look for label in street.labels[0].objects)


def test_skeletons_stand_in_their_boxes(street: Any) -> None:
    adult = next(o for o in street.labels[0].objects if o.name == "adult")
    assert adult.skeleton
    joints = np.array(list(adult.skeleton.values()))
    reach = np.abs(joints - np.array(adult.box3d.center_m)).max(axis=0)
    assert (reach <= np.linalg.norm(adult.box3d.size_m) / 2).all()
    assert adult.skeleton["head"][1] < adult.skeleton["pelvis"][1] < adult.skeleton["toe_left"][1]


def test_lanes_and_signals(street: Any) -> None:
    labels = street.labels[0]
    assert any(lane.visible for lane in labels.lanes)
    assert {lane.type for lane in labels.lanes} >= {"solid"}
    for lane in labels.lanes:
        assert len(lane.points_world_m) == len(lane.points_px) == len(lane.points_visible) >= 2
        assert lane.visible == any(lane.points_visible)
        assert not any(
            seen and point is None
            for seen, point in zip(lane.points_visible, lane.points_px, strict=True)
        )
        distance = np.hypot(*(np.array(lane.points_world_m)[:, :2] - (20.0, -1.6)).T)
        assert distance.max() <= 120.0 + 1e-3
    assert any(None in lane.points_px for lane in labels.lanes)
    assert {s.state for s in labels.signals} == {"green", "red"}
    relevant = [s for s in labels.signals if s.relevant_to_ego]
    assert relevant
    assert len(relevant) < len(labels.signals)
    assert all(s.position_world_m[0] > 20.0 for s in relevant)


def test_labels_survive_json(street: Any) -> None:
    for labels in street.labels:
        assert FrameLabels.model_validate_json(labels.model_dump_json()) == labels


def test_a_backend_without_silhouettes_is_refused(street: Any) -> None:
    bare = replace(street.frames[0], silhouettes={})
    with pytest.raises(ValueError, match="silhouette"):
        annotate(bare, street.scenario, street.trajectory, "front", 0)


def test_clipping_keeps_what_is_near() -> None:
    line = np.array([[-200.0, 0, 0], [200.0, 0, 0]])
    (piece,) = clip_to_range(densify(line, 5.0), np.array([10.0, 0, 0]), 50.0)
    assert piece[0, 0] == pytest.approx(-40.0)
    assert piece[-1, 0] == pytest.approx(60.0)
    assert np.diff(piece[:, 0]).max() <= 5.0 + 1e-9
    hairpin = np.array([[0.0, 0, 0], [100, 0, 0], [100, 20, 0], [0, 20, 0]])
    assert len(clip_to_range(densify(hairpin, 5.0), np.array([0.0, 10, 0]), 30.0)) == 2
    assert clip_to_range(densify(line, 5.0), np.array([0.0, 300, 0]), 50.0) == []
