"""The figures and tables of a gap analysis."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from scenegen.evaluate.classes import LabelSpace
from scenegen.evaluate.gaps.budget import Budget, Part
from scenegen.evaluate.gaps.cells import SIZE_CELLS
from scenegen.evaluate.gaps.lacks import Lack
from scenegen.evaluate.gaps.proposal import Proposal
from scenegen.evaluate.results import MetricResult, Table
from scenegen.evaluate.statistics import DRAWS, Interval

Better = Literal["lower", "higher", "neither"]
METHOD = f"block bootstrap, {DRAWS} draws"
_PER_AXIS = 6
_ROWS = 16


def budget_results(
    budget: Budget, space: LabelSpace, pictures: int, names: tuple[str, str, str]
) -> Iterable[MetricResult]:
    """Return the figures of a budget; `names` are those of data set, reference and model."""
    yield _result("gaps.error", budget.error, pictures, "images", "lower", names)
    for part in budget.parts:
        yield _result(
            "gaps.share", part.share, part.pictures, "images", "neither", names, part.slice
        )
        if part.rate is not None:
            yield _result(
                "gaps.error_rate", part.rate, part.pictures, "images", "lower", names, part.slice
            )
    for thing in budget.things:
        where = f"class={space.names[thing.class_id]},size={SIZE_CELLS[thing.size]}"
        yield _result("gaps.share", thing.share, thing.count, "objects", "neither", names, where)
        yield _result("gaps.lost", thing.lost, thing.count, "objects", "lower", names, where)


def lack_results(
    lacks: tuple[Lack, ...], pictures: int, names: tuple[str, str]
) -> Iterable[MetricResult]:
    """Return the ratios of synthetic to real frequencies."""
    for lack in lacks:
        if lack.ratio is not None:
            ours, theirs = f"{lack.synthetic:.3g}", f"{lack.real:.3g}"
            yield _result(
                "gaps.ratio", lack.ratio, pictures, "images", "neither", (*names, ""), lack.slice,
                f"{ours} a synthetic picture, {theirs} a real one",
            )  # fmt: skip
        else:
            yield MetricResult(
                name="gaps.ratio", value=None, n=pictures, dataset=names[0], reference=names[1],
                slice=lack.slice, note="the real set has none",
            )  # fmt: skip


def misfit_results(
    before: Interval, after: Interval, pictures: int, names: tuple[str, str]
) -> Iterable[MetricResult]:
    """Return how far the content is from the real one, now and as planned."""
    note = "relative distance of class pixels and things by size, weighted by share of error"
    yield _result("gaps.misfit", before, pictures, "images", "lower", (*names, ""), note=note)
    note += "; expected, from the scenarios' present pictures"
    yield _result(
        "gaps.misfit_planned", after, pictures, "images", "lower", (*names, ""), note=note
    )


def _result(
    name: str,
    interval: Interval,
    n: int,
    unit: str,
    better: Better,
    names: tuple[str, str, str],
    where: str = "all",
    note: str = "",
) -> MetricResult:
    return MetricResult(
        name=name,
        value=interval.value,
        ci_low=interval.low,
        ci_high=interval.high,
        n=n,
        unit=unit,
        better=better,
        method=METHOD,
        dataset=names[0],
        reference=names[1],
        model=names[2],
        slice=where,
        note=note,
    )


def budget_table(budget: Budget) -> Table:
    """Return where the error is: of each way to sort it the greatest shares."""
    axes = dict.fromkeys(part.axis for part in budget.parts)
    greatest = [p for axis in axes for p in [p for p in budget.parts if p.axis == axis][:_PER_AXIS]]
    return Table(
        title="Where the error is",
        columns=("slice", "share of the error", "share of the pixels", "wrong pixels", "images"),
        rows=tuple(_budget_row(part) for part in greatest),
        note=(
            f"The error is what mean IoU lacks to 1 ({shown(budget.error)}). Shares of one kind "
            "of slice sum to 1; a share beyond that of the pixels is worth looking into."
        ),
    )


def _budget_row(part: Part) -> tuple[str | float | int | None, ...]:
    rate = shown(part.rate) if part.rate is not None else None
    return (part.slice, shown(part.share), f"{part.pixels:.3f}", rate, part.pictures)


def things_table(budget: Budget, lacks: tuple[Lack, ...], space: LabelSpace) -> Table:
    """Return the things that the model loses, beside how often they are in either set."""
    by_slice = {lack.slice: lack for lack in lacks}
    rows = []
    for thing in budget.things[:_ROWS]:
        name = f"class={space.names[thing.class_id]},size={SIZE_CELLS[thing.size]}"
        lack = by_slice.get(name)
        ratio = shown(lack.ratio) if lack is not None and lack.ratio is not None else None
        rows.append((name, thing.count, shown(thing.lost), shown(thing.share), ratio))
    return Table(
        title="Things by class and apparent size",
        columns=("slice", "things", "lost", "share of the error", "synthetic / real"),
        rows=tuple(rows),
        note=(
            "A thing is a connected region of one class; lost, if less than half of its pixels "
            "are found. Apparent size stands for distance: small is below 6 % of the picture's "
            "height, large from 18 %."
        ),
    )


def pairs_table(budget: Budget, space: LabelSpace) -> Table:
    """Return what is mistaken for what."""
    rows = [
        (space.names[true], space.names[said], f"{share:.3f}")
        for true, said, share in budget.pairs[: _ROWS // 2]
    ]
    return Table(
        title="What is mistaken for what",
        columns=("is", "taken for", "share of the error"),
        rows=tuple(rows),
    )


def lacks_table(lacks: tuple[Lack, ...]) -> Table:
    """Return what the set surely has less or more of, the greatest difference first."""
    sure = [lack for lack in lacks if lack.lacking or lack.excessive]

    def apart(lack: Lack) -> float:
        return min(lack.synthetic, lack.real) / max(lack.synthetic, lack.real)

    rows = [
        (
            lack.slice,
            f"{lack.synthetic:.3g}",
            f"{lack.real:.3g}",
            shown(lack.ratio) if lack.ratio is not None else None,
        )
        for lack in sorted(sure, key=apart)[: 2 * _ROWS]
    ]
    return Table(
        title="What the set has less or more of",
        columns=("slice", "synthetic", "real", "ratio"),
        rows=tuple(rows),
        note=(
            "A picture on average: classes as shares of pixels, things as numbers, attributes as "
            "shares of pictures. Only where the interval of the ratio leaves out 1."
        ),
    )


def proposal_table(proposal: Proposal) -> Table:
    """Return what to generate next."""
    rows = tuple(
        (
            entry.name,
            entry.scenario,
            entry.num_scenes,
            ", ".join(path for path in entry.override) or "none",
        )
        for entry in proposal.entries
    )
    return Table(
        title="What to generate next",
        columns=("variant", "of", "scenes", "overrides"),
        rows=rows,
        note="The plan itself: scenegen generate plan=proposals/DATASET.yaml out=…",
    )


def shown(interval: Interval) -> str:
    """Return a number with its interval as text."""
    return f"{interval.value:.3f} [{interval.low:.3f}, {interval.high:.3f}]"
