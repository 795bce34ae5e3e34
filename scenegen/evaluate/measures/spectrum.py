"""How much detail pictures have at which scale: the radially averaged power spectrum.

Photographs fall off as about 1 / f² (Field 1987); a render without fine texture falls faster, and
noise makes it flat.
"""

from __future__ import annotations

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.evaluate.statistics import F64

U8 = npt.NDArray[np.uint8]
_SMALL, _LARGE = 64, 512
_EDGES = np.linspace(1 / 64, 1 / 2, 32)
FREQUENCIES: F64 = (_EDGES[:-1] + _EDGES[1:]) / 2
"""Middles of the bins (31,) in cycles per pixel."""
_STRAIGHT = FREQUENCIES < 0.3
"""Where a slope is fitted: beyond, lenses, sharpening and compression bend the line."""
_LEAST = 1e-12


def power_spectrum(picture: U8) -> F64:
    """Return the power (31,) of a picture's luma at `FREQUENCIES`, in dB of (1/255)² per bin.

    Of the central square of at most 512 px, mean taken off, under a Hann window whose energy is
    divided out, so that the picture's size doesn't matter.
    """
    side = min(*picture.shape[:2], _LARGE)
    top, left = (picture.shape[0] - side) // 2, (picture.shape[1] - side) // 2
    square = np.ascontiguousarray(picture[top : top + side, left : left + side])
    luma = cv2.cvtColor(square, cv2.COLOR_RGB2GRAY).astype(np.float64)
    if side < _SMALL:
        after = _SMALL - side
        luma = cv2.copyMakeBorder(luma, 0, after, 0, after, cv2.BORDER_REFLECT)
        side = _SMALL
    window = np.outer(np.hanning(side + 1)[:-1], np.hanning(side + 1)[:-1])
    centred = (luma - np.average(luma, weights=window)) * window
    power = np.abs(np.fft.rfft2(centred)) ** 2 / (window**2).sum()
    radius = np.hypot(np.fft.fftfreq(side)[:, None], np.fft.rfftfreq(side)[None, :])
    member = np.digitize(radius, _EDGES) - 1
    inside = (member >= 0) & (member < len(FREQUENCIES))
    total = np.bincount(member[inside], power[inside], len(FREQUENCIES))
    count = np.bincount(member[inside], minlength=len(FREQUENCIES))
    return np.asarray(10 * np.log10(total / count + _LEAST))


def spectrum_distance(x: F64, y: F64) -> F64:
    """Return the root mean square difference (...) in dB of spectra (..., 31)."""
    return np.asarray(np.sqrt(((x - y) ** 2).mean(axis=-1)))


def spectrum_slope(spectra: F64) -> F64:
    """Return the exponent (...) of power over frequency of spectra (..., 31) in dB; 1/f² is -2."""
    where = np.log10(FREQUENCIES[_STRAIGHT])
    centred = where - where.mean()
    return np.asarray(spectra[..., _STRAIGHT] @ centred / (centred @ centred) / 10)
