"""The folder of a comparison: taken, locked, and written whole or not at all."""

from __future__ import annotations

import json
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import cv2

from scenegen.dataset.storage import FolderLock, storage_errors, write_atomic
from scenegen.errors import OutputError
from scenegen.refine.comparison.table import markdown

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scenegen.evaluate.images import U8
    from scenegen.refine.comparison.record import RefinerComparison

RECORD, TABLE, GRID, KEPT = "comparison.json", "comparison.md", "grid.png", "kept"
_OURS = {RECORD, TABLE, GRID, KEPT, FolderLock.NAME}


@contextmanager
def comparison_folder(out: str, resume: bool) -> Iterator[Path]:
    """Take a folder for a comparison and hold it until the block ends.

    Raises
    ------
    OutputError
        It holds other files, or a comparison and `resume` was not asked for, or another run
        writes to it.
    StorageError
        It can't be made.
    """
    path = Path(out)
    if path.exists() and not path.is_dir():
        raise OutputError(f"{path}: a file stands where the comparison's folder should be")
    with storage_errors(path):
        path.mkdir(parents=True, exist_ok=True)
        there = {entry.name for entry in path.iterdir()}
        foreign = sorted(there - _OURS)
        if foreign:
            raise OutputError(f"{path}: holds other files ({foreign[0]}); choose another out=")
        if there - {FolderLock.NAME} and not resume:
            raise OutputError(
                f"{path}: holds a comparison; resume=true goes on with it, or choose another out="
            )
        lock = FolderLock(path)
    try:
        yield path
    finally:
        lock.release()


def write_comparison(folder: Path, record: RefinerComparison, grid: U8) -> None:
    """Write pictures, table and, last, the record."""
    written, png = cv2.imencode(".png", grid[..., ::-1])
    if not written:
        raise ValueError(f"no PNG of shape {grid.shape}")
    text = json.dumps(record.model_dump(mode="json"), indent=1, ensure_ascii=False)
    with storage_errors(folder):
        write_atomic(folder / GRID, png.tobytes())
        write_atomic(folder / TABLE, markdown(record).encode())
        write_atomic(folder / RECORD, (text + "\n").encode())
