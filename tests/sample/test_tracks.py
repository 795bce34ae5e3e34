"""Rails follow the lanes of trams and lie flush in the road."""

import numpy as np
import pytest

from scenegen.assets import get
from scenegen.assets.rails import GAUGE_M
from scenegen.geometry import apply, pose
from scenegen.records import RoadSpec
from scenegen.roads import build_network, height_at, project_to_lane
from scenegen.sample import draw
from scenegen.sample.tracks import lay_rails
from scenegen.scenario import parse_scenario

ROADS = [
    RoadSpec(kind="straight"),
    RoadSpec(kind="curve", radius_m=-60.0, arc_rad=0.8),
    RoadSpec(kind="crossing"),
]
YAML = """\
scenario: rails
description: A tram or a bus ahead.
duration: 1 s
road: {kind: straight, length: 200 m}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 20 m}}
actors:
  ahead: {asset: ASSET, place: {lane: forward_0, s: 60 m}}
  oncoming: {asset: vehicle.van, place: {lane: backward_0, s: 150 m}}
"""


@pytest.mark.parametrize("spec", ROADS, ids=lambda spec: spec.kind)
def test_rails_lie_a_gauge_apart_about_the_lane(spec: RoadSpec) -> None:
    network = build_network(spec)
    lane = network.lanes["backward_0"]
    rails = lay_rails(network, spec, [lane])
    covered = sum(prop.size_m[0] for prop in rails if prop.size_m)
    length = np.linalg.norm(np.diff(lane.centre, axis=0), axis=1).sum()
    assert covered == pytest.approx(length, rel=0.01)
    for prop in rails:
        surfaces = get(prop.asset_id, prop.variant, prop.size_m).parts[0].surfaces
        (steel,) = (s for s in surfaces if s.material.name == "rail")
        inner = steel.vertices[np.abs(steel.vertices[:, 1]) < 0.5 * GAUGE_M + 0.01]
        points = apply(pose(prop.position_m, prop.quaternion_wxyz), inner)
        lateral = project_to_lane(lane, points[:, :2])[1]
        np.testing.assert_allclose(np.abs(lateral), 0.5 * GAUGE_M, atol=0.015)
        over = points[:, 2] - height_at(network, points[:, :2])
        assert 0.0 < over.min() <= over.max() < 0.02


def test_a_road_that_rises_has_none() -> None:
    spec = RoadSpec(kind="hill")
    network = build_network(spec)
    assert lay_rails(network, spec, network.lanes.values()) == ()


def test_only_trams_bring_rails() -> None:
    def lanes(asset: str) -> int:
        scene = draw(parse_scenario(YAML.replace("ASSET", asset), "rails.yaml"), 0, 0)
        return sum(prop.asset_id == "prop.tram_rails" for prop in scene.props)

    assert lanes("vehicle.tram") == 17
    assert lanes("vehicle.bus") == 0
