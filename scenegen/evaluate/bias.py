"""Where a model works less well, what the synthetic set has too little of, what weights change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from scenegen.evaluate.answers import Answers, answers_of
from scenegen.evaluate.bias_figures import Slices
from scenegen.evaluate.coverage import ENOUGH, Coverage, coverage, coverage_results
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.results import Flag, MetricResult, Section, Table
from scenegen.evaluate.study import Study, Tick, silent

if TYPE_CHECKING:
    from scenegen.evaluate.utility.run import UtilityOutcome

SHOWN = 25
ABOUT = (
    "The model is the one that was trained on the synthetic pictures alone. A slice is compared "
    "with the rest of its attribute: what is worse there may be the data's fault or may be harder "
    "by itself, which the model trained on real pictures would show too. Coverage is how often "
    "something is in a synthetic picture relative to a real one. Re-balancing is training on the "
    "same synthetic pictures, drawn with weights that bring classes and light near the real "
    "training set's."
)


def bias(
    study: Study, synthetic: MappedSet, outcome: UtilityOutcome, tick: Tick = silent
) -> Section:
    """Judge the models of a utility study; see `bias_of`."""
    return bias_of(study, synthetic, answers_of(study, outcome), tick)


def bias_of(
    study: Study, synthetic: MappedSet, answers: Answers | None, tick: Tick = silent
) -> Section:
    """Say where a model trained on a synthetic set is worse, and what the set has too little of.

    Parameters
    ----------
    answers : Answers, optional
        Of the models that were trained, by `answers.answers_of` or `answers.answers_from`;
        without them there is coverage alone.
    """
    covered = coverage(study, synthetic, lambda share, note: tick(0.6 * share, note))
    results: list[MetricResult] = []
    if answers is not None:
        figures = Slices(study, synthetic, answers)
        for step, made in enumerate(
            (figures.picture_results, figures.object_results, figures.rebalancing_results)
        ):
            tick(0.6 + 0.13 * step, "gaps between slices")
            results += made()
    if covered is not None:
        results += coverage_results(covered, study, synthetic)
    return Section(
        name="bias",
        title="Bias: gaps between slices",
        results=tuple(results),
        flags=tuple(_flags(synthetic, results, covered)),
        tables=tuple(_tables(results, covered)),
        about=ABOUT,
    )


def _flags(
    synthetic: MappedSet, results: Sequence[MetricResult], covered: Coverage | None
) -> Iterator[Flag]:
    for result in results:
        surely = result.ci_low is not None and result.ci_low > 0
        if surely and result.name in ("bias.gap", "bias.recall_gap"):
            yield Flag(
                severity="warning",
                kind="gap between slices",
                message=f"{synthetic.name}: {_shown(result)}: {result.note}",
            )
        if result.name == "bias.rebalancing_gain" and result.slice == "all":
            harm = result.ci_high is not None and result.ci_high < 0
            if surely or harm:
                yield Flag(
                    severity="note",
                    kind="re-balancing",
                    message=f"{synthetic.name}: re-balancing {'helps' if surely else 'harms'}: "
                    f"{_shown(result)}: {result.note}",
                )
    if covered is not None:
        few = [name for name, ratio in covered.ratios.items() if ratio.high < ENOUGH]
        if few:
            more = f" and {len(few) - 8} more" if len(few) > 8 else ""
            yield Flag(
                severity="warning",
                kind="coverage",
                message=f"{synthetic.name} has less than {ENOUGH} times the real frequency of "
                f"{'; '.join(few[:8])}{more}",
            )


def _tables(results: Sequence[MetricResult], covered: Coverage | None) -> Iterator[Table]:
    kinds = (
        ("bias.deficit", "Slices of pictures, the worst first", "less than the rest by"),
        ("bias.recall", "Share of objects found, the least first", "share found"),
        ("bias.rebalancing_gain", "What re-balancing changes", "gain"),
    )
    for name, title, column in kinds:
        found = [r for r in results if r.name == name and r.value is not None]
        if found:
            way = -1 if name == "bias.deficit" else 1
            found.sort(key=lambda r: (way * (r.value or 0), r.slice))
            rows = tuple((r.slice, r.value, r.ci_low, r.ci_high, r.n) for r in found[:SHOWN])
            columns = ("slice", column, "low", "high", found[0].unit)
            yield Table(title=title, columns=columns, rows=rows)
    if covered is not None:
        order = sorted(covered.ratios, key=lambda name: (covered.ratios[name].value, name))
        lacking = tuple(
            (name, ratio.value, ratio.low, ratio.high, *covered.means[name])
            for name in order[:SHOWN]
            if (ratio := covered.ratios[name])
        )
        yield Table(
            title="What the synthetic set has least of, relative to the real one",
            columns=("slice", "ratio", "low", "high", "synthetic", "real"),
            rows=lacking,
            note="Means over pictures: shares of pixels for classes, objects a picture for "
            "classes by size, sizes and places, shares of pictures for the rest.",
        )


def _shown(result: MetricResult) -> str:
    return f"{result.value:.3f} ({result.ci_low:.3f} to {result.ci_high:.3f})"
