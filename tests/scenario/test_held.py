"""One draw of a scenario, held: `held` in a file, and `hold`."""

from __future__ import annotations

import pytest

from scenegen.errors import ScenarioError
from scenegen.sample import draw, takes_first
from scenegen.scenario import exactly, hold, parse_scenario

TEXT = """
scenario: base
description: A row of walkers beside a car.
duration: 1 s
parameters:
  v: {uniform: [8 m/s, 14 m/s]}
  bend: {uniform: [0.1 rad, 0.3 rad]}
  wet: {categorical: [dry, damp]}
correlations: [{of: [v, bend], rank: 0.5}]
road: {kind: straight, length: 200 m, sidewalk: 3 m}
ego: {asset: [vehicle.sedan, vehicle.suv], place: {lane: forward_0, s: 40 m}, speed: v}
actors:
  walkers:
    asset: [person.adult, person.child, person.elder]
    count: 6
    spacing: 2 m
    place: {lane: sidewalk_right, s: 60 m}
"""
STREAMS = "ab" * 32


def held_text(values: str, streams: str = STREAMS) -> str:
    return TEXT + f"held:\n  streams: {streams}\n  values: {{{values}}}\n"


def test_each_scene_has_the_values_to_the_bit_and_other_streams() -> None:
    base = parse_scenario(TEXT, "base.yaml")
    first = draw(base, 3, 5)
    values = {n: v for n, v in first.parameters.items() if n in base.parameters}
    written = ", ".join(f"{n}: {exactly(base.parameters[n], v)}" for n, v in values.items())
    file = parse_scenario(held_text(written), "held.yaml")
    held = hold(base, values, STREAMS)
    assert file.digest == held.digest == STREAMS
    one, other = draw(file, 0, 0), draw(file, 0, 1)
    assert one == draw(held, 0, 0)
    assert {n: one.parameters[n] for n in values} == values
    assert {n: other.parameters[n] for n in values} == values
    assert one.actors != other.actors, "looks are drawn from the streams"
    assert takes_first(file, 0, 0)


def test_further_bodies_of_a_row_are_drawn_anew() -> None:
    base = parse_scenario(TEXT, "base.yaml")
    held = hold(base, {"actors.walkers.asset": "person.child"}, STREAMS)
    assets = [actor.asset_id for actor in draw(held, 0, 0).actors[1:]]
    assert assets[0] == "person.child"
    assert len(set(assets)) > 1


def test_what_is_not_held_is_drawn() -> None:
    file = parse_scenario(held_text("v: 36 km/h"), "held.yaml")
    found = {draw(file, 0, index).parameters["bend"] for index in range(3)}
    assert len(found) == 3
    assert draw(file, 0, 0).parameters["v"] == 10.0


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ("w: 3 m/s", "base draws no parameter 'w'"),
        ("v: 3 m", "'v' is a speed such as 50 km/h, not a length"),
        ("v: fast", "held.yaml:20:"),
        ("wet: soaked", "'wet' can't be 'soaked'"),
    ],
)
def test_slips_are_told_where_they_are(values: str, message: str) -> None:
    with pytest.raises(ScenarioError, match=message) as caught:
        parse_scenario(held_text(values), "held.yaml")
    assert str(caught.value).startswith("held.yaml:20:")


def test_streams_are_64_hex_digits() -> None:
    with pytest.raises(ScenarioError, match=r"held\.yaml:19:.*64 hex digits"):
        parse_scenario(held_text("", "seven"), "held.yaml")
