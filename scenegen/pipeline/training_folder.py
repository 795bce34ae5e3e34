"""The folder of a training: taken and held, so that two runs never write to one."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from scenegen.dataset.storage import FolderLock, storage_errors
from scenegen.errors import OutputError
from scenegen.refine.training import BEST, CHECKPOINT, LAST

if TYPE_CHECKING:
    from collections.abc import Iterator

KEPT, LOGS, GRIDS = "kept", "logs", "grids"
_OURS = {KEPT, LOGS, GRIDS, BEST, LAST, CHECKPOINT, FolderLock.NAME}


@contextmanager
def training_folder(out: str, resume: bool) -> Iterator[Path]:
    """Take a folder for a training and hold it until the block ends.

    Raises
    ------
    OutputError
        It holds other files, or a training and `resume` was not asked for, or another run writes
        to it.
    StorageError
        It can't be made.
    """
    path = Path(out)
    if path.exists() and not path.is_dir():
        raise OutputError(f"{path}: a file stands where the training's folder should be")
    with storage_errors(path):
        path.mkdir(parents=True, exist_ok=True)
        there = {entry.name for entry in path.iterdir()}
        foreign = sorted(name for name in there - _OURS if not name.startswith("."))
        if foreign:
            raise OutputError(f"{path}: holds other files ({foreign[0]}); choose another out=")
        if there & {BEST, LAST, CHECKPOINT} and not resume:
            raise OutputError(
                f"{path}: holds a training; resume=true goes on with it, or choose another out="
            )
        lock = FolderLock(path)
    try:
        yield path
    finally:
        lock.release()
