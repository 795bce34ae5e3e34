"""The factors of an audit: what each tells objects apart by, and its cells."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np

from scenegen.records import Light, Weather
from scenegen.records.levels import (
    LARGELY_OCCLUDED,
    PARTLY_OCCLUDED,
    TRUNCATIONS,
    WHOLLY_OCCLUDED,
)
from scenegen.records.looks import COLORS, SHADE_EDGES, SHADES, SKIN_TONES, PersonLook, shade_of
from scenegen.records.odd import CONDITIONS, conditions
from scenegen.records.taxonomy import CLASSES
from scenegen.report.facts import ObjectFact

Level = Literal["scene", "track", "object"]
"""What a factor is the same for: a whole scene, an object all the time, or a frame's object."""

OVERCAST_COVER = 0.75
FOG_M = 1000.0
PEOPLE = ("person", "rider")
THINGS = tuple(entry.name for entry in CLASSES if entry.things)


@dataclass(frozen=True)
class Factor:
    """Something that a data set may have too little of.

    Attributes
    ----------
    name, title : str
        In targets, and for people.
    cells : tuple of str
    bins : str
        What the cells are, in words.
    classes : tuple of str
        Whose objects have it; empty for all.
    """

    name: str
    title: str
    level: Level
    cells: tuple[str, ...]
    bins: str
    classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class SceneFactor(Factor):
    """A factor that follows from a scene's weather and light."""

    cell_of: Callable[[Weather, Light], str] = lambda *_: ""


@dataclass(frozen=True)
class LookFactor(Factor):
    """A factor that follows from what a person looks like."""

    cell_of: Callable[[PersonLook], str] = lambda _: ""


@dataclass(frozen=True)
class NumberFactor(Factor):
    """A factor that is a number cut into ranges.

    Attributes
    ----------
    edges : tuple of float
        Inner ones, ascending; a number on one belongs to the range above it.
    """

    edges: tuple[float, ...] = ()
    number_of: Callable[[ObjectFact], float] = lambda _: 0.0

    def cut(self, numbers: Sequence[float]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
        """Return which cell (N,) each number falls into."""
        return np.searchsorted(np.array(self.edges), np.array(numbers), side="right")


@dataclass(frozen=True)
class _Quantity:
    """How ranges of a number are cut and written."""

    title: str
    edges: tuple[float, ...]
    number_of: Callable[[ObjectFact], float]
    scale: float
    unit: str
    what: str


QUANTITIES: dict[str, _Quantity] = {
    "size": _Quantity(
        "Size", (25, 50, 100, 200), lambda o: o.height_px, 1.0, "px", "height of the visible box"
    ),
    "distance": _Quantity(
        "Distance", (10, 20, 40, 80), lambda o: o.distance_m, 1.0, "m", "from the camera"
    ),
    "occlusion": _Quantity(
        "Occlusion",
        (PARTLY_OCCLUDED, LARGELY_OCCLUDED, WHOLLY_OCCLUDED),
        lambda o: o.occlusion,
        100.0,
        "%",
        "hidden share, KITTI's levels",
    ),
    "truncation": _Quantity(
        "Truncation",
        TRUNCATIONS,
        lambda o: o.truncation,
        100.0,
        "%",
        "share outside of the picture, KITTI's levels",
    ),
}
"""Factors whose edges a target may set."""


def _weather_word(weather: Weather, _: Light) -> str:
    if weather.snow_mmph > 0.0:
        return "snow"
    if weather.rain_mmph > 0.0:
        return "rain"
    if weather.visibility_m < FOG_M:
        return "fog"
    return "overcast" if weather.cloud_cover >= OVERCAST_COVER else "clear"


def factors(edges: Mapping[str, Sequence[float]] | None = None) -> dict[str, Factor]:
    """Return all factors by name.

    Parameters
    ----------
    edges : mapping of str to sequence of float
        Inner edges of some of `QUANTITIES` in place of the usual ones; px, m or shares.
    """
    chosen = edges or {}
    found: list[Factor] = [
        Factor("class", "Class", "track", THINGS, "the classes that have things"),
        *(_numeric(name, chosen.get(name, q.edges), q) for name, q in QUANTITIES.items()),
        SceneFactor(
            "light",
            "Light",
            "scene",
            CONDITIONS["illumination"],
            "sun over 10°, 0 to 10°, 0 to -6° (civil twilight), below",
            cell_of=lambda weather, light: conditions(weather, light)["illumination"],
        ),
        SceneFactor(
            "street_lamps",
            "Street lamps",
            "scene",
            ("off", "on"),
            "whether they burn",
            cell_of=lambda _, light: "on" if light.street_lights else "off",
        ),
        SceneFactor(
            "weather",
            "Weather",
            "scene",
            ("clear", "overcast", "rain", "snow", "fog"),
            "what falls; else fog under 1 km of visibility; else overcast from 75 % of clouds",
            cell_of=_weather_word,
        ),
        SceneFactor(
            "road_surface",
            "Road surface",
            "scene",
            CONDITIONS["road surface"],
            "ice, trodden snow, wetness from 0.3 on",
            cell_of=lambda weather, light: conditions(weather, light)["road surface"],
        ),
        LookFactor(
            "skin_tone",
            "Skin tone",
            "track",
            SKIN_TONES,
            "individual typology angle over 55°, 41°, 28°, 10°, -30°, below",
            PEOPLE,
            cell_of=lambda look: look.skin_tone,
        ),
        LookFactor(
            "clothing",
            "Clothing",
            "track",
            SHADES,
            f"CIE L* of the clothes below {SHADE_EDGES[0]:g}, to {SHADE_EDGES[1]:g}, above",
            PEOPLE,
            cell_of=lambda look: shade_of(look.clothing_lightness),
        ),
        LookFactor(
            "clothing_color",
            "Colour of the top",
            "track",
            COLORS,
            "basic colour terms",
            PEOPLE,
            cell_of=lambda look: look.top.color,
        ),
    ]
    return {factor.name: factor for factor in found}


def _numeric(name: str, edges: Sequence[float], quantity: _Quantity) -> NumberFactor:
    shown = [f"{edge * quantity.scale:g}" for edge in edges]
    inner = [f"{a} to {b} {quantity.unit}" for a, b in pairwise(shown)]
    cells = (f"under {shown[0]} {quantity.unit}", *inner, f"over {shown[-1]} {quantity.unit}")
    return NumberFactor(
        name,
        quantity.title,
        "object",
        cells,
        quantity.what,
        edges=tuple(float(edge) for edge in edges),
        number_of=quantity.number_of,
    )
