"""What surfaces send back in a weather: their coats, and the snow that lies on them.

In a tunnel coats are dry and no snow lies.
"""

from __future__ import annotations

import numpy as np

from scenegen.ranging.rays import Hits, Rays
from scenegen.ranging.reflectance import BINS, Palette
from scenegen.ranging.vectors import F32, Ids, Ints
from scenegen.records import RoadNetwork, Weather
from scenegen.records.base import F64
from scenegen.roads import snow
from scenegen.roads.shelter import shelter_of

_SNOW = {905: 0.85, 1550: 0.1}
_TRODDEN = {905: 0.5, 1550: 0.06}
"""Fresh snow of fine grains, and trodden grey one, by wavelength in nm (O'Brien and Munis 1975,
Warren 1982): ice absorbs at 1550 nm, and the more the larger the grains are."""


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
    network : RoadNetwork
        In whose lanes wheels have worn the snow away.
    origin : ndarray, shape (3,)
        What the rays' places are less of, world.
    """

    def __init__(
        self,
        palette: Palette,
        weather: Weather,
        wavelength_m: float,
        moving: Ids,
        network: RoadNetwork,
        origin: F64,
    ) -> None:
        nm = round(1e9 * wavelength_m)
        self._table = palette.table(weather.wetness, wavelength_m).astype(np.float32)
        self._weather, self._origin = weather, origin
        self._shelter = shelter_of(network.spec)
        self._dry: F32 | None = None
        if self._shelter is not None and weather.wetness > 0:
            self._dry = palette.table(0.0, wavelength_m).astype(np.float32)
        lies = weather.snow_depth_m > 0 or weather.road_snow > 0
        self._traffic = snow.traffic_map(network) if lies else None
        self._kind = np.array([snow.lies_on(semantic) for semantic in palette.semantics], np.int64)
        self._fresh, self._trodden = _SNOW[nm], _TRODDEN[nm]
        self._keeps = np.ones(1 << 16, dtype=np.bool_)
        self._keeps[moving] = False

    def returned(self, rays: Rays, hits: Hits) -> F32:
        """Return what comes back from what rays met: the unit is that of `reflectance`."""
        column = np.minimum(hits.cosine * BINS, BINS - 1).astype(np.int32)
        entry = hits.coat * BINS + column
        back = self._table.take(entry)
        if self._dry is not None and self._shelter is not None:
            met = np.flatnonzero(np.isfinite(hits.distance_m))
            dry = self._shelter.dry(self._places(rays, hits, met)).astype(np.float32)
            back[met] += dry * (self._dry.take(entry[met]) - back[met])
        if self._traffic is None:
            return back
        kind = self._kind.take(hits.coat) * self._keeps.take(hits.instance)
        under = np.flatnonzero((kind > 0) & np.isfinite(hits.distance_m))
        xy = rays.origins[under, :2] + hits.distance_m[under, None] * rays.directions[under, :2]
        place, rise = xy + self._origin[:2], hits.normal[under, 2].astype(np.float64)
        share, dirty = snow.cover(self._weather, self._traffic, kind[under], place, rise)
        if self._shelter is not None:
            share = share * (1.0 - self._shelter.bare(self._places(rays, hits, under)))
        white = self._fresh + dirty * (self._trodden - self._fresh)
        back[under] += share * (white * hits.cosine[under] - back[under])
        return back

    def _places(self, rays: Rays, hits: Hits, chosen: Ints) -> F64:
        """Return where some rays ended (K, 3), world."""
        along = hits.distance_m[chosen, None] * rays.directions[chosen]
        return np.asarray(rays.origins[chosen] + along + self._origin)
