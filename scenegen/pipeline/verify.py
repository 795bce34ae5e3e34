"""A data set read back, and every check that it has to hold."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Collection, Generator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from scenegen.dataset import check_hashes, check_statement, open_dataset
from scenegen.errors import ScenegenError
from scenegen.pipeline.progress import RunProgress
from scenegen.pipeline.verify_scene import SceneFindings, SceneToVerify, verify_scene
from scenegen.pipeline.verify_search import check_search
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


Findings = Generator[tuple[SceneToVerify, SceneFindings | ScenegenError], None, None]


def verify(config: VerifyConfig, stream: TextIO = sys.stderr) -> VerifyResult:
    """Read a data set back and hold its parts against each other.

    Parameters
    ----------
    config : VerifyConfig
    stream : text file
        Where progress goes.

    Raises
    ------
    DatasetError
        The folder is no data set. Damage below is a violation, not an error.
    """
    return verify_by(
        lambda tasks: run_tasks(verify_scene, tasks, config.workers), config.dataset, stream
    )


def verify_by(
    check: Callable[[list[SceneToVerify]], Findings],
    folder: str,
    stream: TextIO,
    trusted: Collection[str] = (),
) -> VerifyResult:
    """Verify a data set whose scenes somebody checks.

    Parameters
    ----------
    check : callable
        Yields what `verify_scene` finds in each, in any order.
    folder : str
        Of the data set.
    trusted : collection of str
        Scenes that were checked before, file by file: what joins them to the data set is
        checked alone.

    Raises
    ------
    DatasetError
        The folder is no data set.
    """
    dataset = open_dataset(folder)
    violations = [f"hash: {problem}" for problem in check_hashes(dataset, dataset.scene_ids)]
    violations += [f"provenance: {problem}" for problem in check_statement(dataset)]
    violations += check_search(dataset)
    checked: Counter[str] = Counter()
    if not dataset.info.complete:
        violations.append("dataset.json: the run has not finished; resume it with resume=true")
    frames = 0
    tasks = [
        SceneToVerify(folder, scene, dataset.info.signing)
        for scene in dataset.scene_ids
        if scene not in trusted
    ]
    by_scene: dict[str, tuple[str, ...]] = {}
    with (
        RunProgress("verify", len(tasks), stream) as progress,
        closing(check(tasks)) as results,
    ):
        for task, found in results:
            if isinstance(found, ScenegenError):
                by_scene[task.scene] = (f"unreadable: {found}",)
                continue
            frames += found.frames
            checked += found.checked
            by_scene[task.scene] = found.violations
            progress.advance(task.scene, found.frames)
    violations += [line for scene in sorted(by_scene) for line in by_scene[scene]]
    return VerifyResult(len(by_scene), frames, dict(checked), tuple(violations))
