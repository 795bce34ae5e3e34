"""The parts of an evaluation: which are possible, in which order, and what each needs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from scenegen.errors import InputError
from scenegen.evaluate.bias import bias
from scenegen.evaluate.diversity import diversity
from scenegen.evaluate.feature_store import FeatureStore
from scenegen.evaluate.fidelity import fidelity
from scenegen.evaluate.gaps import gaps
from scenegen.evaluate.leakage import leakage
from scenegen.evaluate.privacy import privacy
from scenegen.evaluate.utility.run import (
    Rival,
    UtilityOutcome,
    UtilitySettings,
    utility,
)
from scenegen.pipeline.evaluate_config import PARTS, Part
from scenegen.refine.privacy import refiner_privacy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenegen.evaluate.images import Task
    from scenegen.evaluate.mapped import MappedSet
    from scenegen.evaluate.results import Section
    from scenegen.evaluate.study import Study, Tick
    from scenegen.pipeline.evaluate_config import EvaluateConfig
    from scenegen.refine.weights import Stored

SECONDS: dict[Part, float] = {
    "leakage": 45,
    "fidelity": 60,
    "diversity": 1,
    "utility": 450,
    "bias": 3,
    "gaps": 5,
    "privacy": 5,
}
"""What each part takes on two cores, for the time left; only the ratios matter."""


@dataclass(frozen=True)
class Job:
    """One part for one data set, or for all at once."""

    part: Part
    mapped: MappedSet | None = None

    @property
    def name(self) -> str:
        """As progress shows it."""
        return self.part if self.mapped is None else f"{self.part} of {self.mapped.name}"


def common_task(asked: str, sets: Sequence[MappedSet]) -> Task | None:
    """Return the task that all sets have truth for, semantic first; None if there is none.

    Raises
    ------
    InputError
        A task was asked for that some set has no truth for.
    """
    tasks: tuple[Task, ...] = ("semantic", "boxes")
    for task in tasks:
        lacking = [mapped.name for mapped in sets if not mapped.has(task)]
        if asked == task and lacking:
            raise InputError(f"utility.task={task}: {', '.join(lacking)} has no such truth")
        if not lacking and asked in (task, "auto"):
            return task
    return None


def utility_settings(config: EvaluateConfig, task: Task | None) -> UtilitySettings:
    """Return how models are trained; the task matters only where there is one."""
    keys = config.utility
    return UtilitySettings(
        task=task or "semantic",
        real=tuple(keys.real),
        steps=keys.steps,
        longer=keys.longer,
        batch=keys.batch,
        width=keys.width,
        seeds=tuple(keys.seeds),
        model=keys.model,
        rebalanced=keys.rebalanced,
        device=config.device,
    )


def plan(asked: Sequence[Part] | None, study: Study, task: Task | None) -> list[Job]:
    """Return the jobs in order: all that the sets allow, or those that were asked for.

    Raises
    ------
    InputError
        A part was asked for that lacks what it needs.
    """
    wanted = [part for part in PARTS if asked is None or part in asked]
    jobs: list[Job] = []
    for part in wanted:
        want = _lack(part, study, task, wanted)
        if want and asked is not None:
            raise InputError(f"parts: {part} needs {want}")
        if not want:
            jobs += [Job(part)] if part == "leakage" else [Job(part, m) for m in study.synthetic]
    return jobs


def _lack(part: Part, study: Study, task: Task | None, wanted: Sequence[Part]) -> str:
    """Return what a part needs and doesn't have; empty if nothing."""
    if part in ("utility", "bias", "gaps") and task is None:
        return "truth of one kind (classes per pixel, or boxes) in all sets"
    if part in ("bias", "gaps") and "utility" not in wanted:
        return "utility among the parts: it is about that model's errors"
    if part == "gaps" and task == "boxes":
        return "classes per pixel in all sets"
    if part in ("gaps", "privacy") and study.train is None and study.val is None:
        return "real pictures besides those tested on: a train or val split"
    if part == "privacy" and study.train is None:
        return "real pictures that the maker was trained on: train_split="
    return ""


@dataclass
class Findings:
    """Does the jobs and keeps what later ones need."""

    study: Study
    store: FeatureStore
    settings: UtilitySettings
    proposal_scenes: int
    refiner: Stored | None = None
    device: str = "cpu"
    shared: list[Section] = field(default_factory=list)
    sections: dict[str, list[Section]] = field(default_factory=dict)
    outcomes: dict[str, UtilityOutcome] = field(default_factory=dict)
    proposals: dict[str, str] = field(default_factory=dict)

    def do(self, job: Job, tick: Tick) -> None:
        """Do one job and keep its section."""
        if job.mapped is None:
            self.shared.append(leakage(self.study, tick, self.store))
        else:
            section = self._section(job.part, job.mapped, tick)
            self.sections.setdefault(job.mapped.name, []).append(section)

    def _section(self, part: Part, mapped: MappedSet, tick: Tick) -> Section:
        study, name = self.study, mapped.name
        if part == "fidelity":
            return fidelity(study, mapped, self.store, tick)
        if part == "diversity":
            return diversity(study, mapped, self.store, tick)
        if part == "privacy":
            return self._privacy(mapped, tick)
        if part == "utility":
            against = [Rival(other, outcome.runs) for other, outcome in self.outcomes.items()]
            self.outcomes[name] = utility(
                study, mapped, self.settings, tick, against=against[0] if against else None
            )
            return self.outcomes[name].section
        if part == "bias":
            return bias(study, mapped, self.outcomes[name], tick)
        found = gaps(study, mapped, self.outcomes[name], self.proposal_scenes, tick)
        if found.proposal is not None:
            self.proposals[name] = found.proposal
        return found.section

    def _privacy(self, mapped: MappedSet, tick: Tick) -> Section:
        if self.refiner is None:
            return privacy(self.study, mapped, self.store, tick)
        return refiner_privacy(self.study, mapped, self.store, self.refiner, self.device, tick)
