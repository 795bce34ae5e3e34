"""The faces of traffic signs: what is painted on which plate.

Shapes, colours and numbers are those of the Vienna Convention on Road Signs and Signals
(1968, annex 1); every pictogram is a drawing of our own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scenegen.assets import pictograms as draw
from scenegen.assets.ink import disc, fill, lettering, patch, regular, stroke
from scenegen.assets.materials import matte
from scenegen.assets.shapes import rounded_rectangle
from scenegen.assets.triangles import Geometry, join
from scenegen.records.base import F64
from scenegen.records.mesh import Material

RED = matte("red sheeting", "b8141c", 0.4)
WHITE = matte("white sheeting", "f4f4f0", 0.4)
BLACK = matte("black symbol", "151515", 0.5)
BLUE = matte("blue sheeting", "0a4a9c", 0.4)
YELLOW = matte("yellow sheeting", "f0b414", 0.4)
GREY = matte("grey symbol", "6d6f70", 0.5)

Sheets = list[tuple[Material, Geometry]]
"""Flat drawings from the back to the front, each to be laid a little before the last."""
Drawing = Callable[[], Geometry]


@dataclass(frozen=True)
class Face:
    """One face.

    Attributes
    ----------
    code : str
        Number in the convention and what it says, such as ``A12_pedestrian_crossing``.
    paint : callable
        Returns the plate's outline (K, 2), its middle at the origin, and the sheets on it, m.
    """

    code: str
    paint: Callable[[], tuple[F64, Sheets]]


def _sized(drawing: Drawing, size: float, up: float = 0.0) -> Geometry:
    return drawing().scaled(1, size, size).moved(z=up)


def _slashes() -> Geometry:
    """Return the three slanted lines that say: this ends here."""
    ends = [((-0.2 + d, -0.2 - d), (0.2 + d, 0.2 - d)) for d in (-0.03, 0.0, 0.03)]
    return join([stroke(line, 0.018) for line in ends])


def _danger(code: str, drawing: Drawing) -> Face:
    def paint() -> tuple[F64, Sheets]:
        plate = regular(3, 0.52, np.pi / 2, 0.06)
        field = fill(regular(3, 0.42, np.pi / 2, 0.03))
        return plate, [(RED, fill(plate)), (WHITE, field), (BLACK, _sized(drawing, 0.185, -0.03))]

    return Face(code, paint)


def _prohibition(code: str, drawing: Drawing, size: float = 0.19, bar: bool = False) -> Face:
    def paint() -> tuple[F64, Sheets]:
        sheets = [(RED, disc(0.33)), (WHITE, disc(0.272)), (BLACK, _sized(drawing, size))]
        if bar:
            sheets.append((RED, stroke([(-0.2, 0.2), (0.2, -0.2)], 0.05)))
        return regular(32, 0.335), sheets

    return Face(code, paint)


def _waiting(code: str, both: bool) -> Face:
    def paint() -> tuple[F64, Sheets]:
        bars = [stroke([(-0.2, 0.2), (0.2, -0.2)], 0.06)]
        if both:
            bars.append(stroke([(-0.2, -0.2), (0.2, 0.2)], 0.06))
        return regular(32, 0.335), [(RED, disc(0.33)), (BLUE, disc(0.27)), (RED, join(bars))]

    return Face(code, paint)


def _end(code: str, drawing: Drawing | None) -> Face:
    def paint() -> tuple[F64, Sheets]:
        sheets = [(BLACK, disc(0.33)), (WHITE, disc(0.315))]
        if drawing is not None:
            sheets.append((GREY, _sized(drawing, 0.18)))
        return regular(32, 0.335), [*sheets, (BLACK, _slashes())]

    return Face(code, paint)


def _mandatory(code: str, drawing: Drawing) -> Face:
    def paint() -> tuple[F64, Sheets]:
        sheets = [(WHITE, disc(0.33)), (BLUE, disc(0.316)), (WHITE, _sized(drawing, 0.2))]
        return regular(32, 0.335), sheets

    return Face(code, paint)


def _panel(code: str, drawing: Drawing, over: tuple[Material, Drawing] | None = None) -> Face:
    """Return a blue square with a white drawing, perhaps with another one on top of that."""

    def paint() -> tuple[F64, Sheets]:
        plate, field = (rounded_rectangle(s, s, 0.05) for s in (0.62, 0.59))
        sheets = [(WHITE, fill(plate)), (BLUE, fill(field)), (WHITE, _sized(drawing, 0.24))]
        if over is not None:
            sheets.append((over[0], _sized(over[1], 0.24)))
        return plate, sheets

    return Face(code, paint)


def _stop() -> tuple[F64, Sheets]:
    plate = regular(8, 0.42, np.pi / 8)
    field = fill(regular(8, 0.395, np.pi / 8))
    return plate, [(WHITE, fill(plate)), (RED, field), (WHITE, lettering("STOP", 0.21))]


def _give_way() -> tuple[F64, Sheets]:
    plate = regular(3, 0.52, -np.pi / 2, 0.06)
    return plate, [(RED, fill(plate)), (WHITE, fill(regular(3, 0.37, -np.pi / 2, 0.03)))]


def _priority_road() -> tuple[F64, Sheets]:
    plate = regular(4, 0.44, 0.0, 0.05)
    rim = fill(regular(4, 0.425, 0.0, 0.045), regular(4, 0.41, 0.0, 0.04))
    field = fill(regular(4, 0.33, 0.0, 0.03))
    return plate, [(WHITE, fill(plate)), (BLACK, rim), (YELLOW, field)]


def _end_of_priority() -> tuple[F64, Sheets]:
    plate, sheets = _priority_road()
    return plate, [*sheets, (BLACK, _slashes())]


def _no_entry() -> tuple[F64, Sheets]:
    sheets = [(WHITE, disc(0.33)), (RED, disc(0.318)), (WHITE, patch(-0.24, -0.055, 0.24, 0.055))]
    return regular(32, 0.335), sheets


def _closed() -> tuple[F64, Sheets]:
    return regular(32, 0.335), [(RED, disc(0.33)), (WHITE, disc(0.272))]


def _place(name: str, leaving: bool) -> Callable[[], tuple[F64, Sheets]]:
    def paint() -> tuple[F64, Sheets]:
        plate = rounded_rectangle(1.3, 0.5, 0.05)
        field = rounded_rectangle(1.25, 0.45, 0.04)
        sheets = [(BLACK, fill(plate)), (WHITE, fill(field)), (BLACK, lettering(name, 0.2))]
        if leaving:
            sheets.append((RED, stroke([(-0.58, -0.18), (0.58, 0.18)], 0.05)))
        return plate, sheets

    return paint


def _pane() -> Geometry:
    return patch(-0.85, -0.85, 0.85, 0.85)


def _triangle() -> Geometry:
    return fill(regular(3, 1.1, np.pi / 2)).moved(z=-0.22)


def _overtaking() -> tuple[F64, Sheets]:
    cars = [(RED, draw.car_behind(-0.105, 0.2)), (BLACK, draw.car_behind(0.105, 0.2))]
    return regular(32, 0.335), [(RED, disc(0.33)), (WHITE, disc(0.272)), *cars]


def _small_walker() -> Geometry:
    return draw.walker().scaled(1, 0.6, 0.6).moved(z=-0.12)


LIMITS = (30, 50, 70, 80, 100, 20, 40, 60, 90, 110, 120, 130)
"""Speed limits that have a sign, km/h."""

WARNING = (
    _danger("A32_other_danger", draw.exclamation),
    _danger("A1a_bend_right", draw.bend),
    _danger("A1b_bend_left", draw.left(draw.bend)),
    _danger("A1c_double_bend", draw.double_bend),
    _danger("A2_dangerous_descent", draw.descent),
    _danger("A4_carriageway_narrows", draw.narrows),
    _danger("A7_uneven_road", draw.bumps),
    _danger("A9_slippery_road", draw.slippery),
    _danger("A11_falling_rocks", draw.left(draw.rocks)),
    _danger("A12_pedestrian_crossing", draw.zebra_walker),
    _danger("A13_children", draw.children),
    _danger("A14_cyclists", draw.bicycle),
    _danger("A15_wild_animals", draw.deer),
    _danger("A16_road_works", draw.digger),
    _danger("A17_light_signals", lambda: join([disc(0.24, (0.0, z)) for z in (-0.65, 0.0, 0.65)])),
    _danger("A18_crossing", draw.crossing_x),
    _danger("A19_crossing_with_minor_road", draw.priority_crossing),
    _danger("A22_roundabout", draw.roundabout),
    _danger("A23_two_way_traffic", draw.two_way),
    _danger("A24_congestion", draw.queue),
    _danger("A25_level_crossing_with_gates", draw.gate),
    _danger("A27_tramway", draw.tram),
    _danger("A31_crosswind", draw.crosswind),
)
PRIORITY = (
    Face("B1_give_way", _give_way),
    Face("B3_priority_road", _priority_road),
    Face("B4_end_of_priority", _end_of_priority),
)
STOP = (Face("B2_stop", _stop),)
SPEED = tuple(_prohibition(f"C14_maximum_speed_{v}", draw.letters(str(v))) for v in LIMITS)
PROHIBITION = (
    Face("C1_no_entry", _no_entry),
    Face("C2_closed_to_vehicles", _closed),
    _prohibition("C3c_no_cycles", draw.bicycle),
    _prohibition("C3e_no_goods_vehicles", draw.lorry),
    _prohibition("C3i_no_pedestrians", draw.walker),
    _prohibition("C6_maximum_height", lambda: lettering("3.2M", 0.72)),
    _prohibition("C7_maximum_mass", lambda: lettering("12T", 0.8)),
    _prohibition("C11a_no_left_turn", draw.left(draw.turn_right), 0.15, bar=True),
    _prohibition("C11b_no_right_turn", draw.turn_right, 0.15, bar=True),
    _prohibition("C12_no_u_turn", draw.u_turn, bar=True),
    Face("C13a_no_overtaking", _overtaking),
    _end("C17a_end_of_prohibitions", None),
    _end("C17b_end_of_speed_limit_50", lambda: lettering("50", 1.25)),
    _waiting("C18_no_parking", both=False),
    _waiting("C19_no_stopping", both=True),
)
MANDATORY = (
    _mandatory("D1a_ahead_only", draw.ahead),
    _mandatory("D1a_right_only", draw.turn_right),
    _mandatory("D1a_left_only", draw.left(draw.turn_right)),
    _mandatory("D2_pass_right", draw.pass_right),
    _mandatory("D3_roundabout", draw.roundabout),
    _mandatory("D4_cycle_track", draw.bicycle),
    _mandatory("D5_footpath", draw.parent_and_child),
    _mandatory("D7_minimum_speed_30", draw.letters("30")),
)
INFORMATION = (
    _panel("E12_pedestrian_crossing", _triangle, (BLACK, _small_walker)),
    _panel("E14_parking", draw.letters("P")),
    _panel("E15_bus_stop", _pane, (BLACK, lambda: draw.bus().scaled(1, 0.75, 0.75))),
    _panel("E16_tram_stop", _pane, (BLACK, lambda: draw.tram().scaled(1, 0.75, 0.75))),
    _panel("E3_one_way", draw.ahead),
    _panel("E5_motorway", draw.motorway),
    _panel("E13_hospital", draw.letters("H")),
    _panel("F1_first_aid", _pane, (RED, lambda: draw.cross().scaled(1, 0.7, 0.7))),
    _panel("F4_filling_station", _pane, (BLACK, lambda: draw.pump().scaled(1, 0.75, 0.75))),
    _panel(
        "G13_no_through_road",
        draw.dead_end,
        (RED, lambda: patch(-0.5, 0.3, 0.5, 0.62)),
    ),
    Face("E7_built_up_area", _place("NORDAU", False)),
    Face("E8_end_of_built_up_area", _place("NORDAU", True)),
)

FAMILIES: dict[str, tuple[Face, ...]] = {
    "prop.sign_warning": WARNING,
    "prop.sign_speed": SPEED,
    "prop.sign_stop": STOP,
    "prop.sign_priority": PRIORITY,
    "prop.sign_prohibition": PROHIBITION,
    "prop.sign_mandatory": MANDATORY,
    "prop.sign_information": INFORMATION,
}
"""Faces of each kind of sign: variant v shows face ``v mod len``, v // len odd adds a plate."""


def sign_code(asset_id: str, variant: int) -> str | None:
    """Return what a sign says, such as ``C14_maximum_speed_50``; None if it is no sign.

    The letter and number are those of the Vienna Convention (annex 1).
    """
    family = FAMILIES.get(asset_id)
    return None if family is None else family[variant % len(family)].code


def sign_variant(asset_id: str, code: str) -> int:
    """Return the variant of a kind of sign that shows a face; KeyError if none does."""
    codes = [face.code for face in FAMILIES[asset_id]]
    if code not in codes:
        raise KeyError(f"{asset_id} has no face {code!r}; it has {', '.join(codes)}")
    return codes.index(code)


__all__ = ["FAMILIES", "LIMITS", "Face", "Sheets", "sign_code", "sign_variant"]
