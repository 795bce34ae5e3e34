"""Grass and hedgerows grow where nothing else stands, and move nothing."""

import numpy as np
import pytest

from scenegen.records import Light, RoadSpec
from scenegen.roads import beyond_carriageway, build_network, field_edges, roadsides
from scenegen.sample.scenery import place_scenery
from scenegen.seeds import named_generator


def props(surroundings, growth=0, kind="straight"):
    spec = RoadSpec(kind=kind, surroundings=surroundings)
    streams = [named_generator("test", 1), named_generator("test", 2)]
    streams.append(named_generator("growth", growth))
    return place_scenery(build_network(spec), spec, Light(), *streams)


@pytest.mark.parametrize("kind", ["straight", "hill", "curve"])
def test_verges_are_grassy_off_the_road(kind):
    spec = RoadSpec(kind=kind, surroundings="rural")
    grass = [p for p in props("rural", kind=kind) if p.asset_id == "prop.tall_grass"]
    assert len(grass) > 20
    away = beyond_carriageway(build_network(spec), np.array([p.position_m[:2] for p in grass]))
    assert (away > 0.4).all()
    assert (away < 4.0).all()


def test_hedgerows_stand_on_the_edges_of_fields():
    spec = RoadSpec(kind="straight", surroundings="rural")
    network = build_network(spec)
    edges = {round(d, 3) for side in roadsides(network) for d in field_edges(spec, side)}
    found = set()
    for growth in range(4):
        for prop in props("rural", growth):
            if prop.asset_id == "prop.woodland" and prop.size_m[1] == 2.0:
                away = float(beyond_carriageway(network, np.array(prop.position_m[:2])))
                found.add(round(away, 3))
    assert found
    assert found <= edges


def test_growth_moves_nothing_else_and_leaves_towns_alone():
    def others(growth):
        kinds = ("prop.tall_grass", "prop.woodland")
        return [p for p in props("rural", growth) if p.asset_id not in kinds]

    assert others(0) == others(1)
    assert not any(p.asset_id == "prop.tall_grass" for p in props("urban"))
