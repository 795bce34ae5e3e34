"""Importance sampling: draws tilted towards what is critical, by cross-entropy.

Of independent draws, those that are most critical tell how each coordinate is distributed
among them. The product of these histograms is, among all products of histograms, the
density nearest to that of critical draws in the sense of cross-entropy (Rubinstein and
Kroese 2004, The Cross-Entropy Method). A tenth of the draws stays uniform, so that no weight
is above ten times what it would be without.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from scenegen.errors import UnsatisfiableError
from scenegen.records.base import F64
from scenegen.sample.cells import axes_of
from scenegen.sample.designs.screening import Run, pilot_of
from scenegen.sample.points import UnitPoints
from scenegen.scenario.distributions import open_unit
from scenegen.scenario.syntax import BOOLEAN, evaluate

BINS = 10
PLAIN = 0.1
"""Share of draws that are not tilted, and of each histogram that stays flat."""
FEWEST = 50
"""Critical draws below which histograms would be noise."""


@dataclass(frozen=True)
class Tilt:
    """A density on the unit cube: a product of histograms, and a plain part.

    Attributes
    ----------
    place : tuple of int
        The coordinates that are tilted.
    edges, shares : tuple of ndarray
        Of each histogram: ends (K + 1,) of its bins, and their probabilities (K,).
    """

    place: tuple[int, ...]
    edges: tuple[F64, ...]
    shares: tuple[F64, ...]

    def density(self, u: F64) -> F64:
        """Return the density (n,) at points (n, d)."""
        product = np.ones(len(u))
        for place, edges, shares in zip(self.place, self.edges, self.shares, strict=True):
            bins = np.searchsorted(edges[1:-1], u[:, place], side="left")
            product *= (shares / np.diff(edges))[bins]
        return np.asarray(PLAIN + (1.0 - PLAIN) * product)

    def moved(self, u: F64) -> F64:
        """Return uniform points (n, d) moved to where the histograms have their mass."""
        result = u.copy()
        for place, edges, shares in zip(self.place, self.edges, self.shares, strict=True):
            up_to = np.concatenate([[0.0], np.cumsum(shares)])
            result[:, place] = np.interp(u[:, place], up_to / up_to[-1], edges)
        return result


@dataclass
class TiltedPoints:
    """Independent points of a tilt, without end."""

    tilt: Tilt
    generator: np.random.Generator
    dimension: int

    def take(self, n: int) -> UnitPoints:
        u = open_unit(self.generator, (n, self.dimension))
        plain = self.generator.random(n) < PLAIN
        u = np.where(plain[:, None], u, self.tilt.moved(u))
        return UnitPoints(u, -np.log(self.tilt.density(u)))


@lru_cache(maxsize=8)
def tilt_of(run: Run) -> Tilt:
    """Fit the tilt of a run to the most critical of independent draws.

    Raises
    ------
    UnsatisfiableError
        Too few draws are critical to tell anything from.
    """
    design, pilot = run.logical.design, pilot_of(run)
    assert design.criticality is not None
    score = np.broadcast_to(evaluate(design.criticality, pilot.columns), (len(pilot.u),))
    if design.criticality.type is BOOLEAN:
        critical = pilot.u[score]
    else:
        known = np.isfinite(score)
        level = np.quantile(score[known], 1.0 - design.share) if known.any() else 0.0
        critical = pilot.u[known & (score >= level)]
    if len(critical) < FEWEST:
        raise UnsatisfiableError(
            f"{run.logical.design_place}: {len(critical)} of {len(pilot.u):,} draws are critical,"
            " too few to tilt towards; give a number that is higher the nearer a draw comes to it"
        )
    names = sorted(run.logical.parameters)
    axes = axes_of(run.logical.parameters, BINS)
    place = tuple(names.index(axis.name) for axis in axes)
    counts = [
        np.bincount(axis.at(critical[:, at]), minlength=len(axis))
        for axis, at in zip(axes, place, strict=True)
    ]
    shares = tuple(
        PLAIN * axis.widths + (1.0 - PLAIN) * count / count.sum()
        for axis, count in zip(axes, counts, strict=True)
    )
    return Tilt(place, tuple(axis.edges for axis in axes), shares)
