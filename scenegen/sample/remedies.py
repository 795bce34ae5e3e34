"""What to change in a scenario whose constraints reject every draw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from itertools import combinations, pairwise

import numpy as np

from scenegen.errors import Place, UnsatisfiableError
from scenegen.sample.apart import how_to_part
from scenegen.sample.candidates import draw_candidates
from scenegen.sample.designs import Part
from scenegen.sample.layout import Layout
from scenegen.sample.looked import Sceneries
from scenegen.sample.placing import Sieve, is_dear, on_crossings
from scenegen.sample.points import UniformPoints
from scenegen.sample.screen import Measure
from scenegen.sample.spatial import LaidScene
from scenegen.sample.unsure import at_best
from scenegen.sample.verdicts import Mask, Verdicts
from scenegen.scenario import Constraint, LogicalScenario
from scenegen.scenario.syntax import Call, Column, evaluate
from scenegen.scenario.values import Value
from scenegen.seeds import named_generator

TRIED = 4096
CELLS = 10
LEAST_IN_CELL = 20
FEW, SOME = 40, 300
"""Placements that are looked at where each may need another map or scenery, or crossings."""
_MORE, _LESS = (">", ">="), ("<", "<=")
_MEANINGS = {
    "no_overlap": "their bodies would overlap",
    "on_road": "it would stand beyond an end of its lane",
    "lane": "there is no such lane beside",
    "present": "the row it needs is empty",
}
"""What rules about the places of bodies, by their names, reject."""
_LOOK = "scenegen preview rejected='occluded(' shows such draws"
_WIDEN = "widen the gaps, spread the places or lengthen the road"


def unsatisfiable(
    logical: LogicalScenario, rejections: Counter[str], tried: int, part: Part | None = None
) -> UnsatisfiableError:
    """Return the error that names the constraint that rejects most, its rate, and remedies.

    Draws once more, apart from the stream of the scene, to see where the constraint holds.

    Parameters
    ----------
    rejections : Counter
        How many draws each constraint, or the overlap or the place of a body, was the first
        to reject.
    tried : int
        Candidates in all.
    part : Part, optional
        The part of the space that a design drew them from, if not all of it.
    """
    generator = named_generator(logical.digest, "remedies")
    source = UniformPoints(generator, len(logical.parameters)) if part is None else part.points
    points = source.take(TRIED)
    columns = draw_candidates(logical, points).columns
    drawn = f"draw of {tried:,}" + ("" if part is None else f" in {part.name}")
    plain = [c for c in logical.constraints if not c.spatial]
    met = {c.text: _met(c, columns, len(points)) for c in plain}
    if met and not np.logical_and.reduce(list(met.values())).any():
        return _of_values(plain, met, columns, drawn)
    found = {name: count for name, count in rejections.items() if name not in met and count}
    if not found:
        first = next((c.place for c in plain), logical.road.kind.place)
        return UnsatisfiableError(f"{first}: hardly any {drawn} meets all constraints; relax one")
    worst = max(sorted(found), key=found.__getitem__)
    rate = f"{worst!r} rejects {found[worst] / sum(found.values()):.1%} of placements"
    rate += f" ({_MEANINGS[worst.partition('(')[0]]})" if _of_bodies(worst) else ""
    hint = _of_place(logical, worst, columns, len(points), generator)
    asked = next((c for c in logical.constraints if c.text == worst), None)
    where = _where_placed(logical, worst) if asked is None else asked.place
    return UnsatisfiableError(f"{where}: no {drawn} can be placed; {rate}; {hint}")


def _of_bodies(reason: str) -> bool:
    """Say whether what rejects is a rule about where bodies are, not a constraint."""
    return reason.partition("(")[0] in _MEANINGS


def _where_placed(logical: LogicalScenario, reason: str) -> Place:
    """Return where the place is written of the body that a rule rejects, the last one it names."""
    body = reason.rpartition("(")[2].rpartition(", ")[2].removesuffix(")")
    actors = logical.actors
    step = next((name for name in actors if _steps(actors[name].place.lane, body)), None)
    names = (step, body, body.rpartition("_")[0], "ego")
    entry = next(actors[name] for name in names if name in actors)
    place = entry.place
    ways = (place.lane, place.s, place.gap) if step else (place.s, place.gap, place.lane)
    return next((value.place for value in ways if value is not None), entry.asset.place)


def _steps(lane: Value | None, step: str) -> bool:
    """Say whether a lane is so many beside another's, as ``+1``."""
    if lane is None:
        return False
    return step in (lane.raw, f"{lane.raw:+d}" if isinstance(lane.raw, int) else "")


def _of_values(
    plain: list[Constraint], met: Mapping[str, Mask], columns: Mapping[str, Column], drawn: str
) -> UnsatisfiableError:
    worst = min(plain, key=lambda c: (met[c.text].mean(), c.text))
    rate = 1.0 - float(met[worst.text].mean())
    message = f"{worst.place}: no {drawn} meets all constraints; {worst.text!r} rejects {rate:.1%}"
    if rate == 1.0:
        return UnsatisfiableError(f"{message}; {_sides(worst, columns) or _relax()}")
    clash = next(
        (
            (a.text, b.text)
            for a, b in combinations(plain, 2)
            if not (met[a.text] & met[b.text]).any()
        ),
        None,
    )
    if clash is not None:
        message += f"; {clash[0]!r} and {clash[1]!r} never hold together"
    return UnsatisfiableError(f"{message}; {_where_it_holds(met[worst.text], columns) or _relax()}")


