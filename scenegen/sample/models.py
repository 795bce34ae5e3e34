"""What placing a body takes of its asset: a small table, filled as assets are met."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from scenegen.assets import get, solid_bounds
from scenegen.records import Asset
from scenegen.records.base import F64, Vec3
from scenegen.roads import distinct
from scenegen.sample.carried import is_person, is_roller
from scenegen.sample.columns import Texts
from scenegen.sample.limits import MOST_MPS, WHEELS_MPS


@dataclass(frozen=True)
class Model:
    """The numbers of one variant of an asset.

    Attributes
    ----------
    bounds_m : ndarray, shape (2, 3)
        Body frame.
    shoulder_m : ndarray, shape (2, 3)
        The same; of people without swinging arms and legs, as they stand side by side.
    most_mps : float
        How fast it may go.
    hitched : bool
        Whether it stands on a tractor only.
    carries : bool
        Whether it takes others along: what is on wheels, and people who push something.
    rolls : bool
        Whether it is pushed, or propelled by who sits in it.
    """

    asset_id: str
    variant: int
    category: str
    bounds_m: F64
    shoulder_m: F64
    most_mps: float
    hitched: bool
    carries: bool
    rolls: bool

    @property
    def size_m(self) -> Vec3:
        """Length, width and height."""
        length, width, height = (self.bounds_m[1] - self.bounds_m[0]).tolist()
        return (length, width, height)

    @property
    def asset(self) -> Asset:
        """All of the asset."""
        return get(self.asset_id, self.variant)


@lru_cache(maxsize=4096)
def model_of(asset_id: str, variant: int) -> Model:
    """Return the numbers of an asset; the asset itself need not stay in memory for them."""
    asset = get(asset_id, variant)
    bounds = asset.bounds_m.copy()
    shoulder = solid_bounds(asset).copy() if asset.category == "person" else bounds
    for part in (bounds, shoulder):
        part.setflags(write=False)
    return Model(
        asset_id,
        variant,
        asset.category,
        bounds,
        shoulder,
        MOST_MPS.get(asset.category, WHEELS_MPS),
        hitched="kingpin" in asset.anchors,
        carries=bool(asset.wheels) or is_person(asset),
        rolls=is_roller(asset),
    )


class Models:
    """The models of a layout, numbered as they come.

    Attributes
    ----------
    known : list of Model
    """

    def __init__(self) -> None:
        self.known: list[Model] = []
        self._numbers: dict[tuple[str, int], int] = {}

    def number(
        self, asset_ids: Texts, variants: npt.NDArray[np.int64], rows: npt.NDArray[np.bool_]
    ) -> npt.NDArray[np.int64]:
        """Return the number (n,) of each row's model; 0 for rows that are not asked for."""
        numbers = np.zeros(len(rows), dtype=np.int64)
        if not rows.any():
            return numbers
        for name in distinct(asset_ids):
            mine = rows & (asset_ids == name)
            for variant in np.unique(variants[mine]).tolist():
                numbers[mine & (variants == variant)] = self._one(name, variant)
        return numbers

    def _one(self, asset_id: str, variant: int) -> int:
        key = asset_id, variant
        if key not in self._numbers:
            self.known.append(model_of(asset_id, variant))
            self._numbers[key] = len(self.known) - 1
        return self._numbers[key]
