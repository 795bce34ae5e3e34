"""``index.parquet``: one row a frame and sensor, made from the scenes' manifests."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator

import pyarrow as pa
import pyarrow.parquet as pq

from scenegen.dataset.codecs import LAYERS
from scenegen.dataset.point_files import FILES_BY_KIND, SWEEP_FILES
from scenegen.dataset.schema import FrameEntry, SceneManifest
from scenegen.records.taxonomy import CLASSES

_SWEEP_ONLY = tuple(kind for kind in SWEEP_FILES if kind != "labels")
_KINDS = (*LAYERS, *_SWEEP_ONLY, "labels", "scenario", "trajectory")
_BASE = (
    *("scene", "scenario", "scenario_digest", "index", "sensor", "frame", "step", "time_s"),
    "log_weight",
)
_PARAMETER, _MONITOR = "param.", "monitor."
_TYPES = {bool: pa.bool_(), float: pa.float64(), str: pa.string()}
_HELD = 256
"""Manifests that are held at once."""
_GROUP = 4096
"""Rows of a row group: what is held at once when the file is written."""


class IndexBuilder:
    """Makes the index of manifests that come one after the other, in the order of scenes.

    Manifests become columns after every few hundred, and those are held compressed until the
    file is written, row group by row group: an index may be larger than the memory. Columns:
    ``scene, scenario, scenario_digest, index, sensor, frame, step, time_s, log_weight``;
    ``path.<file>`` and ``sha256.<file>`` for every layer, ``labels``, ``scenario``,
    ``trajectory`` and the files of sweeps and scans, relative to the data set;
    ``param.<name>``, null where a scenario has no such parameter, and likewise
    ``monitor.<name>``; ``count.<class>`` for every class with things.
    """

    def __init__(self) -> None:
        self._held: list[SceneManifest] = []
        self._parts: list[pa.Buffer] = []
        self._types: dict[str, pa.DataType] = {}
        self._kinds: dict[str, set[type]] = {}

    def add(self, manifest: SceneManifest) -> None:
        """Take the next scene's."""
        self._held.append(manifest)
        for name, value in manifest.parameters.items():
            self._kinds.setdefault(_PARAMETER + name, set()).add(_kind_of(value))
        if len(self._held) == _HELD:
            self._flush()

    def content(self) -> bytes:
        """Return the parquet file, a row for each frame and sensor.

        Equal manifests give equal bytes.
        """
        if self._held or not self._parts:
            self._flush()
        schema, sink = self._schema(), pa.BufferOutputStream()
        with pq.ParquetWriter(sink, schema, compression="zstd", version="2.6") as writer:
            for table in self._groups(schema):
                writer.write_table(table, _GROUP)
        return bytes(sink.getvalue())

    def _flush(self) -> None:
        table = pa.table(_columns(self._held))
        self._held = []
        self._types |= {field.name: field.type for field in table.schema}
        sink = pa.BufferOutputStream()
        packed = pa.ipc.IpcWriteOptions(compression="zstd")
        with pa.ipc.new_stream(sink, table.schema, options=packed) as stream:
            stream.write_table(table)
        self._parts.append(sink.getvalue())

    def _schema(self) -> pa.Schema:
        """Return the columns of the file, in their order."""
        names = [*_BASE, *_file_names()]
        for kind in (_PARAMETER, _MONITOR):
            names += sorted(name for name in self._types if name.startswith(kind))
        names += [f"count.{c.name}" for c in CLASSES if c.things]
        types = self._types | {name: _type_of(kinds) for name, kinds in self._kinds.items()}
        return pa.schema([(name, types[name]) for name in names if name in types])

    def _groups(self, schema: pa.Schema) -> Iterator[pa.Table]:
        """Yield the rows in groups of which all but the last are full; one at least."""
        left = schema.empty_table()
        for part in self._parts:
            left = pa.concat_tables([left, self._unpacked(part, schema)])
            while left.num_rows > _GROUP:
                yield left.slice(0, _GROUP).combine_chunks()
                left = left.slice(_GROUP)
        yield left.combine_chunks()

    def _unpacked(self, part: pa.Buffer, schema: pa.Schema) -> pa.Table:
        """Return a part with the columns of all."""
        table = pa.ipc.open_stream(part).read_all()
        columns = []
        for name, kind in zip(schema.names, schema.types, strict=True):
            if name not in table.column_names:
                columns.append(pa.nulls(table.num_rows, kind))
            elif name in self._kinds and len(self._kinds[name]) == 1:
                values = [text and json.loads(text) for text in table[name].to_pylist()]
                columns.append(pa.array(values, kind))
            else:
                columns.append(table[name])
        return pa.table(columns, schema=schema)


