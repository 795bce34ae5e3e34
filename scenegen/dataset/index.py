"""``index.parquet``: one row a frame and sensor, made from the scenes' manifests."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable

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
_HELD = 256
"""Manifests that are held at once."""


class IndexBuilder:
    """Makes the index table of manifests that come one after the other, in the order of scenes.

    Manifests become columns after every few hundred, so that none is held for long. Columns:
    ``scene, scenario, scenario_digest, index, sensor, frame, step, time_s, log_weight``;
    ``path.<file>`` and ``sha256.<file>`` for every layer, ``labels``, ``scenario``,
    ``trajectory`` and the files of sweeps and scans, relative to the data set;
    ``param.<name>``, null where a scenario has no such parameter, and likewise
    ``monitor.<name>``; ``count.<class>`` for every class with things.
    """

    def __init__(self) -> None:
        self._held: list[SceneManifest] = []
        self._tables: list[pa.Table] = []

    def add(self, manifest: SceneManifest) -> None:
        """Take the next scene's."""
        self._held.append(manifest)
        if len(self._held) == _HELD:
            self._flush()

    def table(self) -> pa.Table:
        """Return a row for each frame and sensor."""
        if self._held or not self._tables:
            self._flush()
        whole = pa.concat_tables(self._tables, promote_options="default")
        names = [*_BASE, *_file_names()]
        for kind in (_PARAMETER, _MONITOR):
            names += sorted(name for name in whole.column_names if name.startswith(kind))
        names += [f"count.{c.name}" for c in CLASSES if c.things]
        columns = {}
        for name in names:
            if name in whole.column_names:
                column = whole[name].combine_chunks()
                columns[name] = _typed(column) if name.startswith(_PARAMETER) else column
        return pa.table(columns)

    def _flush(self) -> None:
        self._tables.append(_columns(self._held))
        self._held = []


def build_index(manifests: Iterable[SceneManifest]) -> pa.Table:
    """Return the index table of manifests in the order of scenes; see `IndexBuilder`."""
    builder = IndexBuilder()
    for manifest in manifests:
        builder.add(manifest)
    return builder.table()


def _columns(manifests: list[SceneManifest]) -> pa.Table:
    """Return the rows of some scenes; values of parameters as JSON."""
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
    return pa.table(columns)


def index_bytes(table: pa.Table) -> bytes:
    """Return the parquet file of an index; equal tables give equal bytes."""
    buffer = io.BytesIO()
    pq.write_table(table, buffer, compression="zstd", version="2.6", row_group_size=65536)
    return buffer.getvalue()


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


def _typed(texts: pa.Array) -> pa.Array:
    """Return a column of the type that all values have, or of their JSON texts."""
    values = [None if text is None else json.loads(text) for text in texts.to_pylist()]
    present = [v for v in values if v is not None]
    if all(isinstance(v, bool) for v in present):
        return pa.array(values, pa.bool_())
    if all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in present):
        return pa.array(values, pa.float64())
    if all(isinstance(v, str) for v in present):
        return pa.array(values, pa.string())
    return pa.array([None if v is None else json.dumps(v) for v in values], pa.string())
