"""Who pushes and who sits: places that follow from bodies, errors that name what fits; speeds."""

import numpy as np
import pytest

from scenegen import assets
from scenegen.errors import ScenarioError
from scenegen.sample import draw

CHAIR = """\
  chair:
    asset: pushed.wheelchair
    place: {PLACE}
  user:
    asset: person.wheelchair_user
    place: {attached_to: chair}
  row:"""
CARER = """\
  carer:
    asset: person.adult
    place: {lane: sidewalk_right, s: 80 m}
    behaviour: [{do: walk_along, speed: 1.2 m/s}]
""" + CHAIR.replace("PLACE", "attached_to: carer")
ALONE = CHAIR.replace(
    "{PLACE}",
    "{lane: sidewalk_right, s: 80 m}\n    behaviour: [{do: walk_along, speed: 1 m/s}]",
)


def scene_of(small, *pairs):
    return {actor.name: actor for actor in draw(small(*pairs), 0, 0).actors}


def test_a_chair_stands_before_who_pushes_it_with_somebody_in_it(small):
    actors = scene_of(small, ("  row:", CARER))
    carer, chair, user = (actors[name] for name in ("carer", "chair", "user"))
    assert chair.attached_to == carer.instance_id
    assert user.attached_to == chair.instance_id
    ahead = np.subtract(chair.position_m, carer.position_m)
    asset, person = (
        assets.get(chair.asset_id, chair.variant),
        assets.get(carer.asset_id, carer.variant),
    )
    assert ahead[0] == pytest.approx(assets.pushed_offset(asset, person)[0])
    assert ahead[1:] == pytest.approx([0.0, 0.0])  # both on the pavement


def test_who_sits_in_a_chair_may_propel_it(small):
    (manoeuvre,) = scene_of(small, ("  row:", ALONE))["chair"].behaviour
    assert manoeuvre.action.speed_mps == 1.0


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("person.wheelchair_user", "person.rider", "'person.rider' can't ride 'pushed.wheelchair'"),
        ("person.wheelchair_user", "debris.crate", "can't ride 'pushed.wheelchair'"),
        ("pushed.wheelchair", "pushed.trolley", "can't ride 'pushed.trolley'"),
        ("{attached_to: chair}", "{lane: sidewalk_right, s: 70 m}", "no one attached to propel it"),
        ("do: walk_along, speed: 1 m/s", "do: follow_lane", "no wheels"),
        ("do: walk_along, speed: 1 m/s", "do: hard_brake", "no wheels"),
        ("{attached_to: chair}", "{attached_to: chair}\n    behaviour: [release]", "let them"),
        (
            "{attached_to: chair}",
            "{attached_to: chair}\n    behaviour: [{do: walk_along, speed: 1 m/s}]",
            "'chair' takes them along",
        ),
        ("speed: 1 m/s", "speed: 4 m/s", "'pushed.wheelchair' goes at most 3 m/s"),
    ],
)
def test_what_fits_no_chair_is_said(small, old, new, message):
    assert old in ALONE
    with pytest.raises(ScenarioError, match=message):
        draw(small(("  row:", ALONE.replace(old, new, 1))), 0, 0)


def test_people_carry_nothing_but_push(small):
    with pytest.raises(ScenarioError, match=r"'debris.crate' can't be attached to 'person\.adult'"):
        draw(small(("  row:", CARER.replace("pushed.wheelchair", "debris.crate"))), 0, 0)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "speed: v",
            "speed: 400 m/s",
            r"comes to 400 m/s; 'vehicle.flatbed_truck' goes at most 70",
        ),
        ("speed: 1.2 m/s", "speed: 15 m/s", r"'person.adult' goes at most 12 m/s \(43.2 km/h\)"),
    ],
)
def test_speeds_have_limits(small, old, new, message):
    with pytest.raises(ScenarioError, match=message):
        draw(small(("  row:", CARER), (old, new)), 0, 0)
