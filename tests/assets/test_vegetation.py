"""Plants through the year: one shape, other leaves."""

import numpy as np
import pytest

from scenegen import assets
from scenegen.assets.foliage import sticks
from scenegen.assets.species import FORMS
from scenegen.records import SEASONS, Season
from scenegen.records.mesh import Asset

PLANTS = ("prop.tree_broadleaf", "prop.tree_conifer", "prop.bush", "prop.hedge")
MOST_TRIANGLES = 1800


def plant(asset_id: str, form: int, season: Season) -> Asset:
    return assets.get(asset_id, assets.in_season(asset_id, form, season))


def leaves(asset: Asset) -> int:
    return sum(len(s.faces) for s in asset.parts[0].surfaces if s.material.texture == "leaves")


@pytest.mark.parametrize("asset_id", PLANTS)
def test_variants_count_forms_then_seasons(asset_id: str) -> None:
    variants = [assets.in_season(asset_id, f, s) for s in SEASONS for f in range(FORMS)]
    assert variants == list(range(FORMS * len(SEASONS)))
    assert assets.in_season(asset_id, 20, "summer") == 20 % FORMS
    assert assets.in_season("prop.building", 20, "winter") == 20


@pytest.mark.parametrize("form", range(FORMS))
def test_broad_leaved_trees_shed_their_leaves(form: int) -> None:
    count = {season: leaves(plant("prop.tree_broadleaf", form, season)) for season in SEASONS}
    assert count["winter"] == 0
    assert count["summer"] > count["autumn"] > 0
    assert count["summer"] > count["spring"] > 0
    for season in SEASONS:
        tree = plant("prop.tree_broadleaf", form, season)
        assert sum(len(s.faces) for s in tree.parts[0].surfaces) < MOST_TRIANGLES


@pytest.mark.parametrize("form", range(FORMS))
def test_a_tree_keeps_its_shape_through_the_year(form: int) -> None:
    sizes = np.array([plant("prop.tree_broadleaf", form, s).size_m for s in SEASONS])
    trunks = {plant("prop.tree_broadleaf", form, s).collision[0].size_m for s in SEASONS}
    assert len(trunks) == 1
    assert np.ptp(sizes, axis=0).max() < 0.16 * sizes.max()


def test_conifers_stay_green() -> None:
    for form in range(FORMS):
        counts = {leaves(plant("prop.tree_conifer", form, s)) for s in SEASONS}
        assert len(counts) == 1
        assert counts.pop() > 0


def test_species_differ() -> None:
    sizes = np.array([plant("prop.tree_broadleaf", f, "summer").size_m for f in range(FORMS)])
    slender = sizes[:, 2] / sizes[:, 0]
    assert slender.max() / slender.min() > 2.0


def test_a_hedge_keeps_to_its_measures() -> None:
    hedge = assets.get("prop.hedge", 3, (6.0, 0.8, 1.9))
    assert np.all(np.array(hedge.size_m) <= np.array([6.1, 0.85, 1.95]))


def test_sticks_are_open_prisms_that_face_outward() -> None:
    start, end = np.zeros((1, 3)), np.array([[0.0, 0.0, 2.0]])
    stick = sticks(start, end, np.array([0.1]), np.array([0.1]))
    corners = stick.vertices[stick.faces]
    flat = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    assert ((flat * corners.mean(axis=1))[:, :2].sum(axis=1) > 0).all()
    # Three sides of a triangle inscribed in the circle.
    assert 0.5 * np.linalg.norm(flat, axis=1).sum() == pytest.approx(3 * 0.1 * 3**0.5 * 2.0)


@pytest.mark.parametrize("season", SEASONS)
def test_a_wood_keeps_to_its_measures(season: Season) -> None:
    variant = assets.in_season("prop.woodland", 1, season)
    wood = assets.get("prop.woodland", variant, (46.0, 8.0, 12.0))
    assert np.all(np.array(wood.size_m) <= np.array([46.1, 8.1, 12.1]))
    assert np.all(np.array(wood.size_m) >= np.array([44.0, 6.0, 8.0]))
    assert sum(len(s.faces) for s in wood.parts[0].surfaces) < 1000


def test_a_hill_rises_from_below_the_ground_to_its_height() -> None:
    hill = assets.get("prop.hill", 0, (150.0, 60.0, 9.0))
    points = hill.parts[0].surfaces[0].vertices
    rim = np.abs(points[:, 0]) > 74.9
    assert points[rim, 2].max() < 0.0
    assert points[:, 2].max() == pytest.approx(9.0, abs=1e-3)


def test_unmown_grass_withers_in_winter() -> None:
    def greenness(season: Season) -> float:
        surfaces = plant("prop.tall_grass", 1, season).parts[0].surfaces
        red, green, _ = np.mean([s.material.base_color[:3] for s in surfaces], axis=0)
        return float(green - red)

    assert greenness("winter") < 0.0 < greenness("spring")
