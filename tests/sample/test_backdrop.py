"""What closes the view stands far off the road and past its end."""

import numpy as np
import pytest

from scenegen.assets import get
from scenegen.records import Light, Prop, RoadSpec
from scenegen.roads import beyond_carriageway, build_network
from scenegen.sample.backdrop import MOST_BACKDROP
from scenegen.sample.scenery import place_scenery
from scenegen.seeds import named_generator

FAR = ("prop.woodland", "prop.hill", "prop.far_row")


def backdrop(surroundings: str, kind: str = "straight") -> list[Prop]:
    spec = RoadSpec(kind=kind, surroundings=surroundings, sidewalk_m=2.0)
    network = build_network(spec)
    streams = [named_generator("test", k) for k in (3, 4, 5)]
    props = place_scenery(network, spec, Light(), *streams)
    for prop in props:
        if prop.asset_id in FAR:
            least = float(beyond_carriageway(network, np.array(prop.position_m[:2])))
            assert least > 0.5 * min(get(prop.asset_id, 0, prop.size_m).size_m[:2])
    return [p for p in props if p.asset_id in FAR]


@pytest.mark.parametrize("surroundings", ["urban", "suburban", "rural", "motorway"])
def test_the_view_is_closed_on_both_sides_and_ahead(surroundings: str) -> None:
    props = backdrop(surroundings)
    assert 4 <= len(props) <= MOST_BACKDROP
    assert {np.sign(p.position_m[1]) for p in props} == {-1.0, 1.0}
    assert max(p.position_m[0] for p in props) > 350.0


def test_town_and_country_differ() -> None:
    assert "prop.hill" in {p.asset_id for p in backdrop("rural")}
    assert {p.asset_id for p in backdrop("urban")} == {"prop.far_row"}


def test_towns_are_paved() -> None:
    names = {
        place: {
            s.semantic
            for s in build_network(RoadSpec(kind="straight", surroundings=place)).surfaces
        }
        for place in ("urban", "suburban")
    }
    assert "terrain" not in names["urban"]
    assert "ground" in names["urban"]
    assert "terrain" in names["suburban"]
