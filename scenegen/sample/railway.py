"""The railway at a level crossing: track, crosses, and the signs that warn of it."""

from __future__ import annotations

import numpy as np

from scenegen.assets import sign_variant
from scenegen.roads import beyond_carriageway, lane_length, lane_point, roadsides
from scenegen.roads.layouts import map_of
from scenegen.roads.reference_line import frames, place
from scenegen.sample.barriers import barrier_stands
from scenegen.sample.planter import Planter

PIECE_M = 6.0
TRACK_M, GROOVED_M, HEIGHT_M = 2.6, 1.7, 0.03
GAUGE_M = 5.0
"""Width that stays clear along a track: the structure gauge of the German EBO is 2.5 m each way."""
ROOM_M = 1.2
"""Along the road, that is kept for a barrier."""
WARNING_M, SIGN_M = 80.0, 0.9
"""Distance of the warning before the railway, and from the kerb."""


def place_railway(planter: Planter) -> None:
    """Place all of a level crossing but its lights."""
    _track(planter)
    _posts(planter)
    _warnings(planter)


def _track(planter: Planter) -> None:
    """Lay rails: grooved ones in the road, on sleepers beside it."""
    network = planter.site.network
    for lane in network.lanes.values():
        if not lane.id.startswith("rail_"):
            continue
        count = int(np.ceil(lane_length(lane) / PIECE_M))
        step = lane_length(lane) / count
        for k in range(count):
            (x, y, _), yaw = lane_point(lane, (k + 0.5) * step)
            ends = [lane_point(lane, s)[0][:2] for s in (k * step, (k + 1.0) * step)]
            across = float(beyond_carriageway(network, np.array([*ends, (x, y)])).min()) < 0.5
            asset = "prop.tram_rails" if across else "prop.railway_track"
            wide = GROOVED_M if across else TRACK_M
            planter.site.build(asset, (float(x), float(y)), yaw, (round(step, 2), wide, HEIGHT_M))
            planter.site.keep(float(x), float(y), yaw, (step, GAUGE_M))


def _posts(planter: Planter) -> None:
    """Place crosses where there are no lights, and keep room for barriers."""
    spec = planter.spec
    street = map_of(spec).roads[0]
    for signal in street.signals:
        yaw = float(frames(street, signal.s_m).heading_rad)
        yaw += np.pi if signal.orientation == "+" else 0.0
        x, y = place(street, signal.s_m, signal.t_m).tolist()
        if spec.signals is None:
            planter.site.build("prop.andrews_cross", (x, y), yaw, None)
    for stand in barrier_stands(spec):
        x, y = stand.middle_m.tolist()
        planter.site.keep(x, y, stand.yaw_rad, (ROOM_M, stand.asset.size_m[1]))


def _warnings(planter: Planter) -> None:
    variant = sign_variant("prop.sign_warning", "A25_level_crossing_with_gates")
    middle = 0.5 * planter.spec.length_m
    for side in roadsides(planter.site.network):
        if side.name.startswith("rail") or side.side.lanes == 0:
            continue
        s = max(middle - WARNING_M, 3.0) if side.sign < 0 else middle + WARNING_M
        planter.site.add(
            "prop.sign_warning",
            side.place(s, side.side.kerb_m + SIGN_M),
            side.along(s) + np.pi,
            variant=variant,
        )
