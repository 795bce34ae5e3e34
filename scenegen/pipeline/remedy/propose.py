"""Plans by which a set nears its targets: strata of scenes for the cells that lack."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from scenegen.pipeline.remedy.allot import allot, scenes_needed
from scenegen.pipeline.remedy.handles import ways_to
from scenegen.pipeline.remedy.looks import Cell
from scenegen.pipeline.remedy.origins import Origin, varied
from scenegen.pipeline.remedy.text import plan_text
from scenegen.records.base import F64
from scenegen.report.audit.chance import total_variation
from scenegen.report.audit.factors import Factor, LookFactor
from scenegen.report.audit.run import target_shares
from scenegen.report.audit.sightings import UNKNOWN, Sightings
from scenegen.report.audit.sums import sums
from scenegen.report.audit.target import Target


@dataclass(frozen=True)
class Entry:
    """Scenes of one scenario: as many of each stratum.

    Attributes
    ----------
    strata : dict of Cell to str
        By cell, the condition for it; empty where the overrides alone make it.
    each : int
        Scenes of each cell.
    """

    origin: Origin
    override: dict[str, Any]
    strata: dict[Cell, str]
    each: int

    @property
    def num_scenes(self) -> int:
        """Of all strata."""
        return self.each * len(self.strata)


@dataclass(frozen=True)
class Remedy:
    """What to generate for one target.

    Attributes
    ----------
    name : str
        As the file of the plan is called.
    text : str
        The plan; empty if there is nothing to propose.
    scenes, needed : int
        That are proposed, and that it would take until no reachable cell lacks anything.
    before, expected : float
        Distance to the target of the set, and of the set with the proposed scenes.
    out_of_reach : tuple of Cell
        Cells that lack something and that no scenario of the set can be asked for.
    """

    target: str
    name: str
    scenes: int
    needed: int
    before: float
    expected: float
    out_of_reach: tuple[Cell, ...]
    text: str = ""


@dataclass(frozen=True)
class Order:
    """What is asked for.

    Attributes
    ----------
    scenes : int
        To propose for each target.
    anew : bool
        Whether they come in place of the set rather than beside it.
    folder : Path
        Where plans will lie, for paths in them.
    """

    scenes: int
    anew: bool
    folder: Path


def remedies(
    sightings: Sightings, targets: Sequence[Target], origins: Mapping[str, Origin], order: Order
) -> tuple[Remedy, ...]:
    """Return a plan for each target of shares that scenes can be asked to have.

    Parameters
    ----------
    origins : mapping of str to Origin
        The scenarios of the set.
    """
    asked = [target for target in targets if target.rule != "independent"]
    names = _names(asked)
    return tuple(
        _remedy(sightings, target, name, origins, order)
        for target, name in zip(asked, names, strict=True)
    )


def _names(targets: Sequence[Target]) -> list[str]:
    """Return a name for each target's plan: factors and classes, numbered where they are alike."""
    names: list[str] = []
    for target in targets:
        name = re.sub(r"\W", "_", "_x_".join(target.of) + "".join(f"_{c}" for c in target.classes))
        same = sum(other.startswith(name) for other in names)
        names.append(f"{name}_{same + 1}" if name in names else name)
    return names


def _remedy(
    sightings: Sightings, target: Target, name: str, origins: Mapping[str, Origin], order: Order
) -> Remedy:
    counted = sums(sightings, target.of, target.unit, target.classes)
    total = counted.by_scene.sum(axis=0)
    goal = target_shares(sightings, target, counted)
    cells: list[Cell] = list(product(*(sightings.factors[n].cells for n in target.of)))
    before = float(total_variation(total / max(total.sum(), 1e-12), goal))
    ways = {n: _joint_ways(sightings, o, target, goal) for n, o in origins.items()}
    possible = np.array([any(cell in own for own in ways.values()) for cell in cells])
    each = total.sum() / max(1, int((counted.by_scene.sum(axis=1) > 0).sum()))
    shows = _shown(sightings, target, goal, float(each)) * possible[:, None]
    counts = np.zeros_like(total) if order.anew else total
    added = allot(counts, goal, shows, order.scenes)
    expected = counts + added @ shows
    remedy = Remedy(
        target.name,
        name,
        scenes=int(added.sum()),
        needed=scenes_needed(counts, goal, float(each), possible),
        before=before,
        expected=float(total_variation(expected / max(expected.sum(), 1e-12), goal)),
        out_of_reach=tuple(
            cell
            for cell, share, count, able in zip(cells, goal, total, possible, strict=True)
            if not able and share * total.sum() > count
        ),
    )
    if not added.any() or remedy.expected >= before:
        return remedy
    present = {n: sightings.scenarios.count(n) for n in origins}
    entries = _entries(cells, added, ways, origins, present)
    share = total / max(total.sum(), 1e-12)
    told = {cell: (float(share[k]), float(goal[k])) for k, cell in enumerate(cells)}
    return replace(remedy, text=plan_text(remedy, entries, told, target.unit, order))


