"""Buildings: walls with openings, what stands before them, and how they are lit."""

from __future__ import annotations

import numpy as np
import pytest

from scenegen import assets
from scenegen.assets.glazing import SHOP_GRID, WINDOW_GRID, panes
from scenegen.assets.roofs import Plot, gable, hip, mansard
from scenegen.assets.triangles import Geometry
from scenegen.assets.walls import Openings, lattice, ledges
from scenegen.records.base import F64, Vec3
from scenegen.records.mesh import Surface
from scenegen.records.taxonomy import Lamp

SIZES: tuple[Vec3, ...] = ((10.0, 10.0, 5.0), (12.0, 14.0, 8.0), (12.0, 20.0, 12.0))
TALL: tuple[Vec3, ...] = ((14.0, 26.0, 24.0), (10.0, 12.0, 16.0))
CASES = [(size, variant) for size in SIZES + TALL for variant in range(6)]
MOST_TRIANGLES = 2200


def flat_areas(shape: Geometry) -> F64:
    """Return the area vectors (F, 3) of a shape's faces."""
    corners = shape.vertices[shape.faces]
    return 0.5 * np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])


def surfaces(size: Vec3, variant: int) -> tuple[Surface, ...]:
    return assets.get("prop.building", variant, size).parts[0].surfaces


def test_a_lattice_is_its_wall_without_the_windows() -> None:
    wall_m = Openings(-6.0, 6.0, 0.0, 9.0, 4, 3, 1.2, 1.6, 0.8)
    wall, backing, boxes = lattice(wall_m, 5.0, 0.2)
    area = flat_areas(wall)
    faces_x = wall.vertices[wall.faces][..., 0].min(axis=1) == 5.0
    assert area[faces_x, 0].sum() == pytest.approx(12 * 9 - 12 * 1.2 * 1.6)
    assert (area[faces_x] @ [1, 0, 0] > 0).all()
    # Reveals face each other: they cancel, and none looks out or in.
    np.testing.assert_allclose(area[~faces_x].sum(axis=0), 0.0, atol=1e-9)
    assert flat_areas(backing)[:, 0].sum() == pytest.approx(12 * 9)
    assert len(boxes) == 12
    assert boxes[:, 0].min() > -6
    assert boxes[:, 3].max() < 9


def test_windows_that_are_too_large_are_cut_to_their_bay() -> None:
    boxes = Openings(0.0, 4.0, 0.0, 3.0, 2, 1, 9.0, 9.0, 2.5).boxes()
    assert (boxes[:, 2] - boxes[:, 0] < 2.0).all()
    assert boxes[:, 3].max() < 3.0


def test_a_ledge_is_closed_but_for_its_back() -> None:
    bar = ledges(np.array([[0.0, 1.0, 2.0, 1.5]]), 3.0, 0.4)
    np.testing.assert_allclose(flat_areas(bar).sum(axis=0), [2.0 * 0.5, 0, 0], atol=1e-12)


@pytest.mark.parametrize("grid", [WINDOW_GRID, SHOP_GRID])
def test_panes_show_one_picture_each(grid: tuple[int, int]) -> None:
    rows, columns = grid
    cells = np.array([[r, c] for r in range(rows) for c in range(columns)], dtype=np.float64)
    glass = panes(np.tile([0.0, 0.0, 1.0, 2.0], (len(cells), 1)), 0.0, cells, grid)
    low = glass.uv.reshape(-1, 4, 2).min(axis=1)
    high = glass.uv.reshape(-1, 4, 2).max(axis=1)
    share = cells[:, ::-1] / [columns, rows]
    assert (low >= share).all()
    assert (high <= share + np.array([1 / columns, 1 / rows])).all()


@pytest.mark.parametrize("across", [True, False])
def test_roofs_cover_their_plot(across: bool) -> None:
    plot = Plot(-4.0, 5.0, -7.0, 6.0, 5.0, 8.0)
    tiles, ends = gable(plot, across)
    for roof in (tiles, hip(plot), mansard(plot)):
        area = flat_areas(roof)
        assert area[area[:, 2] > 1e-9, 2].sum() >= 9.0 * 13.0 - 1e-6
        assert roof.vertices[:, 2].max() == pytest.approx(8.0)
    np.testing.assert_allclose(flat_areas(ends).sum(axis=0), 0.0, atol=1e-9)
    along = 1 if not across else 0
    assert np.abs(flat_areas(ends)[:, along]).min() > 5.0


@pytest.mark.parametrize(("size", "variant"), CASES)
def test_a_building_keeps_to_its_plot_and_its_budget(size: Vec3, variant: int) -> None:
    asset = assets.get("prop.building", variant, size)
    assert np.all(np.array(asset.size_m) <= np.array(size) + 0.1)
    assert np.all(np.array(asset.size_m) >= np.array(size) - [1.6, 1.0, 0.1])
    assert sum(len(s.faces) for s in asset.parts[0].surfaces) < MOST_TRIANGLES


def test_some_windows_glow_in_more_than_one_hue_and_many_stay_dark() -> None:
    glowing, dark, hues = 0, 0, set()
    for size, variant in CASES:
        for s in surfaces(size, variant):
            if s.material.texture != "windows":
                continue
            lit = s.material.lamp == Lamp.WINDOW
            glowing += lit * len(s.faces)
            dark += (not lit) * len(s.faces)
            hues |= {s.material.name} if lit else set()
    assert 0.1 < glowing / (glowing + dark) < 0.5
    assert len(hues) >= 3


def test_styles_and_roofs_vary() -> None:
    walls = {s.material.texture for size, v in CASES for s in surfaces(size, v)}
    assert {"brick", "stucco", "ashlar", "boards", "panels", "slate", "roof"} <= walls
    assert {"shops", "names", "windows"} <= walls


@pytest.mark.parametrize("variant", range(3))
def test_a_far_row_is_cheaper_than_what_it_stands_for(variant: int) -> None:
    row = assets.get("prop.far_row", variant, (10.0, 48.0, 14.0))
    assert np.all(np.array(row.size_m) <= np.array([10.1, 48.1, 14.1]))
    assert sum(len(s.faces) for s in row.parts[0].surfaces) < 900
