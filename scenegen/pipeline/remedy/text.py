"""A remedy as the YAML of a plan, with a comment on each entry that says why."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from scenegen.evaluate.gaps.plan_text import flow
from scenegen.scenario import parse_plan

if TYPE_CHECKING:
    from scenegen.pipeline.remedy.looks import Cell
    from scenegen.pipeline.remedy.propose import Entry, Order, Remedy

_WIDTH = 96
_LONG_NAME = 80


def plan_text(
    remedy: Remedy,
    entries: Sequence[Entry],
    cells: Mapping[Cell, tuple[float, float]],
    unit: str,
    order: Order,
) -> str:
    """Return the YAML of a plan; made sure that it reads back as one.

    Parameters
    ----------
    cells : mapping of Cell to (float, float)
        The share that is there, and that there should be.
    unit : str
        Tracks, objects or scenes.
    order : Order
    """
    where = "in place of the set" if order.anew else "beside the set"
    head = (
        f"{remedy.scenes} scenes {where} by which {remedy.target} nears its target: of all {unit} "
        f"{remedy.before:.0%} are in other cells than there, then about {remedy.expected:.0%}."
    )
    if not order.anew:
        head += f" Until nothing lacks that can be asked for, it takes {remedy.needed} scenes."
    lines = [*_comment(head)]
    if remedy.out_of_reach:
        told = "; ".join(", ".join(cell) for cell in remedy.out_of_reach)
        lines += _comment(f"Out of reach of these scenarios: {told}.")
    lines += [f"plan: even_{remedy.name}", "generate:"]
    taken: dict[str, int] = {}
    for entry in entries:
        number = taken[entry.origin.name] = taken.get(entry.origin.name, 0) + 1
        name = f"{entry.origin.name[: _LONG_NAME - len(remedy.name)]}_{remedy.name}_{number}"
        own = {cell: cells[cell] for cell in entry.strata}
        lines += [f"  {line}" for line in _entry(entry, name, own, order.folder)]
    text = "\n".join(lines) + "\n"
    parse_plan(text, f"{remedy.name}.yaml", order.folder)
    return text


def _entry(
    entry: Entry, name: str, cells: Mapping[Cell, tuple[float, float]], folder: Path
) -> Iterator[str]:
    told = "; ".join(
        f"{', '.join(cell)} {share:.1%} of {goal:.1%}" for cell, (share, goal) in cells.items()
    )
    yield from _comment(f"{entry.each} of each: {told}.")
    yield f"- scenario: {flow(entry.origin.reference_from(folder))}"
    yield f"  name: {re.sub(r'[^A-Za-z0-9_]', '_', name)}"
    yield f"  num_scenes: {entry.num_scenes}"
    values: dict[str, Any] = {**entry.origin.override, **entry.override}
    strata = [condition for condition in entry.strata.values() if condition]
    if not values and not strata:
        return
    yield "  override:"
    for path, value in values.items():
        if path != "design" or not strata:
            yield f"    {path}: {flow(value)}"
    if strata:
        yield "    design:"
        yield "      kind: stratified"
        yield "      strata:"
        for condition in strata:
            yield f"        - {flow(condition)}"


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(text, _WIDTH)]
