"""Which readings are key frames, and of which sample each is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from scenegen.dataset import FrameReader, ScanReader, SweepReader

Reading = FrameReader | SweepReader | ScanReader
EVERY_S = 0.5
"""nuScenes' samples are taken twice a second."""


@dataclass(frozen=True)
class Placed:
    """A reading of a sensor in a scene's samples.

    Attributes
    ----------
    reading : FrameReader, SweepReader or ScanReader
    sample : int
        Number of its sample: of the nearest, if it isn't a key frame.
    key : bool
    """

    reading: Reading
    sample: int
    key: bool


def sample_times(reference_s: Sequence[float]) -> list[float]:
    """Return when samples are: at the first reading in each half second."""
    found: dict[int, float] = {}
    for time_s in sorted(reference_s):
        found.setdefault(int((time_s + 1e-6) // EVERY_S), time_s)
    return list(found.values())


def placed(readings: Sequence[Reading], samples_s: Sequence[float]) -> list[Placed]:
    """Return a sensor's readings, of which the nearest to each sample is its key frame."""
    keys: dict[int, int] = {}
    for sample, at in enumerate(samples_s):
        number = min(range(len(readings)), key=lambda i: abs(readings[i].entry.time_s - at))
        if abs(readings[number].entry.time_s - at) <= EVERY_S / 2:
            keys.setdefault(number, sample)
    return [
        Placed(reading, keys.get(number, _nearest(reading, samples_s)), number in keys)
        for number, reading in enumerate(readings)
    ]


def _nearest(reading: Reading, samples_s: Sequence[float]) -> int:
    return min(range(len(samples_s)), key=lambda i: abs(samples_s[i] - reading.entry.time_s))
