"""Roads above roads: decks, what is under them, and which of the two is meant."""

from __future__ import annotations

import numpy as np
import pytest

from scenegen.errors import InputError
from scenegen.records import RoadNetwork, RoadSpec
from scenegen.records.road_map import Line, MapObject
from scenegen.roads import beyond_carriageway, build_network, height_at
from tests.roads.maps import bridge, spec_of, street
from tests.roads.test_mesh import triangles

RISE = 7.0
OVER = np.array([5.0, -2.0])


@pytest.fixture(scope="module")
def crossed() -> RoadNetwork:
    return build_network(RoadSpec(kind="opendrive", map=bridge(RISE), surroundings="rural"))


def test_both_roads_keep_their_heights(crossed: RoadNetwork) -> None:
    assert crossed.stacked
    assert float(height_at(crossed, OVER)) == pytest.approx(RISE, abs=1e-4)
    assert float(height_at(crossed, OVER, 0.2)) == 0.0
    assert float(height_at(crossed, OVER, RISE - 0.2)) == pytest.approx(RISE, abs=1e-4)
    low, high = crossed.lane("1_0_-1"), crossed.lane("2_0_-1")
    assert not low.centre[:, 2].any()
    assert high.centre[:, 2].max() == pytest.approx(RISE, abs=1e-4)
    s = high.stations_m
    profile = RISE * (3 * ((s - 20) / 80) ** 2 - 2 * ((s - 20) / 80) ** 3)
    rising = (s > 20) & (s < 100)
    assert np.abs(high.centre[rising, 2] - profile[rising]).max() < 0.01


def test_the_deck_is_whole_and_the_land_below_it_is_down(crossed: RoadNetwork) -> None:
    y = np.linspace(-3.2, 3.2, 30)
    x = np.linspace(1.8, 8.2, 30)
    grid = np.stack(np.meshgrid(x, y), axis=-1).reshape(-1, 2)
    assert np.abs(height_at(crossed, grid) - RISE).max() < 1e-4
    assert np.abs(height_at(crossed, grid, 0.3)).max() < 0.2
    walls = triangles(crossed, "wall")
    assert walls[..., 2].max() == pytest.approx(RISE + 0.12 + 1.0, abs=0.01)
    weights = np.random.default_rng(0).dirichlet([1, 1, 1], (len(walls), 50))
    inside = np.einsum("tnk,tkc->tnc", weights, walls.astype(np.float64)).reshape(-1, 3)
    assert inside[np.abs(inside[:, 0] - 5.0) < 5.2, 2].max() < RISE - 0.1
    over_road = walls[(np.abs(walls[..., 1]) < 3.0).all(axis=1)]
    assert over_road[..., 2].min() == pytest.approx(RISE + 0.12 - 1.0, abs=0.01)


def test_paint_stays_on_its_own_level(crossed: RoadNetwork) -> None:
    paint = triangles(crossed, "lane marking").astype(np.float64)
    middle = paint.mean(axis=1)
    near = (np.abs(middle[:, 0] - 5.0) < 0.2) & (np.abs(middle[:, 1]) < 3.0)
    assert (middle[near & (np.abs(middle[:, 1]) > 0.2), 2] > RISE - 0.1).all()
    for line in crossed.lines:
        assert np.ptp(line.points[:, 2]) == pytest.approx(0.0 if "1" in line.id else RISE, abs=0.01)


def test_nothing_counts_as_beside_the_road_below_a_deck(crossed: RoadNetwork) -> None:
    assert float(beyond_carriageway(crossed, np.array([5.0, -7.0]))) < 0


def test_roads_too_near_above_each_other_are_refused() -> None:
    with pytest.raises(InputError, match=r"road 2 lies 2\.\d m above road 1"):
        build_network(RoadSpec(kind="opendrive", map=bridge(2.6)))


def test_a_tunnel_has_walls_and_a_roof() -> None:
    thing = MapObject(id="1", kind="tunnel", s_m=60, t_m=0, length_m=40)
    network = build_network(spec_of(street(Line()).model_copy(update={"objects": (thing,)})))
    walls = triangles(network, "wall").astype(np.float64)
    along = (walls[..., :2] - [10, 20]) @ [np.cos(0.3), np.sin(0.3)]
    assert (along.min(), along.max()) == (pytest.approx(40, abs=0.01), pytest.approx(80, abs=0.01))
    aside = (walls[..., :2] - [10, 20]) @ [-np.sin(0.3), np.cos(0.3)]
    assert np.abs(aside).min() == pytest.approx(5.25, abs=0.01)
    assert walls[..., 2].max() == pytest.approx(0.12 + 4.8 + 0.6, abs=0.01)
