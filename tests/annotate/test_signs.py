"""Signs of which one knows what they say, where they stand and whom they face."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from scenegen import assets
from scenegen.annotate import annotate
from scenegen.annotate.checks import SceneTruth, check_frame, stored_pictures
from scenegen.annotate.checks.case import Pictures
from scenegen.geometry import quaternion_from_yaw
from scenegen.records import FrameLabels, Prop, SignLabel
from scenegen.render import make_renderer

STOP = Prop(
    asset_id="prop.sign_stop",
    variant=assets.sign_variant("prop.sign_stop", "B2_stop"),
    position_m=(52.0, -4.4, 0.1),
    quaternion_wxyz=tuple(quaternion_from_yaw(np.pi).tolist()),
)
GIVE_WAY = Prop(
    asset_id="prop.sign_priority",
    variant=assets.sign_variant("prop.sign_priority", "B1_give_way"),
    position_m=(34.0, 5.2, 0.1),
)


@pytest.fixture(scope="module")
def signed(street: Any) -> tuple[FrameLabels, Pictures, SceneTruth]:
    """The street's first frame with a sign that faces the ego, and one that faces who comes."""
    props = (street.scenario.props[0], STOP, GIVE_WAY)
    scenario = street.scenario.model_copy(update={"props": props})
    with make_renderer("opengl") as renderer:
        renderer.load(scenario, street.trajectory)
        frame = renderer.draw("front", 0)
    labels = annotate(frame, scenario, street.trajectory, "front", 0)
    return labels, stored_pictures(frame), SceneTruth(scenario, street.trajectory)


def edited(labels: FrameLabels, **changes: Any) -> FrameLabels:
    first, *others = labels.signs
    return labels.model_copy(update={"signs": [first.model_copy(update=changes), *others]})


def objections(signed: Any, labels: FrameLabels) -> set[str]:
    _, pictures, truth = signed
    return {violation.check for violation in check_frame(labels, pictures, truth)}


def test_what_signs_say_and_whom_they_face(signed: Any) -> None:
    stop, give_way = signed[0].signs
    assert (stop.id, stop.code) == ("sign_1", "B2_stop")
    assert (give_way.id, give_way.code) == ("sign_2", "B1_give_way")
    assert (stop.front_visible, give_way.front_visible) == (True, False)
    assert (stop.relevant_to_ego, give_way.relevant_to_ego) == (True, False)
    assert stop.lane.startswith("forward")
    assert give_way.lane.startswith("backward")
    assert abs(abs(stop.facing_rad) - np.pi) < 1e-9
    assert give_way.facing_rad == pytest.approx(0.0)


def test_their_place_is_imaged_in_their_box(signed: Any) -> None:
    labels = signed[0]
    moving = labels.moving_camera()
    for sign in labels.signs:
        u, v = moving.project(np.array([sign.position_world_m])).pixels[0]
        x1, y1, x2, y2 = sign.box2d_visible
        assert x1 - 1 <= u <= x2 + 1
        assert y1 - 1 <= v <= y2 + 1
        assert sign.visible_px <= (x2 - x1) * (y2 - y1)


def test_honest_signs_pass(signed: Any) -> None:
    assert objections(signed, signed[0]) == set()


@pytest.mark.parametrize(
    "changes", [{"visible_px": 2000}, {"code": "B1_give_way"}, {"id": "sign_0"}, {"visible_px": 1}]
)
def test_damaged_signs_are_found(signed: Any, changes: dict[str, Any]) -> None:
    assert objections(signed, edited(signed[0], **changes)) == {"signs"}


def test_lost_signs_are_found(signed: Any) -> None:
    assert objections(signed, signed[0].model_copy(update={"signs": []})) == {"signs"}


def test_signs_read_back(signed: Any) -> None:
    text = signed[0].model_dump_json(exclude_defaults=True)
    again = FrameLabels.model_validate_json(text)
    assert again.signs == signed[0].signs
    assert all(isinstance(sign, SignLabel) for sign in again.signs)
