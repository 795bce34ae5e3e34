"""The whole of an evaluation, as it is written to ``evaluation.json``."""

from __future__ import annotations

from typing import Any, Literal

from scenegen.evaluate.results import MetricResult, Section
from scenegen.records.base import Record

SCHEMA_VERSION = 1


class SetFacts(Record):
    """A set of pictures that took part.

    Attributes
    ----------
    groups : int
        Drives or scenes.
    digest : str
        sha256 over pictures, truth and class mapping.
    """

    name: str
    role: Literal["synthetic", "test", "train", "val"]
    adapter: str
    pictures: int
    groups: int
    digest: str
    classes: int
    note: str = ""


class DatasetSections(Record):
    """What was found about one synthetic set."""

    name: str
    sections: tuple[Section, ...]


class GateLine(Record):
    """One rule of the gate, held against one data set."""

    rule: str
    metric: str
    dataset: str
    value: float | None
    passed: bool


class Evaluation(Record):
    """Every number with its interval, and what it was made from.

    Attributes
    ----------
    models : dict
        Digest by the name of features or model.
    shared : tuple of Section
        What concerns all data sets: class mapping, leakage.
    seconds : dict
        Wall-clock time by step; the only part that differs between equal runs.
    """

    schema_version: int = SCHEMA_VERSION
    scenegen_version: str
    config: dict[str, Any]
    sets: tuple[SetFacts, ...]
    models: dict[str, str]
    shared: tuple[Section, ...]
    datasets: tuple[DatasetSections, ...]
    gate: tuple[GateLine, ...]
    seconds: dict[str, float]

    def results(self, dataset: str) -> dict[str, MetricResult]:
        """Return the results over everything (slice ``all``) about one data set, by name."""
        sections = [
            *(s for d in self.datasets if d.name == dataset for s in d.sections),
            *self.shared,
        ]
        return {r.name: r for s in reversed(sections) for r in s.results if r.slice == "all"}

    @property
    def passed(self) -> bool:
        """Whether every rule of the gate holds; true without rules."""
        return all(line.passed for line in self.gate)
