"""Kinds of failure: what failures have in common once they are as small as can be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.cluster.hierarchy import fcluster, linkage

from scenegen.pipeline.searching.journal import Line
from scenegen.pipeline.searching.system import Driven
from scenegen.records.base import F64
from scenegen.search.minimise import minimised

APART = 2.0
"""Standard deviations that two minimised failures are apart, at least, to be of two kinds."""
SEEDS = 3
"""Failures of each kind of contact that are made smaller for each mode that is asked for."""
LEAST_EACH = 12
"""Simulations for one failure below which making it smaller comes to nothing."""


@dataclass(frozen=True)
class Mode:
    """A kind of failure.

    Attributes
    ----------
    name : str
    line : Line
        The smallest failure of its kind.
    found : int
        Failures that are nearest to this one.
    off : tuple of str
        The parameters that are off their median and the disturbances, the farthest first.
    """

    name: str
    line: Line
    found: int
    off: tuple[str, ...]

    @property
    def norm(self) -> float:
        """How far from nominal it is, in standard deviations."""
        return float(np.linalg.norm(self.line.point))


def modes_of(
    system: Driven, found: Sequence[Line], lines: list[Line], budget: int, most: int
) -> list[Mode]:
    """Make failures smaller and sort them into kinds, the likeliest first.

    Parameters
    ----------
    found : sequence of Line
        What a method has simulated.
    lines : list of Line
        Of the journal, which grows by what is simulated here.
    budget : int
        Simulations for all of them.
    most : int
        Modes.
    """
    failures = [line for line in found if line.failed]
    if not failures:
        return []
    seeds = _seeds(failures, SEEDS * most, budget)
    smallest: list[Line] = []
    left = budget
    for k, seed in enumerate(seeds):
        each = left // (len(seeds) - k)
        small = minimised(system, np.array(seed.point), seed.scene, each)
        left -= min(small.spent, each)
        smallest.append(_line_of(lines, small.point, seed))
    groups = _grouped(smallest)
    chosen = sorted((min(group, key=_norm) for group in groups), key=_norm)[:most]
    counts = _nearest(failures, chosen)
    return [
        Mode(f"failure_{k + 1}", line, count, _off(system, line))
        for k, (line, count) in enumerate(zip(chosen, counts, strict=True))
    ]


def _norm(line: Line) -> tuple[float, int]:
    return float(np.linalg.norm(line.point)), line.number


def _seeds(failures: Sequence[Line], most: int, budget: int) -> list[Line]:
    """Return failures of each kind of contact in turns, near to nominal and far from others."""
    by_kind: dict[tuple[str, str], list[Line]] = {}
    for line in sorted(failures, key=_norm):
        by_kind.setdefault(line.outcome.kind, []).append(line)
    most = max(min(most, budget // LEAST_EACH), 1)
    chosen: list[Line] = []
    queues = [_spread(group, most) for group in by_kind.values()]
    while len(chosen) < most and any(queues):
        for queue in queues:
            if queue and len(chosen) < most:
                chosen.append(queue.pop(0))
    return chosen


def _spread(group: list[Line], most: int) -> list[Line]:
    """Return the likeliest failure, then those the farthest from all before."""
    points = np.array([line.point for line in group])
    chosen = [0]
    away = np.linalg.norm(points - points[0], axis=1)
    while len(chosen) < min(most, len(group)) and away.max() > 0:
        # Far from the others, but not far out: by how likely they are, too.
        chosen.append(int(np.argmax(away - 0.5 * np.linalg.norm(points, axis=1))))
        if len(set(chosen)) < len(chosen):
            chosen.pop()
            break
        away = np.minimum(away, np.linalg.norm(points - points[chosen[-1]], axis=1))
    return [group[k] for k in chosen]


def _line_of(lines: list[Line], point: F64, seed: Line) -> Line:
    """Return the line of the journal that a point of a scene has."""
    wanted = tuple(point.tolist())
    found = (line for line in reversed(lines) if line.point == wanted and line.scene == seed.scene)
    return next(found, seed)


def _grouped(lines: list[Line]) -> list[list[Line]]:
    """Return minimised failures by kind of contact and, within it, by where they are."""
    groups: list[list[Line]] = []
    for kind in dict.fromkeys(line.outcome.kind for line in lines):
        own = [line for line in lines if line.outcome.kind == kind]
        labels = np.ones(len(own))
        if len(own) > 1:
            tree = linkage(np.array([line.point for line in own]), "average")
            labels = fcluster(tree, APART, "distance")
        groups += [
            [line for line, label in zip(own, labels, strict=True) if label == which]
            for which in np.unique(labels)
        ]
    return groups


def _nearest(failures: Sequence[Line], chosen: Sequence[Line]) -> list[int]:
    """Return how many failures are nearest to each chosen one, of their own kind where there is."""
    counts = [0] * len(chosen)
    for line in failures:
        away = [
            (one.outcome.kind != line.outcome.kind, float(np.linalg.norm(_difference(one, line))))
            for one in chosen
        ]
        counts[min(range(len(chosen)), key=lambda k: away[k])] += 1
    return counts


def _difference(one: Line, other: Line) -> F64:
    """Return how far two failures are apart where the smaller one isn't nominal."""
    a, b = np.array(one.point), np.array(other.point)
    return np.where(a != 0, a - b, 0.0)


def _off(system: Driven, line: Line) -> tuple[str, ...]:
    """Return parameters, and disturbances as a whole, by their coordinate that is most off."""
    order = np.argsort(-np.abs(line.point), kind="stable")
    names = (*system.nominal.names, *system.stress.owners)
    return tuple(dict.fromkeys(names[k] for k in order if line.point[k] != 0))
