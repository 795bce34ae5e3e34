"""The order in which parameters are worked out: each after those it needs."""

from __future__ import annotations

from collections.abc import Mapping

from scenegen.scenario.distributions import Distribution
from scenegen.scenario.syntax import Node, references


def evaluation_order(
    parameters: Mapping[str, Distribution], derived: Mapping[str, Node]
) -> tuple[str, ...]:
    """Return the names of all parameters, what is drawn by name, what is derived as it stands.

    Parameters
    ----------
    parameters : mapping of str to Distribution
    derived : mapping of str to Node
        Together without circles, which `resolve_parameters` refuses.
    """
    needs = {name: parameters[name].references for name in sorted(parameters)}
    needs |= {name: references(node) for name, node in derived.items()}
    order: list[str] = []
    done: set[str] = set()
    while len(order) < len(needs):
        ready = [name for name, needed in needs.items() if name not in done and needed <= done]
        if not ready:
            raise ValueError(f"circular: {sorted(set(needs) - done)}")
        order += ready
        done.update(ready)
    return tuple(order)
