"""What surfaces send back in a weather: their coats, and the snow that lies on them."""

from __future__ import annotations

import numpy as np

from scenegen.ranging.rays import Hits
from scenegen.ranging.reflectance import BINS, Palette
from scenegen.ranging.vectors import F32, Ids
from scenegen.records import Weather
from scenegen.records.base import F64

_SNOW = {905: 0.85, 1550: 0.1}
_TRODDEN = {905: 0.5, 1550: 0.06}
"""Fresh snow of fine grains, and trodden grey one, by wavelength in nm (O'Brien and Munis 1975,
Warren 1982): ice absorbs at 1550 nm, and the more the larger the grains are."""
_SHAKEN_OFF = frozenset({"person", "rider", "animal"})
_ROADS = frozenset({"road", "lane marking"})
_PATHS = frozenset({"sidewalk", "parking"})
_IN_TRACKS = 0.2
"""Share of a lane that wheels run on, and keep nearly free."""
_SWEPT = 0.3
"""Share of a path that keeps its snow where people walk."""


class Surfaces:
    """What the surfaces of a scene send back at one wavelength.

    Parameters
    ----------
    palette : Palette
        All coats of the scene.
    weather : Weather
    wavelength_m : float
    moving : ndarray, shape (M,)
        Instance ids of those that move: no snow stays on them.
    """

    def __init__(
        self, palette: Palette, weather: Weather, wavelength_m: float, moving: Ids
    ) -> None:
        nm = round(1e9 * wavelength_m)
        self._table = palette.table(weather.wetness, wavelength_m).astype(np.float32)
        level = [_lying(weather, semantic) for semantic in palette.semantics]
        self._lying = np.array(level, dtype=np.float32)
        trodden = [semantic in _ROADS | _PATHS for semantic in palette.semantics]
        self._snow = np.where(trodden, _TRODDEN[nm], _SNOW[nm]).astype(np.float32)
        self._keeps = np.ones(1 << 16, dtype=np.bool_)
        self._keeps[moving] = False

    def returned(self, hits: Hits) -> F32:
        """Return what comes back from what was met: the unit is that of `reflectance`."""
        column = np.minimum(hits.cosine * BINS, BINS - 1).astype(np.int32)
        bare = self._table.take(hits.coat * BINS + column)
        if not self._lying.any():
            return bare
        share = self._lying.take(hits.coat) * _step(0.35, 0.62, hits.normal[:, 2])
        share *= self._keeps.take(hits.instance)
        snow = self._snow.take(hits.coat) * hits.cosine
        return np.asarray(bare + share * (snow - bare), dtype=np.float32)


def _lying(weather: Weather, semantic: str) -> float:
    """Return which share of what is level in a class of things is under snow.

    These are the means of what the cameras see: the pattern of tracks and of what has melted
    is theirs alone.
    """
    if semantic in _SHAKEN_OFF:
        return 0.0
    fallen = float(_step(0.0, 0.06, np.array(weather.snow_depth_m - 0.0175)))
    trodden = float(_step(0.0, 0.45, np.array(1.45 * weather.road_snow - 0.5)))
    trodden *= 1 - _IN_TRACKS
    if semantic in _ROADS:
        return trodden
    return max(trodden, _SWEPT * fallen) if semantic in _PATHS else fallen


def _step(low: float, high: float, value: F32 | F64) -> F32:
    """Return 0 below `low` to 1 above `high`, smoothly."""
    share = np.clip((value - low) / (high - low), 0, 1)
    return np.asarray(share * share * (3 - 2 * share), dtype=np.float32)
