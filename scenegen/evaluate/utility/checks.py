"""Whether what a model of the user's own says of pictures can be judged at all."""

from __future__ import annotations

from typing import Any

import numpy as np

from scenegen.errors import InputError
from scenegen.evaluate.images import U8, Task
from scenegen.evaluate.utility.protocol import Detections, Predictions
from scenegen.records.taxonomy import IGNORE


def checked(found: Any, task: Task, images: U8, classes: int, where: str) -> Predictions:
    """Return predictions in the types that the protocol names.

    Parameters
    ----------
    found : object
        What the model gave for the pictures.
    images : (N, h, w, 3) uint8
    classes : int
        Number of judged classes.
    where : str
        The model, as messages call it.

    Raises
    ------
    InputError
        They are of another form, number or size, or name classes that there are not.
    """
    if task == "semantic":
        return checked_ids(found, images.shape[:3], classes, where)
    if not isinstance(found, list) or len(found) != len(images):
        said = f"{len(found)}" if isinstance(found, list) else f"a {type(found).__name__}"
        raise InputError(
            f"{where}: gave {said} for {len(images)} pictures; a list of one Detections for "
            "each is right"
        )
    return [
        checked_detections(each, classes, f"{where}, picture {number}")
        for number, each in enumerate(found)
    ]


def checked_ids(found: Any, shape: tuple[int, ...], classes: int, where: str) -> U8:
    """Return class ids of a shape as uint8; ids below `classes`, or 255 for no class."""
    ids = np.asarray(found)
    if ids.shape != shape or ids.dtype.kind not in "iu":
        raise InputError(
            f"{where}: gave {ids.dtype} of shape {ids.shape}; whole class numbers of shape "
            f"{shape} are right"
        )
    wrong = ids[(ids != IGNORE) & ((ids < 0) | (ids >= classes))]
    if wrong.size:
        raise InputError(
            f"{where}: gave class {wrong[0]}; 0 to {classes - 1}, or {IGNORE} for none, are right"
        )
    return ids.astype(np.uint8)


def checked_detections(found: Any, classes: int, where: str) -> Detections:
    """Return detections with finite boxes and scores, of judged classes."""
    try:
        xyxy = np.asarray(found.xyxy, np.float64).reshape(-1, 4)
        class_id = np.asarray(found.class_id)
        score = np.asarray(found.score, np.float64)
    except (AttributeError, TypeError, ValueError) as error:
        raise InputError(
            f"{where}: no detections ({error}); columns xyxy (M, 4), class_id (M,) and "
            "score (M,) are right"
        ) from error
    count = len(xyxy)
    if class_id.shape != (count,) or score.shape != (count,):
        raise InputError(
            f"{where}: {count} boxes, but class_id of shape {class_id.shape} and score of shape "
            f"{score.shape}; one for each box is right"
        )
    if count and class_id.dtype.kind not in "iu":
        raise InputError(f"{where}: class_id is {class_id.dtype}; whole numbers are right")
    if not (np.isfinite(xyxy).all() and np.isfinite(score).all()):
        raise InputError(f"{where}: a box or a score is not finite")
    if (xyxy[:, 2:] < xyxy[:, :2]).any():
        raise InputError(
            f"{where}: a box ends before it begins; left, top, right, bottom in px are right"
        )
    wrong = class_id[(class_id < 0) | (class_id >= classes)]
    if wrong.size:
        raise InputError(f"{where}: gave class {wrong[0]}; 0 to {classes - 1} are right")
    return Detections(xyxy, class_id.astype(np.int64), score)
