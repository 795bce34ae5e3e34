"""Noise that moves with what the picture shows, and is still white.

A refiner makes of noise what it draws as detail, so noise that stays on the glass looks like
dirt and new noise flickers; it must move with the surfaces (Chang et al. 2024, "How I Warped
Your Noise"; Burgert et al. 2025, "Go-with-the-Flow"). Interpolated noise is no longer white, so
none is interpolated here: each number sits on a particle that goes with the flow; a pixel keeps
one of the particles that reach it, chosen by depth and never by its number, and one that none
reaches gets a new number. So every picture is of independent unit numbers, exactly.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scenegen.refine.motion import F32, I32, Truth


@dataclass(frozen=True)
class Drift:
    """Noise of one frame, each pixel's on a particle of its own.

    Attributes
    ----------
    values : (h, w, 3) float32
        Independent, of unit deviation.
    place : (h, w, 2) float32
        Where in its pixel a particle is, x and y in [0, 1): small motion adds up.
    """

    values: F32
    place: F32

    @classmethod
    def begun(cls, values: F32) -> Drift:
        """Return noise whose particles are in the middle of their pixels."""
        return cls(values, np.full((*values.shape[:2], 2), 0.5, np.float32))

    def moved(self, before: Truth, surface: I32, fresh: F32) -> tuple[Drift, float]:
        """Return the noise of the next frame, and the share of it that was carried.

        Parameters
        ----------
        before : Truth
            Of this frame, at the frames' own size.
        surface : (H, W) int32
            Of the next one.
        fresh : (h, w, 3) float32
            Independent unit numbers, for what comes into sight.
        """
        height, width = self.values.shape[:2]
        full = np.array(surface.shape[::-1], np.float32)
        scale = full / np.array([width, height], np.float32)
        grid = np.stack(np.meshgrid(np.arange(width), np.arange(height)), axis=-1)
        at = (grid.astype(np.float32) + self.place).reshape(-1, 2)
        x, y = _pixels((at * scale).astype(np.float32), full)
        there = (at + before.flow_px[y, x] / scale).astype(np.float32)
        inside = ((there >= 0) & (there < np.array([width, height]))).all(axis=1)
        kept = np.flatnonzero(before.valid[y, x] & inside)
        to_x, to_y = _pixels(there[kept] * scale, full)
        kept = kept[before.surface[y[kept], x[kept]] == surface[to_y, to_x]]
        # Where particles meet, the last assignment stays: that of the nearest to the camera.
        kept = kept[np.argsort(-before.depth_m[y[kept], x[kept]], kind="stable")]
        cell = np.floor(there[kept]).astype(np.int64)
        next_one = Drift.begun(fresh.copy())
        next_one.values[cell[:, 1], cell[:, 0]] = self.values.reshape(-1, 3)[kept]
        next_one.place[cell[:, 1], cell[:, 0]] = there[kept] - cell
        share = len(np.unique(cell[:, 1] * width + cell[:, 0])) / (height * width)
        return next_one, share


def _pixels(places: F32, size: F32) -> tuple[np.ndarray, np.ndarray]:
    """Return columns and rows of places (N, 2) within a picture, however they are rounded."""
    whole = np.clip(np.floor(places), 0, size - 1).astype(np.int64)
    return whole[:, 0], whole[:, 1]
