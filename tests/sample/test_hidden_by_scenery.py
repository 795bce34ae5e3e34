"""What stands in a scene has a say in who is hidden, whoever draws scenes, and in nothing else."""

import sys

import numpy as np
import pytest

from scenegen.errors import UnsatisfiableError
from scenegen.monitor import judge
from scenegen.sample import (
    acceptance,
    check,
    draw,
    rejected_draw,
    remedies,
    sample_many,
    with_design,
)
from scenegen.sample.draw import draft
from scenegen.sample.unsure import asks_scenery, at_best, at_worst
from scenegen.scenario import parse_scenario
from scenegen.scenario.expressions import Cast, parse_expression
from scenegen.scenario.syntax import Call, evaluate
from scenegen.simulate.coasting import coasting

# A tight bend to the right, overgrown along its inside.
BEND = """
scenario: bend
description: Somebody beyond a bend, and nobody else who could hide them.
duration: 2 s
parameters:
  at: {uniform: [75 m, 155 m]}
road: {kind: curve, length: 260 m, radius: -90 m, arc: 80 deg, surroundings: rural}
sensors: {front: {}}
ego: {asset: vehicle.sedan, variant: 0, place: {lane: forward_0, s: 60 m}}
actors:
  walker: {asset: person.adult, variant: 0, place: {lane: verge_right, s: at, lateral: 0.3 m}}
  nobody: {asset: person.adult, count: 0, place: {lane: verge_left, s: 60 m}}
require: [REQUIRE]
monitors: {hidden: "always[0 s, 0 s](occluded(ego.front, walker))"}
"""
HIDDEN, SEEN = "occluded(ego.front, walker)", "not occluded(ego.front, walker)"


def bend(*require):
    lines = ", ".join(f"'{one}'" for one in require)
    return parse_scenario(BEND.replace("REQUIRE", lines), "bend.yaml")


def hidden(concrete):
    return judge(concrete, coasting(concrete.actors, 2, concrete.rates))["hidden"] >= 0


def test_a_hedge_hides_who_is_required_to_be():
    there, seen = (
        [draw(bend(require), 0, index) for index in range(4)] for require in (HIDDEN, SEEN)
    )
    assert all(hidden(scene) for scene in there)
    assert not any(hidden(scene) for scene in seen)
    far, near = ([scene.parameters["at"] for scene in some] for some in (there, seen))
    assert np.mean(far) > np.mean(near) + 10
    again = draw(bend(HIDDEN), 0, 1)
    assert again == there[1]


def test_who_never_asks_gets_the_scenes_of_always():
    """The first draw's scenery is what it was; a draw that was refused leaves its own behind."""
    asks, plain = bend("at > 150 m or not occluded(ego, nobody)"), bend("at > 0 m")
    for index in range(3):
        assert draft(plain, 0, index).scenery == draft(asks, 0, index).scenery == 0
    numbers = {draft(bend(HIDDEN), 0, index).scenery for index in range(6)}
    assert len(numbers) > 1


def test_many_are_distributed_as_scenes_are():
    many = sample_many(bend(HIDDEN), 0, 24)
    assert np.array_equal(sample_many(bend(HIDDEN), 0, 10).columns["at"], many.columns["at"][:10])
    ones = [draft(bend(HIDDEN), 0, index).choice.columns["at"][0] for index in range(24)]
    apart = abs(np.mean(ones) - many.columns["at"].mean())
    assert apart < 4 * np.hypot(np.std(ones), many.columns["at"].std()) / np.sqrt(24)
    assert many.rejections[HIDDEN] > 0


def test_check_judges_some_with_what_stands_in_them(monkeypatch):
    monkeypatch.setattr(acceptance, "SOME", 40)
    result = check(bend(HIDDEN), 200, 0)
    assert result.judged == 40
    assert "40 of them, with what stands in them" in str(result)
    many = sample_many(bend(HIDDEN), 1, 20)
    assert result.acceptance_rate == pytest.approx(20 / many.tried, abs=0.3)
    assert result.rejection_rates[HIDDEN] == pytest.approx(1 - result.acceptance_rate, abs=1e-9)


def test_rejected_draws_are_those_in_which_they_are_seen():
    found = rejected_draw(bend(HIDDEN), 0, 0, "occluded")
    assert found.reasons == (HIDDEN,)
    assert not hidden(found.scenario)
    assert hidden(rejected_draw(bend(SEEN), 0, 0, "occluded").scenario)


@pytest.mark.slow
def test_cells_weigh_what_scenery_leaves_of_them():
    """Weighted by cell, the mean is that of plain rejection."""
    logical = with_design(bend(HIDDEN), {"kind": "grid", "of": ["at"], "levels": 3})
    drafts = []
    for index in range(3):
        try:
            drafts.append(draft(logical, 0, index))
        except UnsatisfiableError:
            continue
    weight = np.exp([one.choice.log_weight for one in drafts])
    at = np.array([one.choice.columns["at"][0] for one in drafts])
    plain = sample_many(bend(HIDDEN), 0, 40).columns["at"]
    assert np.sum(weight * at) / weight.sum() == pytest.approx(plain.mean(), abs=15)


@pytest.mark.parametrize(
    ("text", "best", "worst"),
    [
        ("occluded(ego, walker)", True, False),
        ("not occluded(ego, walker)", True, False),
        ("occluded(ego, walker) and at > 5 m", True, False),
        ("occluded(ego, walker) and at < 5 m", False, False),
        ("occluded(ego, walker) or at > 5 m", True, True),
        ("implies(at > 5 m, occluded(ego, walker))", True, False),
        ("implies(occluded(ego, walker), at > 5 m)", True, True),
        ("implies(occluded(ego, walker), at < 5 m)", True, False),
        ("(occluded(ego, walker) and at < 5 m) == (at > 5 m)", True, False),
        ("at > 5 m", True, True),
    ],
)
def test_bounds_hold_whatever_stands(text, best, worst):
    logical = bend("at > 0 m")
    types = {name: drawn.type for name, drawn in logical.parameters.items()}
    node = parse_expression(text, types, Cast(logical.actors))
    columns = {"at": np.array([10.0])}
    comes_to = [
        bool(evaluate(node, columns, lambda call, hides=hides: np.array([hides])))
        for hides in (False, True)
    ]
    # Bodies alone hide nobody.
    told = [
        bool(evaluate(bound(node), columns, lambda call: np.array([False])))
        for bound in (at_best, at_worst)
    ]
    assert asks_scenery(node) == (text != "at > 5 m")
    assert told[1] <= min(comes_to)
    assert told[0] >= max(comes_to)
    if "not" not in text:
        assert told == [best, worst]
    assert isinstance(node, Call)


def test_what_never_holds_is_told(monkeypatch):
    monkeypatch.setattr(sys.modules[draft.__module__], "LOOK_BUDGET", 8)
    monkeypatch.setattr(remedies, "FEW", 8)
    with pytest.raises(UnsatisfiableError, match=r"'occluded.*rejects 100\.0% of placements"):
        draw(bend(HIDDEN, "at < 80 m"), 0, 0)
