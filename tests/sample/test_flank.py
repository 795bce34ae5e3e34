"""Actors side by side with others: where they stand, and that shoulders are what counts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scenegen.errors import UnsatisfiableError
from scenegen.sample import check, draw, sample_many
from scenegen.scenario import parse_scenario

HEAD = """\
scenario: abreast
description: Some stand side by side.
duration: 2 s
road: {kind: ROAD, length: 300 m, sidewalk: 4 m, ROADKEYS}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 40 m}, speed: 8 m/s}
actors:
  parent: {asset: person.adult, variant: 0, place: PARENT}
"""


def abreast(parent, *others, road="straight", keys="lane_width: 3.25 m"):
    text = HEAD.replace("ROADKEYS", keys).replace("ROAD", road).replace("PARENT", parent)
    return parse_scenario(text + "".join(f"  {other}\n" for other in others), "abreast.yaml")


def shoulder(actor):
    from scenegen.assets import get, solid_bounds

    low, high = solid_bounds(get(actor.asset_id, actor.variant))
    return float(high[1] - low[1])


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["along", "against", "left", "right", "across"]),
    st.floats(-180, 180),
    st.floats(0, 1.5),
    st.sampled_from(["left_of", "right_of"]),
)
def test_who_is_beside_stands_across_the_others_heading(heading, turn, gap, way):
    parent = f"{{lane: sidewalk_right, s: 90 m, heading: {heading}, turn: {turn:.3f} deg}}"
    child = (
        f"child: {{asset: person.child, variant: 0, place: {{{way}: parent, gap: {gap:.4f} m}}}}"
    )
    scene = draw(abreast(parent, child), 0, 0)
    one, other = scene.actors[1:3]
    w, _, _, z = one.quaternion_wxyz
    yaw = 2 * np.arctan2(z, w)
    dx, dy = np.subtract(other.position_m, one.position_m)[:2]
    ahead, left = np.cos(yaw) * dx + np.sin(yaw) * dy, np.cos(yaw) * dy - np.sin(yaw) * dx
    asked = gap + 0.5 * (shoulder(one) + shoulder(other))
    assert ahead == pytest.approx(0.0, abs=1e-6)
    assert left == pytest.approx(asked if way == "left_of" else -asked, abs=1e-4)
    assert np.allclose(one.quaternion_wxyz, other.quaternion_wxyz, atol=1e-9)


def test_a_row_goes_on_outward_and_the_next_one_beyond_it():
    others = (
        "friends: {asset: person.adult, variant: 0, count: 3, spacing: 0.3 m, "
        "place: {left_of: parent, gap: 0.2 m}}",
        "last: {asset: person.adult, variant: 0, place: {left_of: friends, gap: 0.2 m}}",
    )
    scene = draw(abreast("{lane: sidewalk_right, s: 90 m, lateral: -1.2 m}", *others), 0, 0)
    y = [actor.position_m[1] for actor in scene.actors[1:]]
    width = shoulder(scene.actors[1])
    assert np.diff(y) == pytest.approx(np.array([0.2, 0.3, 0.3, 0.2]) + width, abs=1e-5)


def test_it_holds_in_bends_and_in_regions():
    child = "child: {asset: person.child, place: {right_of: parent, gap: 0.2 m}}"
    bend = abreast(
        "{lane: sidewalk_right, s: 150 m}", child, road="curve", keys="radius: 60 m, arc: 90 deg"
    )
    field = abreast(
        "{on: {polygon: [[60 m, -30 m], [90 m, -30 m], [75 m, -15 m]]}, facing: ego}", child
    )
    for logical in (bend, field):
        draws = sample_many(logical, 0, 50)
        parent, other = draws.names.index("parent"), draws.names.index("child")
        apart = draws.position_m[:, other] - draws.position_m[:, parent]
        yaw = draws.yaw_rad[:, parent]
        assert np.allclose(np.cos(yaw) * apart[:, 0] + np.sin(yaw) * apart[:, 1], 0, atol=0.01)
        assert (np.hypot(*apart.T) < 0.8).all()
        assert np.allclose(draws.yaw_rad[:, other], yaw, atol=1e-9)


def test_what_one_of_them_pushes_is_of_the_company_and_strangers_are_not():
    pram = "pram: {asset: pushed.pushchair, place: {attached_to: parent}}"
    child = "child: {asset: person.child, place: {left_of: parent, gap: 0.2 m}}"
    across = "{lane: sidewalk_right, s: 90 m, heading: across}"
    assert check(abreast(across, pram, child), 50, 0).acceptance_rate == 1.0
    near = "other: {asset: person.child, place: {lane: sidewalk_right, s: 90.7 m, heading: across}}"
    with pytest.raises(
        UnsatisfiableError, match=r"0\.70 m across it.*left_of: parent, gap: 0\.2 m"
    ):
        check(abreast(across, near), 50, 0)


def test_shoulders_that_overlap_are_rejected():
    child = "child: {asset: person.child, place: {left_of: parent, gap: -0.1 m}}"
    with pytest.raises(UnsatisfiableError, match=r"no_overlap\(parent, child\)"):
        check(abreast("{lane: sidewalk_right, s: 90 m}", child), 50, 0)
