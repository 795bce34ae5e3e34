"""Which drawables a view sees, by the boxes around them.

A box is a middle and half its sides; how far it reaches along an axis is a product with their
magnitudes, so that its eight corners needn't be worked out.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64

_CORNERS = np.array(
    [[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], dtype=np.float64
)
_SIDES = np.concatenate([-np.eye(4)[:3], np.eye(4)[:3]])
"""Of the clip volume, whose inside is where this and w add up to something positive."""


@dataclass(frozen=True)
class Boxes:
    """Boxes around drawables, each in its part's frame.

    Attributes
    ----------
    middle, half : ndarray, shape (D, 3)
    part : ndarray, shape (D,)
    """

    middle: F64
    half: F64
    part: npt.NDArray[np.int64]

    def corners(self, to_parts: F64, picked: npt.NDArray[np.int64]) -> F64:
        """Return the corners (K, 8, 3), where poses (P, 4, 4) lead, of some boxes (K,)."""
        poses = to_parts[self.part[picked]]
        points = self.middle[picked, None] + _CORNERS * self.half[picked, None]
        return np.asarray(points @ np.swapaxes(poses[:, :3, :3], 1, 2) + poses[:, None, :3, 3])

    def spans(self, to_parts: F64, axes: slice) -> tuple[F64, F64]:
        """Return lowest and highest coordinates (D, A) on some axes of where poses lead."""
        poses = to_parts[self.part, axes]
        middle = np.einsum("nij,nj->ni", poses[:, :, :3], self.middle) + poses[:, :, 3]
        reach = np.einsum("nij,nj->ni", np.abs(poses[:, :, :3]), self.half)
        return middle - reach, middle + reach

    def middles(self, to_parts: F64) -> F64:
        """Return where poses (P, 4, 4) lead the middles (D, 3)."""
        poses = to_parts[self.part]
        turned = np.einsum("nij,nj->ni", poses[:, :3, :3], self.middle)
        return np.asarray(turned + poses[:, :3, 3])

    def visible(
        self, clip_from_camera: F64, camera_from_parts: F64, away: F64 | None = None
    ) -> npt.NDArray[np.bool_]:
        """Return which boxes (D,) may reach into a clip volume: those beyond none of its sides.

        Parameters
        ----------
        away : ndarray, shape (3,), optional
            Where shadows fall, camera frame: then a box counts with its shadow, without end.
        """
        sides = (_SIDES + np.eye(4)[3]) @ clip_from_camera
        if away is not None:
            sides = sides[sides[:, :3] @ away <= 0.0]
        _, furthest = self.spans(sides @ camera_from_parts, slice(None))
        return np.asarray((furthest >= 0.0).all(axis=1))


def casts_into(low: F64, high: F64, least: float) -> npt.NDArray[np.bool_]:
    """Return which boxes (D,) may throw a shadow into a cascade, by clip x and y (D, 2).

    Those that span less than `least` of clip space in both directions are left out.
    """
    inside = (low < 1.0).all(axis=1) & (high > -1.0).all(axis=1)
    return np.asarray(inside & ((high - low).max(axis=1) >= least))
