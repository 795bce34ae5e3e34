"""What a search writes: ``search.json``, the page, and the lines that are printed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from scenegen import __version__
from scenegen.dataset.canonical import readable_json
from scenegen.dataset.storage import storage_errors, write_atomic
from scenegen.drive.page import Told, card_of
from scenegen.errors import ScenegenError
from scenegen.pipeline.searching.failures import FAILURES, command, scenario_name
from scenegen.pipeline.searching.journal import Line
from scenegen.pipeline.searching.modes import Mode
from scenegen.pipeline.searching.outcome import drive_one, judged
from scenegen.pipeline.searching.system import Driven
from scenegen.records.base import Record
from scenegen.report.charts import curve, histogram
from scenegen.report.page import page_template, write_page
from scenegen.sample import written
from scenegen.search import Estimate, Findings
from scenegen.seeds import named_generator

SUMMARY, PAGE = "search.json", "search.html"
NOMINAL = 2000
"""Nominal draws that the page's ranges are of."""
SHOWN = 8
"""Parameters on the page: those that failures move most."""


class ModeRecord(Record):
    """A kind of failure in ``search.json``.

    Attributes
    ----------
    name, scenario, file : str
        Its scenario, and where it is relative to the folder.
    broke, struck : str
        The criterion, and who the ego came into contact with.
    robustness, norm : float
        Of its smallest failure; how many standard deviations this is from nominal.
    found : int
        Failures that are nearest to it.
    off : dict
        Parameters that are off their median, with their values in SI units; disturbances in words.
    command : str
        Drives it again.
    """

    name: str
    scenario: str
    file: str
    broke: str
    struck: str
    robustness: float
    norm: float
    found: int
    off: dict[str, float | str]
    command: str


class Result(Record):
    """What ``search.json`` holds.

    Attributes
    ----------
    estimate : Estimate or None
        None of a method that only finds.
    told : str
        The estimate, or what was found, in words.
    acceptance, acceptance_error : float
        Share of nominal draws that the scenario's constraints accept, and its relative standard
        error: probabilities are of accepted draws.
    simulations : int
        In all: those of the method, and those that made failures smaller.
    failures, agent_failures, broken_simulations : int
        Of the method's: that failed; of these, by an agent that died, hung or answered nonsense;
        and that ended early because the physics gave up, which is no failure by itself.
    """

    scenegen_version: str
    scenario: str
    digest: str
    agent: str
    method: str
    seed: int
    criteria: tuple[str, ...]
    dimension: int
    estimate: Estimate | None
    told: str
    acceptance: float
    acceptance_error: float
    simulations: int
    failures: int
    agent_failures: int
    broken_simulations: int
    modes: tuple[ModeRecord, ...]

    def __str__(self) -> str:
        rows = [f"{self.scenario}, {self.agent}: {self.told}"]
        if self.estimate is not None and not self.estimate.reliable:
            rows.append(
                "  not reliable: too little was found to say how often; take a larger budget"
            )
        for mode in self.modes:
            what = f"{mode.broke}, {mode.struck}" if mode.struck else mode.broke
            off = ", ".join(list(mode.off)[:5]) or "the median draw"
            rows.append(
                f"  {mode.name:<12} {what:<28} {mode.found:>5} found, {mode.norm:.1f} sd: {off}"
            )
        return "\n".join(rows)


def write_results(
    folder: Path,
    system: Driven,
    told: Estimate | Findings,
    found: Sequence[Line],
    modes: Sequence[Mode],
) -> Result:
    """Write summary and page, and return what the summary says.

    Raises
    ------
    ScenegenError
        A failure doesn't happen again.
    StorageError
        They can't be written.
    """
    config, logical = system.config, system.nominal.logical
    result = Result(
        scenegen_version=__version__,
        scenario=logical.name,
        digest=logical.digest,
        agent=config.agent,
        method=config.method,
        seed=config.seed,
        criteria=config.counted,
        dimension=system.dimension,
        estimate=told if isinstance(told, Estimate) else None,
        told=str(told),
        acceptance=system.acceptance,
        acceptance_error=system.acceptance_error,
        simulations=system.evaluations,
        failures=sum(line.failed for line in found),
        agent_failures=sum(line.outcome.broke == "agent" for line in found),
        broken_simulations=sum(
            line.outcome.termination.startswith("simulation: ") for line in found
        ),
        modes=tuple(_mode(folder, system, mode) for mode in modes),
    )
    _write_page(folder / PAGE, system, result, found, modes)
    with storage_errors(folder / SUMMARY):
        write_atomic(folder / SUMMARY, readable_json(result.model_dump(mode="json")))
    return result


