"""What a reader wants to know first: is it like the real thing, and does it help?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from scenegen.evaluate.axes import Axis
from scenegen.evaluate.evaluation import Evaluation
from scenegen.evaluate.page_rows import span_of
from scenegen.evaluate.results import Flag, MetricResult, Section
from scenegen.evaluate.strips import Span, strip_axis

SEVERITIES: tuple[Literal["error", "warning", "note"], ...] = ("error", "warning", "note")
UTILITY = {"utility.semantic": "miou", "utility.boxes": "ap"}
"""The figure of each task that stands first."""
KINDS = {
    "synthetic": "alone",
    "mixture": "with {real} real",
    "real": "{real} real alone",
    "real-longer": "{real} real, trained longer",
}
"""What models are trained on that the headline compares, in words; `{real}` pictures."""


@dataclass(frozen=True)
class Line:
    """One interval of a panel.

    Attributes
    ----------
    dataset : str
        The data set whose colour it has; empty for what only real pictures give.
    """

    text: str
    dataset: str
    span: Span | None
    n: str
    note: str


@dataclass(frozen=True)
class Panel:
    """Intervals on one axis that answer one question."""

    title: str
    figure: str
    better: str
    lines: tuple[Line, ...]
    axis: Axis
    reference: Span | None
    reading: tuple[str, ...]


@dataclass(frozen=True)
class PlacedFlag:
    """A flag and the part of the evaluation that raised it; no data set if it concerns all."""

    flag: Flag
    dataset: str
    section: Section


def panels(evaluation: Evaluation) -> tuple[Panel, ...]:
    """Return the panels for which there are figures."""
    found = (_fidelity(evaluation), *(_utility(evaluation, task) for task in UTILITY))
    return tuple(panel for panel in found if panel is not None)


def placed_flags(evaluation: Evaluation) -> tuple[PlacedFlag, ...]:
    """Return all flags, the gravest first, otherwise in order."""
    every = [
        *(PlacedFlag(flag, "", part) for part in evaluation.shared for flag in part.flags),
        *(
            PlacedFlag(flag, dataset.name, part)
            for dataset in evaluation.datasets
            for part in dataset.sections
            for flag in part.flags
        ),
    ]
    return tuple(sorted(every, key=lambda placed: SEVERITIES.index(placed.flag.severity)))


def flag_counts(evaluation: Evaluation) -> dict[str, int]:
    """Return the number of flags by severity, zeros included."""
    counts = Counter(placed.flag.severity for placed in placed_flags(evaluation))
    return {severity: counts[severity] for severity in SEVERITIES}


def _fidelity(evaluation: Evaluation) -> Panel | None:
    lines: list[Line] = []
    reading: list[str] = []
    floor, train = (_first(evaluation, f"fidelity.kid_floor{end}") for end in ("", "_train"))
    for dataset in evaluation.datasets:
        result = evaluation.results(dataset.name).get("fidelity.kid")
        if result is not None:
            lines.append(_line(dataset.name, dataset.name, result))
            reading += _nearness(dataset.name, result, train)
    if not lines:
        return None
    if floor is not None:
        lines.append(_line("real, half against half", "", floor))
    if train is not None:
        lines.append(_line("real, train against test", "", train))
    reference = span_of(floor) if floor else None
    return _panel("How like the real pictures?", "fidelity.kid", lines, reference, reading)


def _nearness(name: str, result: MetricResult, train: MetricResult | None) -> list[str]:
    """Say what the intervals allow to be said of a distance beside that of real pictures."""
    mine, real = span_of(result), span_of(train) if train else None
    if mine is None or real is None or mine.low is None or mine.high is None:
        return []
    if real.low is None or real.high is None:
        return []
    if mine.low > real.high:
        times = f", {mine.value / real.value:.1f} times as far" if real.low > 0 else ""
        return [f"{name} lies further from the test pictures than real training pictures{times}."]
    if mine.high < real.low:
        return [f"{name} lies nearer to the test pictures than real training pictures."]
    return [
        f"Whether {name} lies further from the test pictures than real training pictures is "
        "open: the intervals overlap."
    ]


def _utility(evaluation: Evaluation, task: str) -> Panel | None:
    figure = UTILITY[task]
    arms: dict[tuple[int, str, str], Line] = {}
    gains: dict[tuple[int, str], MetricResult] = {}
    versus: list[str] = []
    for dataset in evaluation.datasets:
        for result in _results(evaluation, dataset.name):
            if result.name == f"{task}.versus" and result.slice.startswith("against="):
                versus += _versus(dataset.name, result)
            arm = _arm_of(result.slice)
            if arm is None:
                continue
            kind, real = arm
            if result.name == f"{task}.{figure}" and kind in KINDS:
                owner = "" if kind.startswith("real") else dataset.name
                words = KINDS[kind].format(real=f"{real:,}")
                text = f"{owner}, {words}" if owner else words
                arms.setdefault((real, kind, owner), _line(text, owner, result))
            elif result.name == f"{task}.gain" and kind in ("synthetic", "mixture"):
                gains[real, dataset.name] = result
    if not arms:
        return None
    # The fewest and the most real pictures; what lies between is in the curve below.
    counts = sorted({real for real, _, _ in arms if real})
    shown = {0, *counts[:1], *counts[-1:]}
    order = sorted(arms, key=lambda key: (key[0], list(KINDS).index(key[1])))
    title = {"utility.semantic": "Good for a segmenter?", "utility.boxes": "Good for a detector?"}
    return _panel(
        title[task],
        f"{task}.{figure}",
        [arms[key] for key in order if key[0] in shown],
        None,
        [
            said
            for real, name in sorted(gains)
            if real in shown
            for said in _gain(name, real, gains[real, name])
        ]
        + versus,
    )


def _arm_of(slice_name: str) -> tuple[str, int] | None:
    """Return what a model was trained on, ``arm=KIND,real=COUNT``; None for other slices."""
    if slice_name == "all":
        return "synthetic", 0
    words = dict(word.split("=", 1) for word in slice_name.split(",") if "=" in word)
    count = words.pop("real", "0")
    if not count.isdigit() or set(words) - {"arm"}:
        return None
    return words.get("arm", ""), int(count)


def _gain(name: str, real: int, result: MetricResult) -> list[str]:
    span, verdict = _verdict(result)
    if not verdict:
        return []
    if real:
        return [f"With {name} added to {real:,} real pictures the models {verdict}: {span}."]
    return [f"With {name} added to real pictures the models {verdict} on average: {span}."]


def _versus(name: str, result: MetricResult) -> list[str]:
    span, verdict = _verdict(result)
    other = result.slice.removeprefix("against=")
    said = f"Trained on {name} alone rather than on {other} alone the models {verdict}: {span}."
    return [said] if verdict else []


def _verdict(result: MetricResult) -> tuple[Span | None, str]:
    """Return a difference and what its interval allows to be said; nothing without one."""
    span = span_of(result)
    if span is None or span.low is None or span.high is None:
        return span, ""
    sure = "do better" if span.low > 0 else "do worse" if span.high < 0 else ""
    return span, sure or "show no sure difference"


def _panel(
    title: str, figure: str, lines: list[Line], reference: Span | None, reading: list[str]
) -> Panel:
    axis = strip_axis(line.span for line in lines if line.span is not None)
    better = {"fidelity.kid": "lower"}.get(figure, "higher")
    return Panel(title, figure, better, tuple(lines), axis, reference, tuple(reading))


def _line(text: str, dataset: str, result: MetricResult) -> Line:
    return Line(text, dataset, span_of(result), f"{result.n:,} {result.unit}", result.note)


def _results(evaluation: Evaluation, dataset: str) -> Iterator[MetricResult]:
    for found in evaluation.datasets:
        if found.name == dataset:
            for section in found.sections:
                yield from section.results
    for section in evaluation.shared:
        yield from section.results


def _first(evaluation: Evaluation, name: str) -> MetricResult | None:
    """Return the first result of a name over everything, whatever data set it stands by."""
    for dataset in evaluation.datasets:
        found = evaluation.results(dataset.name).get(name)
        if found is not None and found.value is not None:
            return found
    return None
