"""Flat drawings for signs and boards: filled outlines, strokes, arrows, block letters.

All lie in the plane x = 0 and face +x, so the reader's right is +y and up is +z. Points are
given as (right, up).
"""

from __future__ import annotations

from collections.abc import Sequence

import mapbox_earcut
import numpy as np
import numpy.typing as npt

from scenegen.assets.triangles import Geometry, geometry, join
from scenegen.records.base import F64, Vec2

_ROUND = 28
_JOINT = 8

# Polylines on a grid 4 wide and 6 high, each point two digits: right and up.
_LETTERS: dict[str, str] = {
    "0": "10 30 41 45 36 16 05 01 10",
    "1": "15 26 20",
    "2": "05 16 36 45 44 00 40",
    "3": "05 16 36 45 44 33 13|33 42 41 30 10 01",
    "4": "30 36 02 42",
    "5": "46 06 03 33 42 41 30 10 01",
    "6": "45 36 16 05 01 10 30 41 42 33 03",
    "7": "06 46 10",
    "8": "13 04 05 16 36 45 44 33 13 02 01 10 30 41 42 33",
    "9": "01 10 30 41 45 36 16 05 04 13 43",
    "A": "00 26 40|12 32",
    "B": "00 06 36 45 44 33 03|33 42 41 30 00",
    "C": "41 30 10 01 05 16 36 45",
    "D": "00 06 26 44 42 20 00",
    "E": "40 00 06 46|03 33",
    "F": "00 06 46|03 33",
    "G": "45 36 16 05 01 10 30 41 43 23",
    "H": "00 06|40 46|03 43",
    "I": "20 26",
    "K": "00 06|46 03 40",
    "L": "06 00 40",
    "M": "00 06 23 46 40",
    "N": "00 06 40 46",
    "O": "10 30 41 45 36 16 05 01 10",
    "P": "00 06 36 45 44 33 03",
    "R": "00 06 36 45 44 33 03|23 40",
    "S": "45 36 16 05 04 13 33 42 41 30 10 01",
    "T": "06 46|26 20",
    "U": "06 01 10 30 41 46",
    "V": "06 20 46",
    "W": "06 10 23 30 46",
    "X": "00 46|06 40",
    "Y": "06 23 46|23 20",
    "Z": "06 46 00 40",
    "-": "13 33",
    ".": "20 21",
    " ": "",
}


def _facing(points: npt.ArrayLike, faces: npt.ArrayLike) -> Geometry:
    """Return triangles over points (N, 2), each turned to face +x."""
    flat = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    triangles = np.asarray(faces, dtype=np.int64).reshape(-1, 3)
    a, b, c = (flat[triangles[:, k]] for k in range(3))
    area = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]
    triangles = np.where((area < 0)[:, None], triangles[:, ::-1], triangles)
    return geometry(np.column_stack([np.zeros(len(flat)), flat]), triangles)


def fill(outline: npt.ArrayLike, hole: npt.ArrayLike | None = None) -> Geometry:
    """Return a simple polygon (K, 2), perhaps with a hole (L, 2) in it."""
    rings = [np.asarray(outline, dtype=np.float64)]
    if hole is not None:
        rings.append(np.asarray(hole, dtype=np.float64))
    ends = np.cumsum([len(r) for r in rings]).astype(np.uint32)
    points = np.concatenate(rings)
    return _facing(points, mapbox_earcut.triangulate_float64(points, ends))


def regular(corners: int, radius: float, turn: float = 0.0, smooth: float = 0.0) -> F64:
    """Return the outline (K, 2) of a regular polygon; its corners are rounded by `smooth`."""
    angle = turn + 2 * np.pi * np.arange(corners) / corners
    if not smooth:
        return radius * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    inner = (radius - smooth / np.cos(np.pi / corners)) * np.stack(
        [np.cos(angle), np.sin(angle)], axis=1
    )
    round_by = angle[:, None] + np.linspace(-np.pi / corners, np.pi / corners, 5)
    arc = smooth * np.stack([np.cos(round_by), np.sin(round_by)], axis=-1)
    return np.asarray((inner[:, None] + arc).reshape(-1, 2))


