"""``searched.parquet``: every draw that was simulated to find those that are kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from scenegen.dataset.layout import SEARCHED, read_content
from scenegen.dataset.parquet import read_table
from scenegen.dataset.schema import Search

_MONITOR = "monitor."


@dataclass(frozen=True)
class SearchedDraw:
    """A draw that was looked at.

    Attributes
    ----------
    scenario : str
    index : int
        Number of the draw; the scene that it becomes has the same one.
    log_weight : float
        As the scene's.
    robustness : dict of str to float
        What its monitors came to.
    kept : bool
        Whether ``keep_if`` holds.
    error : str
        Why it could not be drawn or simulated; empty if it could. Such a draw isn't kept.
    """

    scenario: str
    index: int
    log_weight: float
    robustness: Mapping[str, float]
    kept: bool
    error: str = ""


def searched_bytes(draws: Iterable[SearchedDraw]) -> bytes:
    """Return the file; equal draws give equal bytes, whatever their order."""
    rows = sorted(draws, key=lambda draw: (draw.scenario, draw.index))
    columns = {
        "scenario": pa.array([row.scenario for row in rows], pa.string()),
        "index": pa.array([row.index for row in rows], pa.int64()),
        "log_weight": pa.array([row.log_weight for row in rows], pa.float64()),
        "kept": pa.array([row.kept for row in rows], pa.bool_()),
        "error": pa.array([row.error for row in rows], pa.string()),
    }
    for name in sorted({name for row in rows for name in row.robustness}):
        values = [row.robustness.get(name) for row in rows]
        columns[_MONITOR + name] = pa.array(values, pa.float64())
    sink = pa.BufferOutputStream()
    pq.write_table(pa.table(columns), sink, compression="zstd", version="2.6", row_group_size=65536)
    return bytes(sink.getvalue())


def read_searched(folder: Path) -> list[SearchedDraw]:
    """Return the draws that a data set's file tells of, none if it has none.

    Raises
    ------
    DatasetError
        The file is damaged.
    """
    path = folder / SEARCHED
    if not path.exists():
        return []
    return read_content(path, _read)


def _read(data: bytes) -> list[SearchedDraw]:
    own = ("scenario", "index", "log_weight", "kept", "error")
    return [
        SearchedDraw(
            **{name: row[name] for name in own},
            robustness={
                name.removeprefix(_MONITOR): value
                for name, value in row.items()
                if name.startswith(_MONITOR) and value is not None
            },
        )
        for row in read_table(data).to_pylist()
    ]


def summary(keep_if: str, draws: Iterable[SearchedDraw]) -> Search:
    """Return what ``dataset.json`` says of the search through one scenario's draws."""
    rows = list(draws)
    known = [row for row in rows if not row.error]
    kept = np.array([row.kept for row in known], dtype=bool)
    log_weights = np.array([row.log_weight for row in known], dtype=np.float64)
    weights = np.exp(log_weights - log_weights.max(initial=-np.inf)) if known else log_weights
    return Search(
        keep_if=keep_if,
        simulated=len(known),
        kept=int(kept.sum()),
        failed=len(rows) - len(known),
        share=float(kept.mean()) if known else 0.0,
        nominal_share=float(weights[kept].sum() / weights.sum()) if known else 0.0,
    )
