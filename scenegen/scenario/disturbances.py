"""The ``disturbances`` section: what differs from step to step, and how it is distributed."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from pydantic import Field
from pydantic.config import JsonDict
from scipy.special import ndtri

from scenegen.errors import Place, nearest
from scenegen.records.base import F64
from scenegen.records.disturbance import CHANNELS, PERCEIVED, WHOLE_S, Channel
from scenegen.scenario.arguments import DistributionError, read_quantity
from scenegen.scenario.document import Section
from scenegen.scenario.problems import Problems
from scenegen.scenario.source import Path
from scenegen.scenario.units import (
    ACCELERATION,
    ANGLE,
    LENGTH,
    NUMBER,
    SPEED,
    TIME,
    Dimension,
)

EVERY_S = 0.5
LEAST_EVERY_S = 0.01
MOST_VALUES = 2000
"""Of one disturbance, at most."""


@dataclass(frozen=True)
class Usual:
    """What a channel is where nobody says it: dimension, size in SI units, and memory in s."""

    dimension: Dimension
    size: float
    memory_s: float

    @property
    def key(self) -> str:
        """The key of its size."""
        return "share" if self.dimension is NUMBER else "sd"


USUAL: dict[Channel, Usual] = {
    "side_wind": Usual(SPEED, 5.0, 1.0),
    "acceleration": Usual(ACCELERATION, 0.5, 1.0),
    "steering": Usual(ANGLE, 0.005, 0.5),
    "perception_range": Usual(LENGTH, 1.0, 1.0),
    "perception_dropout": Usual(NUMBER, 0.02, 0.0),
}

_QUANTITY: JsonDict = {"type": ["number", "string"]}


class DisturbanceEntry(Section):
    """A disturbance: a stationary normal process whose value changes every so often.

    Attributes
    ----------
    channel : str
        What is disturbed: `side_wind`, `acceleration`, `steering`, `perception_range`,
        `perception_dropout`.
    on : str
        The actor whose vehicle it is; of perception always the ego.
    every : Any
        How long each value lasts; 0.5 s if not given.
    sd : Any
        Standard deviation.
    share : Any
        Share of time without perception, of `perception_dropout`.
    memory : Any
        Time over which correlation falls to 1/e; 0 s for none.
    """

    channel: str = Field(json_schema_extra={"enum": list(CHANNELS)})
    on: str = "ego"
    every: Any = Field(None, json_schema_extra=_QUANTITY)
    sd: Any = Field(None, json_schema_extra=_QUANTITY)
    share: Any = Field(None, json_schema_extra=_QUANTITY)
    memory: Any = Field(None, json_schema_extra=_QUANTITY)


@dataclass(frozen=True)
class Disturbed:
    """What one disturbance is, in SI units.

    Attributes
    ----------
    channel, on : str
    every_s, memory_s : float
    size : float
        Standard deviation, or share.
    held : tuple of float or None
        Its values, where these are given.
    """

    channel: Channel
    on: str
    every_s: float
    size: float
    memory_s: float
    held: tuple[float, ...] | None = None
    place: Place = field(default=Place(""), compare=False)

    def canonical(self) -> dict[str, Any]:
        """Return a JSON value that is equal for equal meanings."""
        return {name: value for name, value in vars(self).items() if name != "place"}

    def count(self, duration_s: float) -> int:
        """Return how many values a run has."""
        return max(math.ceil(duration_s / self.every_s - WHOLE_S), 1)

    def values(self, normal: F64) -> tuple[float, ...]:
        """Return the values (K,) that independent standard normal numbers (K,) stand for.

        A stationary autoregressive process of first order: each value is standard normal by
        itself, and the number of a step says what of it doesn't follow from the one before.
        """
        rho = math.exp(-self.every_s / self.memory_s) if self.memory_s > 0 else 0.0
        level, left, found = 0.0, math.sqrt(1.0 - rho * rho), list[float]()
        for k, z in enumerate(normal.tolist()):
            level = z if k == 0 else rho * level + left * z
            found.append(level)
        if self.channel == "perception_dropout":
            bound = -float(ndtri(self.size))
            return tuple(float(one > bound) for one in found)
        return tuple(self.size * one for one in found)

    def written(self) -> dict[str, Any]:
        """Return its entry of a file, which is read back to the last bit."""
        usual = USUAL[self.channel]
        unit = {
            SPEED: " m/s",
            ACCELERATION: " m/s^2",
            ANGLE: " rad",
            LENGTH: " m",
            NUMBER: "",
        }[usual.dimension]
        return {
            "channel": self.channel,
            "on": self.on,
            "every": f"{self.every_s!r} s",
            usual.key: f"{self.size!r}{unit}" if unit else self.size,
            "memory": f"{self.memory_s!r} s",
        }


def usual(channel: Channel) -> Disturbed:
    """Return a channel on the ego as it is where nobody says anything about it."""
    given = USUAL[channel]
    return Disturbed(channel, "ego", EVERY_S, given.size, given.memory_s)


def read_disturbances(
    entries: Mapping[str, DisturbanceEntry],
    actors: Collection[str],
    parameters: Collection[str],
    problems: Problems,
) -> Iterator[tuple[str, Disturbed]]:
    """Yield what each entry means; what is wrong goes to `problems`."""
    for name, entry in entries.items():
        if name in parameters:
            problems.add(("disturbances", name), f"{name!r} is a parameter already")
        found = _read(("disturbances", name), entry, actors, problems)
        if found is not None:
            yield name, found


def _read(
    path: Path, entry: DisturbanceEntry, actors: Collection[str], problems: Problems
) -> Disturbed | None:
    if entry.channel not in USUAL:
        hint = nearest(entry.channel, CHANNELS) or f"; there are {', '.join(CHANNELS)}"
        problems.add((*path, "channel"), f"no channel {entry.channel!r}{hint}")
        return None
    channel = entry.channel
    if entry.on not in actors:
        problems.add((*path, "on"), f"no actor {entry.on!r}{nearest(entry.on, actors)}")
    elif channel in PERCEIVED and entry.on != "ego":
        told = f"{channel} is of what the agent perceives, so it is on ego, not {entry.on}"
        problems.add((*path, "on"), told)
    given = USUAL[channel]
    wrong = "sd" if given.key == "share" else "share"
    if getattr(entry, wrong) is not None:
        problems.add((*path, wrong), f"{channel} has no {wrong!r}; it has {given.key!r}")
    numbers = {
        "every": _number(entry.every, EVERY_S, TIME, (*path, "every"), problems),
        given.key: _number(
            getattr(entry, given.key), given.size, given.dimension, (*path, given.key), problems
        ),
        "memory": _number(entry.memory, given.memory_s, TIME, (*path, "memory"), problems),
    }
    every_s, size, memory_s = numbers["every"], numbers[given.key], numbers["memory"]
    if not LEAST_EVERY_S <= every_s <= 120.0:
        problems.add((*path, "every"), f"'every' is {every_s:g} s; it is from 0.01 s to 120 s")
        return None
    if size <= 0 or (given.key == "share" and size >= 1):
        ends = "above 0 and below 1" if given.key == "share" else "above 0"
        problems.add((*path, given.key), f"{given.key!r} is {size:g}; it is {ends}")
        return None
    if memory_s < 0:
        problems.add((*path, "memory"), f"'memory' is {memory_s:g} s; it is from 0 s on")
        return None
    return Disturbed(channel, entry.on, every_s, size, memory_s, place=problems.source.place(path))


def _number(raw: Any, usual: float, wanted: Dimension, path: Path, problems: Problems) -> float:
    if raw is None:
        return usual
    try:
        quantity = read_quantity(raw)
    except DistributionError as error:
        problems.add(path, str(error))
        return usual
    if quantity.dimension != wanted:
        told = f"{path[-1]!r} is {wanted} such as {wanted.example}, not {quantity.dimension}"
        problems.add(path, told)
        return usual
    return quantity.value


def read_held_values(
    raw: Mapping[str, tuple[float, ...]], known: Mapping[str, Disturbed], problems: Problems
) -> dict[str, tuple[float, ...]]:
    """Return the values of ``held.disturbances``; what is wrong goes to `problems`."""
    found: dict[str, tuple[float, ...]] = {}
    for name, values in raw.items():
        path: Path = ("held", "disturbances", name)
        if name not in known:
            problems.add(path, f"there is no disturbance {name!r}{nearest(name, known)}")
        elif not 1 <= len(values) <= MOST_VALUES or not np.isfinite(values).all():
            problems.add(path, f"{name!r} has 1 to {MOST_VALUES:,} finite numbers, in SI units")
        else:
            found[name] = values
    return found
