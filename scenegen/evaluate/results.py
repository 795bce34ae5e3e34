"""What an evaluation says: numbers with intervals, warnings, tables, curves and pictures."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scenegen.records.base import Record


class MetricResult(Record):
    """One number.

    Attributes
    ----------
    name : str
        Dotted, as ``fidelity.kid`` or ``utility.semantic.miou``; what a gate names.
    value : float or None
        None where it is not defined (a class that is nowhere), with the reason in `note`.
    ci_low, ci_high : float or None
        95 % interval; None only where `value` is.
    n : int
        What was counted: `unit`.
    unit : str
        As ``images``, ``objects``, ``pairs``.
    better : str
        Which way is good: ``lower``, ``higher`` or ``neither``.
    method : str
        How the interval was made, as ``block bootstrap, 200 draws``.
    dataset, reference : str
        Names of the sets it is about; digests are in `Evaluation.sets`.
    model : str
        Name of the features or the model behind it; digests are in `Evaluation.models`.
    slice : str
        ``all``, or as ``class=car`` or ``time_of_day=night``.
    """

    name: str
    value: float | None
    ci_low: float | None = None
    ci_high: float | None = None
    n: int
    unit: str = "images"
    better: Literal["lower", "higher", "neither"] = "neither"
    method: str = ""
    dataset: str = ""
    reference: str = ""
    model: str = ""
    slice: str = "all"
    note: str = ""


class Flag(Record):
    """Something a reader must not overlook."""

    severity: Literal["error", "warning", "note"]
    kind: str
    message: str


class Table(Record):
    """A table as a reader sees it."""

    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str | float | int | None, ...], ...]
    note: str = ""


class Curve(Record):
    """A line with a band: y over x, with intervals."""

    label: str
    x: tuple[float, ...]
    y: tuple[float, ...]
    low: tuple[float, ...]
    high: tuple[float, ...]


class Plot(Record):
    """Curves on one pair of axes."""

    title: str
    x_label: str
    y_label: str
    curves: tuple[Curve, ...]
    note: str = ""


class Picture(Record):
    """A picture file of the evaluation's own folder.

    Attributes
    ----------
    path : str
        Relative to the evaluation's folder.
    """

    path: str
    caption: str


class Grid(Record):
    """Pictures side by side, as "worst" or "nearest real neighbours"."""

    title: str
    columns: int
    pictures: tuple[Picture, ...]
    note: str = ""


class Section(Record):
    """One part of an evaluation, made by one step."""

    name: str
    title: str
    results: tuple[MetricResult, ...] = ()
    flags: tuple[Flag, ...] = ()
    tables: tuple[Table, ...] = ()
    plots: tuple[Plot, ...] = ()
    grids: tuple[Grid, ...] = ()
    about: str = Field("", description="a sentence or two on what the part can and can't say")
