"""Colours, detail and a tiny copy of every picture of a set, read in one pass and kept."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.evaluate.feature_store import CHUNK
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.measures.color import BINS, CHANNELS, TONES, color_histograms, tones
from scenegen.evaluate.measures.spectrum import FREQUENCIES, power_spectrum
from scenegen.evaluate.memo import Arrays, Memo
from scenegen.evaluate.statistics import F64, I64
from scenegen.evaluate.study import Tick, silent

VERSION = 1
_TINY = (32, 24)


@dataclass(frozen=True)
class Appearance:
    """Of each picture of a set:

    Attributes
    ----------
    colors : (N, 9, BINS) float32
        Histograms of `color.CHANNELS`.
    tones : (N, 3) float64
        `color.TONES`.
    spectra : (N, 31) float64
        dB at `spectrum.FREQUENCIES`.
    tiny : (N, 24, 32, 3) uint8
        The picture by area averages, to find copies.
    size : (N, 2) int64
        Height and width in px.
    """

    colors: npt.NDArray[np.float32]
    tones: F64
    spectra: F64
    tiny: npt.NDArray[np.uint8]
    size: I64


def appearance(memo: Memo, mapped: MappedSet, tick: Tick = silent) -> Appearance:
    """Return how the pictures of a set look."""

    def compute() -> Arrays:
        count = len(mapped)
        colors = np.zeros((count, len(CHANNELS), BINS), np.float32)
        tone = np.zeros((count, len(TONES)))
        spectra = np.zeros((count, len(FREQUENCIES)))
        tiny = np.zeros((count, _TINY[1], _TINY[0], 3), np.uint8)
        size = np.zeros((count, 2), np.int64)
        for i in range(count):
            if i % CHUNK == 0:
                tick(i / count, f"colours of {mapped.name}")
            picture = mapped.image(i)
            colors[i] = color_histograms(picture)
            tone[i] = tones(picture)
            spectra[i] = power_spectrum(picture)
            tiny[i] = cv2.resize(picture, _TINY, interpolation=cv2.INTER_AREA)
            size[i] = picture.shape[:2]
        return {"colors": colors, "tones": tone, "spectra": spectra, "tiny": tiny, "size": size}

    return Appearance(
        **memo.arrays("appearance", {"set": mapped.digest, "version": VERSION}, compute)
    )
