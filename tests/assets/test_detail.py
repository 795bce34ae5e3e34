"""Levels of detail leave out what is small and move nothing else."""

from __future__ import annotations

import numpy as np
import pytest

from scenegen import assets
from scenegen.assets.detail import coarse
from scenegen.assets.lofts import cylinder
from scenegen.assets.materials import matte
from scenegen.assets.shapes import box
from scenegen.assets.surfaces import surface
from scenegen.assets.triangles import join
from scenegen.records import Actor, Asset, Prop
from scenegen.records.mesh import Material, Part


def _asset(material: Material, *shapes: object) -> Asset:
    made = surface(join(shapes), material, "static", 0.5)  # type: ignore[arg-type]
    return Asset("x", 0, "static", (Part("body", -1, surfaces=(made,)),), np.zeros((2, 3)), 1.0)


def _faces(asset: Asset) -> int:
    return sum(len(s.faces) for part in asset.parts for s in part.surfaces)


def _area(asset: Asset) -> float:
    corners = [s.vertices[s.faces] for part in asset.parts for s in part.surfaces]
    a, b, c = np.moveaxis(np.concatenate(corners).astype(np.float64), 1, 0)
    return float(0.5 * np.linalg.norm(np.cross(b - a, c - a), axis=1).sum())


def test_small_pieces_go_and_the_others_stay_where_they_are() -> None:
    large, small = box((1.0, 1.0, 1.0)), box((0.02, 0.02, 0.02)).moved(z=3.0)
    asset = _asset(matte("grey", "808080"), large, small)
    left = coarse(asset, 0.1)
    (kept,) = left.parts[0].surfaces
    assert len(kept.faces) == len(large.faces)
    assert kept.vertices[:, 2].max() == pytest.approx(0.5)
    assert {tuple(v) for v in kept.vertices.tolist()} <= {
        tuple(v) for v in asset.parts[0].surfaces[0].vertices.tolist()
    }


def test_a_piece_is_what_hangs_together_across_creases() -> None:
    # The facets around the rim are smaller than what is left out; the drum as a whole isn't.
    drum = cylinder(0.5, 0.05, 40)
    asset = _asset(matte("grey", "808080"), drum)
    assert _faces(coarse(asset, 0.2)) == len(drum.faces)


def test_lamps_stay() -> None:
    asset = _asset(Material("lamp", emission_cdm2=(9.0, 9.0, 9.0)), box((0.02, 0.02, 0.02)))
    assert _faces(coarse(asset, 0.5)) == _faces(asset)


@pytest.mark.parametrize("asset_id", ["prop.tree_broadleaf", "prop.tree_conifer", "prop.bush"])
def test_crowns_thin_out_and_keep_what_they_cover(asset_id: str) -> None:
    tree = assets.get(asset_id, 2)
    left = coarse(tree, 0.125)
    assert _faces(left) < 0.75 * _faces(tree)
    assert _area(left) == pytest.approx(_area(tree), rel=0.15)
    for part, before in zip(left.parts, tree.parts, strict=True):
        for thin, whole in zip(part.surfaces, before.surfaces, strict=True):
            assert (thin.vertices.min(axis=0) >= whole.vertices.min(axis=0)).all()
            assert (thin.vertices.max(axis=0) <= whole.vertices.max(axis=0)).all()


@pytest.mark.parametrize("info", assets.list_assets()[::3], ids=lambda info: info.id)
def test_coarser_is_never_more_and_faces_stay_sound(info: assets.AssetInfo) -> None:
    whole = assets.get(info.id, 1)
    before = _faces(whole)
    for detail_m in (0.016, 0.125, 1.0):
        left = coarse(whole, detail_m)
        assert len(left.parts) == len(whole.parts)
        assert _faces(left) <= before
        before = _faces(left)
        for part in left.parts:
            for surface_ in part.surfaces:
                used = np.unique(surface_.faces)
                assert np.array_equal(used, np.arange(len(surface_.vertices)))


def test_what_is_placed_is_drawn_down_to_its_detail() -> None:
    prop = Prop(asset_id="prop.bush", variant=1, position_m=(0.0, 0.0, 0.0))
    assert assets.drawn(prop) is assets.get("prop.bush", 1)
    far = prop.model_copy(update={"detail_m": 0.25})
    assert _faces(assets.drawn(far)) < _faces(assets.whole(far))
    assert assets.digest(assets.drawn(far)) == assets.digest(coarse(assets.whole(prop), 0.25))
    assert "detail_m" in Actor.model_fields
