"""The skin of a car: a lofted lower body with wheel arches, and a greenhouse on top.

Builder's frame: x forward from the middle of the car, y left, z up from the ground.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import scipy

from scenegen.assets.lofts import loft
from scenegen.assets.triangles import Geometry
from scenegen.records.base import F64, Vec2


@dataclass(frozen=True)
class CarShape:
    """Measures of a car, m.

    Attributes
    ----------
    top : tuple of (x, z)
        Side profile of bonnet, belt line and boot, rear to front.
    cowl_x, header_x, rear_header_x, rear_base_x : float
        Where windscreen and rear window begin and end: foot of the windscreen, front
        and rear edge of the roof, foot of the rear window.
    belt_z, roof_z : float
    roof_share : float
        Width of the roof's edge over that of the belt line (tumblehome).
    nose_taper, tail_taper : float
        Share of the half width lost towards the ends, seen from above.
    nose_rake, tail_rake : float
        How far the end faces lean inward above the bumpers, m/m.
    """

    length: float
    width: float
    roof_z: float
    belt_z: float
    clearance: float
    wheel_radius: float
    front_axle: float
    rear_axle: float
    top: tuple[Vec2, ...]
    cowl_x: float
    header_x: float
    rear_header_x: float
    rear_base_x: float
    roof_share: float = 0.77
    nose_taper: float = 0.2
    tail_taper: float = 0.13
    nose_rake: float = 0.3
    tail_rake: float = 0.12
    crown: float = 0.045
    edge_radius: float = 0.07

    @property
    def arch_radius(self) -> float:
        """Radius of the wheel arches."""
        return self.wheel_radius + 0.055

    def half_width(self, x: F64) -> F64:
        """Return the greatest half width at stations x."""
        ahead = np.clip((x - 0.15 * self.length) / (0.35 * self.length), 0, 1)
        behind = np.clip((-x - 0.2 * self.length) / (0.3 * self.length), 0, 1)
        share = 1 - self.nose_taper * ahead**2.6 - self.tail_taper * behind**2.6
        return np.asarray(0.5 * self.width * share)

    def top_z(self, x: F64) -> F64:
        """Return the height of bonnet, belt or boot along the middle."""
        px, pz = np.array(self.top).T
        return np.asarray(scipy.interpolate.PchipInterpolator(px, pz)(np.clip(x, px[0], px[-1])))

    def arch_z(self, x: F64) -> F64:
        """Return the height of the lower edge of the side at stations x."""
        edge = np.full_like(x, self.clearance)
        for axle in (self.front_axle, self.rear_axle):
            inside = np.clip(self.arch_radius**2 - (x - axle) ** 2, 0, None)
            edge = np.maximum(edge, np.where(inside > 0, self.wheel_radius + np.sqrt(inside), 0))
        return edge


def _stations(shape: CarShape) -> F64:
    """Return stations along x: dense at the wheel arches and the ends."""
    half = 0.5 * shape.length
    angle = np.linspace(0, np.pi, 9)
    arches = [
        axle + shape.arch_radius * np.cos(angle) for axle in (shape.front_axle, shape.rear_axle)
    ]
    edges = [
        axle + side * (shape.arch_radius + 0.012)
        for axle in (shape.front_axle, shape.rear_axle)
        for side in (-1, 1)
    ]
    even = np.linspace(-half + shape.edge_radius, half - shape.edge_radius, 16)
    keep = [
        x
        for x in even
        if all(abs(x - a) > shape.arch_radius + 0.03 for a in (shape.front_axle, shape.rear_axle))
    ]
    return np.unique(np.concatenate([*arches, edges, keep]).round(5))


_ROWS = np.array([0.0, 0.125, 0.35, 0.6, 0.82, 1.0])
"""Heights of the side's rows between its foot and its shoulder; the lowest is trim."""


def _section(shape: CarShape, w: float, top: float, arch: float, shrink: float) -> F64:
    """Return half an outline (K, 2) of y and z, bottom middle to top middle.

    `w`, `top` and `arch` are half width, height and lower edge of the side there;
    `shrink` draws it in all round: the fillet at both ends.
    """
    w, top = w - shrink, top - shrink
    floor = shape.clearance + shrink
    low = max(floor, arch) if shrink == 0 else floor
    r = shape.edge_radius
    edge = top - shape.crown
    z = low + (edge - r - low) * _ROWS
    t = (z - shape.clearance) / (edge - r - shape.clearance)
    bow = np.where(t < 0.5, 0.055 * (1 - t / 0.5) ** 2, 0.045 * ((t - 0.5) / 0.5) ** 2)
    y = w * (1 - bow)
    well = 0.5 * w
    turn = np.linspace(0, np.pi / 2, 3)[1:]
    corner = np.stack([y[-1] - r * (1 - np.cos(turn)), edge - r + r * np.sin(turn)], axis=1)
    across = np.array([0.72, 0.4, 0.0]) * corner[-1, 0]
    crown = edge + shape.crown * (1 - (across / corner[-1, 0]) ** 2)
    return np.concatenate(
        [
            [[0, floor], [well, floor], [well, low]],
            np.stack([y, z], axis=1),
            corner,
            np.stack([across, crown], axis=1),
        ]
    )


