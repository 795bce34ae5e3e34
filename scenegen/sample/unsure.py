"""Conditions that scenery has a say in, before it is known: what they come to at best, at worst.

What stands can hide somebody whom other bodies don't, and shows nobody whom they do. So `occluded`
of bodies alone is the least that it can come to, and true the most.
"""

from __future__ import annotations

from dataclasses import replace

from scenegen.scenario.syntax import BOOLEAN, Call, Constant, Node, parts

_SIGHT = "occluded"


def asks_scenery(node: Node) -> bool:
    """Say whether what a condition comes to depends on what stands in a scene."""
    return any(isinstance(part, Call) and part.operation == _SIGHT for part in parts(node))


def at_best(node: Node) -> Node:
    """Return a condition that holds wherever a condition may hold, asked of bodies alone."""
    return _bound(node, True)


def at_worst(node: Node) -> Node:
    """Return a condition that holds only where a condition does, asked of bodies alone."""
    return _bound(node, False)


def _bound(node: Node, most: bool) -> Node:
    if not asks_scenery(node):
        return node
    match node:
        case Call(operation="not", arguments=(inner,)):
            return replace(node, arguments=(_bound(inner, not most),))
        case Call(operation="and" | "or", arguments=(a, b)):
            return replace(node, arguments=(_bound(a, most), _bound(b, most)))
        case Call(operation="implies", arguments=(a, b)):
            return replace(node, arguments=(_bound(a, not most), _bound(b, most)))
        case Call(operation="occluded") if not most:
            return node
    return Constant(most, BOOLEAN)
