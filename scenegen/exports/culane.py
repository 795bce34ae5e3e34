"""Lane lines in the layout of CULane: points of each line, and pictures of which line is where.

Beside each picture ``NAME.lines.txt`` has a text line for each lane line: x and y of its points by
turns, px, from the bottom up, every 10 rows; ``laneseg_label_w16`` has them drawn 16 px wide, 1
to 4 from left to right, the ego lane's being 2 and 3 (Pan et al. 2018, "Spatial As Deep").
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from scenegen.dataset.codecs import encode_semantic
from scenegen.dataset.layout import read_content
from scenegen.errors import DatasetError
from scenegen.exports.folder import ExportFolder
from scenegen.exports.lane_images import ImageLane, image_lanes
from scenegen.exports.source import Source, Split
from scenegen.records import FrameLabels
from scenegen.records.base import F64

ROW_STEP = 10
HEIGHT, WIDTH_PX = 590, 16
"""Height of CULane's pictures, and how wide their lines are drawn: ours are in proportion."""
PLACES = {2: 1, 1: 2, -1: 3, -2: 4}
"""Which of CULane's four lines each is, by `ImageLane.order`."""
_SUBPIXELS = 8


@dataclass(frozen=True)
class LaneFile:
    """A picture with its lines.

    Attributes
    ----------
    picture, mask : str
        Relative to the folder.
    exist : (4,) bool
        Which of the four lines there are, from left to right.
    lanes : tuple of ndarray, shape (K, 2)
        Of those that there are: x and y in px, counted from the middle of the first pixel, from
        the bottom up.
    """

    picture: str
    mask: str
    exist: tuple[bool, bool, bool, bool]
    lanes: tuple[F64, ...]


def write_culane(source: Source, folder: ExportFolder) -> None:
    """Write pictures, their lines and masks, and the lists of both splits."""
    lists: dict[Split, list[tuple[str, str]]] = {"train": [], "val": []}
    for scene in source.scenes():
        for frame in source.frames(scene):
            name = f"{scene.id}/{frame.sensor}/{frame.index:06d}"
            labels = frame.labels
            lanes = _lanes(labels)
            text = "".join(_line(points) for points in lanes.values())
            mask = f"laneseg_label_w16/{name}.png"
            folder.write(f"{name}.png", read_content(frame.path("rgb"), bytes))
            folder.write(f"{name}.lines.txt", text.encode())
            folder.write(mask, _mask(lanes, labels))
            exist = " ".join(str(int(place in lanes)) for place in PLACES.values())
            picture = f"/{name}.png"
            lists[source.split(scene.id)].append((picture, f"{picture} /{mask} {exist}"))
    for split, rows in lists.items():
        folder.write(f"list/{split}.txt", "".join(f"{row[0]}\n" for row in rows).encode())
        folder.write(f"list/{split}_gt.txt", "".join(f"{row[1]}\n" for row in rows).encode())


def _lanes(labels: FrameLabels) -> dict[int, F64]:
    """Return the points of lines by CULane's numbers."""
    found = {PLACES[lane.order]: _points(lane, labels) for lane in image_lanes(labels)}
    return {place: points for place, points in found.items() if len(points) >= 2}


def _points(lane: ImageLane, labels: FrameLabels) -> F64:
    height = labels.camera.height
    rows = np.arange((height - 1) // ROW_STEP * ROW_STEP, -1, -ROW_STEP)
    x, _ = lane.at_rows(rows, labels.camera.width)
    there = np.isfinite(x)
    return np.stack([x[there] - 0.5, rows[there]], axis=1)


def _line(points: F64) -> str:
    return " ".join(f"{x:.3f} {y:g}" for x, y in points) + "\n"


def _mask(lanes: dict[int, F64], labels: FrameLabels) -> bytes:
    height, width = labels.camera.height, labels.camera.width
    thickness = max(1, round(WIDTH_PX * height / HEIGHT))
    mask = np.zeros((height, width), np.uint8)
    for place, points in lanes.items():
        fixed = np.round(points * 2**_SUBPIXELS).astype(np.int32)
        cv2.polylines(mask, [fixed], False, place, thickness, cv2.LINE_8, _SUBPIXELS)
    return encode_semantic(mask)


def read_culane(path: Path, split: Split = "train") -> Iterator[LaneFile]:
    """Read the lines of a split's pictures; DatasetError if a file is missing or damaged."""
    rows = read_content(path / "list" / f"{split}_gt.txt", lambda data: data.decode().splitlines())
    for row in rows:
        picture, mask, *exist = row.split()
        if len(exist) != 4:
            raise DatasetError(f"{path / 'list'}: damaged ({row!r} has not four lines' signs)")
        lines = (path / picture[1:]).with_suffix(".lines.txt")
        lanes = read_content(lines, _parsed)
        one, two, three, four = (e == "1" for e in exist)
        yield LaneFile(picture[1:], mask[1:], (one, two, three, four), lanes)


def _parsed(data: bytes) -> tuple[F64, ...]:
    return tuple(
        np.array([float(word) for word in line.split()]).reshape(-1, 2)
        for line in data.decode().splitlines()
    )
