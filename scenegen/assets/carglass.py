"""The windows of a car."""

from __future__ import annotations

from scenegen.assets.build import Bench
from scenegen.assets.carbody import CarShape, edges
from scenegen.assets.materials import GLASS, PLASTIC
from scenegen.assets.panels import panel, side_panel
from scenegen.assets.triangles import Geometry
from scenegen.records.base import Vec3


def add_glass(bench: Bench, root: str, shape: CarShape, cabin: Geometry, side_windows: str) -> None:
    """Lay windscreen, rear window and side windows on the greenhouse."""
    height = shape.roof_z - 0.045 - shape.belt_z
    low, high = 0.09, 0.93
    z0, z1 = shape.belt_z + low * height, shape.belt_z + high * height
    front0, rear0, w0 = edges(shape, low)
    front1, rear1, w1 = edges(shape, high)
    y0, y1 = 0.94 * w0, 0.92 * w1
    screen: list[Vec3] = [(0, y0, z0), (0, -y0, z0), (0, -y1, z1), (0, y1, z1)]
    bench.add(root, panel(cabin, screen, (-1, 0, 0), (10, 4), 0.009), GLASS)
    if side_windows == "front":
        rear_low = z0 + 0.1
        for s in (1.0, -1.0):
            half: list[Vec3] = [
                (0, s * 0.07, rear_low),
                (0, s * 0.8 * w0, rear_low),
                (0, s * 0.8 * w1, z1 - 0.2),
                (0, s * 0.07, z1 - 0.2),
            ]
            bench.add(root, panel(cabin, half, (1, 0, 0), (5, 4)), GLASS)
    else:
        y0, y1 = 0.88 * w0, 0.86 * w1
        back: list[Vec3] = [
            (0, y0, z0 + 0.03),
            (0, -y0, z0 + 0.03),
            (0, -y1, z1 - 0.03),
            (0, y1, z1 - 0.03),
        ]
        bench.add(root, panel(cabin, back, (1, 0, 0), (9, 3), 0.009), GLASS)
    gap_f, gap_r = 0.22, 0.2
    a, b = front0 - gap_f, front1 - gap_f
    if side_windows == "front":
        c = d = front1 - 0.95
        z1 = min(z1, z0 + 0.62)
        share = (z1 - shape.belt_z) / height
        b = edges(shape, share)[0] - gap_f
    else:
        c, d = rear0 + gap_r + 0.02, rear1 + gap_r
    bench.add(root, side_panel(cabin, [(c, z0), (a, z0), (b, z1), (d, z1)], (10, 3), 0.009), GLASS)
    if side_windows != "front":
        mid = 0.5 * (b + d) + 0.02
        for x in (mid, d + 0.27 * (b - d) if shape.rear_header_x < -1.4 else None):
            if x is not None:
                strip = [(x - 0.035, z0), (x + 0.035, z0), (x + 0.03, z1), (x - 0.03, z1)]
                bench.add(root, side_panel(cabin, strip, (1, 4), 0.014), PLASTIC)
