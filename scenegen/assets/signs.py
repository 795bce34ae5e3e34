"""Traffic signs: plates on posts, their symbols cut out as thin plates in front."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.lofts import bar, extrude
from scenegen.assets.materials import GALVANISED, matte
from scenegen.assets.shapes import box
from scenegen.assets.triangles import Geometry, join
from scenegen.records.base import F64, Vec3
from scenegen.records.mesh import Asset, CollisionShape

_RED = matte("red sheeting", "b8141c", 0.4)
_WHITE = matte("white sheeting", "f4f4f0", 0.4)
_BLACK = matte("black symbol", "151515", 0.5)
_MIDDLE_Z = 2.3

# Strokes on a 2 x 4 grid: which of the seven segments a figure or letter lights.
_SEGMENTS: dict[str, str] = {
    "0": "abcdef",
    "1": "bc",
    "2": "abged",
    "3": "abgcd",
    "5": "afgcd",
    "7": "abc",
    "8": "abcdefg",
    "S": "afgcd",
    "T": "aim",
    "O": "abcdef",
    "P": "abefg",
}
_STROKES: dict[str, tuple[float, float, bool]] = {
    "a": (0.0, 1.0, True),
    "g": (0.0, 0.0, True),
    "d": (0.0, -1.0, True),
    "b": (0.5, 0.5, False),
    "c": (0.5, -0.5, False),
    "e": (-0.5, -0.5, False),
    "f": (-0.5, 0.5, False),
    "i": (0.0, 0.5, False),
    "m": (0.0, -0.5, False),
}


def lettering(text: str, height: float, x: float, z: float) -> Geometry:
    """Return block letters on a plate that faces +x, middle at z."""
    wide, thick, step = 0.46 * height, 0.15 * height, 0.66 * height
    pieces = []
    for k, letter in enumerate(text):
        # Seen from the front, right is +y.
        y = (k - 0.5 * (len(text) - 1)) * step
        for n, segment in enumerate(_SEGMENTS[letter]):
            across, up, flat = _STROKES[segment]
            size = (
                (0.006, wide + thick, thick) if flat else (0.006, thick, 0.5 * height + 0.5 * thick)
            )
            place = (x + 0.0004 * n, y + across * wide, z + 0.5 * up * (height - thick))
            pieces.append(box(size, place))
    return join(pieces)


def plate(corners: int, radius: float, turn: float, x: float, round_by: int = 4) -> Geometry:
    """Return a regular plate, 1 cm thick, that faces +x at the height of signs."""
    outline: list[F64] = []
    smooth = 0.12 * radius if corners < 20 else 0.0
    for k in range(corners):
        a = turn + 2 * np.pi * k / corners
        if not smooth:
            outline.append(radius * np.array([np.cos(a), np.sin(a)]))
            continue
        inner = radius - smooth / np.cos(np.pi / corners) * 1.0
        for t in np.linspace(-np.pi / corners, np.pi / corners, round_by):
            outline.append(
                inner * np.array([np.cos(a), np.sin(a)])
                + smooth * np.array([np.cos(a + t), np.sin(a + t)])
            )
    return extrude(np.array(outline), 0.01, "x").moved(x, 0.0, _MIDDLE_Z)


def _sign(
    asset_id: str, variant: int, pieces: list[tuple[Geometry, object]], lower: float = 0.0
) -> Asset:
    bench = Bench("traffic sign")
    root = bench.part("post")
    top = _MIDDLE_Z + 0.4
    bench.add(root, bar((0, 0, 0), (0, 0, top), 0.035, 12), GALVANISED, "pole")
    bench.add(root, box((0.03, 0.1, 0.05), (0.04, 0, _MIDDLE_Z)), GALVANISED, "pole")
    for shape, material in pieces:
        bench.add(root, shape.moved(z=lower), material)  # type: ignore[arg-type]
    post = CollisionShape("cylinder", (0, 0, top / 2), (0.035, 0.035, top))
    return finish(asset_id, variant, "traffic sign", bench, 22.0, collision=(post,))


def sign_warning(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a warning triangle with an exclamation mark or a curve arrow, facing +x."""
    pieces: list[tuple[Geometry, object]] = [
        (plate(3, 0.52, np.pi / 2, 0.06), _RED),
        (plate(3, 0.37, np.pi / 2, 0.068), _WHITE),
    ]
    if variant % 2 == 0:
        mark = extrude([(-0.032, 0.16), (-0.018, -0.04), (0.018, -0.04), (0.032, 0.16)], 0.008, "x")
        dot = box((0.008, 0.05, 0.05), (0, 0, -0.09))
    else:
        mark = extrude([(-0.03, -0.12), (0.03, -0.12), (0.03, 0.0), (-0.03, 0.08)], 0.008, "x")
        dot = extrude([(-0.09, 0.05), (0.02, 0.08), (-0.02, 0.17)], 0.008, "x")
    pieces.append((join([mark, dot]).moved(0.074, 0, _MIDDLE_Z), _BLACK))
    return _sign(asset_id, variant, pieces)


def sign_speed(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a speed limit sign of 30, 50, 70 … km/h, facing +x."""
    limit = ("30", "50", "70", "80", "100")[variant % 5]
    pieces: list[tuple[Geometry, object]] = [
        (plate(32, 0.33, 0.0, 0.06), _RED),
        (plate(32, 0.265, 0.0, 0.068), _WHITE),
        (lettering(limit, 0.22 if len(limit) == 2 else 0.18, 0.074, _MIDDLE_Z), _BLACK),
    ]
    return _sign(asset_id, variant, pieces)


def sign_stop(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a stop sign, facing +x."""
    pieces: list[tuple[Geometry, object]] = [
        (plate(8, 0.42, np.pi / 8, 0.06), _WHITE),
        (plate(8, 0.395, np.pi / 8, 0.068), _RED),
        (lettering("STOP", 0.2, 0.074, _MIDDLE_Z), _WHITE),
    ]
    return _sign(asset_id, variant, pieces)
