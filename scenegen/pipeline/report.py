"""The page on a data set, with what its scenes cover of what their scenarios can draw."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from scenegen.dataset import open_dataset
from scenegen.errors import DatasetError
from scenegen.records.odd import CONDITIONS
from scenegen.report import CellsFact, CombinationFact, CoverageFact, OddFact, write_report
from scenegen.report.audit import audit_of, load_target, sightings_of
from scenegen.report.facts import SceneFact, gather
from scenegen.sample.cells import axes_of, unit_of
from scenegen.sample.coverage import CELLS, all_combinations, cells_of, evenness, histogram
from scenegen.scenario.canonical import distributions_of
from scenegen.scenario.designs import RANDOM

if TYPE_CHECKING:
    from scenegen.dataset.schema import ScenarioEntry
    from scenegen.pipeline.config import ReportConfig

STRENGTHS = (2, 3)


def report(config: ReportConfig) -> Path:
    """Write the page and return its path.

    Raises
    ------
    DatasetError
        The data set is not there, or what it says of its scenarios can't be read.
    StorageError
        The page can't be written.
    """
    dataset = open_dataset(config.dataset)
    if config.filter:
        dataset = dataset.filter(config.filter)
    facts = gather(dataset)
    scenes: dict[str, list[SceneFact]] = {}
    for scene in facts.scenes:
        scenes.setdefault(scene.scenario, []).append(scene)
    coverage = {
        entry.name: coverage_of(entry, scenes[entry.name])
        for entry in dataset.info.scenarios
        if entry.name in scenes and "parameters" in entry.logical
    }
    audit = None
    if facts.scenes:
        spec = load_target(config.target)
        seen = sightings_of([facts], spec.factors)
        audit = audit_of(seen, [dataset.path.resolve().name], spec, config.filter, facts.every)
    return write_report(dataset, config.path(), coverage, odd_of(facts.scenes), facts, audit)


def coverage_of(entry: ScenarioEntry, scenes: list[SceneFact]) -> CoverageFact:
    """Return what scenes cover of the distributions that the data set keeps."""
    try:
        parameters = distributions_of(entry.logical)
    except (KeyError, TypeError, ValueError) as error:
        raise DatasetError(
            f"dataset.json: the parameters of {entry.name!r} can't be read ({error}); was it made "
            "by another version of scenegen?"
        ) from error
    design = entry.logical.get("design", {})
    columns = {
        name: np.array([scene.parameters[name] for scene in scenes])
        for name in scenes[0].parameters
    }
    every = axes_of(parameters, CELLS)
    axes = [
        axis
        for axis in axes_of(parameters, int(design.get("levels", RANDOM.levels)))
        if not design.get("of") or axis.name in design["of"]
    ]
    found = [all_combinations(cells_of(axes, columns), axes, t) for t in STRENGTHS if axes]
    even = evenness(every, columns)
    return CoverageFact(
        combinations=tuple(
            CombinationFact(count.t, count.hit, count.possible) for count in found if count
        ),
        discrepancy=None if even is None else even.discrepancy,
        of_chance=None if even is None else even.of_chance,
        cells=tuple(
            CellsFact(counted.name, counted.labels, counted.counts)
            for counted in (histogram(axis, columns) for axis in every)
        ),
        units={axis.name: unit_of(axis.distribution) for axis in every},
    )


def odd_of(scenes: Sequence[SceneFact]) -> tuple[OddFact, ...]:
    """Return which conditions the scenes have: all of them, and those of each tag."""
    tags = sorted({tag for scene in scenes for tag in scene.odd})
    return (
        _odd("", scenes),
        *(_odd(tag, [scene for scene in scenes if tag in scene.odd]) for tag in tags),
    )


def _odd(tag: str, scenes: Sequence[SceneFact]) -> OddFact:
    counts = {name: Counter(scene.conditions[name] for scene in scenes) for name in CONDITIONS}
    told = {name: {word: counts[name][word] for word in CONDITIONS[name]} for name in CONDITIONS}
    return OddFact(tag, len(scenes), told)
