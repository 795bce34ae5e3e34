"""A data set judged against real pictures: every part in turn, then the record and the page."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TextIO

from scenegen import __version__
from scenegen.errors import InputError
from scenegen.evaluate.evaluation import DatasetSections, Evaluation, GateLine, SetFacts
from scenegen.evaluate.feature_store import FeatureStore
from scenegen.evaluate.features import make_extractor
from scenegen.evaluate.gate import Rule, check_gate, parse_rule
from scenegen.evaluate.memo import Memo
from scenegen.evaluate.page import write_evaluation_page
from scenegen.evaluate.results import Section
from scenegen.evaluate.spaces import mapping_flags, mapping_table
from scenegen.evaluate.study import Study
from scenegen.evaluate.utility.models import maker_of
from scenegen.pipeline.evaluate_output import (
    KEPT,
    REPORT,
    evaluation_folder,
    write_evaluation,
    write_proposal,
)
from scenegen.pipeline.evaluate_parts import SECONDS, Findings, common_task, plan, utility_settings
from scenegen.pipeline.evaluate_sets import Sets, open_sets
from scenegen.pipeline.step_progress import StepProgress
from scenegen.refine.privacy import check_space
from scenegen.refine.weights import Stored, read_weights

if TYPE_CHECKING:
    from scenegen.evaluate.mapped import MappedSet
    from scenegen.pipeline.evaluate_config import EvaluateConfig

Role = Literal["synthetic", "test", "train", "val"]


@dataclass(frozen=True)
class EvaluateResult:
    """What an evaluation made.

    Attributes
    ----------
    path : Path
        The evaluation's folder.
    evaluation : Evaluation
    report : Path
        The page.
    proposals : tuple of Path
        Plans for `generate`, one for each data set whose gaps were looked for.
    """

    path: Path
    evaluation: Evaluation
    report: Path
    proposals: tuple[Path, ...]


def evaluate(config: EvaluateConfig, stream: TextIO | None = None) -> EvaluateResult:
    """Judge data sets against a real one.

    Parameters
    ----------
    config : EvaluateConfig
    stream : text file, optional
        Where progress goes; standard error without.

    Raises
    ------
    InputError
        Before any work: a set, a split, the classes, the features, the model, the gate or
        the folder is wrong. After it: a gate rule names no figure; all that was found is
        written by then.
    """
    # Threads that wait by spinning starve each other as soon as a core is shared: a training
    # step takes five times as long. The runtime reads this once, when torch is loaded.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    rules = [parse_rule(text) for text in config.gate]
    sets = open_sets(config)
    task = common_task(config.utility.task, [*sets.synthetic, *sets.real])
    settings = utility_settings(config, task)
    if settings.model is not None:
        maker_of(settings)(settings.task, sets.space.names, config.seed)
    extractor = make_extractor(config.features, config.device)
    refiner = _refiner(config, sets)
    with evaluation_folder(config.out, config.resume) as folder:
        study = Study(
            sets.space,
            sets.synthetic,
            sets.test,
            sets.train,
            sets.val,
            config.seed,
            folder,
            Memo(folder / KEPT),
        )
        jobs = plan(config.parts, study, task)
        found = Findings(
            study,
            FeatureStore(study.memo, extractor),
            settings,
            config.gaps.num_scenes,
            refiner,
            config.device,
        )
        progress = StepProgress(
            "evaluate", {j.name: SECONDS[j.part] for j in jobs}, stream or sys.stderr
        )
        with progress.running():
            for job in jobs:
                with progress.step(job.name) as tick:
                    found.do(job, tick)
        models = {extractor.name: extractor.digest}
        if refiner is not None:
            models["refiner"] = refiner.digest
        models |= {outcome.model: outcome.model_digest for outcome in found.outcomes.values()}
        evaluation = Evaluation(
            scenegen_version=__version__,
            config=config.model_dump(mode="json", exclude={"resume"}),
            sets=_facts(sets),
            models=models,
            shared=(_classes(sets), *found.shared),
            datasets=tuple(
                DatasetSections(name=m.name, sections=tuple(found.sections.get(m.name, ())))
                for m in sets.synthetic
            ),
            gate=(),
            seconds=progress.seconds,
        )
        return _written(folder, evaluation, rules, found.proposals)


def _refiner(config: EvaluateConfig, sets: Sets) -> Stored | None:
    """Return the refiner that is asked what it remembers."""
    if config.refiner is None:
        return None
    if config.parts is not None and "privacy" not in config.parts:
        raise InputError("refiner= is for privacy; add it to parts")
    stored = read_weights(config.refiner)
    check_space(stored, sets.space)
    return stored


def _written(
    folder: Path, evaluation: Evaluation, rules: list[Rule], proposals: dict[str, str]
) -> EvaluateResult:
    """Write everything; the record before the gate, so that a wrong rule costs no work."""
    write_evaluation(folder, evaluation)
    plans = tuple(write_proposal(folder, name, text) for name, text in proposals.items())
    gate: tuple[GateLine, ...] = check_gate(
        rules, [(d.name, (*evaluation.shared, *d.sections)) for d in evaluation.datasets]
    )
    whole = evaluation.model_copy(update={"gate": gate})
    write_evaluation(folder, whole)
    return EvaluateResult(
        folder, whole, write_evaluation_page(whole, folder, folder / REPORT), plans
    )


def _facts(sets: Sets) -> tuple[SetFacts, ...]:
    roles: list[tuple[Role, MappedSet | None]] = [("synthetic", m) for m in sets.synthetic]
    roles += [("test", sets.test), ("train", sets.train), ("val", sets.val)]
    return tuple(
        SetFacts(
            name=mapped.name,
            role=role,
            adapter=sets.adapters[mapped.name],
            pictures=len(mapped),
            groups=len({record.group for record in mapped.records}),
            digest=mapped.digest,
            classes=len(sets.space) - len(mapped.mapping.unfed),
            note=sets.notes.get(mapped.name, ""),
        )
        for role, mapped in roles
        if mapped is not None
    )


def _classes(sets: Sets) -> Section:
    """Return how classes map, a table for each kind of set, with their holes."""
    kinds = {m.images.table.name: m for m in (*sets.real, *sets.synthetic)}
    return Section(
        name="classes",
        title="Classes",
        flags=tuple(flag for name, m in kinds.items() for flag in mapping_flags(m.mapping, name)),
        tables=tuple(mapping_table(m.mapping) for m in kinds.values()),
        about="What each set's classes count as. mapping=FILE decides otherwise.",
    )
