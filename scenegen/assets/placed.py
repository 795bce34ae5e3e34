"""The assets of what a scenario places."""

from __future__ import annotations

from functools import lru_cache

from scenegen.assets.detail import coarse
from scenegen.assets.lookup import get
from scenegen.records.base import Vec3
from scenegen.records.concrete import Actor, Prop
from scenegen.records.mesh import Asset


@lru_cache(maxsize=640)  # as many as `get` keeps
def _coarse(asset_id: str, variant: int, size_m: Vec3 | None, detail_m: float) -> Asset:
    return coarse(get(asset_id, variant, size_m), detail_m)


def at_detail(
    asset_id: str, variant: int, size_m: Vec3 | None = None, detail_m: float = 0.0
) -> Asset:
    """Return `get`'s asset without pieces smaller than `detail_m`."""
    if detail_m == 0.0:
        return get(asset_id, variant, size_m)
    return _coarse(asset_id, variant, size_m, detail_m)


def whole(thing: Actor | Prop) -> Asset:
    """Return the asset of an actor or prop with all there is of it."""
    return get(thing.asset_id, thing.variant, thing.size_m if isinstance(thing, Prop) else None)


def drawn(thing: Actor | Prop) -> Asset:
    """Return what is drawn and scanned of an actor or prop."""
    size = thing.size_m if isinstance(thing, Prop) else None
    return at_detail(thing.asset_id, thing.variant, size, thing.detail_m)
