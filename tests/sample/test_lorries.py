"""Semitrailers behind tractors and falls, as the language writes them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scenegen import assets
from scenegen.errors import ScenarioError
from scenegen.records.behaviour import Fall
from scenegen.sample import draw
from scenegen.scenario import load_scenario

TEXT = """
scenario: small
description: A lorry and another.
duration: 2 s
road: {{kind: straight, length: 200 m}}
ego: {{asset: vehicle.tractor, place: {{lane: forward_0, s: 60 m}}, speed: 8 m/s}}
actors:
  other: {{asset: {asset}, place: {place}{more}}}
"""


def scene(tmp_path: Path, asset: str, place: str, more: str = "") -> Path:
    """Write a scenario with one other actor."""
    path = tmp_path / "small.yaml"
    path.write_text(TEXT.format(asset=asset, place=place, more=more))
    return path


def test_a_semitrailer_stands_on_its_tractor(tmp_path: Path) -> None:
    concrete = draw(load_scenario(str(scene(tmp_path, "trailer.semi", "{attached_to: ego}"))), 0, 0)
    tractor, trailer = concrete.actors
    assert trailer.attached_to == tractor.instance_id
    assert trailer.velocity_mps == tractor.velocity_mps
    wheel, pin = (
        np.add(a.position_m, assets.get(a.asset_id, a.variant).anchors[name])
        for a, name in ((tractor, "fifth_wheel"), (trailer, "kingpin"))
    )
    np.testing.assert_allclose(wheel, pin, atol=0.02)


@pytest.mark.parametrize(
    ("asset", "place", "more", "message"),
    [
        ("trailer.semi", "{lane: forward_0, s: 90 m}", "", "stands on a tractor"),
        ("vehicle.sedan", "{lane: forward_0, s: 90 m}", ", behaviour: [{do: fall}]", "no legs"),
        (
            "trailer.semi",
            "{attached_to: ego}",
            ", behaviour: [{do: release}]",
            "no carrier",
        ),
    ],
)
def test_what_cannot_be_is_said(
    tmp_path: Path, asset: str, place: str, more: str, message: str
) -> None:
    with pytest.raises(ScenarioError, match=message):
        draw(load_scenario(str(scene(tmp_path, asset, place, more))), 0, 0)


def test_a_fall_has_a_way(tmp_path: Path) -> None:
    more = ", behaviour: [{when: {time: 1 s}, do: fall, way: left}]"
    path = scene(tmp_path, "person.adult", "{lane: verge_right, s: 90 m}", more)
    step = draw(load_scenario(str(path)), 0, 0).actors[1].behaviour[0]
    assert step.action == Fall(way="left")
    assert step.trigger.value == 1.0
