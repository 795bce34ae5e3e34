"""Amodal silhouettes: every actor drawn alone, counted at pixel centres."""

from __future__ import annotations

import math
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.geometry import Camera, box_bounds, project_box
from scenegen.records import Silhouette
from scenegen.records.base import F64

_CORNERS = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], dtype=np.bool_)
Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Cell:
    """Where an actor's silhouette lies in the atlas.

    Attributes
    ----------
    instance_id : int
    left, top : int
        Picture px of the cell's corner; negative left of and above the picture.
    width, height : int
    x, y : int
        The cell's corner in the atlas.
    """

    instance_id: int
    left: int
    top: int
    width: int
    height: int
    x: int = 0
    y: int = 0

    @property
    def ends(self) -> tuple[int, int]:
        """Column and row of the atlas after the last."""
        return self.x + self.width, self.y + self.height


class Extents:
    """How far actors reach on the picture's grid, by the boxes of their drawables.

    Parameters
    ----------
    camera : Camera
    whole : bool
        Whether the reach of a box around all points of an actor is asked for; under a lens
        it is.
    """

    def __init__(self, camera: Camera, *, whole: bool = False) -> None:
        self._camera = camera
        self._by_whole = whole or camera.lens is not None

    def of(self, boxes: F64) -> tuple[int, int, int, int] | None:
        """Return whole px (left, top, right, bottom), within the margin of one picture.

        Parameters
        ----------
        boxes : ndarray, shape (K, 8 or more, 3)
            Corners in the camera frame, of the boxes that an actor consists of.
        """
        camera = self._camera
        if self._by_whole:
            return self._of_whole(boxes)
        near, far = boxes[..., 2].min(axis=1), boxes[..., 2].max(axis=1)
        if far.max() < camera.near_m or near.min() > camera.far_m:
            return None
        ahead = near >= camera.near_m
        pixels = camera.project(boxes[ahead])
        low, high = [pixels.min(axis=1)], [pixels.max(axis=1)]
        # Boxes that reach behind the near plane are cut there.
        for box in boxes[~ahead & (far >= camera.near_m)]:
            cut = project_box(camera, box)
            if cut is not None:
                low.append(cut)
                high.append(cut)
        first = np.concatenate(low).min(axis=0) - 1.0
        last = np.concatenate(high).max(axis=0) + 1.0
        return self._whole(first, last)

    def _of_whole(self, boxes: F64) -> tuple[int, int, int, int] | None:
        """Return the reach of the box, in the camera's axes, around all boxes of an actor."""
        points = boxes.reshape(-1, 3)
        low, high = points.min(axis=0), points.max(axis=0)
        bounds = box_bounds(self._camera, np.where(_CORNERS, high, low))
        return None if bounds is None else self._whole(bounds[0] - 1.0, bounds[1] + 1.0)

    def _whole(self, first: F64, last: F64) -> tuple[int, int, int, int] | None:
        """Return whole px around bounds, within the margin."""
        wide, tall = self._camera.width, self._camera.height
        left, upper = int(np.floor(max(first[0], -wide))), int(np.floor(max(first[1], -tall)))
        right, lower = int(np.ceil(min(last[0], 2 * wide))), int(np.ceil(min(last[1], 2 * tall)))
        if right <= left or lower <= upper:
            return None
        return left, upper, right, lower


def pack(cells: list[Cell], width: int, height: int) -> list[list[Cell]]:
    """Place cells on shelves of an atlas; what doesn't fit goes on the next sheet.

    Every cell must fit the atlas alone. Shelves are about as long as they are tall together:
    every pixel of them is cleared and read.
    """
    area = sum(cell.width * cell.height for cell in cells)
    width = min(width, max([math.isqrt(2 * area), *(cell.width for cell in cells)]))
    sheets: list[list[Cell]] = []
    x = y = shelf = 0
    for cell in sorted(cells, key=lambda c: (-c.height, c.instance_id)):
        if x + cell.width > width:
            x, y, shelf = 0, y + shelf, 0
        if not sheets or y + cell.height > height:
            sheets.append([])
            x = y = shelf = 0
        placed = Cell(cell.instance_id, cell.left, cell.top, cell.width, cell.height, x, y)
        sheets[-1].append(placed)
        x, shelf = x + cell.width, max(shelf, cell.height)
    return sheets


def measure(cell: Cell, atlas: Pixels, instance: npt.NDArray[np.uint16]) -> Silhouette | None:
    """Count a cell's covered pixels; None if there are none.

    Parameters
    ----------
    cell : Cell
    atlas : ndarray, shape (A, B), uint8
        Non-zero where covered; the cell is written to.
    instance : ndarray, shape (H, W), uint16
        The picture's visible instances. A visible pixel is part of the silhouette by
        definition; adding them keeps ties of the rasteriser, which two draws may
        decide differently, from making a mask larger than its silhouette.
    """
    covered = atlas[cell.y : cell.y + cell.height, cell.x : cell.x + cell.width]
    height, width = instance.shape
    x0, x1 = max(cell.left, 0), min(cell.left + cell.width, width)
    y0, y1 = max(cell.top, 0), min(cell.top + cell.height, height)
    inside_px = 0
    if x0 < x1 and y0 < y1:
        inside = covered[y0 - cell.top : y1 - cell.top, x0 - cell.left : x1 - cell.left]
        # In place, so that area and box count these pixels as well.
        inside |= (instance[y0:y1, x0:x1] == cell.instance_id).view(np.uint8)
        inside_px = cv2.countNonZero(inside)
    x, y, box_width, box_height = cv2.boundingRect(covered)
    if box_width == 0:
        return None
    left, top = float(cell.left + x), float(cell.top + y)
    return Silhouette(
        box=(left, top, left + box_width, top + box_height),
        area_px=cv2.countNonZero(covered),
        inside_px=inside_px,
    )
