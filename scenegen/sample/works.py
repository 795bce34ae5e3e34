"""What stands around a work zone: beacons, barriers and signs.

Beacons stand at most 5 m apart where lanes move over and 10 m along the site, barriers close it
across where it begins (RSA 21, parts B and C). The sign of road works stands 50 m before the
taper in towns, 100 m elsewhere.
"""

from __future__ import annotations

import numpy as np

from scenegen.assets import sign_variant
from scenegen.records import Lamp
from scenegen.records.base import F64
from scenegen.records.road_map import MapRoad
from scenegen.roads import roadsides
from scenegen.roads.lane_borders import lane_span
from scenegen.roads.layouts import map_of
from scenegen.roads.layouts.work_zone import WorkZone, zone_of
from scenegen.roads.reference_line import place
from scenegen.sample.planter import Planter

BESIDE_M = 0.35
"""Between the line and the beacons' middles."""
SIGN_M = 0.9
"""Between the kerb and the middle of a sign."""
TAPER_STEP_M, ALONG_STEP_M = 5.0, 10.0
BOARD_M = 2.3
"""Room that a barrier takes across the road."""
SITE = "restricted"
"""Type of the lane that a site takes, the first on its side."""
ON_ROAD_M = -100.0
"""Things of a work zone stand on the carriageway."""


def place_works(planter: Planter) -> None:
    """Place what closes a site off and warns of it."""
    spec = planter.spec
    (road,) = map_of(spec).roads
    zone = zone_of(spec)
    _beacons(planter, road, zone, inner=spec.side == "left")
    _boards(planter, road, zone)
    _signs(planter, road, zone)


def _edges(road: MapRoad, s: F64) -> tuple[F64, F64]:
    """Return the inner and outer border of the site at stations (n,) where it is."""
    inner, outer = np.zeros_like(s), np.zeros_like(s)
    for k, section in enumerate(road.sections):
        end = road.sections[k + 1].s_m if k + 1 < len(road.sections) else road.length_m
        here = (s >= section.s_m) & (s <= end)
        if here.any() and k in (1, 2, 3):
            # Lanes that have ended are none, so the site's number differs between sections.
            site = max(lane.id for lane in section.lanes if lane.id < 0 and lane.type == SITE)
            inner[here], outer[here] = lane_span(road, k, site, s[here])
    return inner, outer


def _beacons(planter: Planter, road: MapRoad, zone: WorkZone, *, inner: bool) -> None:
    """Place beacons along the border between the site and the lanes."""
    s = np.concatenate(
        [
            np.arange(zone.taper_s_m + TAPER_STEP_M, zone.start_s_m, TAPER_STEP_M),
            np.arange(zone.start_s_m, zone.end_s_m, ALONG_STEP_M),
            np.arange(zone.end_s_m, zone.back_s_m - TAPER_STEP_M, TAPER_STEP_M),
        ]
    )
    near, far = _edges(road, s)
    # A site on the left is bordered by lanes on its right, where its outer border is.
    border, inward = (far, 1.0) if inner else (near, -1.0)
    room = np.abs(far - near)
    t = border + inward * BESIDE_M
    for station, xy, wide in zip(s.tolist(), place(road, s, t).tolist(), room, strict=True):
        if wide < 2.0 * BESIDE_M:
            continue
        # Every third one flashes; stripes fall towards the side on which one passes.
        number = round(station / TAPER_STEP_M)
        variant = 2 * (number % 3) + int(inner)
        planter.site.add(
            "prop.beacon",
            (xy[0], xy[1]),
            np.pi,
            variant=variant,
            lamps=int(Lamp.STREET),
            clear_m=ON_ROAD_M,
        )


def _boards(planter: Planter, road: MapRoad, zone: WorkZone) -> None:
    """Close the site across, where it begins and where it ends."""
    for station in (zone.start_s_m + 1.0, zone.end_s_m - 1.0):
        near, far = (float(edge[0]) for edge in _edges(road, np.array([station])))
        low, high = sorted((near, far))
        count = int((high - low - 2.0 * BESIDE_M) / BOARD_M)
        for k in range(count):
            t = low + BESIDE_M + (k + 0.5) * (high - low - 2.0 * BESIDE_M) / count
            x, y = place(road, station, t).tolist()
            planter.site.add(
                "prop.works_barrier",
                (x, y),
                0.0,
                variant=1,
                lamps=int(Lamp.STREET),
                clear_m=ON_ROAD_M,
            )


def _signs(planter: Planter, road: MapRoad, zone: WorkZone) -> None:
    """Place the sign of road works before the taper, on the right of those it is for."""
    spec = planter.spec
    before = 50.0 if spec.surroundings in ("urban", "suburban") else 100.0
    warning = sign_variant("prop.sign_warning", "A16_road_works")
    for side in roadsides(planter.site.network):
        forward = side.sign < 0
        if not forward and spec.lanes_backward == 0:
            continue
        s = max(zone.taper_s_m - before, 2.0) if forward else zone.back_s_m + before
        if s < road.length_m:
            d = side.side.kerb_m + SIGN_M
            planter.site.add(
                "prop.sign_warning", side.place(s, d), side.along(s) + np.pi, variant=warning
            )
