"""The folder of a training."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenegen.pipeline.held_folder import held_folder
from scenegen.refine.training import BEST, CHECKPOINT, LAST

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

KEPT, LOGS, GRIDS = "kept", "logs", "grids"
_BEGUN = (BEST, LAST, CHECKPOINT)


def training_folder(out: str, resume: bool) -> AbstractContextManager[Path]:
    """Take a folder for a training; see `held_folder`."""
    return held_folder(out, "a training", (*_BEGUN, KEPT, LOGS, GRIDS), _BEGUN, resume)
