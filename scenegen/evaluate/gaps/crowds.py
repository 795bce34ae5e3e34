"""More of those who walk by, where no mixture of scenarios has enough of them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from scenegen.evaluate.classes import LabelSpace
from scenegen.evaluate.gaps.mixture import Mixture
from scenegen.evaluate.gaps.profile import Cell
from scenegen.evaluate.images import F64
from scenegen.scenario import LogicalScenario
from scenegen.scenario.behaviours import conditions

ENOUGH = 0.7
"""Rows are proposed if less than this share of the real number is to be expected."""
LEAST_WEIGHT = 0.02
"""And if the class bears at least this share of the error."""
MOST = 5
_SPACING = {"uniform": ["0.6 m", "2 m"]}
"""A row stays short, or it would reach into a crossing or beyond the end of the road."""


@dataclass(frozen=True)
class Shortage:
    """People that lack even after the best mixture.

    Attributes
    ----------
    name : str
        Of the judged class.
    expected, real : float
        People a picture, with the proposal and in reality.
    """

    name: str
    expected: float
    real: float

    @property
    def times(self) -> int:
        """How many should walk where one does."""
        wanted = self.real / self.expected if self.expected > 0 else math.inf
        return int(np.clip(math.ceil(min(wanted, MOST)), 2, MOST))


def shortage_of_people(
    cells: tuple[Cell, ...], mixture: Mixture, target: F64, weights: F64, space: LabelSpace
) -> Shortage | None:
    """Return how far people stay short of the real number; None if they don't by much."""
    for class_id, judged in enumerate(space.classes):
        if "person" not in judged.extent:
            continue
        things = np.array([cell.class_id == class_id and cell.size > 0 for cell in cells])
        expected, real = float(mixture.after[things].sum()), float(target[things].sum())
        if weights[things].sum() >= LEAST_WEIGHT and expected < ENOUGH * real:
            return Shortage(judged.name, expected, real)
    return None


def rows_of_people(logical: LogicalScenario, shortage: Shortage | None) -> dict[str, Any]:
    """Return overrides that make rows of the people who walk on the pavement by themselves.

    Those whom another actor or a trigger refers to stay alone: the scenario is about them.
    """
    values: dict[str, Any] = {}
    if shortage is None:
        return values
    times = shortage.times
    for name, entry in logical.actors.items():
        lane = entry.place.lane
        assets = logical.texts(entry.asset)
        on_pavement = lane is not None and all(
            text.startswith("sidewalk") for text in logical.texts(lane)
        )
        people = bool(assets) and all(text.startswith("person.") for text in assets)
        if people and on_pavement and entry.count is None and name not in _referred(logical):
            values[f"actors.{name}.count"] = {"discrete": [times - 1, times, times + 1]}
            values[f"actors.{name}.spacing"] = _SPACING
    return values


def _referred(logical: LogicalScenario) -> set[str]:
    """Return the actors that others are placed by, or wait for."""
    names = set()
    for name, entry in logical.actors.items():
        place = entry.place
        names |= {place.other, place.attached_to, place.on_top_of}
        waits = (wait.named for _, wait in conditions(entry.behaviour))
        names |= {other for named in waits for _, other in named} - {name}
    return {name for name in names if name is not None}
