"""How TuSimple and CULane score lanes, written anew from their published definitions."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt
from scipy.optimize import linear_sum_assignment

Lane = npt.NDArray[np.float64]


@dataclass(frozen=True)
class RowScores:
    """TuSimple's: share of points that are right, of lanes that are wrong, and of lanes missed."""

    accuracy: float
    false_positive: float
    false_negative: float


def row_scores(found: list[list[int]], truth: list[list[int]], rows: list[int]) -> RowScores:
    """Score one picture of TuSimple's.

    A point is right within 20 px across the line, whose angle is that of its straight fit; a lane
    is found that has 85 % of a true one's rows right, and five are counted as four.
    """
    y = np.array(rows, float)
    shares, matched = [], 0
    for lane in truth:
        x = np.array(lane, float)
        there = x >= 0
        slope = np.polyfit(y[there], x[there], 1)[0] if there.sum() > 1 else 0.0
        limit = 20.0 * np.hypot(1.0, slope)
        best = 0.0
        for other in found:
            guess = np.array(other, float)
            near = np.abs(np.where(guess >= 0, guess, -100) - np.where(there, x, -100)) < limit
            best = max(best, float(near.mean()))
        matched += best >= 0.85
        shares.append(best)
    count = max(min(len(truth), 4), 1)
    total = sum(shares) - (min(shares) if len(truth) > 4 else 0.0)
    missed = len(truth) - matched
    return RowScores(
        total / count,
        (len(found) - matched) / max(len(found), 1),
        (missed - (len(truth) > 4 and missed > 0)) / count,
    )


def area_matches(
    found: list[Lane], truth: list[Lane], size: tuple[int, int]
) -> tuple[int, int, int]:
    """Return CULane's true positives, false positives and false negatives in one picture.

    Lanes are drawn 30 px wide at a height of 590; they match from an intersection over union
    of 0.5, one to one so that the sum is greatest.
    """
    overlaps = np.zeros((len(found), len(truth)))
    drawn = [[_drawn(lane, size) for lane in lanes] for lanes in (found, truth)]
    for i, one in enumerate(drawn[0]):
        for k, other in enumerate(drawn[1]):
            overlaps[i, k] = (one & other).sum() / max((one | other).sum(), 1)
    rows, columns = linear_sum_assignment(-overlaps)
    right = int((overlaps[rows, columns] > 0.5).sum())
    return right, len(found) - right, len(truth) - right


def _drawn(lane: Lane, size: tuple[int, int]) -> npt.NDArray[np.bool_]:
    width, height = size
    picture = np.zeros((height, width), np.uint8)
    wide = max(1, round(30 * height / 590))
    cv2.polylines(picture, [np.round(lane).astype(np.int32)], False, 1, wide)
    return picture > 0
