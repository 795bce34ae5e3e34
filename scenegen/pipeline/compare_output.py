"""The folder of a comparison: taken, locked, and written whole or not at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import cv2

from scenegen.dataset.storage import storage_errors, write_atomic
from scenegen.pipeline.held_folder import held_folder
from scenegen.refine.comparison.table import markdown

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from scenegen.evaluate.images import U8
    from scenegen.refine.comparison.record import RefinerComparison

RECORD, TABLE, GRID, KEPT = "comparison.json", "comparison.md", "grid.png", "kept"
_OURS = (RECORD, TABLE, GRID, KEPT)


def comparison_folder(out: str, resume: bool) -> AbstractContextManager[Path]:
    """Take a folder for a comparison; see `held_folder`."""
    return held_folder(out, "a comparison", _OURS, _OURS, resume)


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
