"""Frames, sweeps or scans of a whole data set as a sequence, looked up in the index."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Literal, TypeVar, overload

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from scenegen.dataset.codecs import LAYERS
from scenegen.dataset.layout import SCENES
from scenegen.dataset.point_files import FILES_BY_KIND
from scenegen.dataset.reader import FrameReader
from scenegen.dataset.reading import Reading
from scenegen.dataset.scan_reader import ScanReader
from scenegen.dataset.schema import FrameEntry
from scenegen.dataset.sweep_reader import SweepReader
from scenegen.errors import DatasetError, nearest

Kind = Literal["camera", "lidar", "radar"]
Item_co = TypeVar("Item_co", bound=Reading, covariant=True)

READERS: dict[Kind, type[Reading]] = {
    "camera": FrameReader,
    "lidar": SweepReader,
    "radar": ScanReader,
}
_NOUNS: dict[Kind, str] = {"camera": "frames", "lidar": "sweeps", "radar": "scans"}
_COUNT = "count."


@dataclass(frozen=True)
class _Columns:
    """What the index says of each row, in plain arrays: small to send to other processes."""

    scene: npt.NDArray[np.object_]
    sensor: npt.NDArray[np.object_]
    frame: npt.NDArray[np.int64]
    step: npt.NDArray[np.int64]
    time_s: npt.NDArray[np.float64]
    layers: npt.NDArray[np.bool_]
    counts: npt.NDArray[np.int64]
    classes: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.frame)

    def take(self, rows: npt.NDArray[np.int64] | slice) -> _Columns:
        return _Columns(
            self.scene[rows],
            self.sensor[rows],
            self.frame[rows],
            self.step[rows],
            self.time_s[rows],
            self.layers[rows],
            self.counts[rows],
            self.classes,
        )


class Readings(Sequence[Item_co], Generic[Item_co]):
    """What the sensors of one kind gave, in order of scene, sensor and time.

    Items are readers, `FrameReader` for cameras, `SweepReader` for LiDARs and `ScanReader` for
    radars: nothing is read before one of their arrays is asked for, and nothing is kept. A slice
    is a sequence of the same kind. It holds numbers and names only, so it can be
    sent to other processes and read from many threads.
    """

    def __init__(self, root: Path, kind: Kind, columns: _Columns) -> None:
        self.root, self.kind = root, kind
        self._columns = columns

    @property
    def sensors(self) -> tuple[str, ...]:
        """Names of the sensors that any item is of."""
        return tuple(sorted(set(self._columns.sensor.tolist())))

    def lacking(self, layer: str) -> int:
        """Return how many of the frames have no such picture."""
        if layer not in LAYERS:
            return len(self)
        return int((~self._columns.layers[:, LAYERS.index(layer)]).sum())

    def __len__(self) -> int:
        return len(self._columns)

    @overload
    def __getitem__(self, at: int) -> Item_co: ...
    @overload
    def __getitem__(self, at: slice) -> Readings[Item_co]: ...
    def __getitem__(self, at: int | slice) -> Item_co | Readings[Item_co]:
        if isinstance(at, slice):
            return Readings(self.root, self.kind, self._columns.take(at))
        row = int(at)
        if not -len(self) <= row < len(self):
            raise IndexError(f"no item {row} of {len(self)} {_NOUNS[self.kind]}")
        columns = self._columns
        reader = READERS[self.kind]
        return reader(self.root / SCENES / columns.scene[row], self._entry(row))  # type: ignore[return-value]

    def _entry(self, row: int) -> FrameEntry:
        columns = self._columns
        counts = zip(columns.classes, columns.counts[row].tolist(), strict=True)
        layers = [layer for layer, has in zip(LAYERS, columns.layers[row], strict=True) if has]
        return FrameEntry(
            kind=self.kind,
            sensor=columns.sensor[row],
            frame=int(columns.frame[row]),
            step=int(columns.step[row]),
            time_s=float(columns.time_s[row]),
            layers=tuple(layers if self.kind == "camera" else FILES_BY_KIND[self.kind]),
            objects={name: count for name, count in counts if count},
        )

    def __repr__(self) -> str:
        of = f" of {', '.join(self.sensors)}" if len(self) else ""
        return f"<{len(self):,} {_NOUNS[self.kind]}{of} in {self.root}>"


def readings_of(
    root: Path, index: pa.Table, kind: Kind, sensor: str | None = None
) -> Readings[Reading]:
    """Return what sensors of a kind, or one of them, gave in the rows of an index.

    Raises
    ------
    DatasetError
        The index lacks a column, or no sensor of the kind has that name in it.
    """
    try:
        rows = _rows_of(index) == kind
        columns = _columns_of(index).take(np.flatnonzero(rows))
    except KeyError as error:
        raise DatasetError(f"{root}: index.parquet: damaged ({error.args[0]})") from error
    if sensor is not None:
        names = sorted(set(columns.sensor.tolist()))
        if sensor not in names and index.num_rows:
            raise DatasetError(f"{root}: no {kind} {sensor!r}{nearest(sensor, names)}")
        columns = columns.take(np.flatnonzero(columns.sensor == sensor))
    return Readings(root, kind, columns)


def _rows_of(index: pa.Table) -> npt.NDArray[np.str_]:
    """Return the kind (N,) of sensor that each row is of: LiDARs alone have beams."""
    points, beams = (_there(index, f"path.{name}") for name in ("points", "beams"))
    return np.where(beams, "lidar", np.where(points, "radar", "camera"))


def _there(index: pa.Table, column: str) -> npt.NDArray[np.bool_]:
    if column not in index.schema.names:
        return np.zeros(index.num_rows, np.bool_)
    return np.asarray(index[column].is_valid().to_numpy(), dtype=np.bool_)


def _columns_of(index: pa.Table) -> _Columns:
    def column(name: str) -> npt.NDArray[np.object_]:
        return np.asarray(index[name].to_numpy())

    classes = [n for n in index.schema.names if n.startswith(_COUNT) and _any(index[n])]
    counts = [column(name) for name in classes]
    return _Columns(
        column("scene"),
        column("sensor"),
        column("frame").astype(np.int64),
        column("step").astype(np.int64),
        column("time_s").astype(np.float64),
        np.stack([_there(index, f"path.{layer}") for layer in LAYERS], axis=1),
        np.stack([np.zeros(index.num_rows), *counts], axis=1).astype(np.int64)[:, 1:],
        tuple(name.removeprefix(_COUNT) for name in classes),
    )


def _any(column: pa.ChunkedArray) -> bool:
    """Say whether any number of a column isn't zero."""
    return bool(np.any(column.to_numpy()))
