"""On a bridge things come to lie on its deck, and cars don't drive through its parapets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

Play = Callable[..., Any]
ROAD = "{kind: bridge, level: over, length: 460 m, sidewalk: 2 m, surroundings: rural}"


def test_a_load_that_falls_on_a_bridge_stays_there_and_one_below_does_too(play: Play) -> None:
    text = """
ego: {asset: vehicle.flatbed_truck, place: {lane: forward_0, s: 205 m}, speed: 12 m/s,
      behaviour: [cruise, {when: {at_s: 215 m}, do: drop_cargo, load: crate}]}
actors:
  crate: {asset: debris.crate, place: {attached_to: ego, offset: [-2 m, 0 m, 0 m]}}
  below: {asset: debris.barrel, place: {lane: cross_forward_0, s: 230 m}}
"""
    scene = play(text, "6 s", ROAD)
    crate, below = scene.at("crate"), scene.at("below")
    assert 6.5 < crate[0, 2] < 8.0
    assert 210 < crate[-1, 0] < 245
    assert abs(crate[-1, 1]) < 6.0
    assert 5.9 < crate[-1, 2] < 6.8  # upright, or on a side
    assert np.ptp(crate[-10:], axis=0).max() < 0.05
    assert np.abs(below - below[0]).max() < 0.05
    assert abs(below[-1, 2]) < 0.1


def test_a_parapet_holds_a_car(play: Play) -> None:
    text = """
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 215 m, turn: -35 deg}, speed: 9 m/s,
      behaviour: [{do: ride_across, distance: 30 m}]}
"""
    scene = play(text, "3 s", ROAD)
    contacts = scene.trajectory.contacts
    assert len(contacts)
    assert contacts[0]["actor_b"] == 0
    assert contacts[0]["closing_speed_mps"] > 2.0
    # Lane, pavement and half of a car's length short of the edge at 5.25 m.
    assert scene.at("ego")[:, 1].min() > -5.3
    assert scene.at("ego")[:, 2].min() > 5.7
