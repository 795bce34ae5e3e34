"""Parameters that go with what is lacking, and the half of their range that has more of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import rankdata

from scenegen.evaluate.gaps.origins import Origin
from scenegen.evaluate.images import F64
from scenegen.scenario.continuous import LogUniform
from scenegen.scenario.distributions import Categorical, Discrete, Distribution, Fixed, Proposal
from scenegen.scenario.units import ANGLE, UNITS, Dimension

LEAST_SCENES = 12
"""Of fewer scenes no parameter is judged."""
LEVEL = 0.05
MOST = 2
"""Parameters that are narrowed in one scenario."""
_PERMUTATIONS = 2000


@dataclass(frozen=True)
class Tuning:
    """A parameter whose range is narrowed.

    Attributes
    ----------
    path : str
        As an override names it.
    value : dict
        The narrower distribution as YAML, with the old one as ``nominal``.
    rho : float
        Spearman's correlation with what is lacking, over scenes.
    p_value : float
        Corrected for all parameters that were looked at.
    scenes : int
    """

    path: str
    value: dict[str, Any]
    rho: float
    p_value: float
    scenes: int


def tune(
    origin: Origin, need: Mapping[str, float], generator: np.random.Generator
) -> tuple[Tuning, ...]:
    """Find parameters with whose values what is lacking rises or falls.

    Correlations are tested by permutation of scenes against the greatest one of all
    parameters (Westfall and Young 1993), so that many parameters make no false alarm.

    Parameters
    ----------
    need : mapping
        By scene, how much of what is lacking it has.
    """
    scenes = sorted(need)
    names = [name for name in sorted(origin.draws) if _movable(origin, name, scenes)]
    if len(scenes) < LEAST_SCENES or not names:
        return ()
    values = np.array([[origin.draws[name][scene] for scene in scenes] for name in names])
    wanted = np.array([need[scene] for scene in scenes])
    x, y = np.stack([_ranks(row) for row in values]), _ranks(wanted)
    rho = x @ y
    orders = np.argsort(generator.random((_PERMUTATIONS, len(scenes))), axis=1)
    greatest = np.abs(x @ y[orders].T).max(axis=0)
    p = (1 + (greatest[:, None] >= np.abs(rho) - 1e-12).sum(axis=0)) / (1 + _PERMUTATIONS)
    chosen = [int(k) for k in np.argsort(-np.abs(rho), kind="stable")[:MOST] if p[k] < LEVEL]
    return tuple(
        Tuning(
            name if "." in name else f"parameters.{name}",
            _half(origin.logical.parameters[name], values[k], bool(rho[k] > 0)),
            float(rho[k]),
            float(p[k]),
            len(scenes),
        )
        for k, name in ((k, names[k]) for k in chosen)
    )


def _movable(origin: Origin, name: str, scenes: list[str]) -> bool:
    """Whether a parameter is a number that is drawn, and known and not the same everywhere."""
    drawn = origin.logical.parameters.get(name)
    if drawn is None or name.startswith(("light.", "weather.")):
        return False
    if isinstance(_sampling(drawn), Fixed | Categorical):
        return False
    if not isinstance(drawn.type, Dimension) or _unit(drawn.type) is None:
        return False
    draws = origin.draws[name]
    return all(s in draws for s in scenes) and len({draws[s] for s in scenes}) > 2


def _sampling(drawn: Distribution) -> Distribution:
    return drawn.sampling if isinstance(drawn, Proposal) else drawn


def _ranks(values: F64) -> F64:
    """Return ranks (n,) with mean 0 and length 1; zeros if all are equal."""
    ranks = rankdata(values) - (len(values) + 1) / 2
    length = float(np.linalg.norm(ranks))
    return np.asarray(ranks / length if length > 0 else ranks, np.float64)


def _half(drawn: Distribution, values: F64, upper: bool) -> dict[str, Any]:
    """Return the half of what scenes drew; scenes exist there, so constraints can be met."""
    sampling = _sampling(drawn)
    middle = float(np.median(values))
    nominal = written(drawn.nominal if isinstance(drawn, Proposal) else drawn)
    if isinstance(sampling, Discrete):
        kept = {
            v: round(p, 6)
            for v, p in zip(sampling.values, sampling.probabilities, strict=True)
            if (v >= middle if upper else v <= middle) and p > 0
        }
        return {"discrete": kept, "nominal": nominal}
    kind = "log_uniform" if isinstance(sampling, LogUniform) else "uniform"
    assert isinstance(sampling.type, Dimension)
    ends = (middle, float(values.max())) if upper else (float(values.min()), middle)
    unit = _unit(sampling.type)
    assert unit is not None
    low, high = _inward(ends[0] / unit[1], ends[1] / unit[1])
    return {
        kind: [quantity(end * unit[1], sampling.type) for end in (low, high)],
        "nominal": nominal,
    }


def written(drawn: Distribution) -> dict[str, Any]:
    """Return a distribution of numbers as a user would write it."""
    if isinstance(drawn, Discrete):
        pairs = zip(drawn.values, drawn.probabilities, strict=True)
        return {"discrete": {value: round(share, 6) for value, share in pairs}}
    assert isinstance(drawn.type, Dimension)
    plain = {"a", "b"}
    fields = {
        name: value if name in plain else quantity(value, drawn.type)
        for name, value in vars(drawn).items()
        if name != "dimension"
    }
    return {drawn.kind: fields}


def _unit(dimension: Dimension) -> tuple[str, float] | None:
    """Return a unit of a dimension and its size in SI; None if there is none to write."""
    if dimension == Dimension():
        return "", 1.0
    if dimension == ANGLE:
        return "deg", UNITS["deg"][0]
    return next(
        ((n, 1.0) for n, (size, d) in UNITS.items() if d == dimension and size == 1.0), None
    )


def quantity(value: float, dimension: Dimension) -> str | float:
    """Return an SI value as text with a unit."""
    unit = _unit(dimension)
    if unit is None:
        raise ValueError(f"no unit for {dimension}")
    number = float(f"{value / unit[1]:.10g}")
    return f"{number:.10g} {unit[0]}" if unit[0] else number


def _inward(low: float, high: float) -> tuple[float, float]:
    """Return ends with few digits that lie within the range, as far as it is wide enough."""
    step = 10.0 ** math.floor(math.log10(high - low) - 2)
    return math.ceil(low / step) * step, math.floor(high / step) * step
