"""Draws that are kept while a scenario is edited, and parameters that are set."""

import pytest

from scenegen.errors import InputError, UnsatisfiableError
from scenegen.sample import draw, keeping, setting, with_design
from scenegen.scenario import parse_scenario

TEXT = """
scenario: kept
description: A car behind another, of either kind.
duration: 2 s
parameters:
  v: {uniform: [8 m/s, 14 m/s]}
  gap: {truncated_normal: {mean: 20 m, sd: 5 m, low: 6 m, high: 40 m}}
  wet: {categorical: [dry, damp]}
  room: gap + v * 1 s
road: {kind: straight, length: 260 m}
ego: {asset: [vehicle.sedan, vehicle.suv], place: {lane: forward_0, s: 40 m}, speed: v}
actors:
  lead:
    asset: vehicle.van
    place: {ahead_of: ego, gap: gap, lateral: {uniform: [-0.3 m, 0.3 m]}}
    speed: "where(wet == 'dry', v, 0.9 * v)"
"""
ADDED = (
    TEXT + "  last: {asset: vehicle.suv, place: {ahead_of: lead, gap: {uniform: [9 m, 20 m]}}}\n"
)


def scenario(text=TEXT):
    return parse_scenario(text, "kept.yaml")


def kept(text, index=0, before=TEXT):
    old = scenario(before)
    first = draw(old, 3, index)
    found = keeping(scenario(text), first.parameters, old.digest)
    return first, found, draw(found.logical, 3, index)


@pytest.mark.parametrize("index", [0, 5])
def test_what_was_not_edited_is_the_same_scene(index):
    first, found, again = kept(TEXT, index)
    assert (found.anew, found.moved) == ((), ())
    assert again == first


def test_who_is_added_moves_nobody_else():
    first, found, again = kept(ADDED)
    assert found.anew == ("actors.last.place.gap",)
    assert again.parameters.items() >= first.parameters.items()
    assert again.actors[:2] == first.actors
    assert len(again.actors) == 3


def test_a_range_that_excludes_a_value_takes_the_nearest_end():
    first, found, again = kept(TEXT.replace("[8 m/s, 14 m/s]", "[14 m/s, 20 m/s]"))
    assert found.moved == ("v",)
    assert again.parameters["v"] == pytest.approx(14.0)
    assert again.parameters["gap"] == first.parameters["gap"]
    assert again.parameters["room"] == pytest.approx(first.parameters["gap"] + 14.0)


def test_a_text_that_is_gone_is_drawn_anew():
    _, found, again = kept(TEXT.replace("[dry, damp]", "[damp_1]").replace("'dry'", "'damp_1'"))
    assert found.anew == ("wet",)
    assert again.parameters["wet"] == "damp_1"


def test_what_an_edit_rules_out_is_told():
    with pytest.raises(UnsatisfiableError, match="gap > 60 m"):
        kept(TEXT + "require: [gap > 60 m]\n")


def test_what_is_set_moves_nothing_else():
    old = scenario()
    first, again = draw(old, 0, 2), draw(setting(old, "v:36 km/h, wet:damp"), 0, 2)
    assert (again.parameters["v"], again.parameters["wet"]) == (10.0, "damp")
    same = ("gap", "ego.asset", "actors.lead.place.lateral")
    assert [again.parameters[name] for name in same] == [first.parameters[name] for name in same]
    beyond = draw(setting(old, "v:90 km/h"), 0, 2)
    assert beyond.parameters["v"] == 25.0
    assert draw(setting(old, "room:50 m"), 0, 2).parameters["room"] == 50.0
    assert setting(old, "") is old


def test_setting_leaves_designs_of_cells_out():
    pairs = with_design(scenario(), "pairwise")
    assert setting(pairs, "v:36 km/h").design.kind == "random"
    assert setting(with_design(scenario(), "sobol"), "v:36 km/h").design.kind == "sobol"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("v", "is written NAME:VALUE"),
        ("vv:3 m/s", "no parameter 'vv'.*did you mean 'v'"),
        ("v:3 m", "needs a speed such as 50 km/h, not a length"),
        ("v:fast", "not a number with a unit"),
    ],
)
def test_what_can_not_be_set_is_refused(text, message):
    with pytest.raises(InputError, match=message):
        setting(scenario(), text)
