"""Searches a scenario for an agent's failures, and says how often they occur."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from scenegen import __version__
from scenegen.drive import CRITERIA, named_agent
from scenegen.errors import InputError, nearest
from scenegen.pipeline.held_folder import held_folder
from scenegen.pipeline.progress import RunProgress
from scenegen.pipeline.search_config import SearchConfig
from scenegen.pipeline.searching.failures import FAILURES, write_failures
from scenegen.pipeline.searching.journal import Journal
from scenegen.pipeline.searching.modes import Mode, modes_of
from scenegen.pipeline.searching.output import PAGE, SUMMARY, Result, write_results
from scenegen.pipeline.searching.stressed import Stressed, disturbed, stressed
from scenegen.pipeline.searching.system import Driven
from scenegen.pipeline.workers import Crew
from scenegen.records.disturbance import CHANNELS
from scenegen.sample import Nominal
from scenegen.scenario import LogicalScenario, load_scenario
from scenegen.search import (
    Estimate,
    Findings,
    bayesian,
    cma_es,
    cross_entropy,
    crude,
    sobol,
    splitting,
)
from scenegen.seeds import named_generator

JOURNAL = "journal.jsonl"
RUN_COST = 50
"""Simulations that a run of splitting takes for each of its points, at a thousandth."""


@dataclass(frozen=True)
class SearchResult:
    """What a search came to.

    Attributes
    ----------
    out : Path
    result : Result
        As ``search.json`` has it.
    modes : tuple of Mode
    """

    out: Path
    result: Result
    modes: tuple[Mode, ...]

    def __str__(self) -> str:
        return f"{self.result}\n{self.out / PAGE}"


def search(config: SearchConfig, stream: TextIO = sys.stderr) -> SearchResult:
    """Look for an agent's failures, and write what was found.

    Raises
    ------
    InputError
        No such scenario, agent or criterion; nothing varies; the folder holds something else.
    UnsatisfiableError
        No nominal draw meets the constraints.
    StorageError
        The disk filled up; what was simulated stays.
    """
    logical = disturbed(load_scenario(config.scenario), config.stressing)
    _check(config, logical)
    named_agent(config.agent).close()
    nominal = Nominal.of(logical)
    stress = stressed(nominal.logical, config.stressing)
    if not nominal.names and not stress.of:
        raise InputError(
            f"{logical.name}: no parameter varies, so there is nothing to search; disturb= varies "
            f"what happens from step to step: {', '.join((*logical.disturbances, *CHANNELS))}"
        )
    ours = (JOURNAL, SUMMARY, PAGE, FAILURES)
    with (
        held_folder(config.out, "a search", ours, ours, config.resume) as folder,
        Journal(folder / JOURNAL, _head(config, nominal, stress)) as journal,
        Crew(config.workers) as crew,
        RunProgress(
            "search", max(config.budget + config.minimise - len(journal.lines), 1), stream
        ) as progress,
    ):
        system = Driven(nominal, stress, config, journal, crew, progress)
        told = _method(config)(system)
        found = list(journal.lines[: system.evaluations])
        modes = modes_of(system, found, journal.lines, config.minimise, config.modes)
        journal.sync()
        write_failures(folder, system, modes)
        result = write_results(folder, system, told, found, modes)
    return SearchResult(folder, result, tuple(modes))


def _check(config: SearchConfig, logical: LogicalScenario) -> None:
    known = (*CRITERIA, *(f"monitor.{name}" for name in logical.monitors))
    if not config.counted:
        raise InputError("criteria= is empty; it says what counts as a failure: collision")
    for name in config.counted:
        if name not in known:
            raise InputError(f"criteria: {logical.name} has no {name!r}{nearest(name, known)}")


def _head(config: SearchConfig, nominal: Nominal, stress: Stressed) -> dict[str, object]:
    """Return what a journal is of: whatever changes a line of it."""
    keys = ("agent", "method", "budget", "seed", "criteria", "decision_hz", "stop_at_collision")
    asked: dict[str, object] = {key: getattr(config, key) for key in keys}
    return asked | {
        "scenario": nominal.logical.name,
        "digest": nominal.logical.digest,
        "names": [*nominal.names, *stress.names],
        "minimise": config.minimise,
        "modes": config.modes,
        "version": __version__,
    }


def _method(config: SearchConfig) -> Callable[[Driven], Estimate | Findings]:
    """Return what is to be done with a system."""
    budget, sure = config.budget, config.confidence
    generator = named_generator("search", config.method, config.seed)
    repeats = min(10, max(2, budget // 600))
    points = max(6, budget // (repeats * RUN_COST))
    methods: dict[str, Callable[[Driven], Estimate | Findings]] = {
        "random": lambda s: crude(s, budget, generator, confidence=sure),
        "sobol": lambda s: sobol(s, budget, generator, confidence=sure),
        "cross_entropy": lambda s: cross_entropy(s, budget, generator, confidence=sure),
        "splitting": lambda s: splitting(
            s, points, generator, repeats=repeats, confidence=sure, budget=budget
        ),
        "cma_es": lambda s: cma_es(s, budget, generator),
        "bayesian": lambda s: bayesian(s, budget, generator),
    }
    return methods[config.method]
