"""Cars whose front doors open: the same cars, cut along their doors.

Only a car that opens a door is built so; all others are spared the triangles of its inside.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from scenegen.assets.carbody import CarShape, edges
from scenegen.assets.clipping import clipped_surface, joined_surfaces
from scenegen.assets.materials import GLASS, PLASTIC, matte
from scenegen.assets.shapes import box, rounded_box
from scenegen.assets.surfaces import Piece, surfaces
from scenegen.assets.triangles import Geometry
from scenegen.assets.vehicles import KINDS, shape_of
from scenegen.records.base import F64, Vec3
from scenegen.records.mesh import Asset, CollisionShape, Joint, Material, Part, Surface
from scenegen.records.taxonomy import DOORED_JOINTS

SUFFIX = ".doors"
"""What the id of such a car ends in."""

DOOR_M = 1.08
PILLAR_M = 0.14
"""Of the pillar between windscreen and door, along the car."""
PANE_M = 0.03
THICK_M = 0.14
"""Of a door: what collides, and how far its window's inner side is behind the outer one."""

SEAT = matte("seat", "2b2d31", 0.9)
CARPET = matte("carpet", "18191b", 0.95)


def openable(asset_id: str) -> bool:
    """Say whether an asset can be had with doors that open."""
    return asset_id in KINDS


def with_doors(plain: Asset, asset_id: str) -> Asset:
    """Return a car as it is, but with front doors on hinges and an inside.

    Its bounds remain those of the car with its doors shut, since they say what room it takes
    before it opens one.

    Parameters
    ----------
    plain : Asset
        Of one of `vehicles.KINDS`.
    """
    shape = shape_of(plain.id, plain.variant)
    shift = plain.wheels[0].position_m[0] - shape.front_axle
    opening = _opening(shape)
    body = plain.parts[0]
    rest, doors = list(body.surfaces), []
    for side in (1.0, -1.0):
        planes = _planes(opening, shape, side, shift)
        cut = [clipped_surface(surface, planes) for surface in rest]
        rest = [outside for outside, _ in cut if outside is not None]
        inside = [inner for _, inner in cut if inner is not None]
        doors.append(_door(inside, opening, shape, side, shift))
    inner = [_two_sided(surface) for surface in rest]
    inner += _inside(opening, shape, shift)
    parts = (replace(body, surfaces=joined_surfaces(inner)), *plain.parts[1:], *doors)
    return replace(plain, id=asset_id, parts=parts, joints=DOORED_JOINTS)


@lru_cache(maxsize=64)
def _opening(shape: CarShape) -> tuple[F64, float]:
    """Return the corners (5, 2) of a door in x and z, builder's frame, and where its hinge is."""
    front = shape.front_axle - shape.arch_radius - 0.13
    rear, sill = front - DOOR_M, shape.clearance + 0.09
    height = shape.roof_z - 0.045 - shape.belt_z
    top = shape.belt_z + 0.95 * height
    head = min(edges(shape, 0.95)[0] - PILLAR_M, front)
    corners = [(rear, sill), (front, sill), (front, shape.belt_z), (head, top), (rear, top)]
    return np.array(corners), front


def door_shape(asset: Asset, channel: str) -> tuple[Part, CollisionShape]:
    """Return a door's part, and the box that it collides as, in that part's frame.

    Raises
    ------
    KeyError
        There is no such door.
    """
    part = {part.name: part for part in asset.parts}[channel]
    points = np.concatenate([surface.vertices for surface in part.surfaces])
    low, high = points.min(axis=0), points.max(axis=0)
    x0, x1, z0 = float(low[0]), float(high[0]), float(low[2])
    z1 = float(asset.collision[0].center_m[2] + 0.5 * asset.collision[0].size_m[2])
    side = 1.0 if channel.endswith("left") else -1.0
    box_ = CollisionShape(
        "box",
        (0.5 * (x0 + x1), -0.03 * side, 0.5 * (z0 + z1)),
        (x1 - x0, THICK_M, z1 - z0),
    )
    return part, box_


