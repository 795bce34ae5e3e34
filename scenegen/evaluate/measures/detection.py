"""COCO's average precision with intervals: pictures are matched once by pycocotools, and the
precision is accumulated anew under the weights of each bootstrap draw.

Lin et al. 2014 (arXiv:1405.0312): detections of a class are taken by falling score, a hit is a
detection whose best free truth overlaps it by a threshold, precision is made monotone and
averaged over 101 recalls, then over thresholds 0.5, 0.55 … 0.95, then over classes.
"""

from __future__ import annotations

import contextlib
import io
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.evaluate.images import F64, I64, Boxes
from scenegen.evaluate.utility.protocol import Detections

Bool = npt.NDArray[np.bool_]
THRESHOLDS: F64 = np.linspace(0.5, 0.95, 10)
"""Overlaps (intersection over union) from which on a detection is a hit."""
RECALLS: F64 = np.linspace(0.0, 1.0, 101)
MAX_DETECTIONS = 100
"""Of one class in one picture; the less sure are not looked at."""
SIZES = ("all", "small", "medium", "large")
_COCO_PX = 640.0 * 480.0


@dataclass(frozen=True)
class Matches:
    """Which detections hit, of every picture; all that average precision asks for.

    Detections are ordered by class, picture and falling score. A is `SIZES`, T `THRESHOLDS`.

    Attributes
    ----------
    picture : (D,) int64
    class_id : (D,) int64
    score : (D,) float64
    hit : (A, T, D) bool
        Whether it is matched to a truth.
    ignored : (A, T, D) bool
        Counts neither as hit nor as miss: matched to a crowd or to a truth of another size,
        or itself of another size and unmatched.
    truths : (A, K, N) int64
        Truths to be found by size, class and picture.
    """

    picture: I64
    class_id: I64
    score: F64
    hit: Bool
    ignored: Bool
    truths: I64

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Return the fields by name, for `Memo.arrays`; ``Matches(**arrays)`` is the way back."""
        return dict(vars(self))

    @property
    def pictures(self) -> int:
        """Number of pictures N."""
        return int(self.truths.shape[2])

    @property
    def classes(self) -> int:
        """Number of classes K."""
        return int(self.truths.shape[1])


def size_ranges(picture_px: float = _COCO_PX) -> list[list[float]]:
    """Return the bounds (4 pairs, px²) of `SIZES` in pictures of an area in px².

    COCO's are 32² and 96² px in pictures that mostly have 640 by 480; the same shares of
    the picture are meant in smaller ones.
    """
    scale = picture_px / _COCO_PX
    small, large = 32.0**2 * scale, 96.0**2 * scale
    return [[0.0, 1e10], [0.0, small], [small, large], [large, 1e10]]


def match(
    truths: Sequence[Boxes],
    detections: Sequence[Detections],
    classes: int,
    picture_px: float = _COCO_PX,
) -> Matches:
    """Match the detections of each picture to its truths as pycocotools does.

    Parameters
    ----------
    truths : sequence of Boxes
        By picture, judged class ids; crowds take any number of detections and count for
        nothing. Truths without area are left out.
    detections : sequence of Detections
        By picture, at most `MAX_DETECTIONS` of a class are looked at.
    classes : int
        Number of judged classes.
    picture_px : float
        Area of a picture in px², see `size_ranges`.
    """
    if len(truths) != len(detections):
        raise ValueError(f"{len(truths)} truths for {len(detections)} pictures of detections")
    judge = evaluator(truths, detections, classes, picture_px)
    with contextlib.redirect_stdout(io.StringIO()):
        judge.evaluate()
    shape = (classes, len(SIZES), len(truths))
    found = [
        judge.evalImgs[i : i + len(truths)] for i in range(0, int(np.prod(shape)), len(truths))
    ]
    by_class = [found[i : i + len(SIZES)] for i in range(0, len(found), len(SIZES))]
    parts = [
        (picture, class_id, [pages[size][picture] for size in range(len(SIZES))])
        for class_id, pages in enumerate(by_class)
        for picture in range(len(truths))
        if pages[0][picture] is not None
    ]
    return _gather(parts, shape)


def average_precision(matches: Matches, weights: F64 | None = None, size: str = "all") -> F64:
    """Return the average precision (T, K) by threshold and class; nan without truths.

    Parameters
    ----------
    weights : (N,) float64, optional
        How often each picture counts; once without. With whole numbers the result is that
        of a set in which pictures are repeated so often.
    size : str
        One of `SIZES`.
    """
    at = SIZES.index(size)
    each = np.ones(matches.pictures) if weights is None else weights
    wanted = matches.truths[at] @ each
    result = np.full((len(THRESHOLDS), matches.classes), np.nan)
    bounds = np.searchsorted(matches.class_id, np.arange(matches.classes + 1))
    for class_id in np.flatnonzero(wanted > 0):
        rows = np.arange(bounds[class_id], bounds[class_id + 1])
        rows = rows[np.argsort(-matches.score[rows], kind="stable")]
        counts = each[matches.picture[rows]] * ~matches.ignored[at][:, rows]
        hits = np.cumsum(counts * matches.hit[at][:, rows], axis=1)
        seen = np.cumsum(counts, axis=1)
        result[:, class_id] = _mean_precision(hits, seen, float(wanted[class_id]))
    return result


@dataclass(frozen=True)
class Precision:
    """The usual summaries of one evaluation; nan where no truth is.

    Attributes
    ----------
    ap, ap50, ap75 : float
        Mean over classes; over all thresholds, at 0.5 and at 0.75.
    by_class : (K,) float64
        Mean over thresholds.
    by_size : (3,) float64
        `ap` of small, medium and large objects.
    """

    ap: float
    ap50: float
    ap75: float
    by_class: F64
    by_size: F64


def summarize(matches: Matches, weights: F64 | None = None, sizes: bool = True) -> Precision:
    """Return the summaries under weights (N,) of the pictures.

    Parameters
    ----------
    sizes : bool
        False leaves `Precision.by_size` nan and takes a quarter of the time.
    """
    table = average_precision(matches, weights)
    by_size = [
        _mean(average_precision(matches, weights, size)) if sizes else np.nan for size in SIZES[1:]
    ]
    return Precision(
        _mean(table), _mean(table[0]), _mean(table[5]), table.mean(axis=0), np.array(by_size)
    )


def evaluator(
    truths: Sequence[Boxes],
    detections: Sequence[Detections],
    classes: int,
    picture_px: float = _COCO_PX,
) -> Any:
    """Return pycocotools' ``COCOeval`` of pictures 1 … N and classes 1 … K, not yet run."""
    from pycocotools.cocoeval import COCOeval  # noqa: PLC0415 - only detection needs it

    real = [
        _annotation(picture, box, class_id, iscrowd=int(crowd))
        for picture, boxes in enumerate(truths, 1)
        for box, class_id, crowd in zip(boxes.xyxy, boxes.class_id, boxes.crowd, strict=True)
        if (box[2:] > box[:2]).all()
    ]
    said = [
        _annotation(picture, box, class_id, score=float(score))
        for picture, found in enumerate(detections, 1)
        for box, class_id, score in zip(found.xyxy, found.class_id, found.score, strict=True)
    ]
    judge = COCOeval(*(_coco(part, len(truths), classes) for part in (real, said)), "bbox")
    judge.params.areaRng = size_ranges(picture_px)
    return judge


