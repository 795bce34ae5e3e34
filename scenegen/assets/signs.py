"""Traffic signs: plates on posts, their faces laid before them in thin sheets."""

from __future__ import annotations

import numpy as np

from scenegen.assets.build import Bench, finish
from scenegen.assets.ink import fill, lettering, patch
from scenegen.assets.lofts import bar, extrude
from scenegen.assets.materials import GALVANISED
from scenegen.assets.shapes import box
from scenegen.assets.sign_faces import BLACK, FAMILIES, WHITE, Sheets
from scenegen.records.base import F64, Vec3
from scenegen.records.mesh import Asset, CollisionShape

SHEET_M = 0.003
"""Between one sheet and the next: depth buffers tell them apart at 100 m."""
_PLATE_X = 0.06
_CLEAR_M = 2.0
"""Height of the lowest edge of a plate over the ground."""
_DISTANCES = ("50", "100", "150", "200", "300")


def mount(
    bench: Bench,
    part: str,
    outline: F64,
    sheets: Sheets,
    at: Vec3,
    semantic: str = "traffic sign",
) -> None:
    """Put a plate that faces +x with its sheets onto a part, its back at x."""
    x, y, z = at
    bench.add(part, extrude(outline, 0.01, "x").moved(x + 0.005, y, z), GALVANISED, semantic)
    for k, (material, drawing) in enumerate(sheets):
        bench.add(part, drawing.moved(x + 0.01 + SHEET_M * (k + 1), y, z), material, semantic)


def _distance_plate(text: str) -> tuple[F64, Sheets]:
    outline = np.array([(-0.3, -0.12), (0.3, -0.12), (0.3, 0.12), (-0.3, 0.12)])
    inner = patch(-0.285, -0.105, 0.285, 0.105)
    sheets = [(BLACK, fill(outline)), (WHITE, inner), (BLACK, lettering(f"{text} M", 0.12))]
    return outline, sheets


def sign(asset_id: str, variant: int, rng: np.random.Generator, size: Vec3 | None) -> Asset:
    """Return a sign that faces +x: the variant picks its face and whether a plate hangs below."""
    family = FAMILIES[asset_id]
    face = family[variant % len(family)]
    plated = (variant // len(family)) % 2 == 1
    outline, sheets = face.paint()
    low, high = outline[:, 1].min(), outline[:, 1].max()
    middle = _CLEAR_M + (0.27 if plated else 0.0) - float(low)
    top = middle + float(high) - 0.05

    bench = Bench("traffic sign")
    root = bench.part("post")
    wide = float(np.ptp(outline[:, 0]))
    feet = (-0.35 * wide, 0.35 * wide) if wide > 1.1 else (0.0,)
    for y in feet:
        bench.add(root, bar((0, y, 0), (0, y, top), 0.035, 12), GALVANISED, "pole")
        bench.add(root, box((0.03, 0.1, 0.05), (0.04, y, middle)), GALVANISED, "pole")
    mount(bench, root, outline, sheets, (_PLATE_X - 0.005, 0.0, middle))
    if plated:
        text = _DISTANCES[int(rng.integers(len(_DISTANCES)))]
        below = middle + float(low) - 0.14
        mount(bench, root, *_distance_plate(text), (_PLATE_X - 0.005, 0.0, below))
    posts = tuple(CollisionShape("cylinder", (0, y, top / 2), (0.035, 0.035, top)) for y in feet)
    return finish(asset_id, variant, "traffic sign", bench, 22.0 * len(feet), collision=posts)
