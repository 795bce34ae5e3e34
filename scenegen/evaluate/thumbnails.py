"""Pictures of an evaluation's report: small files in its folder, and truth drawn to be read.

Pictures are sRGB (H, W, 3) uint8; class ids are those of a label space, 255 = ignored.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.dataset.storage import storage_errors, write_atomic
from scenegen.evaluate.classes import LabelSpace
from scenegen.records.taxonomy import IGNORE
from scenegen.report.colors import instance_colour

Bool = npt.NDArray[np.bool_]
F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]

FOLDER = "pictures"
"""Where the pictures lie within an evaluation's folder."""
QUALITY = 80
_NOTHING = (24, 26, 32)
_WRONG = (230, 30, 60)


def write_thumbnail(folder: Path, name: str, picture: U8, width: int = 320) -> str:
    """Keep a picture as a small JPEG and return its path relative to the evaluation's folder.

    Equal names give equal paths, and unlike names unlike paths, whatever characters they hold.

    Parameters
    ----------
    folder : Path
        The evaluation's own, as `Study.out`; made if needed.
    name : str
        Unique among the pictures of the evaluation, as ``worst-0001TP/00870``.
    picture : (H, W, 3) uint8
    width : int
        px; a smaller picture keeps its own.

    Raises
    ------
    StorageError
        The disk is full or refuses.
    """
    encoded, data = cv2.imencode(
        ".jpg", fitted(picture, width)[..., ::-1], [cv2.IMWRITE_JPEG_QUALITY, QUALITY]
    )
    if not encoded:
        raise ValueError(f"no JPEG of shape {picture.shape}")
    path = folder / FOLDER / f"{_file_name(name)}.jpg"
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomic(path, data.tobytes())
    return path.relative_to(folder).as_posix()


def fitted(picture: U8, width: int) -> U8:
    """Return a picture no wider than `width` px, by area averages; never enlarged."""
    if picture.shape[1] <= width:
        return picture
    height = max(1, round(picture.shape[0] * width / picture.shape[1]))
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def palette(space: LabelSpace) -> U8:
    """Return a colour (256, 3) uint8 for each id; ids that are no class are nearly black.

    A class whose colour an earlier one has already gets another, so that all are told apart.
    """
    table = np.full((256, 3), _NOTHING, np.uint8)
    taken: set[tuple[int, int, int]] = {_NOTHING}
    for class_id, judged in enumerate(space.classes):
        color = judged.color
        step = class_id
        while color in taken:
            color = instance_colour(step)
            step += len(space)
        taken.add(color)
        table[class_id] = color
    return table


def colorize(semantic: U8, space: LabelSpace) -> U8:
    """Return class ids (H, W) as colours (H, W, 3); what is ignored is nearly black."""
    return np.asarray(palette(space)[semantic])


def overlay(picture: U8, semantic: U8, space: LabelSpace, alpha: float = 0.55) -> U8:
    """Return a picture tinted by its classes; what is ignored stays as it is.

    Parameters
    ----------
    semantic : (h, w) uint8
        Brought to the picture's size by nearest neighbour.
    alpha : float
        Share of the tint.
    """
    ids = _of_size(semantic, picture)
    tinted = picture * (1 - alpha) + colorize(ids, space) * alpha
    keep = (ids == IGNORE)[..., None]
    return np.where(keep, picture, np.rint(tinted).astype(np.uint8))


def mistakes(picture: U8, truth: U8, predicted: U8) -> U8:
    """Return a pale grey picture with the pixels in red whose class is wrong.

    Parameters
    ----------
    truth, predicted : (h, w) uint8
        Class ids; pixels that `truth` ignores are never wrong.
    """
    real, said = _of_size(truth, picture), _of_size(predicted, picture)
    grey = cv2.cvtColor(picture, cv2.COLOR_RGB2GRAY).astype(np.float64)
    result = np.repeat(np.rint(110 + 0.5 * grey).astype(np.uint8)[..., None], 3, axis=2)
    wrong: Bool = (real != said) & (real != IGNORE)
    result[wrong] = _WRONG
    return result


def boxed(picture: U8, xyxy: F64, class_id: I64, space: LabelSpace) -> U8:
    """Return a picture with boxes (N, 4) px drawn in the colours of their classes (N,).

    Boxes are left, top, right, bottom by pixel corners: the outermost pixels inside are drawn.
    """
    result = picture.copy()
    colors = palette(space)
    width = max(1, round(picture.shape[1] / 320))
    for box, found in zip(np.rint(xyxy).astype(int).tolist(), class_id.tolist(), strict=True):
        color = tuple(int(channel) for channel in colors[found])
        left, top, right, bottom = box
        cv2.rectangle(result, (left, top), (right - 1, bottom - 1), color, width)
    return result


def side_by_side(pictures: Sequence[U8], gap: int = 4) -> U8:
    """Return pictures in a row, scaled to the height of the first, with white between them."""
    if not pictures:
        raise ValueError("no pictures to put side by side")
    height = pictures[0].shape[0]
    parts: list[U8] = []
    for picture in pictures:
        if parts:
            parts.append(np.full((height, gap, 3), 255, np.uint8))
        width = max(1, round(picture.shape[1] * height / picture.shape[0]))
        way = cv2.INTER_AREA if picture.shape[0] > height else cv2.INTER_LINEAR
        scaled = picture
        if picture.shape[0] != height:
            scaled = np.asarray(cv2.resize(picture, (width, height), interpolation=way), np.uint8)
        parts.append(scaled)
    return np.concatenate(parts, axis=1)


def _of_size(ids: U8, picture: U8) -> U8:
    height, width = picture.shape[:2]
    if ids.shape == (height, width):
        return ids
    return np.asarray(cv2.resize(ids, (width, height), interpolation=cv2.INTER_NEAREST), np.uint8)


def _file_name(name: str) -> str:
    """Return a name that every file system takes; a digest keeps apart what it makes equal."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:60]
    return f"{plain or 'picture'}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
