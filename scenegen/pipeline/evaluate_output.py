"""The folder of an evaluation: taken, locked, and written so that a crash loses nothing."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from scenegen.dataset.storage import storage_errors, write_atomic
from scenegen.pipeline.held_folder import held_folder

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from scenegen.evaluate.evaluation import Evaluation

EVALUATION = "evaluation.json"
REPORT = "report.html"
PROPOSALS = "proposals"
KEPT = "kept"
"""Scaled pictures, features and training runs; may be deleted, and costs the time to make again."""
_OURS = (EVALUATION, REPORT, PROPOSALS, KEPT, "pictures")


def evaluation_folder(out: str, resume: bool) -> AbstractContextManager[Path]:
    """Take a folder for an evaluation; see `held_folder`."""
    return held_folder(out, "an evaluation", _OURS, _OURS, resume)


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
