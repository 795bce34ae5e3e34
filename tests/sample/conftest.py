"""A small scenario that tests vary."""

import pytest

from scenegen.scenario import parse_scenario

TEXT = """\
scenario: small
description: Crates and a lorry on a road.
duration: 2 s
parameters:
  v: {uniform: [30 km/h, 50 km/h], nominal: {uniform: [30 km/h, 80 km/h]}}
  gap: {uniform: [4 m, 9 m]}
road: {kind: straight, length: 200 m, parking: 2.5 m, sidewalk: 2 m, surroundings: rural}
ego:
  asset: vehicle.flatbed_truck
  variant: 0
  place: {lane: forward_0, s: 40 m}
  speed: v
actors:
  first:
    asset: debris.crate
    variant: 0
    place: {ahead_of: ego, gap: gap}
  row:
    asset: [debris.crate, debris.barrel]
    count: 3
    spacing: 0.5 m
    place: {lane: parking_right, s: 60 m}
"""


@pytest.fixture
def small():
    """Return a function that parses the scenario with replacements."""

    def make(*pairs):
        text = TEXT
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new, 1)
        return parse_scenario(text, "small.yaml")

    return make
