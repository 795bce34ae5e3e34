"""What bodies look like and where they stand off their row: drawn apart from the parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.assets import VARIANTS
from scenegen.records.base import F64
from scenegen.sample.columns import Texts
from scenegen.scenario import LogicalScenario
from scenegen.scenario.actors import ActorEntry
from scenegen.scenario.choices import Held
from scenegen.scenario.distributions import Distribution
from scenegen.scenario.syntax import Column, Reference

Counts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Look:
    """What is drawn for one body, in each of n draws.

    Attributes
    ----------
    variant : ndarray, shape (n,), int
    asset : ndarray, shape (n,), or None
        Of further bodies of a row whose asset is drawn.
    scatter : ndarray, shape (n, 2), or None
        Shares from -1 to 1: to the side of its place, and onward of it.
    spot : ndarray, shape (n, 2), or None
        Shares from 0 to 1: where in a region a further body stands.
    """

    variant: Counts
    asset: Texts | None = None
    scatter: F64 | None = None
    spot: F64 | None = None


Looks = Mapping[tuple[str, int], Look]
"""By actor and number within its row."""
LooksOf = Callable[[Mapping[str, Column], Mapping[str, Counts]], Looks]
"""Draws looks for the columns of some draws and their numbers of bodies."""


def looks_of_many(
    logical: LogicalScenario,
    columns: Mapping[str, Column],
    counts: Mapping[str, Counts],
    generator: np.random.Generator,
    n: int,
) -> Looks:
    """Draw the looks of n draws, a column for each thing that is drawn of each body."""
    looks = {}
    for name, entry in logical.actors.items():
        for index in range(int(counts[name].max(initial=0))):
            distribution = _own_asset(logical, columns, entry, index)
            looks[name, index] = Look(
                generator.integers(VARIANTS, size=n),
                None if distribution is None else distribution.sample(generator, n),
                None if entry.scatter is None else generator.uniform(-1.0, 1.0, (n, 2)),
                generator.uniform(size=(n, 2)) if _has_spot(entry, index) else None,
            )
    return looks


def first_looks(looks: Looks, n: int) -> Looks:
    """Return the looks of the first n draws."""
    return {
        who: Look(
            look.variant[:n],
            None if look.asset is None else look.asset[:n],
            None if look.scatter is None else look.scatter[:n],
            None if look.spot is None else look.spot[:n],
        )
        for who, look in looks.items()
    }


def looks_of_scene(
    logical: LogicalScenario,
    columns: Mapping[str, Column],
    counts: Mapping[str, int],
    generator: np.random.Generator,
) -> Looks:
    """Draw the looks of one scene, one body after the other, as scenes always had them."""
    looks = {}
    for name, entry in logical.actors.items():
        bodies = list(_bodies_of_scene(logical, columns, entry, counts[name], generator))
        for index, (asset, variant) in enumerate(bodies):
            scatter = None if entry.scatter is None else generator.uniform(-1.0, 1.0, 2)[None]
            spot = generator.uniform(size=(1, 2)) if _has_spot(entry, index) else None
            looks[name, index] = Look(np.array([variant]), asset, scatter, spot)
    return looks


def _bodies_of_scene(
    logical: LogicalScenario,
    columns: Mapping[str, Column],
    entry: ActorEntry,
    count: int,
    generator: np.random.Generator,
) -> Iterator[tuple[Texts | None, int]]:
    for index in range(count):
        distribution = _own_asset(logical, columns, entry, index)
        asset = None if distribution is None else distribution.sample(generator, 1)
        yield asset, int(generator.integers(VARIANTS))


def _own_asset(
    logical: LogicalScenario, columns: Mapping[str, Column], entry: ActorEntry, index: int
) -> Distribution | None:
    """Return what a body's own asset is drawn from; each further body of a row draws anew."""
    node = entry.asset.expression
    if index > 0 and isinstance(node, Reference):
        drawn = logical.parameters.get(node.name)
        drawn = drawn.of if isinstance(drawn, Held) else drawn
        return None if drawn is None else drawn.bind(columns)
    return None


def _has_spot(entry: ActorEntry, index: int) -> bool:
    return index > 0 and entry.place.on is not None
