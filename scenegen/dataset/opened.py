"""A data set that is open for reading: a sequence of scenes, and views of their frames."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, cast, overload

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from scenegen.dataset.conditions import chosen_rows
from scenegen.dataset.digest import digest
from scenegen.dataset.layout import INDEX, SCENES, read_content, read_info, scene_folders
from scenegen.dataset.parquet import read_table
from scenegen.dataset.reader import FrameReader, SceneReader
from scenegen.dataset.readings import Readings, readings_of
from scenegen.dataset.samples import Samples
from scenegen.dataset.scan_reader import ScanReader
from scenegen.dataset.schema import DatasetInfo
from scenegen.dataset.sweep_reader import SweepReader
from scenegen.errors import DatasetError, nearest

_NAMES_SHOWN = 6


class Dataset:
    """A data set on disk, or what a filter or a slice left of it: a sequence of scenes.

    `frames`, `sweeps` and `scans` are sequences over all of its scenes. Whatever it gives out
    can be read from many threads and be sent to other processes; nothing is decoded before it is
    asked for.

    Parameters
    ----------
    path : Path
    info : DatasetInfo
    rows : ndarray, shape (N,), int64, optional
        Rows of ``index.parquet`` that are left; all if not given.
    """

    def __init__(
        self, path: Path, info: DatasetInfo, rows: npt.NDArray[np.int64] | None = None
    ) -> None:
        self.path = path
        self.info = info
        self._rows = rows

    @cached_property
    def index(self) -> pa.Table:
        """The table of ``index.parquet``: one row a frame and sensor, those that are left."""
        table = read_content(self.path / INDEX, self._table)
        return table if self._rows is None else table.take(self._rows)

    def _table(self, data: bytes) -> pa.Table:
        noted = self.info.index_sha256
        if noted and hashlib.sha256(data).hexdigest() != noted:
            raise ValueError("edited, or of another data set: dataset.json has another hash")
        return read_table(data)

    @cached_property
    def scene_ids(self) -> tuple[str, ...]:
        """Ids of the scenes that are there (and have a row that is left), sorted."""
        if self._rows is not None:
            return tuple(sorted(self._chosen))
        return tuple(folder.name for folder in scene_folders(self.path))

    @cached_property
    def _chosen(self) -> dict[str, dict[str, frozenset[int]]]:
        """By scene and sensor, the numbers of the frames that are left."""
        found: dict[str, dict[str, set[int]]] = {}
        columns = (self.index[name].to_pylist() for name in ("scene", "sensor", "frame"))
        for scene, sensor, frame in zip(*columns, strict=True):
            found.setdefault(scene, {}).setdefault(sensor, set()).add(frame)
        return {
            scene: {sensor: frozenset(numbers) for sensor, numbers in sensors.items()}
            for scene, sensors in found.items()
        }

    def scene(self, scene_id: str) -> SceneReader:
        """Return a scene by its id; DatasetError if there is none."""
        if scene_id not in self.scene_ids:
            hint = nearest(scene_id, self.scene_ids)
            raise DatasetError(f"{self.path}: no scene {scene_id!r}{hint}")
        chosen = None if self._rows is None else self._chosen[scene_id]
        return SceneReader(self.path / SCENES / scene_id, chosen)

    def filter(self, condition: pc.Expression | str) -> Dataset:
        """Return the part of the data set for whose frames a condition holds.

        Its scenes are those with a frame, sweep or scan that is left, and give these alone; so
        do the views.

        Parameters
        ----------
        condition : pyarrow.compute.Expression or str
            Over the columns of ``index.parquet``: ``pc.field("count.person") > 0``, or the
            text ``"count.person > 0 and log_weight < -1"`` (see `dataset.conditions`).

        Raises
        ------
        InputError
            It is no condition over these columns.
        DatasetError
            The index is missing or damaged.
        """
        rows = chosen_rows(self.index, condition)
        return Dataset(self.path, self.info, rows if self._rows is None else self._rows[rows])

    @overload
    def frames(self, sensor: str | None = None, layers: None = None) -> Readings[FrameReader]: ...
    @overload
    def frames(self, sensor: str | None = None, *, layers: Sequence[str]) -> Samples: ...
    def frames(
        self, sensor: str | None = None, layers: Sequence[str] | None = None
    ) -> Readings[FrameReader] | Samples:
        """Return the frames of one camera, or of all, in order of scene, sensor and time.

        Parameters
        ----------
        sensor : str, optional
        layers : sequence of str, optional
            Then items are dicts of these layers' arrays, ready for training: see `Samples`.

        Raises
        ------
        DatasetError
            There is no such camera or layer, or the index is missing or damaged.
        """
        frames = cast("Readings[FrameReader]", self._readings("camera", sensor))
        return frames if layers is None else Samples(frames, layers)

    def sweeps(self, sensor: str | None = None) -> Readings[SweepReader]:
        """Return the sweeps of one LiDAR, or of all, in order of scene, sensor and time."""
        return cast("Readings[SweepReader]", self._readings("lidar", sensor))

    def scans(self, sensor: str | None = None) -> Readings[ScanReader]:
        """Return the scans of one radar, or of all, in order of scene, sensor and time."""
        return cast("Readings[ScanReader]", self._readings("radar", sensor))

    def _readings(self, kind: Any, sensor: str | None) -> Readings[Any]:
        named = {name for name, entry in self.info.sensors.items() if entry.kind == kind}
        if sensor is not None and self.info.sensors and sensor not in named:
            raise DatasetError(f"{self.path}: no {kind} {sensor!r}{nearest(sensor, named)}")
        return readings_of(self.path, self.index, kind, sensor)

    def digest(self) -> str:
        """Return one sha256 over all reproducible content of the whole set; reads every file."""
        return digest(self)

    def __len__(self) -> int:
        return len(self.scene_ids)

    def __iter__(self) -> Iterator[SceneReader]:
        return (self.scene(scene_id) for scene_id in self.scene_ids)

    @overload
    def __getitem__(self, at: int) -> SceneReader: ...
    @overload
    def __getitem__(self, at: slice) -> Dataset: ...
    def __getitem__(self, at: int | slice) -> SceneReader | Dataset:
        if isinstance(at, slice):
            wanted = pa.array(self.scene_ids[at], pa.string())
            return self.filter(pc.field("scene").isin(wanted))
        return self.scene(self.scene_ids[at])

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what can be read again: tables are large to send to other processes."""
        return {"path": self.path, "info": self.info, "_rows": self._rows}

    def __repr__(self) -> str:
        counts = self.info.counts
        if self._rows is not None:
            left, frames = f"{len(self):,} of {counts.scenes:,}", f"{len(self._rows):,} of "
        else:
            left, frames = f"{counts.scenes:,}", ""
        names = list(self.info.sensors)
        shown = ", ".join(names[:_NAMES_SHOWN]) + (", …" if len(names) > _NAMES_SHOWN else "")
        state = "" if self.info.complete else ", not finished"
        rows = f"{frames}{counts.frames:,} frames"
        return f"<data set {self.path}: {left} scenes, {rows} ({shown}){state}>"


def open_dataset(path: str | os.PathLike[str]) -> Dataset:
    """Open a data set for reading.

    Raises
    ------
    DatasetError
        There is no ``dataset.json``, or it is damaged or of another schema version.
        Files below are read later, and raise the same error then.
    """
    return Dataset(Path(path), read_info(Path(path)))