def disc(radius: float, at: Vec2 = (0.0, 0.0), segments: int = _ROUND) -> Geometry:
    """Return a filled circle."""
    return fill(regular(segments, radius) + np.asarray(at))


def ring(radius: float, width: float, at: Vec2 = (0.0, 0.0)) -> Geometry:
    """Return the band of a width inside a circle."""
    outer, inner = regular(_ROUND, radius), regular(_ROUND, radius - width)
    return fill(outer + np.asarray(at), inner + np.asarray(at))


def patch(left: float, low: float, right: float, high: float) -> Geometry:
    """Return a filled rectangle."""
    return fill([(left, low), (right, low), (right, high), (left, high)])


def stroke(points: Sequence[Vec2], width: float, rounded: bool = False) -> Geometry:
    """Return a line of a width with round joints, and round ends where asked."""
    path = np.asarray(points, dtype=np.float64)
    step = np.diff(path, axis=0)
    half = 0.5 * width * step / np.sqrt((step * step).sum(axis=1, keepdims=True))
    aside = np.column_stack([-half[:, 1], half[:, 0]])
    a, b = path[:-1], path[1:]
    lines = np.stack([a - aside, b - aside, b + aside, a + aside], axis=1)
    joint = regular(_JOINT, 0.5 * width, np.pi / _JOINT)
    joints = (path if rounded else path[1:-1])[:, None] + joint
    return join([_fans(lines), _fans(joints)])


def _fans(outlines: F64) -> Geometry:
    """Return filled convex outlines (N, K, 2), which run counter-clockwise."""
    count, corners = outlines.shape[:2]
    k = np.arange(1, corners - 1)
    fan = np.column_stack([np.zeros_like(k), k, k + 1])
    faces = corners * np.arange(count)[:, None, None] + fan
    flat = outlines.reshape(-1, 2)
    return geometry(np.column_stack([np.zeros(len(flat)), flat]), faces)


def arc(radius: float, start: float, end: float, at: Vec2 = (0.0, 0.0)) -> list[Vec2]:
    """Return points on a circle between two angles, about 15 degrees apart."""
    count = max(3, int(abs(end - start) / 0.26) + 1)
    return [
        (at[0] + radius * float(np.cos(t)), at[1] + radius * float(np.sin(t)))
        for t in np.linspace(start, end, count)
    ]


def arrow(points: Sequence[Vec2], width: float, head: float) -> Geometry:
    """Return a line that ends in a triangle `head` wide, its tip at the last point."""
    path = np.asarray(points, dtype=np.float64)
    along = (path[-1] - path[-2]) / np.linalg.norm(path[-1] - path[-2])
    aside = 0.5 * head * np.array([-along[1], along[0]])
    base = path[-1] - 0.8 * head * along
    shaft: list[Vec2] = [(float(x), float(y)) for x, y in [*path[:-1], base + 0.02 * along]]
    return join([stroke(shaft, width), fill([base - aside, path[-1], base + aside])])


def lettering(
    text: str, height: float, at: Vec2 = (0.0, 0.0), weight: float = 0.17, align: str = "middle"
) -> Geometry:
    """Return block letters.

    Parameters
    ----------
    height : float
        Of the letters.
    at : (2,)
        Middle of the line; its left end for ``align="left"``.
    weight : float
        Breadth of the strokes over the height.
    """
    unit = height * (1.0 - weight) / 6.0
    step = (4 * unit + 2.0 * weight * height) * np.ones(len(text))
    step[[letter in "1I. " for letter in text]] *= 0.62
    x = at[0] - (0.5 * float(step.sum()) if align == "middle" else 0.0)
    pieces = []
    for letter, advance in zip(text, step.tolist(), strict=True):
        for line in _LETTERS[letter].split("|"):
            points: list[Vec2] = [
                (x + 0.5 * advance + (int(p[0]) - 2) * unit, at[1] + (int(p[1]) - 3) * unit)
                for p in line.split()
            ]
            if points:
                pieces.append(stroke(points, weight * height, rounded=True))
        x += advance
    return join(pieces)
