"""The folder of an evaluation: taken, locked, and written so that a crash loses nothing."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from scenegen.dataset.storage import FolderLock, storage_errors, write_atomic
from scenegen.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scenegen.evaluate.evaluation import Evaluation

EVALUATION = "evaluation.json"
REPORT = "report.html"
PROPOSALS = "proposals"
KEPT = "kept"
"""Scaled pictures, features and training runs; may be deleted, and costs the time to make again."""
_OURS = {EVALUATION, REPORT, PROPOSALS, KEPT, "pictures", FolderLock.NAME}


@contextmanager
def evaluation_folder(out: str, resume: bool) -> Iterator[Path]:
    """Take a folder for an evaluation and hold it until the block ends.

    Raises
    ------
    OutputError
        It holds other files, or an evaluation and `resume` was not asked for, or another
        run writes to it.
    StorageError
        It can't be made.
    """
    path = Path(out)
    if path.exists() and not path.is_dir():
        raise OutputError(f"{path}: a file stands where the evaluation's folder should be")
    with storage_errors(path):
        path.mkdir(parents=True, exist_ok=True)
        there = {entry.name for entry in path.iterdir()}
        foreign = sorted(there - _OURS)
        if foreign:
            raise OutputError(f"{path}: holds other files ({foreign[0]}); choose another out=")
        if there - {FolderLock.NAME} and not resume:
            raise OutputError(
                f"{path}: holds an evaluation; resume=true goes on with it, or choose another out="
            )
        lock = FolderLock(path)
    try:
        yield path
    finally:
        lock.release()


def write_evaluation(folder: Path, evaluation: Evaluation) -> Path:
    """Write ``evaluation.json`` and return its path."""
    path = folder / EVALUATION
    text = json.dumps(evaluation.model_dump(mode="json"), indent=1, ensure_ascii=False)
    with storage_errors(path):
        write_atomic(path, (text + "\n").encode())
    return path


def write_proposal(folder: Path, dataset: str, text: str) -> Path:
    """Write ``proposals/DATASET.yaml`` and return its path."""
    path = folder / PROPOSALS / f"{dataset}.yaml"
    with storage_errors(path):
        path.parent.mkdir(exist_ok=True)
        write_atomic(path, text.encode())
    return path
