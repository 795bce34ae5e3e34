"""Pass or fail: rules such as ``kid<=0.05`` held against an evaluation's numbers."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from scenegen.errors import InputError, nearest
from scenegen.evaluate.evaluation import GateLine
from scenegen.evaluate.results import MetricResult, Section

_COMPARE: dict[str, Callable[[float, float], bool]] = {
    "<=": operator.le,
    ">=": operator.ge,
    "<": operator.lt,
    ">": operator.gt,
}
_RULE = re.compile(r"\s*([A-Za-z][\w.]*?)(\.low|\.high)?(\[[^\]]*\])?\s*(<=|>=|<|>)\s*(\S+)\s*")


@dataclass(frozen=True)
class Rule:
    """A bound on one figure.

    Attributes
    ----------
    metric : str
        Name of a result, or its last words if these are unique: ``kid``, ``utility.gain``.
    end : str
        ``value``, or ``low`` or ``high``: an end of the interval.
    slice : str
        ``all`` or as results have it.
    """

    text: str
    metric: str
    end: str
    slice: str
    compare: str
    bound: float

    def holds(self, value: float) -> bool:
        """Return whether a value keeps the bound."""
        return _COMPARE[self.compare](value, self.bound)


def parse_rule(text: str) -> Rule:
    """Read ``METRIC[.low|.high][[SLICE]] <=|>=|<|> NUMBER``.

    Raises
    ------
    InputError
        The text is no such rule.
    """
    found = _RULE.fullmatch(text)
    try:
        if not found:
            raise ValueError
        metric, end, part, compare, bound = found.groups()
        return Rule(
            text.strip(),
            metric,
            (end or ".value")[1:],
            part[1:-1] if part else "all",
            compare,
            float(bound),
        )
    except ValueError:
        raise InputError(
            f"gate rule {text!r}: write METRIC<=NUMBER, as gate.kid<=0.05 or "
            "gate.kid.high<=0.08 for the upper end of the interval"
        ) from None


def check_gate(
    rules: Sequence[Rule], datasets: Iterable[tuple[str, Sequence[Section]]]
) -> tuple[GateLine, ...]:
    """Hold every rule against every data set.

    A figure that is not defined (None) does not pass: a gate must not open for want of
    data.

    Raises
    ------
    InputError
        A rule names no figure of the evaluation, or several.
    """
    return tuple(
        _line(rule, name, [r for section in sections for r in section.results])
        for name, sections in datasets
        for rule in rules
    )


def _line(rule: Rule, dataset: str, results: list[MetricResult]) -> GateLine:
    result = _pick(rule, dataset, results)
    value = {"value": result.value, "low": result.ci_low, "high": result.ci_high}[rule.end]
    return GateLine(
        rule=rule.text,
        metric=result.name,
        dataset=dataset,
        value=value,
        passed=value is not None and rule.holds(value),
    )


def _pick(rule: Rule, dataset: str, results: list[MetricResult]) -> MetricResult:
    inside = [r for r in results if r.slice == rule.slice]
    inside = [r for r in inside if r.dataset == dataset] or inside
    exact = [r for r in inside if r.name == rule.metric]
    found = exact or [r for r in inside if r.name.endswith(f".{rule.metric}")]
    names = sorted({r.name for r in found})
    if len(names) == 1:
        return found[0]
    if names:
        raise InputError(f"gate rule {rule.text!r} could mean {' or '.join(names)}")
    known = sorted({r.name for r in inside})
    if not known:
        slices = {r.slice for r in results}
        raise InputError(
            f"gate rule {rule.text!r}: no slice {rule.slice!r}" + nearest(rule.slice, slices)
        )
    tails = {name.rsplit(".", 1)[-1] for name in known} | set(known)
    raise InputError(
        f"gate rule {rule.text!r}: no figure {rule.metric!r}" + nearest(rule.metric, tails)
    )
