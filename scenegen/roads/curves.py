"""The curves that reference lines are made of, each in the frame of its own start.

Straights, circles, clothoids (Fresnel's integrals, Abramowitz & Stegun 7.3; Walton & Meek 2009,
"G1 interpolation with a single Cornu spiral segment") and parametric cubics (OpenDRIVE 1.7,
section 8.5).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.polynomial import Polynomial
from scipy.special import fresnel

from scenegen.records.base import F64
from scenegen.records.road_map import Arc, Geometry, ParamPoly3, Spiral

_NEARLY_CIRCLE = 1e5
"""Square of a clothoid's curvature over its sharpness from which Fresnel's integrals cancel out."""
_NO_TURN_RAD = 1e-14
"""Of turning, what sharpness may add before a curve is more than a circle."""
_STILL = 1e-6
"""Metres of a cubic for one of its station below which it has no direction."""
_NODES = 64


@dataclass(frozen=True)
class Curve:
    """Points of a curve that starts at the origin along +u; all arrays (N,).

    Attributes
    ----------
    u, v : ndarray
        In m, ahead and to the left.
    heading_rad, curvature_1pm : ndarray
    stretch : ndarray
        Metres of the curve for one of `d`.
    """

    u: F64
    v: F64
    heading_rad: F64
    curvature_1pm: F64
    stretch: F64


def trace(geometry: Geometry, d_m: F64) -> Curve:
    """Return a geometry's curve at distances (N,) from its start."""
    shape = geometry.shape
    if isinstance(shape, Arc):
        return _turning(shape.curvature_1pm, 0.0, d_m)
    if isinstance(shape, Spiral):
        sharpness = (shape.end_1pm - shape.start_1pm) / geometry.length_m
        return _turning(shape.start_1pm, sharpness, d_m)
    if isinstance(shape, ParamPoly3):
        return _parametric(shape, geometry.length_m, d_m)
    return _turning(0.0, 0.0, d_m)


def _turning(k0: float, sharpness: float, d: F64) -> Curve:
    """Return a curve whose curvature is k0 + sharpness * d."""
    heading = d * (k0 + 0.5 * sharpness * d)
    if abs(sharpness) * float(np.max(d * d, initial=0.0)) < _NO_TURN_RAD:
        # sinc keeps straights and the widest arcs exact.
        half = 0.5 * k0 * d
        chord = d * np.sinc(half / np.pi)
        u, v = chord * np.cos(half), chord * np.sin(half)
    elif k0 * k0 > _NEARLY_CIRCLE * abs(sharpness):
        u, v = _by_quadrature(k0, sharpness, d)
    else:
        u, v = _by_fresnel(k0, sharpness, d)
    return Curve(u, v, heading, k0 + sharpness * d, np.ones_like(d))


def _by_fresnel(k0: float, sharpness: float, d: F64) -> tuple[F64, F64]:
    """Integrate exp(i (k0 x + sharpness x² / 2)) by completing the square."""
    side = np.sign(sharpness)
    scale = np.sqrt(np.pi / abs(sharpness))
    start = k0 * side / abs(sharpness)
    s1, c1 = fresnel((start + d) / scale)
    s0, c0 = fresnel(start / scale)
    turned = np.exp(-0.5j * k0 * k0 / sharpness) * scale * ((c1 - c0) + 1j * side * (s1 - s0))
    return np.asarray(turned.real), np.asarray(turned.imag)


@lru_cache(maxsize=1)
def _gauss() -> tuple[F64, F64]:
    nodes, weights = np.polynomial.legendre.leggauss(_NODES)
    return 0.5 * (nodes + 1.0), 0.5 * weights


def _by_quadrature(k0: float, sharpness: float, d: F64) -> tuple[F64, F64]:
    nodes, weights = _gauss()
    x = d[:, None] * nodes
    angle = x * (k0 + 0.5 * sharpness * x)
    return d * (np.cos(angle) @ weights), d * (np.sin(angle) @ weights)


def _parametric(shape: ParamPoly3, length_m: float, d: F64) -> Curve:
    pace = 1.0 / length_m if shape.normalized else 1.0
    p = d * pace
    u, v = Polynomial(shape.u), Polynomial(shape.v)
    du, dv = u.deriv()(p), v.deriv()(p)
    ddu, ddv = u.deriv(2)(p), v.deriv(2)(p)
    speed = np.hypot(du, dv)
    # A cubic that stands still somewhere has no direction there: taken as straight.
    moves = speed * pace > _STILL
    moving = np.where(moves, speed, 1.0)
    return Curve(
        np.asarray(u(p)),
        np.asarray(v(p)),
        # Adding 0 turns -0 into 0: they are one number in a file, and must be one direction.
        np.arctan2(dv + 0.0, du + 0.0),
        np.where(moves, du * ddv - dv * ddu, 0.0) / moving**3,
        np.where(moves, speed * pace, 1.0),
    )