def _planes(
    opening: tuple[F64, float], shape: CarShape, side: float, shift_m: float
) -> list[tuple[F64, float]]:
    """Return the half spaces n·x <= d, body frame, within which a door is."""
    corners = opening[0] + np.array([shift_m, 0.0])
    planes = []
    for (x0, z0), (x1, z1) in zip(corners, np.roll(corners, -1, axis=0), strict=True):
        normal = np.array([z1 - z0, 0.0, -(x1 - x0)])
        normal /= np.linalg.norm(normal)
        planes.append((normal, float(normal[0] * x0 + normal[2] * z0)))
    planes.append((np.array([0.0, -side, 0.0]), -0.22 * shape.width))
    return planes


def _two_sided(surface: Surface) -> Surface:
    return replace(surface, material=replace(surface.material, two_sided=True))


def _inner_pane(surface: Surface) -> Surface:
    """Return the inner side of a window, which lies on the skin from outside only."""
    inward = surface.vertices - np.float32(PANE_M) * surface.normals
    return replace(
        surface,
        vertices=inward,
        normals=-surface.normals,
        faces=np.ascontiguousarray(surface.faces[:, ::-1]),
    )


def _door(
    found: list[Surface], opening: tuple[F64, float], shape: CarShape, side: float, shift_m: float
) -> Part:
    """Return a door as a part of its own, hinged at its front edge, with a lining."""
    corners, hinge_x = opening
    half = 0.5 * shape.width
    hinge: Vec3 = (hinge_x + shift_m, side * (half - 0.05), 0.0)
    low, high = float(corners[0, 1]), shape.belt_z
    length = hinge_x - float(corners[0, 0])
    lining = box((length - 0.06, 0.03, high - low - 0.1), (0.0, 0.0, 0.0))
    lining = lining.moved(hinge[0] - 0.5 * length, side * (half - 0.16), 0.5 * (low + high) - 0.01)
    rest = box((0.5, 0.06, 0.06), (hinge[0] - 0.62, side * (half - 0.2), high - 0.24))
    made = [_two_sided(surface) for surface in found]
    made += [_inner_pane(surface) for surface in found if surface.material == GLASS]
    made += surfaces([Piece(lining, SEAT, "car", 0.7), Piece(rest, PLASTIC, "car", 0.7)])
    moved = [replace(s, vertices=(s.vertices - np.array(hinge)).astype(np.float32)) for s in made]
    name = "left" if side > 0 else "right"
    channel = DOORED_JOINTS.index(f"door_front_{name}")
    # Both open outward: to the left side's the turn is clockwise seen from above.
    return Part(
        name=f"door_front_{name}",
        parent=0,
        origin_m=hinge,
        joints=(Joint(channel, (0.0, 0.0, -side)),),
        surfaces=joined_surfaces(moved),
    )


def _inside(opening: tuple[F64, float], shape: CarShape, shift_m: float) -> list[Surface]:
    """Return floor, dashboard, seats and a wall behind them."""
    corners, front = opening
    rear, sill = float(corners[0, 0]), float(corners[0, 1])
    belt, width = shape.belt_z, shape.width - 0.24
    top = shape.roof_z - 0.22
    pieces: list[tuple[Geometry, Material]] = [
        (box((front - rear + 1.0, width, 0.03), (0.5 * (front + rear) - 0.2, 0, sill)), CARPET),
        (rounded_box((0.34, width, 0.3), 0.08, (front + 0.02, 0, belt - 0.17)), PLASTIC),
        (box((0.04, width, belt - sill), (front + 0.1, 0, 0.5 * (belt + sill))), CARPET),
        (box((0.04, 0.8 * width, top - sill), (rear - 0.62, 0, 0.5 * (top + sill))), CARPET),
    ]
    for y in (0.36, -0.36):
        pieces.append((rounded_box((0.52, 0.5, 0.16), 0.05, (rear + 0.34, y, sill + 0.24)), SEAT))
        back = rounded_box((0.16, 0.5, 0.62), 0.05, (0, 0, 0.31)).turned((0, 1, 0), -0.25)
        pieces.append((back.moved(rear + 0.06, y, sill + 0.28), SEAT))
        head = rounded_box((0.1, 0.26, 0.18), 0.04, (rear - 0.12, y, sill + 0.98))
        pieces.append((head, SEAT))
    wheel = rounded_box((0.05, 0.36, 0.36), 0.02, (0, 0, 0)).turned((0, 1, 0), 0.4)
    pieces.append((wheel.moved(front - 0.24, 0.36, belt - 0.1), PLASTIC))
    made = [Piece(shape_.moved(shift_m, 0, 0), material, "car", 0.7) for shape_, material in pieces]
    return list(surfaces(made))
