"""Drives agents through scenarios: which episodes there are, and who runs them."""

from __future__ import annotations

import json
import logging
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from scenegen import __version__
from scenegen.dataset.canonical import readable_json
from scenegen.dataset.storage import storage_errors, write_atomic
from scenegen.drive import CRITERIA, EpisodeRecord, named_agent
from scenegen.drive.comparison import compare
from scenegen.errors import InputError, ScenegenError, StorageError, nearest
from scenegen.pipeline.drive_against import SUMMARY, read_run
from scenegen.pipeline.drive_episodes import EPISODES, RECORD, EpisodeTask, drive_task
from scenegen.pipeline.drive_summary import JUNIT, PAGE, shares_of, write_summary
from scenegen.pipeline.held_folder import held_folder
from scenegen.pipeline.progress import RunProgress
from scenegen.pipeline.requested import named_scenarios
from scenegen.pipeline.workers import run_tasks
from scenegen.sample import with_design
from scenegen.scenario import load_suite

if TYPE_CHECKING:
    from collections.abc import Mapping

    from scenegen.drive.comparison import Comparison
    from scenegen.pipeline.drive_config import DriveConfig
    from scenegen.scenario import LogicalScenario, PlanEntry

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class DriveResult:
    """What a run came to.

    Attributes
    ----------
    out : Path
    episodes : tuple of EpisodeRecord
        In the order of scenarios and indices.
    errors : dict of str to str
        Episodes that could not be run, by the id of the scene, and why.
    too_many : bool
        Whether more failed than `max_failures`.
    compared : Comparison or None
        With the run that `against` names.
    """

    out: Path
    episodes: tuple[EpisodeRecord, ...]
    errors: dict[str, str]
    too_many: bool
    compared: Comparison | None = None

    @property
    def failed(self) -> tuple[EpisodeRecord, ...]:
        """The episodes that failed."""
        return tuple(record for record in self.episodes if record.failed)

    def __str__(self) -> str:
        rows = []
        for name, share in shares_of(self.episodes).items():
            told = f"{share['failed']} of {share['episodes']} failed"
            interval = f"{share['low']:.1%} to {share['high']:.1%}"
            rows.append(f"{name:<32} {told:<22} {share['rate']:.1%} ({interval})")
        for record in self.failed:
            why = ", ".join(record.violated) or record.termination
            rows.append(f"  {record.scene_id:<30} {why}")
        rows += [f"  {scene:<30} not run: {why}" for scene, why in self.errors.items()]
        if self.compared is not None:
            rows.append(str(self.compared))
        return "\n".join([*rows, f"{self.out}: {len(self.episodes)} episodes"])


def drive(config: DriveConfig, stream: TextIO = sys.stderr) -> DriveResult:
    """Let an agent drive scenes, and write what came of it.

    Raises
    ------
    InputError
        No such scenario, agent or criterion; or the folder holds something else.
    StorageError
        The disk filled up; whole episodes stay.
    """
    entries = _entries(config)
    for entry in entries:
        _check_criteria(config.counted, entry.logical)
    digests = {entry.logical.name: entry.logical.digest for entry in entries}
    other = None if config.against is None else read_run(Path(config.against), config.seed, digests)
    named_agent(config.agent).close()
    _ = config.rig  # a wrong one is told before any work
    ours = (SUMMARY, JUNIT, PAGE, EPISODES)
    with held_folder(config.out, "episodes", ours, ours, config.resume) as folder:
        _hold_to(folder, config, digests)
        with storage_errors(folder):
            (folder / EPISODES).mkdir(exist_ok=True)
        tasks = [
            EpisodeTask(entry.logical, index, config, str(folder / EPISODES))
            for entry in entries
            for index in range(entry.first, entry.first + entry.num_scenes)
        ]
        records, errors = _run(tasks, config.workers, stream)
        ordered = tuple(records[t.scene_id] for t in tasks if t.scene_id in records)
        compared = None if other is None else compare(ordered, other)
        write_summary(folder, config, digests, ordered, errors, compared)
    most = config.max_failures
    failures = sum(record.failed for record in ordered) + len(errors)
    too_many = most is not None and failures > most
    return DriveResult(folder, ordered, errors, too_many, compared)


def _entries(config: DriveConfig) -> tuple[PlanEntry, ...]:
    """Return what is to be driven: scenarios by name, or a suite.

    Raises
    ------
    InputError
        Neither or both of ``scenario=`` and ``suite=`` are given, or one of them is wrong.
    """
    if (config.scenario is None) == (config.suite is None):
        example = "scenario=wet_cut_in, or suite=euro_ncap_vru"
        raise InputError(f"drive needs one of scenario=… and suite=…, such as {example}")
    if config.scenario is not None:
        plan = named_scenarios(config.scenario, config.first)
    else:
        plan = load_suite(str(config.suite))
    found = []
    for entry in plan.entries:
        count = config.num_scenes or entry.num_scenes
        logical = with_design(entry.logical, config.design, entry.first + count)
        found.append(replace(entry, logical=logical, num_scenes=count))
    return tuple(found)


def _check_criteria(counted: tuple[str, ...], logical: LogicalScenario) -> None:
    known = (*CRITERIA, *(f"monitor.{name}" for name in logical.monitors))
    for name in counted:
        if name not in known:
            raise InputError(f"criteria: {logical.name} has no {name!r}{nearest(name, known)}")


def _hold_to(folder: Path, config: DriveConfig, digests: Mapping[str, str]) -> None:
    """Refuse to go on with episodes of other scenarios, another agent or another seed."""
    keys = (
        *("agent", "seed", "decision_hz", "criteria", "stop_at_collision", "physics"),
        *("sensors", "quality"),
    )
    asked = {key: getattr(config, key) for key in keys}
    asked |= {"scenarios": dict(digests), "version": __version__}
    path = folder / f".{SUMMARY}"
    if path.exists() and json.loads(path.read_text("utf-8")) != asked:
        raise InputError(
            f"{folder}: holds episodes of another agent, seed, physics, scenario or version; "
            "choose another out="
        )
    with storage_errors(path):
        write_atomic(path, readable_json(asked))


def _run(
    tasks: list[EpisodeTask], workers: int, stream: TextIO
) -> tuple[dict[str, EpisodeRecord], dict[str, str]]:
    records: dict[str, EpisodeRecord] = {}
    errors: dict[str, str] = {}
    for task in tasks:
        done = Path(task.out) / task.scene_id / RECORD
        if done.exists():
            records[task.scene_id] = EpisodeRecord.model_validate_json(done.read_bytes())
    todo = [task for task in tasks if task.scene_id not in records]
    with RunProgress("drive", len(todo), stream) as progress:
        for task, result in run_tasks(drive_task, todo, workers):
            if isinstance(result, StorageError):
                raise result
            if isinstance(result, ScenegenError):
                errors[task.scene_id] = str(result)
                log.error("%s: %s", task.scene_id, result)
                continue
            records[task.scene_id] = result
            progress.advance(task.scene_id, None)
    return records, errors
