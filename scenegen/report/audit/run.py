"""Works out an audit from what was seen."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations, product
from typing import Any

import numpy as np

from scenegen import __version__
from scenegen.records.base import F64
from scenegen.report.audit.chance import (
    Resamples,
    bounds,
    dependence,
    resamples,
    share_bounds,
    shares,
    total_variation,
)
from scenegen.report.audit.factors import Factor
from scenegen.report.audit.record import (
    Association,
    Audit,
    CellCount,
    CellGap,
    FactorCount,
    JointCount,
    State,
    TargetGap,
)
from scenegen.report.audit.sightings import UNKNOWN, Sightings
from scenegen.report.audit.sums import Sums, Unit, kish, sums, weights_of
from scenegen.report.audit.target import Spec, Target
from scenegen.seeds import named_generator

_DIGITS = 6


def audit_of(
    sightings: Sightings,
    names: Sequence[str],
    spec: Spec,
    condition: str = "",
    every: int = 1,
) -> Audit:
    """Audit one data set, or several as one.

    Parameters
    ----------
    sightings : Sightings
        By the factors of `spec`.
    names : sequence of str
        Of the sets.
    spec : Spec
    condition : str
        Which frames were looked at, to be told.
    every : int
        One of how many of them.
    """
    drawn = resamples(len(sightings.scenarios))
    weights = weights_of(sightings.log_weight)
    return Audit(
        scenegen_version=__version__,
        datasets=tuple(names),
        target=spec.name,
        filter=condition,
        every=every,
        frames=sightings.frames,
        objects=len(sightings),
        tracks=sightings.tracks,
        scenes=len(sightings.scenarios),
        effective_scenes=_short(kish(weights)),
        thin_below_scenes=spec.thin,
        factors=tuple(_factor(sightings, f, drawn, spec.thin) for f in spec.factors.values()),
        joints=tuple(_joint(sightings, a, b) for a, b in combinations(spec.factors, 2)),
        associations=tuple(_association(sightings, a, b, drawn) for a, b in spec.independent),
        gaps=tuple(_gap(sightings, target, drawn) for target in spec.targets),
    )


def target_shares(sightings: Sightings, target: Target, counted: Sums) -> F64:
    """Return the share (K,) that each cell should have."""
    if target.shares is not None:
        return target.shares.reshape(-1)
    if target.rule == "nominal":
        weights = weights_of(sightings.log_weight)
        return shares(weights @ counted.by_scene)
    if target.rule == "independent":
        own = shares(counted.by_scene.sum(axis=0)).reshape(counted.shape)
        axes = range(own.ndim)
        margins = [own.sum(axis=tuple(k for k in axes if k != axis)) for axis in axes]
        together = margins[0]
        for margin in margins[1:]:
            together = np.multiply.outer(together, margin)
        return np.asarray(together.reshape(-1))
    size = counted.by_scene.shape[1]
    return np.full(size, 1.0 / size)


def _factor(sightings: Sightings, factor: Factor, drawn: Resamples, thin: int) -> FactorCount:
    unit: Unit = "scenes" if factor.level == "scene" else "tracks"
    counted = sums(sightings, (factor.name,), unit)
    total = counted.by_scene.sum(axis=0)
    share, tried = shares(total), shares(drawn.totals(counted.by_scene))
    seen = counted.by_scene.sum(axis=1) > 0
    low, high = share_bounds(tried, share, int(seen.sum()))
    variance = tried.var(axis=0)
    effective = np.divide(
        share * (1 - share), variance, out=np.zeros_like(share), where=variance > 1e-12
    )
    weights = weights_of(sightings.log_weight)
    columns = (
        *(counted.objects, counted.tracks, counted.scenes),
        *(share, low, high, shares(counted.objects.astype(np.float64))),
        *(shares(weights @ counted.by_scene), effective),
    )
    rows = zip(factor.cells, *(column.tolist() for column in columns), strict=True)
    unknown = sightings.rows_of(factor.classes) & (sightings.codes[factor.name] == UNKNOWN)
    return FactorCount(
        name=factor.name,
        title=factor.title,
        level=factor.level,
        unit=unit,
        bins=factor.bins,
        unknown=int(unknown.sum()),
        effective_scenes=_short(kish(weights[seen])),
        cells=tuple(_cell(*row, thin=thin) for row in rows),
    )


def _cell(
    cell: str, objects: int, tracks: int, scenes: int, *numbers: float, thin: int
) -> CellCount:
    state: State = "thin" if scenes < thin else "there"
    share, low, high, object_share, weighted, effective = map(_short, numbers)
    return CellCount(
        cell=cell,
        objects=objects,
        tracks=tracks,
        scenes=scenes,
        share=share,
        low=low,
        high=high,
        object_share=object_share,
        weighted_share=weighted,
        effective=effective,
        state=state if scenes else "empty",
    )


def _joint(sightings: Sightings, a: str, b: str) -> JointCount:
    counted = sums(sightings, (a, b), "tracks")
    weights = weights_of(sightings.log_weight)
    weighted = shares(weights @ counted.by_scene)

    def rows(column: Any) -> tuple[tuple[Any, ...], ...]:
        return tuple(tuple(row) for row in column.reshape(counted.shape).tolist())

    return JointCount(
        a=a,
        b=b,
        objects=rows(counted.objects),
        tracks=rows(counted.tracks),
        scenes=rows(counted.scenes),
        weighted_share=rows(np.round(weighted, _DIGITS)),
    )


def _association(sightings: Sightings, a: str, b: str, drawn: Resamples) -> Association:
    found = dependence(sightings, a, b, drawn)
    return Association(
        a=a,
        b=b,
        cramers_v=_short(found.value),
        low=_short(found.low),
        high=_short(found.high),
        chance=None if found.chance is None else _short(found.chance),
        units=_short(found.units),
        dependent=found.chance is not None and found.value > found.chance,
    )


def _gap(sightings: Sightings, target: Target, drawn: Resamples) -> TargetGap:
    counted = sums(sightings, target.of, target.unit, target.classes)
    total = counted.by_scene.sum(axis=0)
    goal = target_shares(sightings, target, counted)
    share, tried = shares(total), shares(drawn.totals(counted.by_scene))
    seen = int((counted.by_scene.sum(axis=1) > 0).sum())
    low, high = share_bounds(tried, share, seen)
    distance = total_variation(share, goal)
    least, most = bounds(total_variation(tried, goal), distance)
    names = list(product(*(sightings.factors[name].cells for name in target.of)))
    order = np.argsort(share - goal, kind="stable")
    return TargetGap(
        name=target.name,
        of=target.of,
        unit=target.unit,
        classes=target.classes,
        rule=target.rule,
        units=_short(float(total.sum())),
        distance=_short(float(distance)),
        low=_short(float(least)),
        high=_short(float(most)),
        of_chance=_short(_of_chance(seen, goal, target.of)),
        cells=tuple(
            CellGap(
                cell=names[k],
                count=_short(float(total[k])),
                share=_short(float(share[k])),
                target=_short(float(goal[k])),
                gap=_short(float(share[k] - goal[k])),
                low=_short(float(low[k] - goal[k])),
                high=_short(float(high[k] - goal[k])),
            )
            for k in order.tolist()
        ),
    )


def _of_chance(scenes: int, goal: F64, of: Sequence[str]) -> float:
    """Return the 95 % quantile of the distance of as many independent units as there are scenes.

    That many units at least are independent of each other: what several tracks of a scene tell
    beyond that isn't counted on.
    """
    if not scenes:
        return 0.0
    generator = named_generator("audit", "chance", *of)
    tried = generator.multinomial(scenes, goal / goal.sum(), size=1000) / scenes
    return float(np.quantile(total_variation(tried, goal), 0.95))


def _short(value: float) -> float:
    return round(value, _DIGITS)