def _mean_precision(hits: F64, seen: F64, wanted: float) -> F64:
    """Return the mean precision (T,) at `RECALLS`, from running sums (T, D)."""
    recall = hits / wanted
    precision = hits / (seen + np.spacing(1))
    best_later = np.maximum.accumulate(precision[:, ::-1], axis=1)[:, ::-1]
    padded = np.pad(best_later, ((0, 0), (0, 1)))  # recalls that are never reached
    return np.array(
        [line[np.searchsorted(r, RECALLS)].mean() for r, line in zip(recall, padded, strict=True)]
    )


def _mean(values: F64) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size else float("nan")


def _annotation(picture: int, box: F64, class_id: int, **more: float) -> dict[str, Any]:
    left, top, right, bottom = box.tolist()
    width, height = right - left, bottom - top
    return {
        "image_id": picture,
        "category_id": int(class_id) + 1,
        "bbox": [left, top, width, height],
        "area": width * height,
        "iscrowd": 0,
        **more,
    }


def _coco(annotations: list[dict[str, Any]], pictures: int, classes: int) -> Any:
    from pycocotools.coco import COCO  # noqa: PLC0415 - only detection needs it

    coco = COCO()
    coco.dataset = {
        "images": [{"id": i} for i in range(1, pictures + 1)],
        "categories": [{"id": i} for i in range(1, classes + 1)],
        "annotations": [{**found, "id": i} for i, found in enumerate(annotations, 1)],
    }
    with contextlib.redirect_stdout(io.StringIO()):
        coco.createIndex()
    return coco


def _gather(parts: list[tuple[int, int, list[dict[str, Any]]]], shape: tuple[int, ...]) -> Matches:
    """Put what pycocotools says of each class and picture into columns."""
    classes, sizes, pictures = shape
    truths = np.zeros((sizes, classes, pictures), np.int64)
    nothing = np.zeros((sizes, len(THRESHOLDS), 0), np.bool_)
    hit, ignored = [nothing], [nothing]
    score: list[float] = []
    lengths = []
    for picture, class_id, pages in parts:
        truths[:, class_id, picture] = [np.count_nonzero(page["gtIgnore"] == 0) for page in pages]
        hit.append(np.stack([page["dtMatches"] > 0 for page in pages]))
        ignored.append(np.stack([page["dtIgnore"] > 0 for page in pages]))
        score += pages[0]["dtScores"]
        lengths.append(len(pages[0]["dtScores"]))
    return Matches(
        np.repeat(np.array([part[0] for part in parts], np.int64), lengths),
        np.repeat(np.array([part[1] for part in parts], np.int64), lengths),
        np.array(score, np.float64),
        np.concatenate(hit, axis=2),
        np.concatenate(ignored, axis=2),
        truths,
    )
