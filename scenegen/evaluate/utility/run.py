"""Trains on synthetic and real pictures, tests on real ones, and says what the former are worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from scenegen.evaluate.images import F64
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.rebalance import picture_weights
from scenegen.evaluate.results import Section
from scenegen.evaluate.study import Study, Tick, silent
from scenegen.evaluate.utility.arms import Arm, plan_arms
from scenegen.evaluate.utility.box_results import box_results
from scenegen.evaluate.utility.findings import (
    Findings,
    Rival,
    class_results,
    gain_results,
    rival_results,
    score_results,
    worth_results,
)
from scenegen.evaluate.utility.grids import grids
from scenegen.evaluate.utility.judges import judge_of
from scenegen.evaluate.utility.models import maker_of
from scenegen.evaluate.utility.prepared import Prepared, prepare, working_size
from scenegen.evaluate.utility.protocol import MakeModel, Model
from scenegen.evaluate.utility.settings import UtilitySettings
from scenegen.evaluate.utility.showing import arms_table, curve_plot, flags
from scenegen.evaluate.utility.side_by_side import Job, cores, run_jobs
from scenegen.evaluate.utility.training import Predicted, Run, Task, run_arm

__all__ = ["Rival", "UtilityOutcome", "UtilitySettings", "utility"]


@dataclass(frozen=True)
class UtilityOutcome:
    """What training and testing gave.

    Attributes
    ----------
    section : Section
    model, model_digest : str
        What was trained.
    runs : mapping of str to tuple of Run
        By the arm's slice (``all`` is training on synthetic pictures alone), one a seed.
    test, val : Predicted or None
        Predictions of the model trained on synthetic pictures alone (or of the given one),
        first seed: ``val.semantic`` is (N, h, w) uint8, mapped from disk, and belongs to
        ``val.pictures`` with its `ids`. Choose by `val`, never by `test`.
    """

    section: Section
    model: str
    model_digest: str
    runs: Mapping[str, tuple[Run, ...]]
    test: Predicted | None
    val: Predicted | None


def utility(
    study: Study,
    synthetic: MappedSet,
    settings: UtilitySettings,
    tick: Tick = silent,
    make_model: MakeModel | None = None,
    against: Rival | None = None,
) -> UtilityOutcome:
    """Train models on a synthetic set, on real pictures and on both; test them on real ones.

    Every run is kept in the study's memo, so that a killed evaluation goes on after its
    last finished run, and runs on real pictures alone serve all synthetic sets.

    Parameters
    ----------
    make_model : MakeModel, optional
        In place of what `settings` names.
    against : Rival, optional
        A set that went through the same arms: this one's models are held against its.
    """
    maker = make_model or maker_of(settings)
    size = working_size(study.test, settings.width)

    def prepared(mapped: MappedSet, first: float) -> Prepared:
        def part(share: float, note: str) -> None:
            tick(first + share * 0.01, note)

        return prepare(mapped, settings.task, size, study.memo, part)

    made = prepared(synthetic, 0.0)
    test = prepared(study.test, 0.01)
    train = None if study.train is None else prepared(study.train, 0.02)
    val = None if study.val is None else prepared(study.val, 0.03)
    judge = judge_of(settings.task, len(study.space))
    task = Task(maker, judge, study.space.names, study.seed, test, val, study.memo)
    model = task.model(settings.seeds[0])
    if model.trainable:
        arms = plan_arms(made, train, settings, _weights(study, synthetic, settings))
    else:
        arms = (Arm("given", 0, ()),)

    def later(share: float, note: str) -> None:
        tick(0.04 + 0.9 * share, note)

    runs = _run_all(task, arms, settings, model, later)
    tick(0.94, "intervals")
    first = runs[arms[0].slice][0]
    found = Findings(study, synthetic, made, test, model.name, judge, runs, against)
    section = _section(found, first.test)
    return UtilityOutcome(section, model.name, model.digest, runs, first.test, first.val)


def _run_all(
    task: Task, arms: tuple[Arm, ...], settings: UtilitySettings, model: Model, tick: Tick
) -> dict[str, tuple[Run, ...]]:
    """Run every arm with every seed; the first arm keeps its predictions."""

    def job(arm: Arm, seed: int) -> Job[Run]:
        def work(progress: Tick) -> Run:
            return run_arm(task, arm, seed, model.digest, arm is arms[0], progress)

        return Job(work, max(arm.steps, 1))

    jobs = [job(arm, seed) for arm in arms for seed in settings.seeds]
    runs = run_jobs(jobs, cores() if getattr(model, "side_by_side", False) else None, tick)
    count = len(settings.seeds)
    return {arm.slice: tuple(runs[i * count : (i + 1) * count]) for i, arm in enumerate(arms)}


def _section(found: Findings, predicted: Predicted | None) -> Section:
    results = (
        *score_results(found),
        *gain_results(found),
        *rival_results(found),
        *worth_results(found),
        *class_results(found),
        *(box_results(found) if found.judge.task == "boxes" else ()),
    )
    return Section(
        name="utility",
        title="Utility: trained on these pictures, tested on real ones",
        results=results,
        flags=tuple(flags(found)),
        tables=(arms_table(found),),
        plots=tuple(curve_plot(found)),
        grids=tuple(grids(found, predicted)),
        about=_ABOUT,
    )


_ABOUT = (
    "A small model is trained for a fixed number of steps on each mixture and tested on real "
    "pictures of drives that it never saw. It ranks data sets and mixtures; it is no forecast of "
    "the score of a larger model trained for longer."
)


def _weights(study: Study, synthetic: MappedSet, settings: UtilitySettings) -> F64 | None:
    """Return the weights of the re-balanced arm, if there is one."""
    if not settings.rebalanced or study.train is None:
        return None
    train = study.train
    inputs = {"synthetic": synthetic.digest, "real": train.digest, "task": settings.task}
    kept = study.memo.arrays(
        "picture-weights",
        inputs,
        lambda: {"weights": picture_weights(synthetic, train, settings.task)},
    )
    return np.asarray(kept["weights"], np.float64)