def _mode(folder: Path, system: Driven, mode: Mode) -> ModeRecord:
    outcome = mode.line.outcome
    return ModeRecord(
        name=mode.name,
        scenario=scenario_name(system, mode),
        file=f"{FAILURES}/{mode.name}.yaml",
        broke=outcome.broke,
        struck=outcome.struck,
        robustness=outcome.robustness,
        norm=mode.norm,
        found=mode.found,
        off={name: _value(system, mode.line, name) for name in mode.off},
        command=command(folder, system, mode),
    )


def _value(system: Driven, line: Line, name: str) -> float | str:
    return line.values[name] if name in line.values else system.written(line, name)


def _write_page(
    path: Path,
    system: Driven,
    result: Result,
    found: Sequence[Line],
    modes: Sequence[Mode],
) -> None:
    levels = [(count, level) for count, level in system.levels if level < 50.0]
    progress = None
    if len(levels) > 1:
        counts, heights = zip(*levels, strict=True)
        progress = curve(counts, heights, "level of robustness by simulations", unit="runs")
    html = page_template("search.html").render(
        result=result,
        progress=progress,
        rows=_rows(system, [line for line in found if line.failed]),
        modes=[
            (record, card_of(_again(system, mode)), _off(system, mode))
            for record, mode in zip(result.modes, modes, strict=True)
        ],
    )
    write_page(path, html)


def _again(system: Driven, mode: Mode) -> Told:
    """Drive a failure again, which has to come out as it did."""
    line = mode.line
    task = system.task(line.number, line.values, line.disturbances, line.scene)
    scenario, driven = drive_one(task)
    if judged(driven.record, system.config.counted) != line.outcome:
        raise ScenegenError(
            f"{mode.name}: simulation {line.number} came out differently when it was repeated; "
            f"{system.config.agent} has to answer alike to what is alike"
        )
    return Told(driven.record, scenario, driven.trajectory, "")


def _off(system: Driven, mode: Mode) -> list[tuple[str, str, str]]:
    """Return name, median and value of what is off in a mode."""
    logical, nominal = system.nominal.logical, system.nominal
    middle = nominal.values(system.candidates(np.zeros((1, system.dimension))), 0)
    return [
        (
            name,
            written(logical, name, middle[name]) if name in middle else "0",
            system.written(mode.line, name),
        )
        for name in mode.off
    ]


def _rows(system: Driven, failures: Sequence[Line]) -> list[dict[str, object]]:
    """Return the parameters that failures move most: their nominal ranges, and failures' own."""
    if not failures:
        return []
    nominal, logical = system.nominal, system.nominal.logical
    points = np.array([line.point for line in failures])[:, : len(nominal.names)]
    moved = np.abs(points.mean(axis=0)) + np.abs(np.log(np.maximum(points.std(axis=0), 0.1)))
    generator = named_generator("page", logical.digest)
    usual = nominal.candidates(generator.standard_normal((NOMINAL, len(nominal.names))))
    kept = nominal.possible(usual)
    rows: list[dict[str, object]] = []
    for k in np.argsort(-moved, kind="stable"):
        name = nominal.names[int(k)]
        own = [line.values[name] for line in failures]
        if isinstance(own[0], str):
            continue
        rows.append(
            {
                "name": name,
                "nominal": _range(system, name, usual.columns[name][kept]),
                "failures": _range(system, name, np.array(own, dtype=np.float64)),
                "chart": histogram([float(value) for value in own]),
            }
        )
        if len(rows) == SHOWN:
            break
    return rows


def _range(system: Driven, name: str, values: np.ndarray) -> str:
    low, middle, high = (
        written(system.nominal.logical, name, float(q))
        for q in np.quantile(values, (0.05, 0.5, 0.95))
    )
    return f"{middle} ({low} to {high})"
