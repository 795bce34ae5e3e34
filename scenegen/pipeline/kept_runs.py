"""Runs that are looked at, drawn one after the other until enough are kept by their monitors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from scenegen.errors import InputError, UnsatisfiableError
from scenegen.monitor import judge
from scenegen.sample import draw
from scenegen.scenario import parse_keep_if
from scenegen.scenario.expressions import ExpressionError
from scenegen.simulate import simulate_told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from scenegen.pipeline.kept_draws import Asked
    from scenegen.records import ConcreteScenario, Trajectory
    from scenegen.records.holds import Holds
    from scenegen.scenario import KeepIf, LogicalScenario

BUDGET = 100
"""Draws that are simulated for each one that is kept, where nobody says how many."""


@dataclass(frozen=True)
class Run:
    """A simulated draw.

    Attributes
    ----------
    robustness : dict of str to float
        Of its monitors, by name.
    """

    asked: Asked
    concrete: ConcreteScenario
    trajectory: Trajectory
    holds: Holds
    robustness: dict[str, float]

    @property
    def note(self) -> str:
        """What became of a draw that is kept, or rejects it."""
        return self.asked.note


def read_keep_if(text: str | None, logical: LogicalScenario) -> KeepIf | None:
    """Return the condition of ``keep_if=``; InputError for one that is none of a scenario."""
    if text is None:
        return None
    try:
        return parse_keep_if(text, logical.monitors)
    except ExpressionError as error:
        raise InputError(f"keep_if={text!r}: {logical.name}: {error}") from error


def candidates(first: int, most: int, keep_if: str | None, budget: int | None) -> range:
    """Return the numbers of the draws that may be simulated so that so many are kept.

    Raises
    ------
    InputError
        There is a budget, but nothing to look for.
    """
    if keep_if is None:
        if budget is not None:
            raise InputError("budget= goes with keep_if=…, which says which runs to look for")
        return range(first, first + most)
    return range(first, first + (budget or BUDGET * most))


class KeptRuns:
    """Runs of draws in their order, simulated as they are asked for.

    Parameters
    ----------
    asked : sequence of Asked
        Which draws may be simulated, at least one if any run is asked for.
    keep_if : KeepIf or None
        Which of them are kept; None for all.
    most : int
        How many at the most.

    Attributes
    ----------
    kept, simulated : int
        How many were so far.
    """

    def __init__(self, asked: Sequence[Asked], keep_if: KeepIf | None, most: int) -> None:
        self._asked, self._keep_if = asked, keep_if
        self.most = min(most, len(asked))
        self.kept = self.simulated = 0

    def __iter__(self) -> Iterator[Run]:
        """Yield those that are kept.

        Raises
        ------
        InputError
            A draw fails.
        UnsatisfiableError
            None is kept.
        """
        missed: list[tuple[int, Mapping[str, float]]] = []
        for one in self._asked:
            if self.kept == self.most:
                return
            run = _run(one)
            self.simulated += 1
            if self._keep_if is None or self._keep_if.holds(run.robustness):
                self.kept += 1
                yield run
            else:
                missed.append((run.concrete.index, run.robustness))
        if self._keep_if is not None and missed and not self.kept:
            raise UnsatisfiableError(
                f"{self._asked[0].logical.name}: {nothing_kept(self._keep_if, missed)}; look at "
                "runs as they are, without keep_if, or let budget= allow more draws"
            )

    @property
    def told(self) -> str:
        """Return ``'hidden' holds in 4 of 11 runs``; "" where all are kept."""
        if self._keep_if is None:
            return ""
        return f"{self._keep_if.text!r} holds in {self.kept} of {self.simulated} runs"


def _run(one: Asked) -> Run:
    concrete = draw(one.logical, one.seed, one.index)
    trajectory, holds = simulate_told(concrete)
    return Run(one, concrete, trajectory, holds, judge(concrete, trajectory))


def nothing_kept(keep_if: KeepIf, runs: Sequence[tuple[int, Mapping[str, float]]]) -> str:
    """Say that no run is kept, and how near the nearest came.

    Parameters
    ----------
    runs : sequence of (int, mapping of str to float)
        Number and robustness of all that were simulated, at least one.
    """
    number, nearest = max(runs, key=lambda run: keep_if.margin(run[1]))
    return (
        f"{keep_if.text!r} holds in none of {len(runs):,} runs; the nearest is scene "
        f"{number}, {-keep_if.margin(nearest):.3g} short of it"
    )
