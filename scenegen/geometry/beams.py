"""Where the beams of a scanning LiDAR point, column by column.

All channels of a column fire at once; column `c` of `n` fires at ``(c + 0.5) / n`` of the
sweep. Directions are unit vectors (columns, channels, 3) in the sensor's frame: x forward,
y left, z up.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float64]

_PRISM_TURNS = (12.157, -7.773)
"""Turns of the two prisms in a sweep. They share no period, so that sweeps fill each
other's gaps."""
_LASER_GAP = 0.02
"""Distance between the lasers of a rosette, as a share of the field of view."""


def column_shares(columns: int) -> Array:
    """Return when each column fires, as shares (columns,) of the sweep."""
    return (np.arange(columns) + 0.5) / columns


def spinning(channels: int, columns: int, elevation_rad: tuple[float, float]) -> Array:
    """Return the beams of a head that turns clockwise once a sweep, beginning at the back.

    Parameters
    ----------
    channels, columns : int
    elevation_rad : (2,)
        Of the lowest channel, which is number 0, and of the highest.
    """
    azimuth = np.pi - 2 * np.pi * column_shares(columns)
    return _polar(azimuth, np.linspace(*elevation_rad, channels))


def raster(channels: int, columns: int, elevation_rad: tuple[float, float], hfov: float) -> Array:
    """Return the beams of a mirror that moves a line of lasers from left to right."""
    azimuth = hfov * (0.5 - column_shares(columns))
    return _polar(azimuth, np.linspace(*elevation_rad, channels))


def rosette(channels: int, columns: int, fov: float, sweep: int) -> Array:
    """Return the beams of lasers behind two counter-rotating prisms (Risley pair).

    Each prism deflects by a quarter of the field of view; to first order the deflections
    add up as vectors. The pattern goes on from sweep to sweep.

    Parameters
    ----------
    channels, columns : int
        Lasers, one above the other, and shots of each in a sweep.
    fov : float
        Full angle of the cone, rad.
    sweep : int
    """
    turns = sweep + column_shares(columns)
    first, second = (2 * np.pi * rate * turns for rate in _PRISM_TURNS)
    left = 0.25 * fov * (np.sin(first) + np.sin(second))
    up = 0.25 * fov * (np.cos(first) + np.cos(second))
    offset = _LASER_GAP * fov * (np.arange(channels) - 0.5 * (channels - 1))
    across = np.broadcast_to(left[:, None], (columns, channels))
    above = up[:, None] + offset
    angle = np.hypot(across, above)
    # sin(angle) / angle, which is 1 on the axis.
    scale = np.sinc(angle / np.pi)
    return np.stack([np.cos(angle), scale * across, scale * above], axis=-1)


def _polar(azimuth: Array, elevation: Array) -> Array:
    level, up = np.cos(elevation), np.sin(elevation)
    return np.stack(
        [
            np.cos(azimuth)[:, None] * level,
            np.sin(azimuth)[:, None] * level,
            np.broadcast_to(up, (len(azimuth), len(up))),
        ],
        axis=-1,
    )


def side_rays(
    directions: npt.NDArray[np.floating], neighbours: npt.NDArray[np.floating], divergence: float
) -> npt.NDArray[np.floating]:
    """Return rays (N, 3) on the rims of beams, on the side of their neighbours.

    A beam with a Gaussian profile stands for five rays: its middle, of weight 1/2, and one
    towards each neighbour (the channels above and below, the columns before and after) at
    half the divergence (1/e² full angle), of weight 1/8 each. Around a middle whose
    neighbours lie at right angles this has the second moments of the profile.

    Parameters
    ----------
    directions, neighbours : ndarray, shape (N, 3)
        Unit; not parallel.
    divergence : float
        rad.
    """
    aside = neighbours - directions * np.einsum("ij,ij->i", neighbours, directions)[:, None]
    length = np.sqrt(np.einsum("ij,ij->i", aside, aside))[:, None]
    # Middle and offset are at right angles, so the sum has the length 1 / cos.
    half = 0.5 * divergence
    return np.asarray(float(np.cos(half)) * directions + float(np.sin(half)) * aside / length)


MIDDLE_WEIGHT, SIDE_WEIGHT = 0.5, 0.125
"""Shares of a beam's energy that its middle and each ray at its rim stand for."""
SIDES = ((0, -1), (0, 1), (1, -1), (1, 1))
"""A beam's neighbours: axis (columns, channels) and step."""
