"""What of a scenario decides a factor: conditions on its parameters, and overrides of its fields.

A cell that the scenario draws now and then is asked for by a condition, which a stratum can be; one
that it never draws, by values in place of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scenegen.evaluate.gaps.conditions import Condition, overrides_for
from scenegen.pipeline.remedy.looks import Cell, looks_of
from scenegen.pipeline.remedy.origins import Origin
from scenegen.records.odd import LOW_SUN_DEG, TWILIGHT_DEG
from scenegen.report.audit.factors import FOG_M, OVERCAST_COVER, Factor, LookFactor

LEAST_SHARE = 0.002
"""A cell that a scenario draws less often isn't looked for among its draws."""


@dataclass(frozen=True)
class Way:
    """How a scenario comes to a cell.

    Attributes
    ----------
    condition : str
        On its parameters; empty if none is needed.
    override : dict
        Values in place of its own.
    """

    condition: str = ""
    override: Mapping[str, Any] = field(default_factory=dict)


Ways = dict[Cell, Way]
"""By cells of some factors together; those that can't be reached are absent."""


def ways_to(
    origin: Origin, factors: Sequence[Factor], names: Sequence[str], shares: Mapping[Cell, float]
) -> Ways:
    """Return how a scenario comes to the cells of some factors; none if nothing of it decides them.

    Parameters
    ----------
    factors : sequence of Factor
        One, or several of people's looks.
    names : sequence of str
        Of what the data set shows of its objects, the most seen first.
    shares : mapping of Cell to float
        By cell, what those people should have whom no stratum is about.
    """
    looks = [factor for factor in factors if isinstance(factor, LookFactor)]
    if looks:
        chosen = looks_of(origin, looks, names, shares)
        if chosen is None:
            return {}
        return {cell: Way(text, chosen.override) for cell, text in chosen.conditions.items()}
    (factor,) = factors
    found: Ways = {}
    for cell, way in _WAYS.get(factor.name, _none)(origin, factor):
        share = origin.share_of(way.condition) if way.condition else 0.0
        if share >= 1.0:
            found[cell,] = Way()
        elif share >= LEAST_SHARE:
            found[cell,] = Way(way.condition)
        elif way.override:
            found[cell,] = Way("", way.override)
    return found


def _none(origin: Origin, factor: Factor) -> Iterator[tuple[str, Way]]:
    """Give nothing: the factor follows from what happens in a scene."""
    return iter(())


def _light(origin: Origin, factor: Factor) -> Iterator[tuple[str, Way]]:
    """Give ways by the sun's elevation; where date and place say it, it is no value to be set."""
    if origin.raw("light.date") is not None:
        return
    sun = origin.text("light.sun_elevation", "")
    edges = (60.0, LOW_SUN_DEG, 0.0, TWILIGHT_DEG, -30.0)
    last = len(factor.cells) - 1
    for number, (cell, top, bottom) in enumerate(zip(factor.cells, edges, edges[1:], strict=False)):
        parts = [f"{sun} >= {bottom:g} deg"] if number < last else []
        parts += [f"{sun} < {top:g} deg"] if number > 0 else []
        dark = top <= 0.0
        values = {
            "light.sun_elevation": {"uniform": [f"{bottom:g} deg", f"{top:g} deg"]},
            "light.headlights": dark,
        }
        if origin.raw("light.street_lights") is not None:
            values["light.street_lights"] = dark
        yield cell, Way(" and ".join(parts) if sun else "", values)


def _lamps(origin: Origin, factor: Factor) -> Iterator[tuple[str, Way]]:
    lit = origin.text("light.street_lights", "false")
    yield "off", Way(f"not {lit}", {"light.street_lights": False})
    yield "on", Way(lit, {"light.street_lights": True})


def _weather(origin: Origin, factor: Factor) -> Iterator[tuple[str, Way]]:
    """Give ways by what falls, then visibility and clouds; fields that aren't there say nothing."""
    rain, snow = origin.text("weather.rain", ""), origin.text("weather.snow", "")
    far, clouds = origin.text("weather.visibility", ""), origin.text("weather.cloud_cover", "")
    no_snow = [f"{snow} <= 0 mm/h"] if snow else []
    dry = [*no_snow, *([f"{rain} <= 0 mm/h"] if rain else [])]
    clear = [*dry, *([f"{far} >= {FOG_M:g} m"] if far else [])]
    parts: dict[str, list[str]] = {
        "clear": [*clear, *([f"{clouds} < {OVERCAST_COVER:g}"] if clouds else [])],
        "overcast": [*clear, f"{clouds} >= {OVERCAST_COVER:g}"] if clouds else [],
        "rain": [*no_snow, f"{rain} > 0 mm/h"] if rain else [],
        "snow": [f"{snow} > 0 mm/h"] if snow else [],
        "fog": [*dry, f"{far} < {FOG_M:g} m"] if far else [],
    }
    for cell, conditions in parts.items():
        word = "cloudy" if cell == "overcast" else cell
        values = overrides_for(Condition({"weather": word}, 1.0), origin.logical, {})
        if cell == "overcast":
            values["weather.cloud_cover"] = {"uniform": [OVERCAST_COVER, 1]}
        yield cell, Way(" and ".join(conditions), values)


_WAYS: dict[str, Callable[[Origin, Factor], Iterator[tuple[str, Way]]]] = {
    "light": _light,
    "street_lamps": _lamps,
    "weather": _weather,
}
