"""The figures of an evaluation in order: one row each, the data sets side by side in it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from scenegen.evaluate.axes import Axis
from scenegen.evaluate.evaluation import Evaluation
from scenegen.evaluate.results import MetricResult
from scenegen.evaluate.strips import Span, strip_axis

Key = tuple[str, str, str, str]
"""Name, slice, reference and model of a result."""
REAL_ENDS = ("_floor", "_floor_train", "_real", "_real_train")
"""Ends of names: the same figure, of real pictures."""


@dataclass(frozen=True)
class Row:
    """One figure about several data sets.

    Attributes
    ----------
    against : str
        What else tells it apart from rows of the same name: the reference, the model.
    results : dict
        By the set that it is about, a real one for figures of real pictures.
    axis : Axis
        Shared by all rows of one figure, so that slices and real pictures compare too.
    best : str or None
        The data set that is better than every other beyond both intervals.
    floors : dict
        By data set: the same figure of real pictures, where there is one.
    real : dict
        All such figures by the real set that they are about.
    """

    name: str
    slice: str
    against: str
    results: Mapping[str, MetricResult]
    axis: Axis
    best: str | None
    floors: Mapping[str, Span]
    real: Mapping[str, MetricResult]

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
    placed = [
        (dataset.name, result)
        for dataset in evaluation.datasets
        for part in dataset.sections
        if section is None or part.name == section
        for result in part.results
    ]
    return _rows(placed)


def rows_about_all(results: Iterable[MetricResult]) -> tuple[Row, ...]:
    """Return the figures of a shared section by the data set that each names itself."""
    return _rows([(result.dataset, result) for result in results])


def overview(evaluation: Evaluation) -> tuple[Row, ...]:
    """Return the figures over all pictures; those of real pictures stand within rows."""
    rows = [row for row in rows_of(evaluation) if row.slice == "all"]
    within = {result.name for row in rows for result in row.real.values()}
    return tuple(row for row in rows if row.name not in within)


def footnotes(rows: Iterable[Row]) -> dict[str, int]:
    """Return the notes of figures that are defined, each with its number."""
    notes = (r.note for row in rows for r in row.results.values() if r.value is not None)
    return {note: i for i, note in enumerate(dict.fromkeys(filter(None, notes)), start=1)}


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


def _rows(placed: Sequence[tuple[str, MetricResult]]) -> tuple[Row, ...]:
    """Return rows of results, each given with the data set whose section it is from."""
    found: dict[Key, dict[str, MetricResult]] = {}
    for place, result in placed:
        of_sets = found.setdefault(_key(result), {})
        owner = result.dataset or place
        if not _same(of_sets.get(owner, result), result):
            owner = f"{owner}, beside {place}"
        of_sets.setdefault(owner, result)
    datasets = {place for place, _ in placed}
    names = list(dict.fromkeys(key[0] for key in found))
    rows = []
    for name in names:
        keys = [key for key in found if key[0] == name]
        kin = [key for key in found if _figure(key[0], names) == _figure(name, names)]
        spans = (span_of(result) for key in kin for result in found[key].values())
        axis = strip_axis(span for span in spans if span is not None)
        rows += [_row(key, keys, found[key], _beside(key, placed), axis, datasets) for key in keys]
    return tuple(rows)


def _figure(name: str, names: Collection[str]) -> str:
    """Return the name of the figure that one of real pictures stands beside, or its own."""
    bases = (name.removesuffix(end) for end in REAL_ENDS if name.endswith(end))
    return next((base for base in bases if base in names), name)


def _row(
    key: Key,
    keys: Sequence[Key],
    results: Mapping[str, MetricResult],
    beside: Sequence[tuple[str, MetricResult]],
    axis: Axis,
    datasets: Collection[str],
) -> Row:
    floors: dict[str, Span] = {}
    real: dict[str, MetricResult] = {}
    for place, result in beside:
        words = "real" if result.dataset in {"", *datasets} else result.dataset
        span = span_of(result)
        if span is not None:
            floors.setdefault(place, span)
        if not _same(real.get(words, result), result):
            words = f"{words}, beside {place}"
        real.setdefault(words, result)
    return Row(
        name=key[0],
        slice=key[1],
        against=_against(key, keys),
        results=results,
        axis=axis,
        best=best_of({name: r for name, r in results.items() if name in datasets}),
        floors=floors,
        real=real,
    )


def _beside(key: Key, placed: Sequence[tuple[str, MetricResult]]) -> list[tuple[str, MetricResult]]:
    """Return the same figure of real pictures, with the data set in whose section it is."""
    wanted = [(key[0] + end, key[1]) for end in REAL_ENDS]
    found = [pair for pair in placed if (pair[1].name, pair[1].slice) in wanted]
    return sorted(found, key=lambda pair: wanted.index((pair[1].name, pair[1].slice)))


def _same(one: MetricResult, other: MetricResult) -> bool:
    """Return whether two results are one: bootstraps beside other data sets draw anew."""
    return (one.value, one.n) == (other.value, other.n)


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
