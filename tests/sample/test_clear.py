"""Scenery gives way to actors, but nobody is in the way of a crown."""

import pytest

from scenegen import assets
from scenegen.records import Actor, Manoeuvre, Prop, Walk
from scenegen.sample.clear import CORRIDOR_M, MARGIN_M, clear_of_actors

LEVEL = (1.0, 0.0, 0.0, 0.0)


def person(x_m, *behaviour):
    return Actor(
        name="somebody",
        instance_id=1,
        asset_id="person.adult",
        category="person",
        size_m=(0.5, 0.5, 1.8),
        position_m=(x_m, 0.0, 0.0),
        quaternion_wxyz=LEVEL,
        mass_kg=75.0,
        behaviour=behaviour,
    )


@pytest.mark.parametrize(("x_m", "stays"), [(0.0, False), (2.0, True)])
def test_people_stand_under_trees_and_not_in_them(x_m, stays):
    tree = Prop(asset_id="prop.tree_broadleaf", position_m=(0, 0, 0), quaternion_wxyz=LEVEL)
    assert (tree in clear_of_actors((tree,), (person(x_m),))) == stays


@pytest.mark.parametrize(("apart_m", "stays"), [(-0.02, False), (0.02, True)])
def test_nobody_stands_nearer_to_a_trunk_than_a_margin(apart_m, stays):
    tree = Prop(asset_id="prop.tree_broadleaf", position_m=(0, 0, 0), quaternion_wxyz=LEVEL)
    (trunk,) = assets.get(tree.asset_id).collision
    back_m = -assets.get("person.adult").bounds_m[0, 0]
    who = person(trunk.center_m[0] + trunk.size_m[0] + MARGIN_M + back_m + apart_m)
    assert (tree in clear_of_actors((tree,), (who,))) == stays


@pytest.mark.parametrize(("aside_m", "stays"), [(-0.05, False), (0.05, True)])
def test_the_way_of_who_walks_is_kept_free(aside_m, stays):
    crate = assets.get("debris.crate")
    y = 0.5 * CORRIDOR_M + crate.bounds_m[1, 1] + aside_m
    prop = Prop(asset_id="debris.crate", position_m=(12.0, y, 0), quaternion_wxyz=LEVEL)
    way = Walk(path=((0.0, 0.0), (20.0, 0.0), (20.0, 9.0)), speed_mps=1.0)
    kept = clear_of_actors((prop,), (person(0.0, Manoeuvre(action=way)),))
    assert (prop in kept) == stays
    assert clear_of_actors((prop,), (person(0.0),)) == (prop,)


@pytest.mark.parametrize(("x_m", "stays"), [(2.5, False), (4.2, True)])
def test_hedges_are_solid_to_their_ends(x_m, stays):
    hedge = Prop(
        asset_id="prop.hedge", position_m=(0, 0, 0), quaternion_wxyz=LEVEL, size_m=(6.0, 0.8, 1.2)
    )
    assert (hedge in clear_of_actors((hedge,), (person(x_m),))) == stays
