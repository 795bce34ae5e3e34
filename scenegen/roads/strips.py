"""Widths of the strips of many roads' cross-sections, from columns of `RoadSpec`'s fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64
from scenegen.roads.section import MEDIAN_SHOULDER_M

Columns = Mapping[str, npt.NDArray[Any]]
"""By the names of `RoadSpec`: a column (n,) each."""


def strip_widths(road: Columns, right: bool) -> tuple[F64, F64, F64, F64, F64]:
    """Return driving lanes and widths (n,) of shoulder, parking, sidewalk and verge of a side."""
    names = ("shoulder_m", "parking_m", "sidewalk_m", "verge_m")
    shoulder, parking, sidewalk, verge = (road[name] for name in names)
    if right:
        return road["lanes_forward"], shoulder, parking, sidewalk, verge
    lanes = road["lanes_backward"]
    median = (road["surroundings"] == "motorway") & (lanes == 0) & (road["kind"] != "crossing")
    return (
        lanes,
        np.where(median, np.minimum(shoulder, MEDIAN_SHOULDER_M), shoulder),
        np.where(median, 0.0, parking),
        np.where(median, 0.0, sidewalk),
        verge,
    )