def _shown(sightings: Sightings, target: Target, goal: F64, each: float) -> F64:
    """Return the units of each cell (columns) that a scene shows which is made for one (rows).

    Of people's looks it is one person's that a scene is made for; others in it have looks by the
    target's shares, whatever the scene's light is.
    """
    looks = [k for k, n in enumerate(target.of) if isinstance(sightings.factors[n], LookFactor)]
    own = np.eye(goal.size)
    if not looks or each <= 1.0:
        return own * each
    shape = [len(sightings.factors[name].cells) for name in target.of]
    rest = [k for k in range(len(shape)) if k not in looks]
    margin = goal.reshape(shape).sum(axis=tuple(rest), keepdims=True)
    others = np.zeros((goal.size, goal.size))
    for row, cell in enumerate(np.ndindex(*shape)):
        there = np.zeros(shape)
        there[tuple(slice(None) if k in looks else cell[k] for k in range(len(shape)))] = 1.0
        others[row] = (there * margin).reshape(-1)
    return np.asarray(own + (each - 1.0) * others)


def _joint_ways(
    sightings: Sightings, origin: Origin, target: Target, goal: F64
) -> dict[Cell, tuple[str, dict[str, Any]]]:
    """Return by cell of all factors together the condition and the overrides for it."""
    shape = [len(sightings.factors[name].cells) for name in target.of]
    factors = [sightings.factors[name] for name in target.of]
    looks = [k for k, factor in enumerate(factors) if isinstance(factor, LookFactor)]
    axes = [[k] for k in range(len(shape)) if k not in looks] + ([looks] if looks else [])
    choices = []
    for axis in axes:
        own = [factors[k] for k in axis]
        margin = goal.reshape(shape).sum(axis=tuple(k for k in range(len(shape)) if k not in axis))
        cells = product(*(factor.cells for factor in own))
        wished = dict(zip(cells, margin.reshape(-1).tolist(), strict=True))
        choices.append(ways_to(origin, own, _seen(sightings, origin, own[0]), wished))
    order = [k for axis in axes for k in axis]
    found, drawn = dict[Cell, tuple[str, dict[str, Any]]](), dict[str, Origin]()
    for parts in product(*(choice.items() for choice in choices)):
        override: dict[str, Any] = {}
        for _, way in parts:
            override |= way.override
        condition = " and ".join(way.condition for _, way in parts if way.condition)
        key = repr(sorted(override.items()))
        if key not in drawn:
            drawn[key] = varied(origin, override)
        if not condition or drawn[key].share_of(condition) > 0.0:
            words = [word for cell, _ in parts for word in cell]
            found[tuple(words[order.index(k)] for k in range(len(shape)))] = (condition, override)
    return found


def _seen(sightings: Sightings, origin: Origin, factor: Factor) -> list[str]:
    """Return the names of a scenario's objects that have a factor, by their tracks."""
    mine = np.array([name == origin.name for name in sightings.scenarios])
    rows = mine[sightings.scene] & (sightings.codes[factor.name] != UNKNOWN)
    tracks = np.unique(sightings.track[rows]).tolist()
    counts: dict[str, int] = {}
    for track in tracks:
        counts[sightings.names[track]] = counts.get(sightings.names[track], 0) + 1
    return sorted(counts, key=lambda name: (-counts[name], name))


def _entries(
    cells: Sequence[Cell],
    added: np.ndarray[Any, np.dtype[np.int64]],
    ways: Mapping[str, Mapping[Cell, tuple[str, dict[str, Any]]]],
    origins: Mapping[str, Origin],
    present: Mapping[str, int],
) -> list[Entry]:
    """Share cells' scenes among scenarios, and gather those of equal overrides and number.

    Each scene goes to the scenario that is furthest behind its share in the set, of those that
    come to the cell.
    """
    gathered: dict[tuple[str, str, int], dict[Cell, str]] = {}
    overrides: dict[str, dict[str, Any]] = {}
    given = dict.fromkeys(origins, 0)
    for cell, total in zip(cells, added.tolist(), strict=True):
        able = [name for name in origins if cell in ways[name]]
        split = dict.fromkeys(able, 0)
        for _ in range(total if able else 0):
            behind = min(able, key=lambda name: (given[name] + 1) / max(1, present[name]))
            split[behind] += 1
            given[behind] += 1
        for name, scenes in split.items():
            if scenes:
                condition, override = ways[name][cell]
                key = repr(sorted(override.items()))
                overrides[key] = override
                gathered.setdefault((name, key, scenes), {})[cell] = condition
    entries = []
    for (name, key, scenes), strata in gathered.items():
        entries.append(Entry(origins[name], overrides[key], strata, scenes))
    return sorted(entries, key=lambda e: (e.origin.name, -e.num_scenes, sorted(e.strata)))
