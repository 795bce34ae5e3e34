"""Every consistency check over a data set: hashes, then labels against each other."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from scenegen.annotate.checks import check_frame, check_scene
from scenegen.dataset import check_hashes, open_dataset
from scenegen.errors import DatasetError, ScenegenError
from scenegen.pipeline.progress import RunProgress
from scenegen.pipeline.workers import run_tasks

if TYPE_CHECKING:
    from scenegen.pipeline.config import VerifyConfig


@dataclass(frozen=True)
class VerifyResult:
    """What was looked at and what contradicts itself.

    Attributes
    ----------
    checked : dict
        Name of a check to how often it was made.
    violations : tuple of str
        One line each: check, place, what disagrees.
    """

    scenes: int
    frames: int
    checked: dict[str, int]
    violations: tuple[str, ...]

    @property
    def ok(self) -> bool:
        """Whether everything holds."""
        return not self.violations


@dataclass(frozen=True)
class SceneToVerify:
    """A scene of a data set, for a worker."""

    dataset: str
    scene: str


@dataclass(frozen=True)
class SceneFindings:
    """What one scene's checks came to."""

    frames: int
    checked: Counter[str]
    violations: tuple[str, ...]


def verify(config: VerifyConfig, stream: TextIO = sys.stderr) -> VerifyResult:
    """Read a data set back and hold its parts against each other.

    Raises
    ------
    DatasetError
        The folder is no data set. Damage below is a violation, not an error.
    """
    dataset = open_dataset(config.dataset)
    violations = [f"hash: {problem}" for problem in check_hashes(dataset)]
    checked: Counter[str] = Counter({"file hashes": sum(_file_count(s) for s in dataset)})
    if not dataset.info.complete:
        violations.append("dataset.json: the run has not finished; resume it with resume=true")
    frames = 0
    tasks = [SceneToVerify(config.dataset, scene) for scene in dataset.scene_ids]
    with (
        RunProgress("verify", len(tasks), stream) as progress,
        closing(run_tasks(verify_scene, tasks, config.workers)) as results,
    ):
        for task, found in results:
            if isinstance(found, ScenegenError):
                violations.append(f"unreadable: {found}")
                continue
            frames += found.frames
            checked += found.checked
            violations += found.violations
            progress.advance(task.scene, found.frames)
    return VerifyResult(len(tasks), frames, dict(checked), tuple(violations))


def _file_count(scene: object) -> int:
    try:
        return len(scene.manifest.files)  # type: ignore[attr-defined]
    except DatasetError:
        return 0


def verify_scene(task: SceneToVerify) -> SceneFindings:
    """Check one scene, frame by frame."""
    scene = open_dataset(task.dataset).scene(task.scene)
    raise AssertionError((scene, check_frame, check_scene))
