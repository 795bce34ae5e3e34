"""Tar shards that training streams: the files of each frame, sweep or scan are one sample.

webdataset takes members of a tar that follow each other and share their name up to the first dot of
its last part for one sample, and the rest of the name for the key of that part of it. So
``wet_cut_in-000000/front/000007.rgb.png`` is ``rgb.png`` of the sample
``wet_cut_in-000000/front/000007``.
"""

from __future__ import annotations

import hashlib
import io
import json
import tarfile
from collections import defaultdict
from collections.abc import Callable, Mapping
from pathlib import PurePosixPath
from types import TracebackType
from typing import Any, Self

from scenegen.dataset import SceneReader
from scenegen.dataset.codecs import DECODERS
from scenegen.dataset.layout import read_content
from scenegen.dataset.point_files import decode_detections, decode_ids, decode_points
from scenegen.dataset.reading import Reading
from scenegen.dataset.storage import storage_errors
from scenegen.errors import DatasetError
from scenegen.exports.folder import ExportFolder
from scenegen.exports.source import Source
from scenegen.records import FrameLabels, ScanLabels, SweepLabels

_DECODERS: dict[str, dict[str, Callable[[bytes], Any]]] = {
    "camera": {
        **{f"{layer}.png": decode for layer, decode in DECODERS.items()},
        "semantic_truth.png": DECODERS["semantic"],
        "labels.json": FrameLabels.model_validate_json,
    },
    "lidar": {
        "points.bin": decode_points,
        "labels.label": decode_ids,
        "beams.bin": decode_ids,
        "boxes.json": SweepLabels.model_validate_json,
    },
    "radar": {
        "points.bin": decode_detections,
        "labels.label": decode_ids,
        "boxes.json": ScanLabels.model_validate_json,
    },
}


def write_webdataset(source: Source, folder: ExportFolder) -> None:
    """Write ``SPLIT/KIND-NNNNNN.tar`` with `Source.shard_frames` samples each, and what they are.

    Samples stand in the order of scenes, sensors and frames. Each has the files of the data set
    byte for byte, held against their hashes, and ``meta.json``.

    Raises
    ------
    DatasetError
        A file is missing, or isn't the one that the scene's manifest names.
    """
    with _Series(source.shard_frames, folder) as series:
        for scene in source.scenes():
            files = _files_by_frame(scene)
            split = source.split(scene.id)
            readings: list[Reading] = [
                *source.frames(scene),
                *source.sweeps(scene),
                *source.scans(scene),
            ]
            for reading in readings:
                names = files[reading.sensor, reading.index]
                sample = {_part(name): _content(scene, name) for name in names}
                sample["meta.json"] = _meta(scene, reading, split)
                key = f"{scene.id}/{reading.sensor}/{reading.index:06d}"
                series.add(f"{split}/{reading.entry.kind}", key, sample)
    info = source.dataset.info
    about = info.model_dump(mode="json", include={"scenegen_version", "classes", "synthetic"})
    about |= {"licences": [row.model_dump(mode="json") for row in info.licences]}
    folder.write("shards.json", _json(about | {"shards": series.shards}, indent=1))


def decode_sample(sample: Mapping[str, Any]) -> dict[str, Any]:
    """Turn the bytes of a sample into arrays and typed records; made for ``.map`` of webdataset.

    Pictures and points become what the data set's reader returns (`FrameReader`, `SweepReader`,
    `ScanReader`), ``labels.json`` and ``boxes.json`` records, ``meta.json`` a dict; keys stay as
    they are, and so does what has another name.

    Raises
    ------
    ValueError
        A part is damaged.
    """
    meta = json.loads(sample["meta.json"])
    decoders = _DECODERS[meta["kind"]]
    decoded = {
        key: decoders[key](value) if key in decoders else value for key, value in sample.items()
    }
    return decoded | {"meta.json": meta}


def _files_by_frame(scene: SceneReader) -> dict[tuple[str, int], list[str]]:
    """Return the files of each sensor's frames, whatever layers there are, sorted by name."""
    found: dict[tuple[str, int], list[str]] = defaultdict(list)
    for name in sorted(scene.manifest.files):
        parts = PurePosixPath(name).parts
        if len(parts) == 3 and (number := parts[2].partition(".")[0]).isdecimal():
            found[parts[0], int(number)].append(name)
    return found


def _part(name: str) -> str:
    """Return which part of its sample a scene's file is: front/rgb/000000.png is rgb.png."""
    path = PurePosixPath(name)
    return f"{path.parent.name}{path.suffix}"


def _content(scene: SceneReader, name: str) -> bytes:
    path = scene.path / name
    data = read_content(path, bytes)
    if hashlib.sha256(data).hexdigest() != scene.manifest.files[name].sha256:
        raise DatasetError(f"{path}: edited or swapped (hash differs)")
    return data


def _meta(scene: SceneReader, reading: Reading, split: str) -> bytes:
    manifest, entry = scene.manifest, reading.entry
    return _json(
        {
            "scene": scene.id,
            "scenario": manifest.scenario,
            "sensor": entry.sensor,
            "kind": entry.kind,
            "frame": entry.frame,
            "step": entry.step,
            "time_s": entry.time_s,
            "log_weight": manifest.log_weight,
            "split": split,
            "parameters": manifest.parameters,
        }
    )


def _json(content: dict[str, Any], indent: int | None = None) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=indent) + "\n").encode()


class _Series:
    """Rows of shards by name, each of which goes on with another file when one is full."""

    def __init__(self, most: int, folder: ExportFolder) -> None:
        self._most, self._folder = most, folder
        self._open: dict[str, tarfile.TarFile] = {}
        self.shards: dict[str, list[dict[str, Any]]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for name in list(self._open):
            self._close(name)

    def add(self, name: str, key: str, sample: Mapping[str, bytes]) -> None:
        """Add a sample to a row of shards."""
        if name in self._open and self.shards[name][-1]["samples"] == self._most:
            self._close(name)
        if name not in self._open:
            self._begin(name)
        shard = self._open[name]
        with storage_errors(self._folder.out):
            for part in sorted(sample):
                entry = tarfile.TarInfo(f"{key}.{part}")
                entry.size, entry.mode = len(sample[part]), 0o644
                shard.addfile(entry, io.BytesIO(sample[part]))
        self.shards[name][-1]["samples"] += 1

    def _begin(self, name: str) -> None:
        rows = self.shards.setdefault(name, [])
        file = f"{name}-{len(rows):06d}.tar"
        rows.append({"file": file, "samples": 0})
        with storage_errors(self._folder.out):
            self._open[name] = tarfile.open(  # noqa: SIM115 - `_close` closes it
                self._folder.place(file), "w", format=tarfile.GNU_FORMAT
            )

    def _close(self, name: str) -> None:
        with storage_errors(self._folder.out):
            self._open.pop(name).close()
