"""What a tunnel is built of: pieces of tube, portals and lamps."""

from __future__ import annotations

from math import pi

import numpy as np

from scenegen.records import Lamp
from scenegen.roads.layouts.tunnel import tube_of
from scenegen.sample.planter import Planter

PIECE_M, PORTAL_M, LAMP_STEP_M = 12.0, 0.4, 10.0
LAMP_SIZE_M = (1.2, 0.26)


def place_tunnel(planter: Planter) -> None:
    """Place a tunnel; its lamps burn by day, too."""
    tube = tube_of(planter.spec)
    middle, width = 0.5 * (tube.left_m + tube.right_m), round(tube.left_m - tube.right_m, 2)
    site, length = planter.site, tube.end_m - tube.start_m
    count = int(np.ceil(length / PIECE_M))
    piece = length / count
    for k in range(count):
        at = (tube.start_m + (k + 0.5) * piece, middle)
        site.build("prop.tunnel", at, 0.0, (round(piece, 3), width, tube.height_m))
    for s, yaw in ((tube.start_m - 0.5 * PORTAL_M, pi), (tube.end_m + 0.5 * PORTAL_M, 0.0)):
        site.build("prop.tunnel_portal", (s, middle), yaw, (PORTAL_M, width, tube.height_m))
    size = (*LAMP_SIZE_M, tube.height_m)
    for s in np.arange(tube.start_m + 0.5 * LAMP_STEP_M, tube.end_m, LAMP_STEP_M).tolist():
        site.build("prop.tunnel_lamp", (s, middle), 0.0, size, lamps=int(Lamp.STREET))
