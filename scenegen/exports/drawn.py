"""How viewers are told to draw what has no colour of its own, and what shows of lane lines."""

from __future__ import annotations

from collections.abc import Iterator

from scenegen.records import LaneLabel

LINE_COLORS = {"white": (255, 255, 255), "yellow": (255, 200, 0)}
_SIGNAL_COLORS = {
    "red": (255, 0, 0),
    "red_amber": (255, 90, 0),
    "amber": (255, 170, 0),
    "green": (0, 220, 80),
    "flashing_amber_on": (255, 170, 0),
}
_DARK = (90, 90, 90)


def signal_color(state: str) -> tuple[int, int, int]:
    """Return the colour of a signal's state, grey if nothing is lit."""
    return _SIGNAL_COLORS.get(state, _DARK)


def stretches(lane: LaneLabel) -> Iterator[list[tuple[float, float]]]:
    """Return the stretches of a lane line that a picture shows, px from its corner."""
    strip: list[tuple[float, float]] = []
    for place, shows in zip(lane.points_px, lane.points_visible, strict=True):
        if shows and place is not None:
            strip.append(place)
            continue
        if len(strip) > 1:
            yield strip
        strip = []
    if len(strip) > 1:
        yield strip
