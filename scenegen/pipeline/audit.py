"""Audits data sets: JSON, a page, and a plan for each target that is missed."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scenegen.dataset import open_dataset
from scenegen.dataset.storage import storage_errors, write_atomic
from scenegen.errors import DatasetError, InputError
from scenegen.pipeline.held_folder import held_folder
from scenegen.pipeline.remedy import Order, Remedy, remedies
from scenegen.pipeline.remedy.origins import Origin, origins_of
from scenegen.report import write_audit_page
from scenegen.report.audit import audit_of, load_target, sightings_of
from scenegen.report.facts import Facts, gather

if TYPE_CHECKING:
    from scenegen.dataset import Dataset
    from scenegen.pipeline.config import AuditConfig
    from scenegen.report.audit.record import Audit, TargetGap

AUDIT, PAGE, PROPOSALS = "audit.json", "audit.html", "proposals"


@dataclass(frozen=True)
class AuditResult:
    """What an audit found, and where it lies.

    Attributes
    ----------
    page : Path
    proposals : dict of Path to Remedy
        Plans for `generate`, of targets that the set misses.
    notes : tuple of str
        What can't be proposed, and why.
    too_far : tuple of TargetGap
        Those whose interval lies above `max_gap`.
    """

    audit: Audit
    page: Path
    proposals: Mapping[Path, Remedy]
    notes: tuple[str, ...]
    too_far: tuple[TargetGap, ...]


def audit(config: AuditConfig) -> AuditResult:
    """Audit one data set, or several as one.

    Raises
    ------
    DatasetError
        A set is not there, is damaged, or holds no whole scene.
    ScenarioError
        The target is wrong, at a known place.
    OutputError, StorageError
        The results can't be written.
    """
    spec = load_target(config.target)
    opened = [_opened(path, config.filter) for path in config.datasets]
    if not opened:
        raise InputError("dataset= is empty; it names the folder of a data set")
    origins, notes = _origins(opened, config.scenarios)
    ours = (AUDIT, PAGE, PROPOSALS)
    with held_folder(str(config.path()), "an audit", ours, ours, config.resume) as folder:
        sets = [_gathered(dataset) for dataset in opened]
        seen = sightings_of(sets, spec.factors)
        names = [dataset.path.resolve().name for dataset in opened]
        every = max(facts.every for facts in sets)
        found = audit_of(seen, names, spec, config.filter, every)
        place = _fresh(folder / PROPOSALS)
        missed = {gap.name for gap in found.gaps if gap.distance > gap.of_chance}
        targets = [target for target in spec.targets if target.name in missed]
        order = Order(config.num_scenes or found.scenes, config.anew, place)
        proposed = remedies(seen, targets, origins, order)
        plans = {_write_plan(place, remedy): remedy for remedy in proposed if remedy.text}
        content = json.dumps(found.model_dump(mode="json"), indent=1, ensure_ascii=False)
        with storage_errors(folder / AUDIT):
            write_atomic(folder / AUDIT, (content + "\n").encode())
        page = write_audit_page(found, folder / PAGE)
    limit = 1.0 if config.max_gap is None else config.max_gap
    too_far = tuple(gap for gap in found.gaps if gap.low > limit)
    silent = [_why_not(remedy) for remedy in proposed if not remedy.text]
    return AuditResult(found, page, plans, (*notes, *silent), too_far)


def _opened(path: str, condition: str) -> Dataset:
    dataset = open_dataset(path)
    return dataset.filter(condition) if condition else dataset


def _origins(
    sets: list[Dataset], given: tuple[str, ...]
) -> tuple[dict[str, Origin], tuple[str, ...]]:
    """Return the scenarios of all sets; those of later ones by names of their own only."""
    together, notes = dict[str, Origin](), list[str]()
    for dataset in sets:
        found, told = origins_of(dataset, given)
        together = found | together
        notes += told
    return together, tuple(notes)


def _gathered(dataset: Dataset) -> Facts:
    facts = gather(dataset)
    if not facts.scenes:
        raise DatasetError(f"{dataset.path}: holds no whole scene that is asked for")
    return facts


def _fresh(folder: Path) -> Path:
    """Make a folder for plans, without those of an earlier audit."""
    with storage_errors(folder):
        folder.mkdir(exist_ok=True)
        for plan in folder.glob("*.yaml"):
            plan.unlink()
    return folder


def _write_plan(folder: Path, remedy: Remedy) -> Path:
    path = folder / f"{remedy.name}.yaml"
    with storage_errors(path):
        write_atomic(path, remedy.text.encode())
    return path


def _why_not(remedy: Remedy) -> str:
    if not remedy.scenes:
        return (
            f"{remedy.target}: no plan, as nothing that a scenario of the set draws, or that could "
            "be overridden, decides it"
        )
    told = "; ".join(", ".join(cell) for cell in remedy.out_of_reach)
    return f"{remedy.target}: no plan, as what lacks is out of these scenarios' reach: {told}"
