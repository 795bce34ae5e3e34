"""Distributions from the canonical form that data sets keep of their scenarios."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from scenegen.scenario.choices import Categorical, Discrete, Resampled
from scenegen.scenario.composed import Mixture, Truncated
from scenegen.scenario.continuous import FAMILIES
from scenegen.scenario.dependent import Conditional, Dependent
from scenegen.scenario.distributions import Distribution, Fixed, Proposal
from scenegen.scenario.empirical import Empirical
from scenegen.scenario.syntax import BOOLEAN, TEXT, Call, Constant, Node, Reference, Type
from scenegen.scenario.units import NUMBER, Dimension

KINDS: dict[str, type[Distribution]] = {
    **FAMILIES,
    "fixed": Fixed,
    "discrete": Discrete,
    "resampled": Resampled,
    "categorical": Categorical,
    "empirical": Empirical,
    "mixture": Mixture,
    "truncated": Truncated,
    "proposal": Proposal,
    "dependent": Dependent,
    "when": Conditional,
}
_INNER = frozenset({"base", "sampling", "nominal"})
_MANY = frozenset({"components", "branches"})
_ENDS = frozenset({"low", "high"})


def distributions_of(canonical: Mapping[str, Any]) -> dict[str, Distribution]:
    """Return the distribution of every parameter of `LogicalScenario.canonical`.

    Raises
    ------
    KeyError, TypeError, ValueError
        It is no such form, or one of another version.
    """
    return {name: _distribution(data) for name, data in canonical["parameters"].items()}


def _distribution(data: Mapping[str, Any]) -> Distribution:
    fields = {name: _field(name, value) for name, value in data.items() if name != "kind"}
    return KINDS[data["kind"]](**fields)


def _field(name: str, value: Any) -> Any:  # noqa: PLR0911 - one for each form
    if name == "dimension":
        return Dimension(*(Fraction(power) for power in value))
    if name in _INNER:
        return _distribution(value)
    if name in _MANY:
        return tuple(_distribution(part) for part in value)
    if name == "arguments":
        return tuple((argument, _node(node)) for argument, node in value)
    if name == "conditions":
        return tuple(_node(node) for node in value)
    if name in _ENDS:
        return float(value)  # which may be 'inf'
    return tuple(value) if isinstance(value, list) else value


def _node(data: Any) -> Node:
    """Return an expression; its types are those of what it computes, not of what it means."""
    if isinstance(data, dict):
        return Reference(data["parameter"], NUMBER)
    if isinstance(data, list):
        return Call(data[0], tuple(_node(argument) for argument in data[1:]), NUMBER)
    kind: Type = NUMBER
    if isinstance(data, bool):
        kind = BOOLEAN
    elif isinstance(data, str):
        kind = TEXT
    return Constant(data, kind)
