"""Disturbances as further coordinates of a search (adaptive stress testing)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scenegen.errors import InputError, nearest
from scenegen.records.base import F64
from scenegen.records.disturbance import CHANNELS
from scenegen.scenario import LogicalScenario
from scenegen.scenario.disturbances import MOST_VALUES, USUAL, Disturbed, usual
from scenegen.scenario.syntax import Constant

Steps = dict[str, tuple[float, ...]]
"""Values of disturbances by name, in SI units."""


@dataclass(frozen=True)
class Stressed:
    """Which disturbances are searched, and how many values each has.

    A point has a coordinate for each value: what of it doesn't follow from the value before, in
    standard deviations. So points at 0 are undisturbed, or what they were disturbed by fades.

    Attributes
    ----------
    of : dict of str to Disturbed
        In the order of the coordinates.
    counts : tuple of int
    """

    of: Mapping[str, Disturbed]
    counts: tuple[int, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the coordinates, such as ``gust[3]``."""
        return tuple(
            f"{name}[{k}]"
            for name, count in zip(self.of, self.counts, strict=True)
            for k in range(count)
        )

    @property
    def owners(self) -> tuple[str, ...]:
        """Which disturbance each coordinate is of."""
        return tuple(
            name for name, count in zip(self.of, self.counts, strict=True) for _ in range(count)
        )

    def steps(self, point: F64) -> Steps:
        """Return the values that a point (K,) stands for."""
        parts = np.split(point, np.cumsum(self.counts)[:-1]) if self.counts else []
        return {
            name: one.values(part) for (name, one), part in zip(self.of.items(), parts, strict=True)
        }

    def written(self, name: str, values: Sequence[float]) -> str:
        """Return what a disturbance comes to, in words."""
        one = self.of[name]
        if one.channel == "perception_dropout":
            return f"{sum(values) * one.every_s:g} s in all"
        most = max(range(len(values)), key=lambda k: abs(values[k]))
        unit = USUAL[one.channel].dimension.symbol
        return f"{values[most]:.3g} {unit} at {most * one.every_s:g} s"


def disturbed(logical: LogicalScenario, asked: Sequence[str]) -> LogicalScenario:
    """Return a scenario that has the disturbances that are asked for.

    Parameters
    ----------
    asked : sequence of str
        Disturbances of the scenario, or channels, which are then on the ego as is usual.

    Raises
    ------
    InputError
        There is no such disturbance or channel.
    """
    known = {**logical.disturbances}
    for name in asked:
        if name not in known and name not in CHANNELS:
            options = (*logical.disturbances, *CHANNELS)
            hint = nearest(name, options) or f"; there are {', '.join(options)}"
            raise InputError(f"disturb: {logical.name} has no {name!r}{hint}")
        if name not in known:
            if name in logical.parameters or name in logical.derived:
                raise InputError(
                    f"disturb: {logical.name} has a parameter {name!r}; declare the disturbance "
                    "under another name"
                )
            known[name] = usual(name)  # type: ignore[arg-type]
    return logical if known == logical.disturbances else replace(logical, disturbances=known)


def stressed(logical: LogicalScenario, asked: Sequence[str]) -> Stressed:
    """Return the coordinates of disturbances that `disturbed` has put into a scenario.

    Raises
    ------
    InputError
        The duration varies, or there are too many values.
    """
    if not asked:
        return Stressed({}, ())
    node = logical.duration.expression
    if not isinstance(node, Constant):
        raise InputError(
            f"{logical.name}: its duration varies, so disturb= has no fixed number of values; "
            "give it a duration such as 8 s"
        )
    hz = logical.rates.camera_hz
    duration_s = round(float(node.value) * hz) / hz
    of = {name: logical.disturbances[name] for name in dict.fromkeys(asked)}
    counts = tuple(one.count(duration_s) for one in of.values())
    if sum(counts) > MOST_VALUES:
        raise InputError(
            f"disturb= comes to {sum(counts):,} values; a longer 'every' makes it "
            f"{MOST_VALUES:,} at most"
        )
    return Stressed(of, counts)
