"""Confusion matrices per picture, and intersection over union from any weighting of them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.evaluate.images import F64, I64, U8
from scenegen.records.taxonomy import IGNORE


def confusions(predicted: U8, truth: U8, classes: int) -> I64:
    """Count pixels by true and by predicted class, picture by picture.

    Parameters
    ----------
    predicted : (N, h, w) uint8
        Ids of `classes` or more mean "none of the classes".
    truth : (N, h, w) uint8
        Pixels of 255 are not counted.

    Returns
    -------
    (N, classes, classes + 1) int64
        Rows are true classes; the last column is what was predicted as none of them.

    Raises
    ------
    ValueError
        A true id is no class.
    """
    if predicted.shape != truth.shape:
        raise ValueError(f"predictions {predicted.shape} and truth {truth.shape} differ in shape")
    width = classes + 1
    result = np.zeros((len(truth), classes, width), np.int64)
    for i, (guess, real) in enumerate(zip(predicted, truth, strict=True)):
        counted = real != IGNORE
        if (real[counted] >= classes).any():
            raise ValueError(f"true id {real[counted].max()} is none of {classes} classes")
        cells = real[counted].astype(np.int64) * width + np.minimum(guess[counted], classes)
        result[i] = np.bincount(cells, minlength=classes * width).reshape(classes, width)
    return result


def weighted(matrices: I64, weights: npt.NDArray[np.floating]) -> F64:
    """Return the sums (D, C, C + 1) of matrices (N, C, C + 1) under weights (D, N)."""
    flat = weights.astype(np.float64) @ matrices.reshape(len(matrices), -1).astype(np.float64)
    return np.asarray(flat.reshape(len(weights), *matrices.shape[1:]), np.float64)


def iou(matrix: npt.NDArray[np.number]) -> F64:
    """Return intersection over union (…, C) of matrices (…, C, C + 1).

    True positives over true positives, false positives and false negatives (Everingham
    et al. 2010); NaN for a class that isn't in the truth, whatever was predicted, since
    nothing can be told of it.
    """
    counts = np.asarray(matrix, np.float64)
    classes = counts.shape[-2]
    hits = np.diagonal(counts, axis1=-2, axis2=-1)
    true = counts.sum(axis=-1)
    union = true + counts[..., :classes].sum(axis=-2) - hits
    result = np.full(hits.shape, np.nan)
    np.divide(hits, union, out=result, where=true > 0)
    return result


def mean_over_classes(scores: F64, chosen: npt.NDArray[np.bool_] | None = None) -> F64:
    """Return the mean (…) of class scores (…, C) over chosen classes that are not NaN.

    NaN where no class is left.
    """
    kept = scores if chosen is None else scores[..., chosen]
    known = np.isfinite(kept)
    count = known.sum(axis=-1)
    total = np.where(known, kept, 0.0).sum(axis=-1)
    result = np.full(count.shape, np.nan)
    np.divide(total, count, out=result, where=count > 0)
    return result
