"""What a scenario draws: acceptance, what rejects, and coverage of the parameters."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.sample.candidates import draw_candidates
from scenegen.sample.coverage import Histogram, histogram, pairwise_coverage
from scenegen.sample.looks import looks_of_many
from scenegen.sample.placing import Sieve, on_map
from scenegen.sample.points import UniformPoints
from scenegen.sample.remedies import unsatisfiable
from scenegen.sample.soft import rows_of_scenes, with_constraints
from scenegen.sample.validate import validate
from scenegen.sample.weights import nominal_log_weight
from scenegen.scenario import LogicalScenario
from scenegen.seeds import named_generator

PLACEMENTS = 2000
"""Accepted draws whose bodies are placed, to find what overlaps and what places rule out."""
FEW = 20
"""So many where each draw's road has to be built as a map first."""


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
    histograms : tuple of Histogram
        Of the accepted draws, by varied parameter.
    pairwise_coverage : float
        Share of the cells of all pairs of parameters that were hit.
    effective_samples : float
        Of the accepted draws under their weights (Kish): what they are worth when
        re-weighted to the nominal distribution.
    """

    name: str
    samples: int
    accepted: int
    placed: int
    acceptance_rate: float
    rejection_rates: dict[str, float]
    histograms: tuple[Histogram, ...]
    pairwise_coverage: float
    effective_samples: float

    def __str__(self) -> str:
        lines = [
            f"{self.name}: {self.acceptance_rate:.1%} of {self.samples:,} draws accepted "
            f"({self.accepted:,} met the constraints; bodies placed in {self.placed})",
            f"effective sample size under the nominal distribution: {self.effective_samples:.0f}",
        ]
        worst = sorted(self.rejection_rates.items(), key=lambda item: (-item[1], item[0]))
        lines += ["rejected by"] if worst else ["no constraint rejects anything"]
        lines += [f"  {rate:7.1%}  {name}" for name, rate in worst]
        lines.append(f"pairwise coverage of cells: {self.pairwise_coverage:.1%}")
        lines += [_bar(entry) for entry in self.histograms]
        return "\n".join(lines)


def _bar(entry: Histogram) -> str:
    """Return one line with a bar for each cell."""
    ticks = " ▁▂▃▄▅▆▇█"
    top = max(entry.counts)
    bars = "".join(ticks[-(-8 * n // top)] if top else " " for n in entry.counts)
    note = f"  empty: {', '.join(entry.empty)}" if entry.empty else ""
    return f"  {entry.name:<36} |{bars}| {entry.labels[0]} to {entry.labels[-1]}{note}"


def check(logical: LogicalScenario, samples: int, seed: int) -> CheckResult:
    """Draw many candidates without simulating any.

    Parameters
    ----------
    logical : LogicalScenario
    samples : int
        At least 1.
    seed : int

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
    _, verdicts = Sieve(with_constraints(logical, firm)).place(
        candidates.columns,
        tried,
        lambda some, counts: looks_of_many(logical, some, counts, generator, tried.size),
    )
    if (faults := verdicts.fault_rows()).size:
        raise verdicts.error(int(faults[0]))
    fitting, spatial = int(verdicts.fine.sum()), verdicts.rejections()
    rates |= {name: count / tried.size for name, count in sorted(spatial.items())}
    most = nominal_log_weight(float(candidates.log_weight[accepted].max()), logical)
    weights = np.exp(candidates.log_weight[accepted] - most)
    varied = {n: d for n, d in logical.parameters.items() if d.varied}
    return CheckResult(
        name=logical.name,
        samples=samples,
        accepted=int(accepted.size),
        placed=int(tried.size),
        acceptance_rate=accepted.size / samples * fitting / tried.size,
        rejection_rates=rates,
        histograms=tuple(
            histogram(name, drawn, candidates.columns[name], accepted)
            for name, drawn in varied.items()
        ),
        pairwise_coverage=pairwise_coverage(varied, candidates.columns, accepted),
        effective_samples=float(weights.sum() ** 2 / (weights**2).sum()),
    )
