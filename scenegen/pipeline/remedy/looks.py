"""People's looks follow from their assets and variants, which a plan can draw by strata."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scenegen.assets import person_look
from scenegen.errors import AssetError
from scenegen.report.audit.factors import LookFactor

if TYPE_CHECKING:
    from scenegen.pipeline.remedy.origins import Origin
    from scenegen.scenario.logical import LogicalScenario

OFFERED = range(8, 48)
"""Variants that are drawn from: each skin tone of the catalogue occurs four times in them."""
MOST_OF_A_CELL = 6
"""Variants of one asset that a cell's condition names; an expression has an end."""

Cell = tuple[str, ...]


@dataclass(frozen=True)
class Looks:
    """How somebody in a scenario is given a look.

    Attributes
    ----------
    who : str
        The actor whose look is chosen.
    conditions : dict of Cell to str
        By cell, the condition on that actor's asset and variant.
    override : dict
        What makes variants parameters: that of the actor, and those of others, who follow the
        shares that are wanted, independently.
    """

    who: str
    conditions: dict[Cell, str]
    override: dict[str, Any]


def steerable(logical: LogicalScenario) -> Iterator[str]:
    """Give the actors that are one person each, whose looks the catalogue knows."""
    for name, entry in logical.actors.items():
        if name == "ego" or entry.count is not None:
            continue
        try:
            looks = [person_look(asset, 0) for asset in logical.texts(entry.asset)]
        except AssetError:
            continue  # of a pack that isn't on this machine
        if looks and None not in looks:
            yield name


def looks_of(
    origin: Origin,
    factors: Sequence[LookFactor],
    names: Sequence[str],
    shares: Mapping[Cell, float],
) -> Looks | None:
    """Return how the person of a scenario that is seen most is given a look, if there is one.

    Parameters
    ----------
    factors : sequence of LookFactor
        Whose cells are asked for together.
    names : sequence of str
        Of what the data set shows, the most seen first.
    shares : mapping of Cell to float
        By cells of all factors, what the others should have.
    """
    people = list(steerable(origin.logical))
    who = next((name for name in names if name in people), None)
    if who is None:
        return None
    cells = _cells(origin.logical, who, factors)
    named = {v for own in cells.values() for vs in own.values() for v in vs[:MOST_OF_A_CELL]}
    override: dict[str, Any] = {f"actors.{who}.variant": {"discrete": sorted(named)}}
    for name in people:
        weights = _weights(origin.logical, name, factors, shares)
        if name != who and weights:
            override[f"actors.{name}.variant"] = {"discrete": weights}
    return Looks(who, {cell: _condition(origin, who, own) for cell, own in cells.items()}, override)


def _cells(
    logical: LogicalScenario, who: str, factors: Sequence[LookFactor]
) -> dict[Cell, dict[str, tuple[int, ...]]]:
    """Return by cell and asset the variants that are in it."""
    found: dict[Cell, dict[str, tuple[int, ...]]] = {}
    for asset in sorted(logical.texts(logical.actors[who].asset)):
        for variant in OFFERED:
            look = person_look(asset, variant)
            if look is not None:
                cell = tuple(factor.cell_of(look) for factor in factors)
                own = found.setdefault(cell, {})
                own[asset] = (*own.get(asset, ()), variant)
    return found


def _condition(origin: Origin, who: str, by_asset: Mapping[str, tuple[int, ...]]) -> str:
    """Return the condition for one of some variants of some assets."""
    groups: dict[tuple[int, ...], list[str]] = {}
    for asset, variants in by_asset.items():
        groups.setdefault(variants[:MOST_OF_A_CELL], []).append(asset)
    every = origin.logical.texts(origin.logical.actors[who].asset)
    parts = []
    for variants, assets in groups.items():
        some = _among(f"actors.{who}.variant", [str(v) for v in variants])
        if len(assets) == len(every):
            return some
        named = origin.text(f"actors.{who}.asset", "")
        parts.append(f"({_among(named, [repr(a) for a in assets])} and {some})")
    return parts[0] if len(parts) == 1 else f"({' or '.join(parts)})"


def _among(name: str, values: Sequence[str]) -> str:
    told = " or ".join(f"{name} == {value}" for value in values)
    return told if len(values) == 1 else f"({told})"


def _weights(
    logical: LogicalScenario,
    who: str,
    factors: Sequence[LookFactor],
    shares: Mapping[Cell, float],
) -> dict[int, float]:
    """Return by variant how often somebody should have it for the cells to have their shares."""
    weights = dict.fromkeys(OFFERED, 0.0)
    for cell, by_asset in _cells(logical, who, factors).items():
        each = sum(map(len, by_asset.values()))
        for variants in by_asset.values():
            for variant in variants:
                weights[variant] += shares.get(cell, 0.0) / each
    least = min((weight for weight in weights.values() if weight > 0.0), default=1.0)
    return {
        variant: round(weight / least, 3) for variant, weight in weights.items() if weight > 0.0
    }
