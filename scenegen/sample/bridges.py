"""The bridge over a road."""

from __future__ import annotations

from scenegen.roads.layouts.bridge import span_of
from scenegen.sample.planter import Planter


def place_bridge(planter: Planter) -> None:
    """Place it, with the ramps that lead up to it."""
    span = span_of(planter.spec)
    size = (round(span.length_m, 2), span.width_m, span.headroom_m)
    at = (span.middle.x_m, span.middle.y_m)
    planter.site.build("prop.bridge", at, span.middle.heading_rad, size)
