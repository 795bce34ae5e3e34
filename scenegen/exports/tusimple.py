"""Lane lines in the layout of the TuSimple lane detection challenge: a line's x by rows.

Each line of a list is a picture: ``raw_file``, ``h_samples`` (rows of pixels) and ``lanes``, for
each line its column of pixels at those rows, -2 where it has none (TuSimple benchmark, task of lane
detection, 2017). The challenge's pictures are 1280 x 720 with rows every 10 px from 160 to 710.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.dataset.layout import read_content
from scenegen.exports.folder import ExportFolder
from scenegen.exports.lane_images import ImageLane, image_lanes
from scenegen.exports.source import Source, Split

ROW_STEP = 10
NOTHING = -2
LISTS: dict[Split, str] = {"train": "label_data.json", "val": "test_label.json"}


@dataclass(frozen=True)
class LanePicture:
    """A line of a list.

    Attributes
    ----------
    raw_file : str
        The picture, relative to the folder.
    h_samples : tuple of int
        Rows of pixels.
    lanes : tuple of tuple of int
        From left to right: columns of pixels at those rows, `NOTHING` where there is none.
    """

    raw_file: str
    h_samples: tuple[int, ...]
    lanes: tuple[tuple[int, ...], ...]


def rows_of(height: int) -> npt.NDArray[np.int64]:
    """Return the rows (R,) of a picture's height: every 10 px of its lower seven ninths.

    Of 720 px that is 160 to 710, as in the challenge.
    """
    first = -(-height * 2 // (9 * ROW_STEP)) * ROW_STEP
    return np.arange(first, height, ROW_STEP)


def write_tusimple(source: Source, folder: ExportFolder) -> None:
    """Write the pictures that show lane lines, and a list for training and one for validation.

    Beside what TuSimple defines, a picture's line has for each lane line its ``order`` (1 the
    next on the camera's left, -1 the next on its right, …), ``types``, ``colors`` and ``seen``:
    by row, 1 where it is in sight and 0 where something hides it.
    """
    lists: dict[Split, list[bytes]] = {"train": [], "val": []}
    for scene in source.scenes():
        for frame in source.frames(scene):
            labels = frame.labels
            rows = rows_of(labels.camera.height)
            entry = _entry(image_lanes(labels), rows, labels.camera.width)
            if not entry["lanes"]:
                continue
            entry["raw_file"] = f"clips/{scene.id}/{frame.sensor}/{frame.index:06d}.png"
            folder.write(entry["raw_file"], read_content(frame.path("rgb"), bytes))
            lists[source.split(scene.id)].append(json.dumps(entry).encode() + b"\n")
    for split, lines in lists.items():
        folder.write(LISTS[split], b"".join(lines))


def _entry(lanes: list[ImageLane], rows: npt.NDArray[np.int64], width: int) -> dict[str, Any]:
    entry: dict[str, Any] = {"lanes": [], "h_samples": rows.tolist()}
    entry |= {"order": [], "types": [], "colors": [], "seen": []}
    for lane in lanes:
        x, seen = lane.at_rows(rows, width)
        there = np.isfinite(x)
        if there.sum() < 2:
            continue
        columns = np.where(there, np.floor(np.where(there, x, 0.0)), NOTHING)
        entry["lanes"].append(columns.astype(np.int64).tolist())
        entry["order"].append(lane.order)
        entry["types"].append(lane.type)
        entry["colors"].append(lane.color)
        entry["seen"].append(seen.astype(np.int64).tolist())
    return entry


def read_tusimple(path: Path, split: Split = "train") -> Iterator[LanePicture]:
    """Read one of the lists in a folder; DatasetError if it is missing or damaged."""
    yield from read_content(path / LISTS[split], _pictures)


def _pictures(data: bytes) -> list[LanePicture]:
    return [_picture(json.loads(line)) for line in data.splitlines()]


def _picture(entry: dict[str, Any]) -> LanePicture:
    rows = tuple(int(row) for row in entry["h_samples"])
    lanes = tuple(tuple(int(x) for x in lane) for lane in entry["lanes"])
    if any(len(lane) != len(rows) for lane in lanes):
        raise ValueError(f"{entry['raw_file']}: a lane has not one number for each row")
    return LanePicture(str(entry["raw_file"]), rows, lanes)
