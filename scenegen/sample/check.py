"""What a scenario draws: acceptance, what rejects, and coverage of the parameters."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen.records.base import F64
from scenegen.sample.acceptance import Acceptance, accept
from scenegen.sample.designs import empty_cells, scene_draws, size_of
from scenegen.sample.draw import draw
from scenegen.sample.placing import on_map
from scenegen.sample.survey import LISTED, Survey, survey
from scenegen.sample.validate import validate
from scenegen.sample.weights import nominal_log_weight
from scenegen.scenario import LogicalScenario
from scenegen.scenario.syntax import Column

WHOLE = 5
"""Scenes that are made whole, for what shows only then: a bus that shall open a door."""
DESIGN_SCENES = 1000
"""Scenes of a design without end, where nobody says how many."""


@dataclass(frozen=True)
class CheckResult:
    """What many draws of a scenario came to.

    Attributes
    ----------
    samples : int
        Candidates drawn.
    by_values : int
        Scenes made of these as far as values say: each takes the first candidate that meets what
        its coins ask of values (see `sample.soft`).
    judged : int
        Candidates whose places were judged: all that meet the constraints on values which always
        hold, or the first few of those that scenes would take.
    few : str
        Why places of a few are judged only, empty if they aren't: roads are maps, or a constraint
        asks what stands in a scene. The survey and the effective samples are then those of draws
        `by_values`.
    acceptance_rate : float
        Scenes made of each candidate, values and places taken together.
    rejection_rates : dict of str to float
        By constraint, whatever else rejects and whatever coins say: of those on values, over all
        candidates; of those on places, over the judged ones whose bodies find room. Of room
        (``no_overlap``, ``on_road``), over the judged ones, counting the first that rejects.
    survey : Survey
        What the scenes cover: those of the design, or the accepted draws without one.
    effective_samples : float
        Of these under their weights (Kish): what they are worth when re-weighted to the
        nominal distribution.
    empty : tuple of str
        Cells or strata of the design in which no draw meets the constraints, or no bodies fit.
    """

    name: str
    samples: int
    by_values: int
    judged: int
    few: str
    acceptance_rate: float
    rejection_rates: dict[str, float]
    survey: Survey
    effective_samples: float
    empty: tuple[str, ...] = ()

    def __str__(self) -> str:
        about = "about " if self.few else ""
        how = f"{self.by_values:,} by their values; places judged in "
        if not self.few:
            how += "all that values leave" if self.judged < self.samples else "all"
        else:
            how += f"{self.judged} of them, {self.few}"
        lines = [
            f"{self.name}: {about}{self.acceptance_rate:.1%} of {self.samples:,} draws accepted "
            f"({how})",
            f"effective sample size under the nominal distribution: {self.effective_samples:.0f}"
            + (" (places aside)" if self.few else ""),
        ]
        worst = sorted(self.rejection_rates.items(), key=lambda item: (-item[1], item[0]))
        lines += ["rejected by"] if worst else ["no constraint rejects anything"]
        lines += [f"  {rate:7.1%}  {name}" for name, rate in worst]
        if self.empty:
            lines.append(f"cells of the design that no draw fits: {len(self.empty):,}")
            lines += [f"    {name}" for name in self.empty[:LISTED]]
        if self.few:
            lines.append("what follows is told of draws before their places are judged")
        return "\n".join([*lines, str(self.survey)])


def check(
    logical: LogicalScenario, samples: int, seed: int, num_scenes: int | None = None
) -> CheckResult:
    """Draw many candidates without simulating any.

    Parameters
    ----------
    logical : LogicalScenario
    samples : int
        At least 1.
    seed : int
    num_scenes : int, optional
        Scenes whose coverage is told; if not given, what the design consists of, and all
        accepted draws where it goes on without end.

    Raises
    ------
    ScenarioError, UnsatisfiableError
    """
    validate(logical)
    found = accept(logical, samples, seed)
    for index in range(1 if found.few else WHOLE):
        draw(logical, seed, index)
    columns, log_weight, empty = _scenes(logical, found, seed, num_scenes)
    weights = np.exp(log_weight - nominal_log_weight(float(log_weight.max()), logical))
    return CheckResult(
        name=logical.name,
        samples=samples,
        by_values=int(found.by_values.size),
        judged=int(found.tried.size),
        few=_why_few(logical) if found.few else "",
        acceptance_rate=found.rate,
        rejection_rates=found.rejection_rates(logical),
        survey=survey(logical, seed, columns),
        effective_samples=float(weights.sum() ** 2 / (weights**2).sum()),
        empty=empty,
    )


def _why_few(logical: LogicalScenario) -> str:
    return "whose roads are maps" if on_map(logical) else "with what stands in them"


def _scenes(
    logical: LogicalScenario, found: Acceptance, seed: int, num_scenes: int | None
) -> tuple[dict[str, Column], F64, tuple[str, ...]]:
    """Return columns and log weights of scenes, and the design's cells that none can be in."""
    if logical.design.kind == "random":
        rows = found.scenes[:num_scenes]
        candidates = found.candidates
        columns = {name: column[rows] for name, column in candidates.columns.items()}
        return columns, candidates.log_weight[rows], ()
    count = num_scenes or size_of(logical, seed) or min(int(found.scenes.size), DESIGN_SCENES)
    columns, log_weight = scene_draws(logical, seed, count, judged=not found.few)
    return columns, log_weight, empty_cells(logical, seed)
