"""Drawing to scale from above."""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.geometry.transforms import turned
from scenegen.report.colors import Image, Rgb
from scenegen.report.overlay import put_text

F64 = npt.NDArray[np.float64]

_SHIFT = 4
_GROUND: Rgb = (38, 46, 40)


class Plan:
    """A picture of the plane: takes metres to px; +x is right, +y is up.

    Parameters
    ----------
    centre : ndarray, shape (2,)
        Place in the middle of the picture.
    metres_per_px : float
    width, height : int
    ground : Rgb
        Colour of what nothing is drawn on.
    """

    def __init__(
        self, centre: F64, metres_per_px: float, width: int, height: int, ground: Rgb = _GROUND
    ) -> None:
        self.metres_per_px = metres_per_px
        self.image: Image = np.full((height, width, 3), ground, np.uint8)
        self._centre = centre
        self._middle = np.array([width / 2, height / 2])

    def px(self, xy_m: npt.ArrayLike) -> npt.NDArray[np.int32]:
        """Return fixed-point px (..., 2) of world points (..., 2)."""
        offset = (np.asarray(xy_m, np.float64)[..., :2] - self._centre) / self.metres_per_px
        px = offset * [1.0, -1.0] + self._middle - 0.5
        fixed = np.rint(np.clip(px, -3e4, 3e4) * 2**_SHIFT)
        return np.asarray(fixed, dtype=np.int32)

    def fill(self, polygon_m: npt.ArrayLike, colour: Rgb) -> None:
        """Fill a polygon (K, 2)."""
        cv2.fillPoly(self.image, [self.px(polygon_m)], colour, cv2.LINE_AA, _SHIFT)

    def line(
        self, points_m: npt.ArrayLike, colour: Rgb, width_m: float = 0.0, closed: bool = False
    ) -> None:
        """Draw a polyline (K, 2), at least 1 px wide."""
        thickness = max(1, round(width_m / self.metres_per_px))
        cv2.polylines(
            self.image, [self.px(points_m)], closed, colour, thickness, cv2.LINE_AA, _SHIFT
        )

    def disc(self, middle_m: npt.ArrayLike, radius_px: float, colour: Rgb) -> None:
        """Draw a filled disc."""
        x, y = self.px(middle_m).tolist()
        radius = round(radius_px * 2**_SHIFT)
        cv2.circle(self.image, (x, y), radius, colour, -1, cv2.LINE_AA, _SHIFT)

    def dots(self, points_m: npt.ArrayLike, colours: F64) -> None:
        """Give the px that points (N, 2) lie in their colours (N, 3), the last over the others."""
        x, y = np.rint(self.px(points_m) / 2**_SHIFT).astype(np.int64).T
        height, width = self.image.shape[:2]
        inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
        self.image[y[inside], x[inside]] = np.clip(colours[inside], 0, 255)

    def scale_bar(self) -> None:
        """Draw a bar of 5, 10, 20 or 50 m, about a sixth of the width."""
        height, width = self.image.shape[:2]
        wanted = width * self.metres_per_px / 6
        metres = min((5, 10, 20, 50, 100, 200), key=lambda m: abs(m - wanted))
        length, y = round(metres / self.metres_per_px), height - 12
        cv2.line(self.image, (12, y), (12 + length, y), (235, 235, 235), 2)
        put_text(self.image, f"{metres} m", (12, y - 6), (235, 235, 235), 0.4)


def outline(middle_m: F64, yaw_rad: float, length_m: float, width_m: float) -> F64:
    """Return the corners (4, 2) of a turned rectangle."""
    corners = np.array([[1, 1], [-1, 1], [-1, -1], [1, -1]]) * [0.5 * length_m, 0.5 * width_m]
    return np.asarray(turned(corners, yaw_rad) + middle_m)
