"""Colours, detail and a tiny copy of every picture of a set, read in one pass and kept."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.evaluate.feature_store import CHUNK
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.measures.color import color_histograms, tones
from scenegen.evaluate.measures.spectrum import power_spectrum
from scenegen.evaluate.memo import Memo
from scenegen.evaluate.statistics import F64, I64
from scenegen.evaluate.study import Tick, silent

VERSION = 1
_TINY = (32, 24)


@dataclass(frozen=True)
class Appearance:
    """Of each picture of a set:

    Attributes
    ----------
    colors : (N, 9, BINS) float64
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

    colors: F64
    tones: F64
    spectra: F64
    tiny: npt.NDArray[np.uint8]
    size: I64


def appearance(memo: Memo, mapped: MappedSet, tick: Tick = silent) -> Appearance:
    """Return how the pictures of a set look."""

    def compute() -> dict[str, npt.NDArray[np.generic]]:
        rows: dict[str, list[npt.NDArray[np.generic]]] = {
            name: [] for name in ("colors", "tones", "spectra", "tiny", "size")
        }
        for index in range(len(mapped)):
            if index % CHUNK == 0:
                tick(index / len(mapped), f"colours of {mapped.name}")
            picture = mapped.image(index)
            rows["colors"].append(color_histograms(picture))
            rows["tones"].append(tones(picture))
            rows["spectra"].append(power_spectrum(picture))
            rows["tiny"].append(cv2.resize(picture, _TINY, interpolation=cv2.INTER_AREA))
            rows["size"].append(np.array(picture.shape[:2], np.int64))
        return {name: np.stack(values) for name, values in rows.items()}

    return Appearance(
        **memo.arrays("appearance", {"set": mapped.digest, "version": VERSION}, compute)
    )
