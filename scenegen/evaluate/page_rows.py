"""The figures of an evaluation in order: one row each, the data sets side by side in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from scenegen.evaluate.axes import Axis
from scenegen.evaluate.evaluation import Evaluation
from scenegen.evaluate.results import MetricResult
from scenegen.evaluate.strips import Span, strip_axis

Key = tuple[str, str, str, str]
"""Name, slice, reference and model of a result."""
Found = Mapping[Key, Mapping[str, MetricResult]]


@dataclass(frozen=True)
class Row:
    """One figure about several data sets.

    Attributes
    ----------
    against : str
        What else tells it apart from rows of the same name: the reference, the model.
    results : dict
        By data set; those that have the figure.
    axis : Axis
        Shared by all rows of one figure, so that slices compare too.
    best : str or None
        The data set that is better than every other beyond both intervals.
    floors : dict
        By data set: the same figure between real pictures, where there is one.
    """

    name: str
    slice: str
    against: str
    results: Mapping[str, MetricResult]
    axis: Axis
    best: str | None
    floors: Mapping[str, Span]

    @property
    def better(self) -> str:
        """Which way is good."""
        return next(iter(self.results.values())).better


def span_of(result: MetricResult) -> Span | None:
    """Return a result as it is drawn, or None if it is not defined."""
    if result.value is None:
        return None
    return Span(result.value, result.ci_low, result.ci_high)


def rows_of(evaluation: Evaluation, section: str | None = None) -> tuple[Row, ...]:
    """Return the figures about single data sets, by order of appearance.

    Parameters
    ----------
    section : str, optional
        Name of the one section that is looked at.
    """
    found: dict[Key, dict[str, MetricResult]] = {}
    for dataset in evaluation.datasets:
        for part in dataset.sections:
            if section is None or part.name == section:
                for result in part.results:
                    found.setdefault(_key(result), {})[dataset.name] = result
    return _rows(found)


def rows_about_all(results: Iterable[MetricResult]) -> tuple[Row, ...]:
    """Return the figures of a shared section by the data set that each names itself."""
    found: dict[Key, dict[str, MetricResult]] = {}
    for result in results:
        found.setdefault(_key(result), {})[result.dataset] = result
    return _rows(found)


def best_of(results: Mapping[str, MetricResult]) -> str | None:
    """Return the data set that is better than all others, or None.

    Better means that the intervals do not overlap: what is left to chance is not marked.
    """
    if len(results) < 2 or any(r.better == "neither" for r in results.values()):
        return None
    for name, result in results.items():
        others = [other for key, other in results.items() if key != name]
        if all(_beats(result, other) for other in others):
            return name
    return None


def _rows(found: Found) -> tuple[Row, ...]:
    rows = []
    for name in dict.fromkeys(key[0] for key in found):
        keys = [key for key in found if key[0] == name]
        floors = {key: _floors(key, found) for key in keys}
        spans = [span_of(result) for key in keys for result in found[key].values()]
        spans += [span for of_sets in floors.values() for span in of_sets.values()]
        axis = strip_axis(span for span in spans if span is not None)
        rows += [
            Row(
                name=name,
                slice=key[1],
                against=_against(key, keys),
                results=found[key],
                axis=axis,
                best=best_of(found[key]),
                floors=floors[key],
            )
            for key in keys
        ]
    return tuple(rows)


def _floors(key: Key, found: Found) -> dict[str, Span]:
    """Return what ``NAME_floor`` of the same slice says, by data set."""
    return {
        dataset: span
        for other, results in found.items()
        if other[:2] == (f"{key[0]}_floor", key[1])
        for dataset, result in results.items()
        if (span := span_of(result)) is not None
    }


def _beats(one: MetricResult, other: MetricResult) -> bool:
    if one.ci_low is None or one.ci_high is None or other.ci_low is None or other.ci_high is None:
        return False
    if one.better == "lower":
        return one.ci_high < other.ci_low
    return one.ci_low > other.ci_high


def _key(result: MetricResult) -> Key:
    return (result.name, result.slice, result.reference, result.model)


def _against(key: Key, keys: Sequence[Key]) -> str:
    """Return reference and model as far as they differ among rows of the same slice."""
    rivals = [other for other in keys if other[1] == key[1]]
    words = []
    if key[2] and len({other[2] for other in rivals}) > 1:
        words.append(f"against {key[2]}")
    if key[3] and len({other[3] for other in rivals}) > 1:
        words.append(f"by {key[3]}")
    return ", ".join(words)
