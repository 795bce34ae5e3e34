"""Gap analysis: where a model errs on real pictures, what the synthetic set lacks, what to add."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from scenegen.errors import InputError
from scenegen.evaluate.gaps.budget import Budget, budget_of, rate_factors
from scenegen.evaluate.gaps.errors import errors_of
from scenegen.evaluate.gaps.figures import (
    budget_results,
    budget_table,
    lack_results,
    lacks_table,
    misfit_results,
    pairs_table,
    proposal_table,
    things_table,
)
from scenegen.evaluate.gaps.lacks import Lack, lacks
from scenegen.evaluate.gaps.misfit import misfits
from scenegen.evaluate.gaps.origins import origins_of
from scenegen.evaluate.gaps.plan_text import plan_text
from scenegen.evaluate.gaps.profile import Profile, joined, profile_of
from scenegen.evaluate.gaps.proposal import Aim, propose
from scenegen.evaluate.gaps.warnings import warnings
from scenegen.evaluate.images import U8
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.results import Flag, MetricResult, Section, Table
from scenegen.evaluate.study import Study, Tick, silent
from scenegen.evaluate.utility.prepared import Size, working_size

if TYPE_CHECKING:
    from scenegen.evaluate.utility.run import UtilityOutcome


@dataclass(frozen=True)
class Verdicts:
    """What the model trained on the synthetic set alone says of real pictures.

    Attributes
    ----------
    pictures : MappedSet
        Of the validation split; never those tested on.
    truth, prediction : (N, h, w) uint8
        Judged ids at the size that the model works at; 255 = ignore.
    model : str
        Its name.
    """

    pictures: MappedSet
    truth: U8
    prediction: U8
    model: str = ""


def verdicts_of(study: Study, outcome: UtilityOutcome) -> Verdicts | None:
    """Return what the model of an outcome says of the validation split; None if there is none."""
    if outcome.val is None or study.val is None:
        return None
    truth = outcome.val.pictures.semantic(slice(None))
    return Verdicts(study.val, truth, outcome.val.semantic, outcome.model)


@dataclass(frozen=True)
class GapOutcome:
    """What was found, and the YAML of a plan for `generate`, None if nothing can be proposed."""

    section: Section
    proposal: str | None


def gaps(
    study: Study,
    synthetic: MappedSet,
    outcome: UtilityOutcome,
    num_scenes: int = 48,
    tick: Tick = silent,
) -> GapOutcome:
    """Find what to generate next from what `utility` gave; see `find_gaps`."""
    size = outcome.val.pictures.size if outcome.val is not None else working_size(study.test)
    return find_gaps(study, synthetic, verdicts_of(study, outcome), size, num_scenes, tick)


def find_gaps(
    study: Study,
    synthetic: MappedSet,
    verdicts: Verdicts | None,
    size: Size,
    num_scenes: int = 48,
    tick: Tick = silent,
    library: Path | None = None,
) -> GapOutcome:
    """Find what to generate next.

    The model's errors on real pictures are shared out over classes, apparent sizes, places,
    light and weather. The content of the synthetic set is held against that of the real
    pictures besides those tested on, and scenes are proposed that bring it nearer, where the
    errors are before elsewhere.

    Parameters
    ----------
    synthetic : MappedSet
        One of the study's.
    verdicts : Verdicts or None
        Without them all content counts alike.
    size : (width, height) px
        At which all pictures are looked at, that of the verdicts if there are any.
    num_scenes : int
        Scenes that the proposal has in all.
    library : pathlib.Path, optional
        The folder of scenarios in place of scenegen's own.

    Raises
    ------
    InputError
        There are no real pictures besides those tested on.
    """
    others = [s for s in (study.train, study.val) if s is not None]
    if not others:
        raise InputError("gaps need real pictures besides those tested on: a train or val split")
    watch = _Watch(tick)
    ours = profile_of(synthetic, size, study.memo, watch.part(0.0, 0.6))
    real = joined(*(profile_of(s, size, study.memo, watch.part(0.6, 0.75)) for s in others))
    tick(0.75, "errors shared out")
    names = (synthetic.name, " + ".join(s.name for s in others))
    lacking = lacks(ours, real, study.space, study.generator("gaps", "lacks", synthetic.name))
    budget = None if verdicts is None else _budget(study, synthetic, verdicts, size)
    tick(0.85, "scenes proposed")
    aim = _aim(ours, real, budget, num_scenes)
    planned = _plan(study, synthetic, ours, real, aim, names, library)
    results, tables = _figures(study, ours, lacking, verdicts, budget, names)
    section = Section(
        name="gaps",
        title="Gaps, and what to do next",
        results=(*results, *planned.results),
        flags=(*warnings(verdicts, ours, real, aim, study.space), *planned.flags),
        tables=(*tables, *planned.tables),
        about=(
            (
                f"Errors of the model trained on {names[0]} alone, on {len(verdicts.pictures)} "
                f"pictures of {verdicts.pictures.name}; content"
                if verdicts is not None
                else "Content"
            )
            + f" held against {names[1]}. Nothing here has seen the test set. That errors and "
            "lacking content go together doesn't prove that the one comes from the other."
        ),
    )
    return GapOutcome(section, planned.text)


@dataclass(frozen=True)
class _Watch:
    """Tells how far one part of the work is as a share of the whole."""

    tick: Tick

    def part(self, low: float, high: float) -> Tick:
        return lambda share, note: self.tick(low + (high - low) * share, note)


def _budget(study: Study, synthetic: MappedSet, verdicts: Verdicts, size: Size) -> Budget:
    pictures = verdicts.pictures
    return budget_of(
        errors_of(verdicts.truth, verdicts.prediction, study.space),
        pictures.records,
        profile_of(pictures, size, study.memo).brightness,
        pictures.blocks,
        study.generator("gaps", "errors", synthetic.name),
    )


def _aim(ours: Profile, real: Profile, budget: Budget | None, num_scenes: int) -> Aim:
    target = real.content.mean(axis=0)
    if budget is None:
        weights = (target > 0) / max(int((target > 0).sum()), 1)
        return Aim(target, weights, {}, num_scenes)
    weights = np.array([budget.cells[cell.class_id, cell.size] for cell in ours.cells])
    return Aim(target, weights, rate_factors(budget), num_scenes)


def _figures(
    study: Study,
    ours: Profile,
    lacking: tuple[Lack, ...],
    verdicts: Verdicts | None,
    budget: Budget | None,
    names: tuple[str, str],
) -> tuple[list[MetricResult], list[Table]]:
    results = list(lack_results(lacking, len(ours), names))
    tables = [lacks_table(lacking)]
    if verdicts is not None and budget is not None:
        of = (names[0], verdicts.pictures.name, verdicts.model)
        found = budget_results(budget, study.space, len(verdicts.pictures), of)
        results = [*found, *results]
        tables = [
            budget_table(budget),
            things_table(budget, lacking, study.space),
            pairs_table(budget, study.space),
            *tables,
        ]
    return results, tables


@dataclass(frozen=True)
class _Planned:
    text: str | None
    results: tuple[MetricResult, ...] = ()
    tables: tuple[Table, ...] = ()
    flags: tuple[Flag, ...] = ()


def _plan(
    study: Study,
    synthetic: MappedSet,
    ours: Profile,
    real: Profile,
    aim: Aim,
    names: tuple[str, str],
    library: Path | None,
) -> _Planned:
    """Return the proposal with all that the report says of it."""
    origins, flags = origins_of(synthetic.images.roots, library)
    scenarios = tuple(str(r.attributes.get("scenario", "")) for r in synthetic.records)
    origins = {name: origin for name, origin in origins.items() if name in scenarios}
    if not origins:
        return _Planned(None, flags=flags)
    proposal = propose(study, ours, scenarios, real, origins, aim)
    text = plan_text(proposal, aim, ours, study.space, names, library)
    before, after = misfits(
        ours, real, scenarios, proposal, aim, study.generator("gaps", "misfit", synthetic.name)
    )
    return _Planned(
        text,
        tuple(misfit_results(before, after, len(ours), names)),
        (proposal_table(proposal),),
        flags,
    )
