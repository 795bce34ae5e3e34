"""From what a user writes, such as ``{uniform: [30 km/h, 50 km/h]}``, to a distribution."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Any

from scenegen.errors import nearest
from scenegen.scenario.arguments import (
    DistributionError,
    Reading,
    read_expression,
    read_quantity,
    read_weight,
    shares,
    weighted_values,
)
from scenegen.scenario.choices import Categorical, Discrete
from scenegen.scenario.composed import Mixture, Truncated
from scenegen.scenario.continuous import Normal, TruncatedNormal
from scenegen.scenario.dependent import Conditional
from scenegen.scenario.distributions import Distribution, Fixed, Proposal
from scenegen.scenario.families import SIGNATURES, check_range, read_family
from scenegen.scenario.logged import read_empirical
from scenegen.scenario.syntax import BOOLEAN, Call, Constant, Node
from scenegen.scenario.units import NUMBER, NUMBER_PATTERN, UNIT_PATTERN

MODIFIERS = ("low", "high", "nominal")
"""Keys beside the kind of a distribution."""
MAX_BRANCHES = 40
LEAST_SHARE = 1e-9
"""Of a distribution that has to be left between bounds, for its quantiles there to be exact."""

_MOVE = "move 'low' or 'high' to where it has"
_SOME_QUANTITIES = "some quantities are {mixture: [{fixed: 30 km/h}, {fixed: 50 km/h}]}"
_QUANTITY = re.compile(rf"[-+]?{NUMBER_PATTERN}\s*(?:{UNIT_PATTERN})")


def is_distribution(raw: Any) -> bool:
    """Say whether a value is meant as a distribution rather than as a number or a text."""
    return isinstance(raw, dict)


def parse_distribution(raw: dict[str, Any], reading: Reading | None = None) -> Distribution:
    """Read a distribution, with its ``nominal`` if it has one.

    Parameters
    ----------
    raw : dict
    reading : Reading, optional
        What its expressions may name, and where its files are.

    Raises
    ------
    DistributionError
    """
    reading = reading or Reading()
    kinds = [key for key in raw if key not in MODIFIERS]
    if len(kinds) != 1:
        raise DistributionError(f"a distribution has one kind and perhaps 'nominal'{_meant(raw)}")
    kind = kinds[0]
    if kind not in DISTRIBUTIONS:
        raise DistributionError(
            f"unknown distribution {kind!r}{nearest(kind, DISTRIBUTIONS)}", kind
        )
    sampling = _truncated(DISTRIBUTIONS[kind](kind, raw[kind], reading), raw)
    return _beside_nominal(sampling, raw["nominal"], reading) if "nominal" in raw else sampling


def _meant(raw: dict[str, Any]) -> str:
    """Return how to write what a mapping of several kinds, or of none, may have meant."""
    weights = [value for value in raw.values() if isinstance(value, int | float)]
    if None in raw.values():
        return "; values of one kind go in brackets: {uniform: [1 m, 3 m]}"
    if raw and len(weights) == len(raw):
        return "; to draw one of several by weight write {categorical: {a: 3, b: 1}}"
    found = [key for key in raw if key in DISTRIBUTIONS]
    if len(found) > 1:
        return f": here are {' and '.join(repr(key) for key in found)}"
    strange = next((key for key in raw if key not in (*DISTRIBUTIONS, *MODIFIERS)), "")
    if found and strange:
        return f": {strange!r} doesn't go with {found[0]!r}"
    return nearest("", DISTRIBUTIONS)


def _truncated(drawn: Distribution, raw: dict[str, Any]) -> Distribution:
    """Return what is left of a distribution between ``low`` and ``high``."""
    given = {key: read_quantity(raw[key], key) for key in ("low", "high") if key in raw}
    if not given:
        return drawn
    for key, quantity in given.items():
        if drawn.references:
            raise DistributionError(
                f"{key!r} beside {drawn.kind!r} needs a distribution without other parameters in "
                "it; write it in the branches, or as an argument of truncated_normal",
                key,
            )
        if quantity.dimension != drawn.type:
            raise DistributionError(
                f"{key!r} is {quantity.dimension} but what is drawn is {drawn.type}", key
            )
    low = given["low"].value if "low" in given else -math.inf
    high = given["high"].value if "high" in given else math.inf
    check_range(drawn.kind, low, high, next(iter(given)))
    if isinstance(drawn, Normal):
        cut = TruncatedNormal(drawn.dimension, drawn.mean, drawn.sd, low, high)
        if not cut.log_mass > -700:
            raise DistributionError(f"{drawn.kind} has no mass there; {_MOVE}", next(iter(given)))
        return cut
    truncated = Truncated(drawn, low, high)
    if not truncated.share > LEAST_SHARE:
        raise DistributionError(f"{drawn.kind} has no mass there; {_MOVE}", next(iter(given)))
    return truncated


def _beside_nominal(sampling: Distribution, raw: Any, reading: Reading) -> Distribution:
    if not isinstance(raw, dict) or "nominal" in raw:
        raise DistributionError("'nominal' is a distribution without a nominal one", "nominal")
    if any(isinstance(leaf, Proposal) for leaf in sampling.leaves):
        raise DistributionError("'nominal' stands in the branches or beside 'when'", "nominal")
    try:
        nominal = parse_distribution(raw, reading)
    except DistributionError as error:
        raise DistributionError(str(error), "nominal", *error.path) from error
    if any(isinstance(leaf, Proposal) for leaf in nominal.leaves):
        raise DistributionError("'nominal' is a distribution without a nominal one", "nominal")
    if nominal.type != sampling.type:
        raise DistributionError(
            f"'nominal' is {nominal.type} but what is drawn is {sampling.type}", "nominal"
        )
    for drawn in sampling.leaves:
        for real in nominal.leaves:
            _check_comparable(drawn, real)
    return Proposal(sampling, nominal)


def _check_comparable(drawn: Distribution, nominal: Distribution) -> None:
    """Refuse pairs without a ratio of densities, or of probabilities."""
    if nominal.has_density != drawn.has_density:
        raise DistributionError(
            "a distribution with a density needs a nominal one with a density", "nominal"
        )
    differing = set(drawn.atoms) ^ set(nominal.atoms)
    if drawn.has_density and differing:
        raise DistributionError(
            f"{min(differing):g} has a probability of its own in one of what is drawn and "
            "'nominal', and needs one in both",
            "nominal",
        )


def _fixed(kind: str, raw: Any, reading: Reading) -> Distribution:
    quantity = read_quantity(raw, kind)
    return Fixed(quantity.dimension, quantity.value)


def _discrete(kind: str, raw: Any, reading: Reading) -> Distribution:
    values, probabilities = weighted_values(kind, raw)
    numbers = []
    for index, value in enumerate(values):
        path = (kind, index if isinstance(raw, list) else value)
        try:
            quantity = read_quantity(value, *path)
        except DistributionError as error:
            hint = "; texts are drawn by 'categorical'" if isinstance(value, str) else ""
            raise DistributionError(
                f"{kind} takes whole numbers, not {value!r}{hint}", *path
            ) from error
        if quantity.dimension != NUMBER or not quantity.value.is_integer():
            raise DistributionError(
                f"{kind} takes whole numbers, not {value!r}; {_SOME_QUANTITIES}", *path
            )
        numbers.append(int(quantity.value))
    if len(set(numbers)) < len(numbers):
        raise DistributionError(f"{kind} names a value twice; give it a weight instead", kind)
    return Discrete(tuple(numbers), probabilities)


def _categorical(kind: str, raw: Any, reading: Reading) -> Distribution:
    values, probabilities = weighted_values(kind, raw)
    for index, value in enumerate(values):
        if not isinstance(value, str) or not value or len(value) > 200:
            raise DistributionError(f"{kind} takes texts, not {value!r}", kind, index)
        if _QUANTITY.fullmatch(value):
            raise DistributionError(
                f"{kind} takes texts, not quantities such as {value!r}; {_SOME_QUANTITIES}",
                *(kind, index if isinstance(raw, list) else value),
            )
    if len(set(values)) < len(values):
        raise DistributionError(f"{kind} names a value twice; give it a weight instead", kind)
    return Categorical(tuple(values), probabilities)


def _mixture(kind: str, raw: Any, reading: Reading) -> Distribution:
    if not isinstance(raw, list) or not 1 <= len(raw) <= MAX_BRANCHES:
        raise DistributionError(f"{kind} takes a list of 1 to {MAX_BRANCHES} distributions", kind)
    weights: list[float] = []
    parts: list[Distribution] = []
    for index, entry in enumerate(raw):
        if not isinstance(entry, dict) or "nominal" in entry:
            raise DistributionError(
                f"an entry of {kind} is a distribution, with a 'weight' and no 'nominal'",
                *(kind, index),
            )
        inner = {key: value for key, value in entry.items() if key != "weight"}
        part = _inside(inner, reading, kind, index)
        if isinstance(part, Conditional):
            raise DistributionError("write the mixture inside the branches", kind, index)
        if parts and part.type != parts[0].type:
            raise DistributionError(f"{kind} mixes {parts[0].type} and {part.type}", kind, index)
        weights.append(read_weight(entry.get("weight", 1.0), kind, index, "weight"))
        parts.append(part)
    probabilities = shares(kind, weights)
    chosen = [(p, part) for p, part in zip(probabilities, parts, strict=True) if p > 0]
    if all(isinstance(part, Categorical | Discrete) for _, part in chosen):
        return _merged(chosen)
    if len(chosen) == 1:
        return chosen[0][1]
    return Mixture(tuple(p for p, _ in chosen), tuple(part for _, part in chosen))


def _merged(parts: list[tuple[float, Distribution]]) -> Distribution:
    """Return a mixture of single values as one choice among all of them."""
    total: dict[Any, float] = {}
    for weight, part in parts:
        assert isinstance(part, Categorical | Discrete)
        for value, share in zip(part.values, part.probabilities, strict=True):
            total[value] = total.get(value, 0.0) + weight * share
    if isinstance(parts[0][1], Categorical):
        return Categorical(tuple(total), tuple(total.values()))
    return Discrete(tuple(total), tuple(total.values()))


def _when(kind: str, raw: Any, reading: Reading) -> Distribution:
    if not isinstance(raw, dict) or list(raw)[-1:] != ["else"] or len(raw) < 2:
        raise DistributionError(
            f"{kind} takes 'CONDITION: distribution' once or more, and 'else: distribution' last",
            kind,
        )
    if len(raw) > MAX_BRANCHES:
        raise DistributionError(f"{kind} has at most {MAX_BRANCHES} branches", kind)
    conditions: list[Node] = []
    branches: list[Distribution] = []
    for text, entry in raw.items():
        taken: Node = Constant(True, BOOLEAN)
        if text != "else":
            node = read_expression(text, reading, kind, text)
            if node.type is not BOOLEAN:
                raise DistributionError(
                    f"{text!r} is no condition such as 'rain > 2 mm/h' but {node.type}", kind, text
                )
            taken = node
        for before in conditions:
            taken = Call("and", (Call("not", (before,), BOOLEAN), taken), BOOLEAN)
        if text != "else":
            conditions.append(node)
        plain = isinstance(entry, int | float | str) and not isinstance(entry, bool)
        inner = {"fixed": entry} if plain else entry
        branch = _inside(inner, reading.where(taken), kind, text)
        if branches and branch.type != branches[0].type:
            raise DistributionError(f"{kind} draws {branches[0].type} or {branch.type}", kind, text)
        branches.append(branch)
    return Conditional(tuple(conditions), tuple(branches))


def _inside(raw: Any, reading: Reading, *path: str | int) -> Distribution:
    """Read a distribution within another one."""
    if not isinstance(raw, dict):
        raise DistributionError("needs a distribution such as {uniform: [1 m, 3 m]}", *path)
    try:
        return parse_distribution(raw, reading)
    except DistributionError as error:
        raise DistributionError(str(error), *path, *error.path) from error


DISTRIBUTIONS: dict[str, Callable[[str, Any, Reading], Distribution]] = {
    "fixed": _fixed,
    **dict.fromkeys(SIGNATURES, read_family),
    "discrete": _discrete,
    "categorical": _categorical,
    "mixture": _mixture,
    "empirical": read_empirical,
    "when": _when,
}
"""Every kind of distribution and how it is read."""
