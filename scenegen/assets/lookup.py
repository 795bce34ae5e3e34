"""Assets by their ids: what there is, and how each is had."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from scenegen.assets import alighting
from scenegen.assets.catalogue import CATALOGUE
from scenegen.assets.doors import SUFFIX, openable, with_doors
from scenegen.assets.packs import get_imported, imported_rows
from scenegen.assets.packs.rows import allowed, allowed_skies
from scenegen.assets.sign_faces import FAMILIES
from scenegen.assets.species import FORMS
from scenegen.errors import AssetError, nearest
from scenegen.records.base import Vec3
from scenegen.records.conditions import SEASONS, Season
from scenegen.records.mesh import Asset
from scenegen.seeds import named_generator


@dataclass(frozen=True)
class AssetInfo:
    """One line of the catalogue.

    Attributes
    ----------
    faces : tuple of str
        What a kind of traffic sign can say, as `sign_code` names it; variant v says
        ``faces[v % len(faces)]``.
    """

    id: str
    category: str
    description: str
    licence: str = "Apache-2.0"
    creator: str = "scenegen"
    source: str = "procedural"
    faces: tuple[str, ...] = ()


def list_assets(assets_dir: str | None = None) -> tuple[AssetInfo, ...]:
    """Return what the catalogue holds, in its own order, and then what was imported.

    Parameters
    ----------
    assets_dir : str or None
        Where imported assets are kept, if not in the usual place.
    """
    own = tuple(
        AssetInfo(k, e.category, e.description, faces=tuple(f.code for f in FAMILIES.get(k, ())))
        for k, e in CATALOGUE.items()
    )
    return own + tuple(
        AssetInfo(row.id, row.category, row.what, row.licence, row.creator, row.url)
        for row in imported_rows(assets_dir)
    )


def get(asset_id: str, variant: int = 0, size_m: Vec3 | None = None) -> Asset:
    """Return an asset; equal arguments give equal bytes in any process.

    Parameters
    ----------
    asset_id : str
        One of `list_assets`; with ``.doors`` behind it, a car whose doors open; with
        ``.seated``, a person who may sit in one.
    variant : int
        From 0; chooses colour, proportions and extras.
    size_m : (3,) or None
        Length, width and height, for assets that are built to measure.

    Raises
    ------
    AssetError
        No such asset, a negative variant, a size that it cannot take, or an asset of a
        pack that isn't on this machine.
    """
    if variant < 0:
        raise AssetError(f"{asset_id}: variants count from 0, not {variant}")
    plain = asset_id.removesuffix(SUFFIX)
    if plain != asset_id and openable(plain) and size_m is None:
        return _with_doors(plain, variant)
    plain = asset_id.removesuffix(alighting.SUFFIX)
    if plain != asset_id and sits(plain) and size_m is None:
        return _seated(plain, variant)
    entry = CATALOGUE.get(asset_id)
    if entry is None and asset_id in allowed_skies():
        raise AssetError(f"{asset_id!r} is a sky: name it as 'sky' under 'weather'")
    if entry is None and asset_id not in allowed():
        raise AssetError(f"no asset is called {asset_id!r}{nearest(asset_id, CATALOGUE)}")
    if size_m is not None:
        if entry is None or not entry.to_measure:
            raise AssetError(f"{asset_id} has its own size and takes no size_m")
        if not (np.isfinite(size_m).all() and min(size_m) > 0):
            raise AssetError(f"{asset_id}: size_m must be three positive lengths, not {size_m}")
    return get_imported(asset_id, variant) if entry is None else _built(asset_id, variant, size_m)


@lru_cache(maxsize=640)  # of 60 kB: full after a dozen scenes; the next show most again
def _built(asset_id: str, variant: int, size_m: Vec3 | None) -> Asset:
    rng = named_generator("asset", asset_id, variant)
    return CATALOGUE[asset_id].builder(asset_id, variant, rng, size_m)


@lru_cache(maxsize=32)
def _with_doors(asset_id: str, variant: int) -> Asset:
    return with_doors(_built(asset_id, variant, None), asset_id + SUFFIX)


def sits(asset_id: str) -> bool:
    """Say whether an asset is somebody who may sit in a car, and get out of it."""
    return asset_id in CATALOGUE and CATALOGUE[asset_id].category == "person"


@lru_cache(maxsize=64)
def _seated(asset_id: str, variant: int) -> Asset:
    # From the lowest to the highest seat.
    cars = tuple(_with_doors(f"vehicle.{kind}", 0) for kind in ("city", "estate", "suv", "van"))
    plain = _built(asset_id, variant, None)
    return alighting.seated(plain, asset_id + alighting.SUFFIX, cars)


def in_season(asset_id: str, variant: int, season: Season) -> int:
    """Return the variant that shows the same thing in a season: another one of plants only."""
    if asset_id not in CATALOGUE:
        return variant
    if CATALOGUE[asset_id].category != "vegetation" and asset_id != "prop.tall_grass":
        return variant
    return variant % FORMS + FORMS * SEASONS.index(season)


def digest(asset: Asset) -> str:
    """Return the sha256 over an asset's parts, geometry and materials."""
    state = hashlib.sha256(f"{asset.id}:{asset.variant}:{asset.joints}".encode())
    for part in asset.parts:
        state.update(repr((part.name, part.parent, part.origin_m, part.joints)).encode())
        for surface in part.surfaces:
            state.update(repr((surface.material, surface.semantic)).encode())
            for array in (surface.vertices, surface.normals, surface.uv, surface.faces):
                state.update(np.ascontiguousarray(array).tobytes())
    return state.hexdigest()
