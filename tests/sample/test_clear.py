"""Scenery gives way to actors, but nobody is in the way of a crown."""

import pytest

from scenegen.records import Actor, Prop
from scenegen.sample.clear import clear_of_actors

LEVEL = (1.0, 0.0, 0.0, 0.0)


def person(x_m):
    return Actor(
        name="somebody",
        instance_id=1,
        asset_id="person.adult",
        category="person",
        size_m=(0.5, 0.5, 1.8),
        position_m=(x_m, 0.0, 0.0),
        quaternion_wxyz=LEVEL,
        mass_kg=75.0,
    )


@pytest.mark.parametrize(("x_m", "stays"), [(0.0, False), (2.0, True)])
def test_people_stand_under_trees_and_not_in_them(x_m, stays):
    tree = Prop(asset_id="prop.tree_broadleaf", position_m=(0, 0, 0), quaternion_wxyz=LEVEL)
    assert (tree in clear_of_actors((tree,), (person(x_m),))) == stays


@pytest.mark.parametrize(("x_m", "stays"), [(2.5, False), (4.2, True)])
def test_hedges_are_solid_to_their_ends(x_m, stays):
    hedge = Prop(
        asset_id="prop.hedge", position_m=(0, 0, 0), quaternion_wxyz=LEVEL, size_m=(6.0, 0.8, 1.2)
    )
    assert (hedge in clear_of_actors((hedge,), (person(x_m),))) == stays