def _rake(shape: CarShape, points: F64) -> F64:
    """Lean and bow the ends: bumpers stand out, the nose is rounded from above."""
    half = 0.5 * shape.length
    x, y, z = np.moveaxis(points, -1, 0)
    bumper = shape.clearance + 0.3
    high = np.clip(z - bumper, 0, None) ** 1.25
    low = np.clip(shape.clearance + 0.16 - z, 0, None)
    bow = (2 * y / shape.width) ** 2
    front = np.clip((x - half + 0.6) / 0.6, 0, 1) ** 1.5
    rear = np.clip((-x - half + 0.45) / 0.45, 0, 1) ** 1.5
    moved = x - front * (shape.nose_rake * high + 0.4 * low + 0.16 * bow)
    moved = moved + rear * (shape.tail_rake * high + 0.4 * low + 0.09 * bow)
    return np.stack([moved, y, z], axis=-1)


def lower_body(shape: CarShape, trim_rows: int = 1) -> tuple[Geometry, Geometry, Geometry]:
    """Return the skin below the belt line: painted, plastic trim along its foot, underside.

    The trim takes the lowest `trim_rows` of the side's five rows, and follows the wheel
    arches; the underside holds the wheel wells.
    """
    half, r = 0.5 * shape.length, shape.edge_radius
    fillet = np.linspace(0, np.pi / 2, 3)[1:]
    ends = [(half - r + r * np.sin(a), r * (1 - np.cos(a))) for a in fillet]
    plan = [(-x, s) for x, s in ends[::-1]] + [(x, 0.0) for x in _stations(shape)] + ends
    at = np.clip([x for x, _ in plan], -half + r, half - r)
    measures = np.stack([shape.half_width(at), shape.top_z(at), shape.arch_z(at)], axis=1)
    rings = []
    for (x, shrink), (w, top, arch) in zip(plan, measures.tolist(), strict=True):
        right = _section(shape, w, top, arch, shrink)
        left = right[-2:0:-1] * (-1, 1)
        outline = np.concatenate([right, left])
        rings.append(np.column_stack([np.full(len(outline), x), outline]))
    grid = _rake(shape, np.array(rings))
    solid = loft(grid)
    columns, cells = grid.shape[1], len(plan) - 1
    index = np.tile(np.arange(columns), 2 * cells)
    # Cells count from the bottom middle up either side; caps belong to the paint.
    from_bottom = np.minimum(index, columns - 1 - index)
    from_bottom = np.concatenate([from_bottom, np.full(len(solid.faces) - len(index), columns)])

    def part(chosen: npt.NDArray[np.bool_]) -> Geometry:
        return Geometry(solid.vertices, solid.faces[chosen], solid.uv)

    under = from_bottom < 3
    trim = ~under & (from_bottom < 3 + trim_rows)
    return part(~under & ~trim), part(trim), part(under)


def _outline(shape: CarShape, level: float, inset: float) -> F64:
    """Return the greenhouse's outline (K, 2) from above at a level, 0 belt to 1 roof."""
    front = shape.cowl_x + (shape.header_x - shape.cowl_x) * level**0.92 - inset
    rear = shape.rear_base_x + (shape.rear_header_x - shape.rear_base_x) * level**0.92 + inset
    belt = 0.5 * shape.width * 0.945
    w = belt * (1 + (shape.roof_share - 1) * level**1.2) - inset
    r = 0.13
    bow_front, bow_rear = 0.16, 0.08
    across = np.array([0.0, 0.4, 0.8]) * (w - r)
    turn = np.linspace(0, np.pi / 2, 4)
    head = np.stack([front - bow_front * (across / w) ** 2, across], axis=1)
    base = front - bow_front * ((w - r) / w) ** 2
    corner_f = np.stack([base - r + r * np.cos(turn), w - r + r * np.sin(turn)], axis=1)
    tail_base = rear + bow_rear * ((w - r) / w) ** 2
    corner_r = np.stack([tail_base + r - r * np.sin(turn), w - r + r * np.cos(turn)], axis=1)
    side_x = np.linspace(base - r, tail_base + r, 7)[1:-1]
    side = np.stack([side_x, np.full(5, w)], axis=1)
    tail = np.stack([rear + bow_rear * (across / w) ** 2, across], axis=1)[::-1]
    half = np.concatenate([head, corner_f, side, corner_r, tail])
    # Narrower towards the front and rear, as a barrel is.
    middle = 0.5 * (front + rear)
    reach = np.abs(half[:, 0] - middle) / (0.5 * (front - rear))
    half[:, 1] *= 1 - 0.035 * reach**2
    mirror = half[-2:0:-1] * (1, -1)
    return np.concatenate([half, mirror])


def greenhouse(shape: CarShape) -> Geometry:
    """Return cabin walls and roof as one closed skin, its foot sunk into the lower body."""
    sunk = 0.10
    height = shape.roof_z - 0.045 - shape.belt_z
    levels = [(-sunk / height, 0.0, shape.belt_z - sunk)]
    for q in np.linspace(0, 1, 4):
        levels.append((float(q), 0.0, shape.belt_z + q * height))
    levels += [(1.0, 0.02, shape.roof_z - 0.028), (1.0, 0.06, shape.roof_z - 0.018)]
    levels += [(1.0, 0.18, shape.roof_z - 0.009), (1.0, 0.36, shape.roof_z - 0.002)]
    rings = []
    for q, inset, z in levels:
        outline = _outline(shape, max(q, 0.0), inset)
        if q < 0:
            outline = outline * (0.97, 0.97)
        rings.append(np.column_stack([outline, np.full(len(outline), z)]))
    return loft(np.array(rings))


def edges(shape: CarShape, level: float) -> tuple[float, float, float]:
    """Return front x, rear x and half width of the greenhouse at a level, 0 belt to 1 roof."""
    outline = _outline(shape, level, 0.0)
    return float(outline[:, 0].max()), float(outline[:, 0].min()), float(outline[:, 1].max())
