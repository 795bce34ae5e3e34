"""What sensors have given at a moment of an episode."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt


@dataclass(frozen=True)
class Picture:
    """A camera's newest picture.

    Attributes
    ----------
    time_s : float
        When it was taken.
    rgb : ndarray, shape (H, W, 3), uint8
        sRGB.
    """

    time_s: float
    rgb: npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Cloud:
    """A LiDAR's newest whole sweep.

    Attributes
    ----------
    time_s : float
        When it ended.
    points : ndarray, shape (N, 4), float32
        x, y, z, m, in the sensor's frame at the moment of each point, and intensity 0..1.
    beam : ndarray, shape (N,), uint32
        ``column * channels + channel``.
    shape : (channels, columns)
    """

    time_s: float
    points: npt.NDArray[np.float32]
    beam: npt.NDArray[np.uint32]
    shape: tuple[int, int]

    def grid(self) -> npt.NDArray[np.float32]:
        """Return the points by their beams, (channels, columns, 4); 0 where nothing came back."""
        channels, columns = self.shape
        found = np.zeros((columns * channels, 4), dtype=np.float32)
        found[self.beam] = self.points
        return np.ascontiguousarray(found.reshape(columns, channels, 4).swapaxes(0, 1))


Sensed = Picture | Cloud