def build_index(manifests: Iterable[SceneManifest]) -> bytes:
    """Return the index of manifests in the order of scenes; see `IndexBuilder`."""
    builder = IndexBuilder()
    for manifest in manifests:
        builder.add(manifest)
    return builder.content()


def _kind_of(value: bool | float | str) -> type:
    """Return what a parameter's value is; whole numbers count as any."""
    return float if type(value) is int else type(value)


def _type_of(kinds: set[type]) -> pa.DataType:
    """Return the type of a column whose values are of these kinds; of several, as JSON texts."""
    return _TYPES[next(iter(kinds))] if len(kinds) == 1 else pa.string()


def _columns(manifests: list[SceneManifest]) -> dict[str, pa.Array]:
    """Return the columns of some scenes; values of parameters as JSON."""
    rows = [(manifest, frame) for manifest in manifests for frame in manifest.frames]
    columns: dict[str, pa.Array] = {
        "scene": pa.array([m.scene for m, _ in rows], pa.string()),
        "scenario": pa.array([m.scenario for m, _ in rows], pa.string()),
        "scenario_digest": pa.array([m.scenario_digest for m, _ in rows], pa.string()),
        "index": pa.array([m.index for m, _ in rows], pa.int64()),
        "sensor": pa.array([f.sensor for _, f in rows], pa.string()),
        "frame": pa.array([f.frame for _, f in rows], pa.int64()),
        "step": pa.array([f.step for _, f in rows], pa.int64()),
        "time_s": pa.array([f.time_s for _, f in rows], pa.float64()),
        "log_weight": pa.array([m.log_weight for m, _ in rows], pa.float64()),
    }
    columns |= _file_columns(rows)
    for name in {name for m in manifests for name in m.parameters}:
        texts = [json.dumps(m.parameters[name]) if name in m.parameters else None for m, _ in rows]
        columns[_PARAMETER + name] = pa.array(texts, pa.string())
    for name in {name for m in manifests for name in m.robustness}:
        values = [m.robustness.get(name) for m, _ in rows]
        columns[_MONITOR + name] = pa.array(values, pa.float64())
    for name in (c.name for c in CLASSES if c.things):
        columns[f"count.{name}"] = pa.array([f.objects.get(name, 0) for _, f in rows], pa.int64())
    return columns


def _file_columns(rows: list[tuple[SceneManifest, FrameEntry]]) -> dict[str, pa.Array]:
    columns = {}
    for kind in _KINDS:
        names = [frame_file(frame, kind) for _, frame in rows]
        present = [
            name if name in m.files else None for (m, _), name in zip(rows, names, strict=True)
        ]
        if kind in (*LAYERS, *_SWEEP_ONLY) and not any(present):
            continue
        pairs = list(zip(rows, present, strict=True))
        paths = [n and f"scenes/{m.scene}/{n}" for (m, _), n in pairs]
        hashes = [n and m.files[n].sha256 for (m, _), n in pairs]
        columns[f"path.{kind}"] = pa.array(paths, pa.string())
        columns[f"sha256.{kind}"] = pa.array(hashes, pa.string())
    return columns


def frame_file(frame: FrameEntry, kind: str) -> str:
    """Return the path of one of a frame's files, relative to its scene."""
    if kind == "scenario":
        return "scenario.json"
    if kind == "trajectory":
        return "trajectory.npz"
    if frame.kind != "camera":
        suffix = FILES_BY_KIND[frame.kind].get(kind, "")
    else:
        suffix = "json" if kind == "labels" else "png"
    return f"{frame.sensor}/{kind}/{frame.frame:06d}.{suffix}"


def _file_names() -> list[str]:
    return [f"{what}.{kind}" for kind in _KINDS for what in ("path", "sha256")]
