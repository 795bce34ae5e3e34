"""Closed shapes out of triangles: the small toolkit that every asset is built with.

All shapes wind counter-clockwise seen from outside. Metres, float64.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import mapbox_earcut
import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64, Vec2, Vec3

I64 = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Geometry:
    """Triangles without a material.

    Attributes
    ----------
    vertices : ndarray, shape (V, 3)
    faces : ndarray, shape (F, 3)
    uv : ndarray, shape (V, 2)
        Zero where a shape has no use for a texture.
    """

    vertices: F64
    faces: I64
    uv: F64

    @cached_property
    def shadows(self) -> dict[Vec3, object]:
        """What `surfaces.hit_distance` keeps of this shape, by direction."""
        return {}

    def moved(self, x: float = 0.0, y: float = 0.0, z: float = 0.0) -> Geometry:
        """Return the shape displaced."""
        return Geometry(self.vertices + np.array([x, y, z]), self.faces, self.uv)

    def turned(self, axis: Vec3, angle_rad: float) -> Geometry:
        """Return the shape turned about an axis through the origin, right-handed."""
        return Geometry(self.vertices @ turn(axis, angle_rad).T, self.faces, self.uv)

    def scaled(self, x: float, y: float, z: float) -> Geometry:
        """Return the shape stretched; an odd number of negative factors mirrors it."""
        faces = self.faces[:, ::-1] if x * y * z < 0 else self.faces
        return Geometry(self.vertices * np.array([x, y, z]), faces, self.uv)

    def mirrored(self) -> Geometry:
        """Return the mirror image on the other side of the xz plane."""
        return self.scaled(1.0, -1.0, 1.0)

    def both_sides(self) -> Geometry:
        """Return the shape together with its mirror image."""
        return join([self, self.mirrored()])


def geometry(vertices: npt.ArrayLike, faces: npt.ArrayLike, uv: F64 | None = None) -> Geometry:
    """Make a `Geometry` of plain lists."""
    points = np.asarray(vertices, dtype=np.float64).reshape(-1, 3)
    triangles = np.asarray(faces, dtype=np.int64).reshape(-1, 3)
    return Geometry(points, triangles, np.zeros((len(points), 2)) if uv is None else uv)


def turn(axis: Vec3, angle_rad: float) -> F64:
    """Return the rotation matrix (3, 3) about an axis (Rodrigues)."""
    n = np.asarray(axis, dtype=np.float64)
    n = n / np.linalg.norm(n)
    k = np.array([[0, -n[2], n[1]], [n[2], 0, -n[0]], [-n[1], n[0], 0]])
    return np.asarray(np.eye(3) + np.sin(angle_rad) * k + (1 - np.cos(angle_rad)) * (k @ k))


def join(pieces: Iterable[Geometry]) -> Geometry:
    """Return several shapes as one."""
    parts = list(pieces)
    starts = np.cumsum([0, *(len(p.vertices) for p in parts[:-1])])
    return Geometry(
        np.concatenate([p.vertices for p in parts]),
        np.concatenate([p.faces + s for p, s in zip(parts, starts, strict=True)]),
        np.concatenate([p.uv for p in parts]),
    )


def volume(shape: Geometry) -> float:
    """Return the signed volume, m³: positive when a closed shape faces outward."""
    a, b, c = np.moveaxis(shape.vertices[shape.faces], 1, 0)
    return float(np.einsum("ij,ij->", a, np.cross(b, c)) / 6.0)


def outward(shape: Geometry) -> Geometry:
    """Return a closed shape with its faces flipped if they look inward."""
    if volume(shape) >= 0:
        return shape
    return Geometry(shape.vertices, shape.faces[:, ::-1], shape.uv)


@lru_cache(maxsize=256)
def grid_faces(rows: int, columns: int, wrap: bool) -> I64:
    """Return two triangles for each cell of a grid of vertices; `wrap` closes the columns."""
    r, c = np.meshgrid(np.arange(rows - 1), np.arange(columns if wrap else columns - 1))
    row, left = r.ravel(order="F") * columns, c.ravel(order="F")
    right = (left + 1) % columns
    a, b, d, e = row + left, row + right, row + columns + right, row + columns + left
    faces = np.concatenate([np.stack([a, b, d], 1), np.stack([a, d, e], 1)])
    faces.setflags(write=False)
    return faces


def grid(points: F64) -> Geometry:
    """Return an open sheet through a grid of points (R, C, 3), uv 0..1 along both.

    It faces the side from which columns grow to the right and rows upward.
    """
    rows, columns = points.shape[:2]
    u, v = np.meshgrid(np.linspace(0, 1, columns), np.linspace(0, 1, rows))
    uv = np.stack([u, v], axis=-1).reshape(-1, 2)
    return Geometry(points.reshape(-1, 3).astype(np.float64), grid_faces(rows, columns, False), uv)


def quad(a: Vec3, b: Vec3, c: Vec3, d: Vec3, uv_size: Vec2 = (1.0, 1.0)) -> Geometry:
    """Return a flat quadrilateral, corners counter-clockwise seen from its front."""
    u, v = uv_size
    uv = np.array([[0, 0], [u, 0], [u, v], [0, v]], dtype=np.float64)
    return geometry([a, b, c, d], [[0, 1, 2], [0, 2, 3]], uv)


def loft(rings: F64, caps: bool = True) -> Geometry:
    """Return the skin over a stack of closed rings.

    Parameters
    ----------
    rings : ndarray, shape (S, K, 3)
        Each ring star-shaped about its mean; they may run either way round.
    caps : bool
        Close both ends with fans.
    """
    count, size = rings.shape[:2]
    vertices = rings.reshape(-1, 3)
    faces = grid_faces(count, size, True)
    if caps:
        low, high = len(vertices), len(vertices) + 1
        vertices = np.concatenate([vertices, rings[[0, -1]].mean(axis=1)])
        k = np.arange(size)
        n = (k + 1) % size
        last = (count - 1) * size
        faces = np.concatenate(
            [
                faces,
                np.stack([n, k, np.full(size, low)], 1),
                np.stack([last + k, last + n, np.full(size, high)], 1),
            ]
        )
    return outward(geometry(vertices, faces))


_BOX_CORNERS = np.array(
    [
        [(1, -1, -1), (1, 1, -1), (1, 1, 1), (1, -1, 1)],
        [(-1, 1, -1), (-1, -1, -1), (-1, -1, 1), (-1, 1, 1)],
        [(1, 1, -1), (-1, 1, -1), (-1, 1, 1), (1, 1, 1)],
        [(-1, -1, -1), (1, -1, -1), (1, -1, 1), (-1, -1, 1)],
        [(-1, -1, 1), (1, -1, 1), (1, 1, 1), (-1, 1, 1)],
        [(-1, 1, -1), (1, 1, -1), (1, -1, -1), (-1, -1, -1)],
    ],
    dtype=np.float64,
)
_BOX_AXES = np.array([(1, 2), (1, 2), (0, 2), (0, 2), (0, 1), (0, 1)])
_BOX_TILES = np.array([(0, 0), (1, 0), (1, 1), (0, 1)], dtype=np.float64)
_BOX_FACES = (4 * np.arange(6)[:, None, None] + np.array([[0, 1, 2], [0, 2, 3]])).reshape(-1, 3)


def box(size: Vec3, center: Vec3 = (0.0, 0.0, 0.0), uv_m: float = 1.0) -> Geometry:
    """Return a box of six quads, uv in tiles of `uv_m`."""
    half = 0.5 * np.asarray(size, dtype=np.float64)
    uv = _BOX_TILES * np.asarray(size, dtype=np.float64)[_BOX_AXES][:, None] / uv_m
    points = (_BOX_CORNERS * half + np.asarray(center)).reshape(-1, 3)
    return Geometry(points, _BOX_FACES, uv.reshape(-1, 2))


def rounded_rectangle(length: float, width: float, radius: float, arc: int = 3) -> F64:
    """Return the outline (K, 2) of a rectangle with round corners, counter-clockwise."""
    radius = min(radius, 0.499 * length, 0.499 * width)
    angles = np.linspace(0, np.pi / 2, arc + 1)
    corners = []
    for k, (sx, sy) in enumerate(((1, 1), (-1, 1), (-1, -1), (1, -1))):
        turned = angles + k * np.pi / 2
        middle = np.array([sx * (length / 2 - radius), sy * (width / 2 - radius)])
        corners.append(middle + radius * np.stack([np.cos(turned), np.sin(turned)], axis=1))
    return np.concatenate(corners)


def rounded_box(size: Vec3, radius: float, center: Vec3 = (0.0, 0.0, 0.0)) -> Geometry:
    """Return a box whose edges are round, as a loft of rounded rectangles along z.

    Edges below 5.5 cm are one bevel: from a few metres nobody can tell.
    """
    return _rounded_box(size, min(radius, 0.45 * min(size))).moved(*center)


@lru_cache(maxsize=256)
def _rounded_box(size: Vec3, radius: float) -> Geometry:
    """Return a `rounded_box` about the origin; slats and lamps come in sets of equal ones."""
    length, width, height = size
    arc = 1 if radius < 0.055 else 2
    steps = np.linspace(-np.pi / 2, 0, arc + 1)
    insets = radius * (1 - np.cos(steps))
    heights = -height / 2 + radius * (1 + np.sin(steps))
    levels = [(z, i) for z, i in zip(heights, insets, strict=True)]
    levels += [(-z, i) for z, i in levels[::-1]]
    rings = []
    for z, inset in levels:
        inner = max(radius - inset, 1e-3)
        outline = rounded_rectangle(length - 2 * inset, width - 2 * inset, inner, arc)
        rings.append(np.column_stack([outline, np.full(len(outline), z)]))
    return loft(np.array(rings))


def lathe(profile: Sequence[Vec2], segments: int, axis: str = "z") -> Geometry:
    """Return the solid of revolution of a profile of (radius, height), from low to high.

    A profile that ends off the axis is closed with a flat cap.
    """
    angle = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    rings = np.array(
        [
            np.stack([max(r, 1e-4) * np.cos(angle), max(r, 1e-4) * np.sin(angle), 0 * angle + h], 1)
            for r, h in profile
        ]
    )
    solid = loft(rings)
    if axis == "x":
        return solid.turned((0, 1, 0), np.pi / 2)
    if axis == "y":
        return solid.turned((1, 0, 0), -np.pi / 2)
    return solid


def ring(profile: Sequence[Vec2], segments: int, axis: str = "z") -> Geometry:
    """Return the solid of revolution of a closed profile that stays off the axis (a tyre)."""
    angle = np.linspace(0, 2 * np.pi, segments, endpoint=False)[:, None]
    r, h = np.asarray(profile, dtype=np.float64).T
    points = np.stack([r * np.cos(angle), r * np.sin(angle), h + 0 * angle], axis=-1)
    rows, columns = points.shape[:2]
    faces = grid_faces(rows + 1, columns, True) % (rows * columns)
    solid = outward(geometry(points.reshape(-1, 3), faces))
    return solid if axis == "z" else solid.turned((1, 0, 0), -np.pi / 2)


def cylinder(
    radius: float, length: float, segments: int = 16, axis: str = "z", top: float | None = None
) -> Geometry:
    """Return a cylinder (or cone frustum, with `top` radius) about its own middle."""
    high = radius if top is None else top
    return lathe([(radius, -length / 2), (high, length / 2)], segments, axis)


def sphere(radius: float, segments: int = 10, rows: int = 6) -> Geometry:
    """Return a ball of latitude rings."""
    angles = np.linspace(-np.pi / 2, np.pi / 2, rows + 1)[1:-1]
    ring_angle = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    rings = [
        np.stack(
            [
                np.cos(a) * np.cos(ring_angle),
                np.cos(a) * np.sin(ring_angle),
                0 * ring_angle + np.sin(a),
            ],
            axis=1,
        )
        for a in angles
    ]
    count = len(rings)
    vertices = np.concatenate([*rings, [[0, 0, -1.0]], [[0, 0, 1.0]]]) * radius
    k = np.arange(segments)
    n = (k + 1) % segments
    south, north = count * segments, count * segments + 1
    top = (count - 1) * segments
    faces = np.concatenate(
        [
            grid_faces(count, segments, True),
            np.stack([n, k, np.full(segments, south)], 1),
            np.stack([top + k, top + n, np.full(segments, north)], 1),
        ]
    )
    return geometry(vertices, faces)


def column(rows: npt.ArrayLike, segments: int = 10, power: float = 2.0) -> Geometry:
    """Return a loft of horizontal superellipses: limbs, trunks, heads.

    Parameters
    ----------
    rows : array_like, shape (N, 5)
        Height z, middle x and y, half axes along x and y; from low to high or reverse.
    power : float
        2 gives ellipses; larger values approach rectangles.
    """
    table = np.asarray(rows, dtype=np.float64)
    t = np.linspace(0, 2 * np.pi, segments, endpoint=False) + np.pi / segments
    c = np.sign(np.cos(t)) * np.abs(np.cos(t)) ** (2 / power)
    s = np.sign(np.sin(t)) * np.abs(np.sin(t)) ** (2 / power)
    z, cx, cy, rx, ry = (table[:, k : k + 1] for k in range(5))
    rings = np.stack([cx + rx * c, cy + ry * s, z + 0 * c], axis=-1)
    return loft(rings)


def tube(
    path: npt.ArrayLike, radius: npt.ArrayLike, segments: int = 8, closed: bool = False
) -> Geometry:
    """Return a round bar along a path (N, 3); `radius` is one number or one for each point."""
    points = np.asarray(path, dtype=np.float64)
    radii = np.broadcast_to(np.asarray(radius, dtype=np.float64), len(points))
    if closed:
        tangent = np.roll(points, -1, axis=0) - np.roll(points, 1, axis=0)
    else:
        tangent = np.gradient(points, axis=0)
    tangent /= np.linalg.norm(tangent, axis=1, keepdims=True)
    # One reference direction for all rings keeps them from twisting against each other.
    spread = np.abs(tangent).max(axis=0)
    reference = np.eye(3)[int(np.argmin(spread))]
    side = np.cross(tangent, reference)
    side /= np.linalg.norm(side, axis=1, keepdims=True)
    up = np.cross(side, tangent)
    t = np.linspace(0, 2 * np.pi, segments, endpoint=False)
    around = np.cos(t)[:, None] * side[:, None] + np.sin(t)[:, None] * up[:, None]
    rings = points[:, None] + radii[:, None, None] * around
    if not closed:
        return loft(rings)
    faces = grid_faces(len(points) + 1, segments, True) % (len(points) * segments)
    return outward(geometry(rings.reshape(-1, 3), faces))


def bar(start: Vec3, end: Vec3, radius: float, segments: int = 8, tip: float = -1.0) -> Geometry:
    """Return a straight round bar, tapering to `tip` if that is given."""
    return tube([start, end], [radius, tip if tip >= 0 else radius], segments)


def extrude(outline: npt.ArrayLike, length: float, axis: str = "y") -> Geometry:
    """Return a prism: a simple polygon (K, 2) drawn in the xz (or xy) plane, centred along `axis`.

    Parameters
    ----------
    outline : array_like, shape (K, 2)
        x and z for ``"y"``, x and y for ``"z"``, y and z for ``"x"``.
    """
    flat = np.asarray(outline, dtype=np.float64)
    size = len(flat)
    triangles = np.asarray(
        mapbox_earcut.triangulate_float64(flat, np.array([size], dtype=np.uint32)), dtype=np.int64
    ).reshape(-1, 3)
    a, b, c = (flat[triangles[:, k]] for k in range(3))
    area = (b - a)[:, 0] * (c - a)[:, 1] - (b - a)[:, 1] * (c - a)[:, 0]
    triangles = np.where((area < 0)[:, None], triangles[:, ::-1], triangles)
    if np.sum(flat[:, 0] * np.roll(flat[:, 1], -1) - np.roll(flat[:, 0], -1) * flat[:, 1]) < 0:
        order = np.arange(size)[::-1]
        flat, triangles = flat[order], size - 1 - triangles
    low = np.column_stack([flat, np.full(size, -length / 2)])
    high = np.column_stack([flat, np.full(size, length / 2)])
    k = np.arange(size)
    n = (k + 1) % size
    sides = [np.stack([k, n, size + n], 1), np.stack([k, size + n, size + k], 1)]
    faces = np.concatenate([*sides, triangles[:, ::-1], triangles + size])
    column_of = {"y": [0, 2, 1], "z": [0, 1, 2], "x": [2, 0, 1]}[axis]
    points = np.concatenate([low, high])[:, column_of]
    return outward(geometry(points, faces))


def blob(radius: Vec3, rng: np.random.Generator, rough: float, rows: int = 6) -> Geometry:
    """Return a lumpy ellipsoid: foliage, stones."""
    ball = sphere(1.0, segments=rows + 2, rows=rows)
    push = 1.0 + rough * rng.uniform(-1.0, 1.0, len(ball.vertices))
    return geometry(ball.vertices * push[:, None] * np.asarray(radius), ball.faces)
