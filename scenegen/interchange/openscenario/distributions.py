"""Distributions of OpenSCENARIO, each as parameters of the scenario language."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import scipy

from scenegen.interchange.parameters import Value, choice, mixture, quantity, steps
from scenegen.roads.opendrive.element import Element

LogNormal = Literal["logarithm", "value"]
"""Of which the mean and variance of a log-normal distribution are."""

_TAIL = 1e-12
"""Probability that a Poisson distribution is cut off at."""
_STEP_SLACK = 1e-9


@dataclass(frozen=True)
class Drawn:
    """A distribution and what it is of.

    Attributes
    ----------
    own : str
        Name of the parameter in our language.
    unit : str
    element : Element
    values : callable
        Returns texts in the parameter's type.
    """

    own: str
    unit: str
    element: Element
    values: Callable[[list[str]], list[Value]]
    log_normal: LogNormal


def _set(drawn: Drawn) -> dict[str, str]:
    entries = drawn.element.all("Element")
    texts = [entry.text("value") for entry in entries]
    weights = [entry.at_least("weight", 0.0, 1.0) for entry in entries]
    if not any(weights):
        raise drawn.element.error("no element has a weight above 0")
    total: dict[Value, float] = {}
    for value, weight in zip(drawn.values(texts), weights, strict=True):
        total[value] = total.get(value, 0.0) + weight
    return choice(drawn.own, list(total.items()), drawn.unit)


def _steps(drawn: Drawn) -> dict[str, str]:
    low, high = _range(drawn.element.need("Range"))
    step = drawn.element.number("stepWidth")
    if not step > 0:
        raise drawn.element.error(f"stepWidth is above 0, not {step:g}")
    count = math.floor((high - low) / step + _STEP_SLACK) + 1
    return steps(drawn.own, low, step, count, drawn.unit)


def _uniform(drawn: Drawn) -> dict[str, str]:
    low, high = _range(drawn.element.need("Range"))
    if low == high:
        return {drawn.own: quantity(low, drawn.unit)}
    return {drawn.own: f"{{uniform: [{_quantities(drawn, low, high)}]}}"}


def _normal(drawn: Drawn) -> dict[str, str]:
    mean, sd = drawn.element.number("expectedValue"), math.sqrt(_variance(drawn.element))
    unit = drawn.unit
    text = f"normal: {{mean: {quantity(mean, unit)}, sd: {quantity(sd, unit)}}}"
    return {drawn.own: f"{{{text}{_limits(drawn.element, lambda x: quantity(x, unit))}}}"}


def _log_normal(drawn: Drawn) -> dict[str, str]:
    mean, variance = drawn.element.number("expectedValue"), _variance(drawn.element)
    if drawn.log_normal == "value":
        if mean <= 0:
            raise drawn.element.error(f"the mean of log-normal values is above 0, not {mean:g}")
        variance = math.log1p(variance / mean**2)
        mean = math.log(mean) - variance / 2
    text = f"normal: {{mean: {quantity(mean, '')}, sd: {quantity(math.sqrt(variance), '')}}}"
    log = f"{drawn.own}_log"
    found = drawn.element.child("Range")
    limits = "" if found is None else _log_limits(found)
    formula = f"exp({log}) * {quantity(1.0, drawn.unit)}"
    return {log: f"{{{text}{limits}}}", drawn.own: f'"{formula}"'}


def _poisson(drawn: Drawn) -> dict[str, str]:
    mean = drawn.element.number("expectedValue")
    if not mean > 0:
        raise drawn.element.error(f"the mean of a Poisson distribution is above 0, not {mean:g}")
    law = scipy.stats.poisson(mean)
    low, high = int(law.ppf(_TAIL)), int(law.isf(_TAIL)) + 1
    found = drawn.element.child("Range")
    if found is not None:
        least, most = _range(found)
        low, high = max(low, math.ceil(least)), min(high, math.floor(most))
        if low > high:
            raise found.error("no whole number of any probability lies in this range")
    weights = [(float(k), float(law.pmf(k))) for k in range(low, high + 1)]
    return choice(drawn.own, weights, drawn.unit)


def _histogram(drawn: Drawn) -> dict[str, str]:
    parts = []
    for cell in drawn.element.all("Bin"):
        low, high = _range(cell.need("Range"))
        if low == high:
            raise cell.error("a bin is wider than nothing")
        within = f"uniform: [{_quantities(drawn, low, high)}]"
        parts.append((within, cell.at_least("weight", 0.0)))
    return {drawn.own: mixture(parts)}


def _quantities(drawn: Drawn, *values: float) -> str:
    return ", ".join(quantity(value, drawn.unit) for value in values)


def _variance(element: Element) -> float:
    variance = element.number("variance")
    if not variance > 0:
        raise element.error(f"variance is above 0, not {variance:g}")
    return variance


def _range(element: Element) -> tuple[float, float]:
    low, high = element.number("lowerLimit"), element.number("upperLimit")
    if low > high:
        raise element.error(f"lowerLimit {low:g} is above upperLimit {high:g}; exchange them")
    return low, high


def _limits(element: Element, text: Callable[[float], str]) -> str:
    """Return ``low`` and ``high`` beside a distribution, of a range if there is one."""
    found = element.child("Range")
    if found is None:
        return ""
    low, high = _range(found)
    return f", low: {text(low)}, high: {text(high)}"


def _log_limits(found: Element) -> str:
    """Return the limits of a logarithm; what is not above 0 limits nothing."""
    low, high = _range(found)
    if high <= 0:
        raise found.error("log-normal values are above 0")
    lower = f", low: {quantity(math.log(low), '')}" if low > 0 else ""
    return f"{lower}, high: {quantity(math.log(high), '')}"


KINDS: Mapping[str, Callable[[Drawn], dict[str, str]]] = {
    "DistributionSet": _set,
    "ProbabilityDistributionSet": _set,
    "DistributionRange": _steps,
    "UniformDistribution": _uniform,
    "NormalDistribution": _normal,
    "LogNormalDistribution": _log_normal,
    "PoissonDistribution": _poisson,
    "Histogram": _histogram,
}
"""By the name of the element."""
