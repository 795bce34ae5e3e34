"""Comparisons of texts that can never be equal, since one of them is misspelt."""

from __future__ import annotations

from collections.abc import Iterator

from scenegen.errors import Place, nearest
from scenegen.scenario.dependent import Conditional
from scenegen.scenario.document import Section
from scenegen.scenario.functions import SIGNALS
from scenegen.scenario.logical import LogicalScenario
from scenegen.scenario.problems import Problems
from scenegen.scenario.resolve import possible_texts
from scenegen.scenario.source import Source
from scenegen.scenario.syntax import TEXT, Call, Constant, Node, Reference, parts, references
from scenegen.scenario.values import Value


def check_comparisons(logical: LogicalScenario, problems: Problems) -> None:
    """Note every ``==`` or ``!=`` of texts whose sides have no text in common.

    Where a parameter is written in another file than what compares it, a base or a plan has
    narrowed or replaced it on purpose, so that is left alone.
    """
    for node, place in _nodes(logical, problems.source):
        for part in parts(node):
            if isinstance(part, Call) and part.operation in ("==", "!="):
                told = _never(part, logical, place, problems.source)
                if told:
                    problems.add_at(place, told)


def _nodes(logical: LogicalScenario, source: Source) -> Iterator[tuple[Node, Place]]:
    """Yield every expression of a scenario that may compare texts, and where it is written."""
    for name, node in logical.derived.items():
        yield node, source.place(("parameters", name))
    for name, drawn in logical.parameters.items():
        if isinstance(drawn, Conditional):
            for node in drawn.conditions:
                yield node, source.place(("parameters", *name.split(".")))
    for constraint in logical.constraints:
        yield constraint.node, constraint.place
    for formula in logical.monitors.values():
        yield formula.node, formula.place
    sections = (logical.road, logical.weather, logical.light, logical.scenery, logical.duration)
    for item in (*sections, logical.sensors, logical.actors):
        for value in _values(item):
            if value.node is not None:
                yield value.node, value.place


def _values(item: object) -> Iterator[Value]:
    """Yield every field of a section, and of what is in it."""
    if isinstance(item, Value):
        yield item
    elif isinstance(item, Section):
        for name in type(item).model_fields:
            yield from _values(getattr(item, name))
    elif isinstance(item, tuple | list):
        for child in item:
            yield from _values(child)
    elif isinstance(item, dict):
        for child in item.values():
            yield from _values(child)


def _never(call: Call, logical: LogicalScenario, place: Place, source: Source) -> str:
    """Return what is wrong with a comparison whose sides are never equal, or nothing."""
    a, b = call.arguments
    if a.type is not TEXT:
        return ""
    one, other = (_texts(side, logical) for side in (a, b))
    if not one or not other or one & other or not _written_here((a, b), place, source):
        return ""
    if isinstance(a, Constant):
        a, one, other = b, other, one
    told = ", ".join(repr(text) for text in sorted(other))
    hint = nearest(sorted(other)[0], one)
    return f"{_called(a)} is never {told}{hint}"


def _texts(node: Node, logical: LogicalScenario) -> frozenset[str]:
    """Return every text that a side may come to; none if that isn't known."""
    if isinstance(node, Call) and node.operation == "signal":
        return frozenset(SIGNALS)
    if any(isinstance(part, Call) and part.operation != "where" for part in _results(node)):
        return frozenset()
    return possible_texts(node, logical.parameters, logical.derived)


def _results(node: Node) -> Iterator[Node]:
    """Yield what a text may come from: the branches of ``where``, and not its condition."""
    yield node
    if isinstance(node, Call) and node.operation == "where":
        for branch in node.arguments[1:]:
            yield from _results(branch)


def _written_here(sides: tuple[Node, ...], place: Place, source: Source) -> bool:
    """Say whether all parameters of the sides are written in the file of the comparison."""
    names = frozenset().union(*(references(side) for side in sides))
    places = (source.place(("parameters", *name.split("."))) for name in names)
    return all(where.file == place.file for where in places)


def _called(node: Node) -> str:
    if isinstance(node, Reference):
        return repr(node.name)
    if isinstance(node, Call) and node.operation == "signal":
        group = node.arguments[0]
        return f"signal({group.value})" if isinstance(group, Constant) else "signal(…)"
    return "this text"