def _relax() -> str:
    return "relax it, or narrow the ranges of its parameters to where it can hold"


def _met(constraint: Constraint, columns: Mapping[str, Column], n: int) -> Mask:
    return np.broadcast_to(evaluate(constraint.node, columns), (n,)).astype(bool)


def _of_place(
    logical: LogicalScenario,
    worst: str,
    columns: Mapping[str, Column],
    n: int,
    generator: np.random.Generator,
) -> str:
    """Return what helps against what rejects placements."""
    sieve = Sieve(logical)
    most = FEW if is_dear(logical) else SOME if on_crossings(logical) else TRIED
    rows = sieve.passing(columns, n)[:most]
    layout, verdicts = sieve.place_by_chance(columns, rows, generator)
    sceneries = Sceneries.by_chance(logical, generator)
    sieve.look(columns, rows, (layout, verdicts), sceneries, rows.size)
    some = {name: column[rows] for name, column in columns.items()}
    broken = np.zeros(len(rows), dtype=bool)
    for number, reason in enumerate(verdicts.reasons):
        if reason == worst:
            broken |= verdicts.first == number
    told = (
        verdicts.hints.get(worst) or how_to_part(layout, worst, np.flatnonzero(broken)),
        _where_it_holds(~broken, some),
    )
    hint = "; ".join(part for part in told if part)
    asked = next((c for c in logical.constraints if c.text == worst), None)
    if not hint and asked is not None:
        judged = np.flatnonzero(broken)
        here = {name: column[judged] for name, column in some.items()}
        scene = LaidScene(logical, layout.take(judged), here)
        hint = _sides(asked, here, scene.measure) or _sight(asked, scene)
    last = _never(logical, worst, verdicts, layout, some)
    return (hint or (_WIDEN if asked is None else _relax())) + last


def _never(
    logical: LogicalScenario,
    worst: str,
    verdicts: Verdicts,
    layout: Layout,
    columns: Mapping[str, Column],
) -> str:
    """Return which other constraint never holds where bodies have room, though it rejects less."""
    asked = {c.text: c for c in logical.constraints if c.spatial and c.text != worst}
    fair = [k for k, why in enumerate(verdicts.reasons) if why in asked]
    room = np.flatnonzero(verdicts.fine | np.isin(verdicts.first, fair))
    if not room.size:
        return ""
    here = {name: column[room] for name, column in columns.items()}
    scene = LaidScene(logical, layout.take(room), here)
    for text, constraint in asked.items():
        if not np.any(evaluate(at_best(constraint.node), here, scene.measure)):
            return f"; and where bodies have room, {text!r} never holds"
    return ""


def _sight(constraint: Constraint, scene: LaidScene) -> str:
    """Return what of the places lets somebody be seen who is never occluded."""
    node = constraint.node
    seen = isinstance(node, Call) and node.operation == "occluded" and scene.seen_past(node)
    return f"{seen}: move one of them, or the eye; {_LOOK}" if seen else ""


def _sides(
    constraint: Constraint, columns: Mapping[str, Column], measure: Measure | None = None
) -> str:
    """Return how far the sides of a comparison that never holds are apart, in SI units."""
    node = constraint.node
    if not isinstance(node, Call) or node.operation not in (*_MORE, *_LESS):
        return ""
    left, right = (np.asarray(evaluate(side, columns, measure)) for side in node.arguments)
    if not (np.isfinite(left).any() and np.isfinite(right).any()):
        return ""
    ends: tuple[Callable[..., float], Callable[..., float]] = (np.nanmax, np.nanmin)
    words = ("most", "least")
    if node.operation in _LESS:
        ends, words = ends[::-1], words[::-1]
    return (
        f"its left side comes to at {words[0]} {ends[0](left):.4g} and its right side to at "
        f"{words[1]} {ends[1](right):.4g} (SI units): relax it, or move the ranges of its "
        "parameters"
    )


def _where_it_holds(met: Mask, columns: Mapping[str, Column]) -> str:
    """Return the range of the parameter in which a constraint holds most often."""
    usual, best = float(met.mean()), (0.0, "")
    if not 0.0 < usual < 1.0:
        return ""
    for name, column in sorted(columns.items()):
        for label, rows in _cells(column):
            share = float(met[rows].mean())
            if share > max(best[0], usual):
                best = share, f"{name!r} is {label}"
    if not best[1]:
        return ""
    return f"it holds most often, in {best[0]:.0%} against {usual:.1%} of draws, where {best[1]}"


def _cells(column: Column) -> list[tuple[str, Mask]]:
    """Return cells of a parameter with a name (SI units), and who is in each."""
    values = np.unique(column)
    if len(values) <= CELLS:
        cells = [(_shown(value), column == value) for value in values] if len(values) > 1 else []
    else:
        edges = np.quantile(column, np.linspace(0.0, 1.0, CELLS + 1))
        cells = [(f"{a:.4g} to {b:.4g}", (column >= a) & (column <= b)) for a, b in pairwise(edges)]
    return [(label, rows) for label, rows in cells if rows.sum() >= LEAST_IN_CELL]


def _shown(value: np.generic) -> str:
    item = value.item()
    return f"{item:.4g}" if isinstance(item, float) else repr(item)
