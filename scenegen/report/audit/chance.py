"""What chance does: intervals from resampled scenes, and dependence of two factors.

Scenes are drawn independently of each other; what is in one is not. So whole scenes are
resampled (the cluster bootstrap), and independence of two factors is tried by shuffling one of
them among whole scenes, or among whole tracks where it is drawn for each of them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64
from scenegen.report.audit.sightings import UNKNOWN, Sightings
from scenegen.report.audit.sums import sums
from scenegen.seeds import named_generator

DRAWS = 400
SHUFFLES = 200
_BLOCK = 32


@dataclass(frozen=True)
class Resamples:
    """How often each of S scenes is drawn in each of B bootstrap draws.

    Attributes
    ----------
    counts : (B, S) uint8
    """

    counts: npt.NDArray[np.uint8]

    def totals(self, by_scene: F64) -> F64:
        """Return totals (B, K) of what is counted by scene (S, K)."""
        blocks = range(0, len(self.counts), _BLOCK)
        parts: list[F64] = [
            self.counts[at : at + _BLOCK].astype(np.float64) @ by_scene for at in blocks
        ]
        return np.concatenate(parts)


def resamples(scenes: int, draws: int = DRAWS) -> Resamples:
    """Return bootstrap draws of scenes; equal numbers give equal draws."""
    generator = named_generator("audit", "resamples", scenes)
    counts = np.empty((draws, scenes), np.uint8)
    for row in counts:
        drawn = np.bincount(generator.integers(0, scenes, scenes), minlength=scenes)
        row[:] = np.minimum(drawn, 255)
    return Resamples(counts)


def shares(totals: F64) -> F64:
    """Return shares (..., K) of totals; zero where there is nothing."""
    whole = totals.sum(axis=-1, keepdims=True)
    return np.asarray(
        np.divide(totals, whole, out=np.zeros_like(totals), where=whole > 0), np.float64
    )


def bounds(draws: F64, value: F64) -> tuple[F64, F64]:
    """Return the 95 % percentile interval of draws (B, ...), made to contain the value."""
    low, high = np.quantile(draws, [0.025, 0.975], axis=0)
    return np.minimum(low, value), np.maximum(high, value)


def share_bounds(draws: F64, share: F64, scenes: int) -> tuple[F64, F64]:
    """Return the 95 % interval of shares (K,).

    Resampling can't tell what was never seen: there the exact binomial bound of as many scenes
    stands, and likewise for what was always seen.
    """
    low, high = bounds(draws, share)
    least = 0.025 ** (1.0 / max(scenes, 1))
    high = np.where(share <= 0.0, np.maximum(high, 1.0 - least), high)
    return np.where(share >= 1.0, np.minimum(low, least), low), high


def total_variation(share: F64, target: F64) -> F64:
    """Return half the sum of differences: what share would have to be elsewhere, 0 to 1."""
    return np.asarray(0.5 * np.abs(share - target).sum(axis=-1))


def cramers_v(table: F64, n: float) -> float:
    """Return Cramér's V of a table of shares or counts, corrected for its bias (Bergsma 2013).

    Parameters
    ----------
    table : (R, C) float64
    n : float
        How many independent units it is of.
    """
    table = table[table.sum(axis=1) > 0][:, table.sum(axis=0) > 0]
    rows, columns = table.shape
    if min(rows, columns) < 2 or n <= 1.0:
        return 0.0
    p = table / table.sum()
    expected = p.sum(axis=1, keepdims=True) * p.sum(axis=0, keepdims=True)
    phi2 = float(((p - expected) ** 2 / expected).sum())
    phi2 = max(0.0, phi2 - (rows - 1) * (columns - 1) / (n - 1))
    rows_left = rows - (rows - 1) ** 2 / (n - 1)
    columns_left = columns - (columns - 1) ** 2 / (n - 1)
    least = min(rows_left, columns_left) - 1
    return float(min(1.0, np.sqrt(phi2 / least))) if least > 0 else 0.0


@dataclass(frozen=True)
class Dependence:
    """How much two factors depend on each other.

    Attributes
    ----------
    value, low, high : float
        Cramér's V, 0 to 1, with its 95 % interval over resampled scenes.
    chance : float or None
        What it stays below 95 times of 100 where they are independent; None where neither is
        drawn for whole scenes or tracks.
    units : float
        Tracks, or scenes if both factors are theirs.
    """

    value: float
    low: float
    high: float
    chance: float | None
    units: float


def dependence(sightings: Sightings, a: str, b: str, drawn: Resamples) -> Dependence:
    """Return the dependence of two factors over tracks, or over scenes for factors of scenes."""
    both_scenes = all(sightings.factors[name].level == "scene" for name in (a, b))
    counted = sums(sightings, (a, b), "scenes" if both_scenes else "tracks")
    table = counted.by_scene.sum(axis=0).reshape(counted.shape)
    units = float(table.sum())
    value = cramers_v(table, units) if units else 0.0
    totals = drawn.totals(counted.by_scene).reshape(-1, *counted.shape)
    tried = np.array([cramers_v(t, float(t.sum())) if t.sum() else 0.0 for t in totals])
    low, high = bounds(tried, np.array(value))
    chance = _chance(sightings, a, b, units) if units else None
    return Dependence(value, float(low), float(high), chance, units)


def _chance(sightings: Sightings, a: str, b: str, units: float) -> float | None:
    """Return the 95 % quantile of V where one of the factors is shuffled."""
    levels = {name: sightings.factors[name].level for name in (a, b)}
    generator = named_generator("audit", "shuffles", a, b)
    for level in ("scene", "track"):
        if level in levels.values():
            moved = a if levels[a] == level else b
            fixed = b if moved == a else a
            groups, codes = _groups(sightings, moved, fixed, level)
            if len(codes) < 2:
                return None
            eye = np.eye(len(sightings.factors[moved].cells))
            values = [
                cramers_v(eye[generator.permutation(codes)].T @ groups, units)
                for _ in range(SHUFFLES)
            ]
            return float(np.quantile(values, 0.95))
    return None


def _groups(
    sightings: Sightings, moved: str, fixed: str, level: str
) -> tuple[F64, npt.NDArray[np.int64]]:
    """Return counts (G, K) of the fixed factor, and the moved one's cell (G,), by group."""
    cells = len(sightings.factors[fixed].cells)
    if level == "scene" and sightings.factors[fixed].level == "scene":
        return np.eye(cells)[sightings.scene_codes[fixed]], sightings.scene_codes[moved]
    known = (sightings.codes[moved] != UNKNOWN) & (sightings.codes[fixed] != UNKNOWN)
    track, cell = sightings.track[known], sightings.codes[fixed][known]
    share = 1.0 / np.bincount(track, minlength=1)[track] if len(track) else np.zeros(0)
    group = sightings.scene[known] if level == "scene" else track
    names, first, number = np.unique(group, return_index=True, return_inverse=True)
    counts = np.bincount(number * cells + cell, share, len(names) * cells).astype(np.float64)
    return counts.reshape(-1, cells), sightings.codes[moved][known][first]
