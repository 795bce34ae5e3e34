"""Counts of objects, tracks and scenes by cells, kept apart by scene.

Frames of one track are not independent of each other, so shares are told by tracks: each track
counts one, spread over the cells it is in by its share of frames there; likewise each scene.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from scenegen.records.base import F64
from scenegen.report.audit.sightings import I64, UNKNOWN, Sightings

Unit = Literal["objects", "tracks", "scenes"]


@dataclass(frozen=True)
class Sums:
    """Counts of S scenes over the K cells of one factor, or of several's product.

    Attributes
    ----------
    of : tuple of str
    shape : tuple of int
        Cells of each factor; K is their product.
    by_scene : (S, K) float64
        In units: objects, or shares of tracks or scenes that add up to whole ones.
    objects, tracks, scenes : (K,) int64
        Seen in each cell: labels, and tracks and scenes with at least one there.
    """

    of: tuple[str, ...]
    shape: tuple[int, ...]
    by_scene: F64
    objects: I64
    tracks: I64
    scenes: I64


def sums(sightings: Sightings, of: Sequence[str], unit: Unit, classes: Sequence[str] = ()) -> Sums:
    """Count what is seen in each cell of some factors together.

    Objects that lack one of the factors don't count. Scenes of factors of scenes alone count
    whether or not anything is seen in them.
    """
    factors = [sightings.factors[name] for name in of]
    shape = tuple(len(factor.cells) for factor in factors)
    size, scenes = int(np.prod(shape)), len(sightings.scenarios)
    rows = sightings.rows_of(classes)
    for name in of:
        rows = rows & (sightings.codes[name] != UNKNOWN)
    at = np.flatnonzero(rows)
    cell = _flat([sightings.codes[name][at] for name in of], shape)
    scene, track = sightings.scene[at], sightings.track[at]
    objects = np.bincount(cell, minlength=size)
    tracks = np.unique(track * size + cell) % size if len(at) else at
    seen = np.unique(scene * size + cell) % size if len(at) else at
    in_scenes = np.bincount(seen, minlength=size)
    if unit == "scenes" and not classes and all(f.level == "scene" for f in factors):
        cell = _flat([sightings.scene_codes[name] for name in of], shape)
        by_scene = np.zeros((scenes, size))
        by_scene[np.arange(scenes), cell] = 1.0
        in_scenes = np.bincount(cell, minlength=size)
    else:
        share = np.ones(len(at))
        if unit != "objects":
            group = track if unit == "tracks" else scene
            share = 1.0 / np.bincount(group, minlength=1)[group] if len(at) else share
        flat = np.bincount(scene * size + cell, share, scenes * size).astype(np.float64)
        by_scene = flat.reshape(scenes, size)
    return Sums(tuple(of), shape, by_scene, objects, np.bincount(tracks, minlength=size), in_scenes)


def _flat(codes: Sequence[I64], shape: Sequence[int]) -> I64:
    return np.asarray(np.ravel_multi_index(list(codes), list(shape)), dtype=np.int64)


def weights_of(log_weight: F64) -> F64:
    """Return weights (S,) with the greatest one 1."""
    return np.asarray(np.exp(log_weight - log_weight.max(initial=-np.inf)))


def kish(weights: F64) -> float:
    """Return how many equal weights are worth as much: (sum w)^2 / sum w^2 (Kish 1965)."""
    return float(weights.sum() ** 2 / (weights**2).sum()) if len(weights) else 0.0
