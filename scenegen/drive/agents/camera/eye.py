"""What the camera agent sees: two pictures, shrunk, and how fast it goes and wants to."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.drive.sensed import Picture

WIDTH, HEIGHT = 120, 72
BEFORE_S = 0.2
"""So much earlier is the other picture: by the two of them what comes nearer can be told."""
FASTEST_MPS = 40.0

U8 = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Glance:
    """What goes into the network.

    Attributes
    ----------
    pictures : ndarray, shape (6, HEIGHT, WIDTH), uint8
        The newest picture, and the one of `BEFORE_S` before; channels first.
    speeds : ndarray, shape (2,), float32
        The ego's and the wanted one, as shares of `FASTEST_MPS`.
    """

    pictures: U8
    speeds: npt.NDArray[np.float32]


class Eye:
    """Keeps the pictures of an episode."""

    def __init__(self, wanted_mps: float) -> None:
        self._wanted_mps = wanted_mps
        self._seen: deque[tuple[float, U8]] = deque()

    def look(self, picture: Picture, speed_mps: float) -> Glance:
        """Return what is seen with a new picture; at first it is its own predecessor."""
        if not self._seen or picture.time_s > self._seen[-1][0]:
            self._seen.append((picture.time_s, shrunk(picture.rgb)))
        while len(self._seen) > 1 and self._seen[1][0] <= picture.time_s - BEFORE_S + 1e-6:
            self._seen.popleft()
        both = np.concatenate([self._seen[-1][1], self._seen[0][1]], axis=2)
        speeds = np.array([speed_mps, self._wanted_mps], dtype=np.float32) / FASTEST_MPS
        return Glance(np.ascontiguousarray(both.transpose(2, 0, 1)), speeds)


def shrunk(rgb: U8) -> U8:
    """Return a picture (H, W, 3) at the network's size, each pixel the mean of its area."""
    if rgb.shape[:2] == (HEIGHT, WIDTH):
        return rgb
    return np.asarray(cv2.resize(rgb, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA), np.uint8)
