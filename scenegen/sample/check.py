"""What a scenario draws: acceptance, what rejects, and coverage of the parameters."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64
from scenegen.sample.candidates import Candidates, draw_candidates
from scenegen.sample.designs import empty_cells, scene_draws, size_of
from scenegen.sample.draw import draw
from scenegen.sample.placing import Sieve, on_map
from scenegen.sample.points import UniformPoints
from scenegen.sample.remedies import unsatisfiable
from scenegen.sample.soft import rows_of_scenes, with_constraints
from scenegen.sample.survey import LISTED, Survey, survey
from scenegen.sample.validate import validate
from scenegen.sample.weights import nominal_log_weight
from scenegen.scenario import LogicalScenario
from scenegen.scenario.syntax import Column
from scenegen.seeds import named_generator

PLACEMENTS = 2000
"""Accepted draws whose bodies are placed, to find what overlaps and what places rule out."""
FEW = 20
"""So many where each draw's road has to be built as a map first."""
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
    acceptance_rate : float
        Scenes made of each candidate: share that met every constraint that its scene had to
        meet (see `sample.soft`), times the share of those whose bodies fit.
    rejection_rates : dict of str to float
        By constraint: of `require`, over all candidates, whatever else rejects them; of
        placement (``no_overlap``, ``on_road``, constraints about places that always hold), over
        the draws that were placed, counting the first that rejects.
    survey : Survey
        What the scenes cover: those of the design, or the accepted draws without one.
    effective_samples : float
        Of these under their weights (Kish): what they are worth when re-weighted to the
        nominal distribution.
    empty : tuple of str
        Cells or strata of the design in which no draw meets the constraints.
    """

    name: str
    samples: int
    accepted: int
    placed: int
    acceptance_rate: float
    rejection_rates: dict[str, float]
    survey: Survey
    effective_samples: float
    empty: tuple[str, ...] = ()

    def __str__(self) -> str:
        lines = [
            f"{self.name}: {self.acceptance_rate:.1%} of {self.samples:,} draws accepted "
            f"({self.accepted:,} met the constraints; bodies placed in {self.placed})",
            f"effective sample size under the nominal distribution: {self.effective_samples:.0f}",
        ]
        worst = sorted(self.rejection_rates.items(), key=lambda item: (-item[1], item[0]))
        lines += ["rejected by"] if worst else ["no constraint rejects anything"]
        lines += [f"  {rate:7.1%}  {name}" for name, rate in worst]
        if self.empty:
            lines.append(f"cells of the design that no draw fits: {len(self.empty):,}")
            lines += [f"    {name}" for name in self.empty[:LISTED]]
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
    generator = named_generator(logical.digest, seed, "check")
    candidates = draw_candidates(
        logical, UniformPoints(generator, len(logical.parameters)).take(samples)
    )

    def passing(asked: LogicalScenario) -> npt.NDArray[np.int64]:
        columns = [constraint in asked.constraints for constraint in logical.constraints]
        return np.flatnonzero(candidates.met[:, columns].all(axis=1))

    accepted = rows_of_scenes(logical, passing, named_generator(logical.digest, seed, "soft"))
    rates = {
        constraint.text: float(1.0 - candidates.met[:, index].mean())
        for index, constraint in enumerate(logical.constraints)
        if not constraint.spatial
    }
    if not accepted.size:
        raise unsatisfiable(logical, Counter(), samples)
    tried = accepted[: FEW if on_map(logical) else PLACEMENTS]
    firm = [c for c in logical.constraints if c.probability >= 1.0 or not c.spatial]
    sieve = Sieve(with_constraints(logical, firm))
    _, verdicts = sieve.place_by_chance(candidates.columns, tried, generator)
    if (faults := verdicts.fault_rows()).size:
        raise verdicts.error(int(faults[0]))
    fitting, spatial = int(verdicts.fine.sum()), verdicts.rejections()
    if not fitting:
        raise unsatisfiable(logical, spatial, samples)
    rates |= {name: count / tried.size for name, count in sorted(spatial.items())}
    for index in range(1 if on_map(logical) else WHOLE):
        draw(logical, seed, index)
    columns, log_weight, empty = _scenes(logical, candidates, accepted, seed, num_scenes)
    weights = np.exp(log_weight - nominal_log_weight(float(log_weight.max()), logical))
    return CheckResult(
        name=logical.name,
        samples=samples,
        accepted=int(accepted.size),
        placed=int(tried.size),
        acceptance_rate=accepted.size / samples * fitting / tried.size,
        rejection_rates=rates,
        survey=survey(logical, seed, columns),
        effective_samples=float(weights.sum() ** 2 / (weights**2).sum()),
        empty=empty,
    )


def _scenes(
    logical: LogicalScenario,
    candidates: Candidates,
    accepted: npt.NDArray[np.int64],
    seed: int,
    num_scenes: int | None,
) -> tuple[dict[str, Column], F64, tuple[str, ...]]:
    """Return columns and log weights of scenes, and the design's cells that none can be in."""
    if logical.design.kind == "random":
        rows = accepted[:num_scenes]
        columns = {name: column[rows] for name, column in candidates.columns.items()}
        return columns, candidates.log_weight[rows], ()
    count = num_scenes or size_of(logical, seed) or min(int(accepted.size), DESIGN_SCENES)
    columns, log_weight = scene_draws(logical, seed, count)
    return columns, log_weight, empty_cells(logical, seed)
