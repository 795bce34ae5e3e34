"""Where parking strips end before crossings for walkers, and begin again behind them."""

from __future__ import annotations

import numpy as np

from scenegen.records.base import F64
from scenegen.roads import paint
from scenegen.roads.crossing import MINOR_LENGTH_M, PARKING_GAP_M
from scenegen.roads.junction import CORNER_RADIUS_M
from scenegen.roads.section import KERB_WIDTH_M
from scenegen.roads.strips import Columns, strip_widths
from scenegen.roads.sweep import SNAP_M


def parking_runs(road: Columns, cross: bool, side: str, far: str | None) -> tuple[F64, F64]:
    """Return the stations (n,), (n,) between which a parking strip reaches on each of n roads.

    Parameters
    ----------
    road : mapping of str to ndarray, shape (n,)
        Fields of `RoadSpec`.
    cross : bool
        Whether it is that of the crossing road.
    side : str
        ``right`` or ``left``.
    far : str or None
        Whether it is the part beyond the crossing, in the direction of the strip's traffic:
        there is none without a crossing, and the run is empty.
    """
    whole = np.minimum(road["length_m"], MINOR_LENGTH_M) if cross else road["length_m"]
    before, after = _gap(road, whole, cross)
    first = (far is None) == (side == "right")
    cut = np.isfinite(before)
    begin = np.where(cut & (not first), after, 0.0)
    end = np.where(cut & first, before, whole)
    return begin, np.where(cut | (far is None), end, begin)


def _gap(road: Columns, whole: F64, cross: bool) -> tuple[F64, F64]:
    """Return where the strips are cut (n,), (n,); infinite where they are not."""
    middle = 0.5 * whole
    walk = 0.5 * paint.ZEBRA_M + paint.PARKING_CLEAR_M
    zebra = (road["kind"] == "straight") & road["zebra"].astype(bool)
    right, left = (_carriageway(road, on_right) for on_right in (True, False))
    reach = _corner_radius(road) + PARKING_GAP_M
    # The other road's carriageway: its right side lies to the south, or to the east.
    near, beyond = (right, left) if cross else (left, right)
    crossing = road["kind"] == "crossing"
    before = np.where(zebra, middle - walk, np.inf)
    after = np.where(zebra, middle + walk, np.inf)
    return (
        np.where(crossing, middle - (near + reach), before),
        np.where(crossing, middle + (beyond + reach), after),
    )


def _carriageway(road: Columns, right: bool) -> F64:
    lanes, shoulder, parking, _, _ = strip_widths(road, right)
    return np.asarray(lanes * road["lane_width_m"] + shoulder + parking)


def _corner_radius(road: Columns) -> F64:
    """Return radii (n,) of rounded kerbs, snapped to where a strip ends; as `junction_of`."""
    _, _, _, sidewalk, verge = strip_widths(road, True)
    inner = np.where(sidewalk > 0, KERB_WIDTH_M + sidewalk, 0.0)
    radius = np.full(len(inner), CORNER_RADIUS_M)
    for border in (inner, inner + np.maximum(verge, 0.5)):
        radius = np.where(np.abs(border - CORNER_RADIUS_M) < SNAP_M, border, radius)
    return radius
