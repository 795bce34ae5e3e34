"""Cars whose doors open: the same cars, cut along their doors.

Only a car that opens a door is built so; all others are spared the triangles of its inside.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from scenegen.assets.carbody import CarShape, edges
from scenegen.assets.clipping import clipped_surface, joined_surfaces
from scenegen.assets.materials import GLASS, PLASTIC
from scenegen.assets.seats import SEAT, Cabin, hollow, inside, seats
from scenegen.assets.shapes import box
from scenegen.assets.surfaces import Piece, surfaces
from scenegen.assets.vehicles import KINDS, shape_of
from scenegen.records.base import F64, Vec3
from scenegen.records.mesh import Asset, CollisionShape, Joint, Part, Surface
from scenegen.records.taxonomy import DOORED_JOINTS, FOUR_DOORED_JOINTS

SUFFIX = ".doors"
"""What the id of such a car ends in."""

DOOR_M = 1.08
"""Length of a front door."""
PILLAR_M = 0.14
"""Of the pillar between windscreen and door, along the car."""
REAR_PILLAR_M = 0.2
"""Of the one between a rear door's window and the rear window."""
PANE_M = 0.03
THICK_M = 0.14
"""Of a door: what collides, and how far its window's inner side is behind the outer one."""


@dataclass(frozen=True)
class Opening:
    """Where a door is in a car's side.

    Attributes
    ----------
    row : str
        ``front`` or ``rear``.
    corners_m : ndarray, shape (K, 2)
        x and z of a convex outline in the builder's frame, counter-clockwise seen from the
        right; it begins with the lower rear corner.
    hinge_x_m : float
        Its front edge.
    """

    row: str
    corners_m: F64
    hinge_x_m: float


def openable(asset_id: str) -> bool:
    """Say whether an asset can be had with doors that open."""
    return asset_id in KINDS


def with_doors(plain: Asset, asset_id: str) -> Asset:
    """Return a car as it is, but with doors on hinges, an inside and anchors for who sits in it.

    Its bounds remain those of the car with its doors shut, since they say what room it takes
    before it opens one.

    Parameters
    ----------
    plain : Asset
        Of one of `vehicles.KINDS`.
    """
    shape = shape_of(plain.id, plain.variant)
    four = KINDS[plain.id].doors == 4
    openings = _openings(shape)[: 2 if four else 1]
    shift = plain.wheels[0].position_m[0] - shape.front_axle
    cabin = _cabin(shape, openings)
    body = plain.parts[0]
    room = hollow(cabin, shift)
    cut = [clipped_surface(surface, room) for surface in body.surfaces]
    rest, doors = [outside for outside, _ in cut if outside is not None], []
    for opening in openings:
        for side in (1.0, -1.0):
            planes = _planes(opening, shape, side, shift)
            cut = [clipped_surface(surface, planes) for surface in rest]
            rest = [outside for outside, _ in cut if outside is not None]
            within = [inner for _, inner in cut if inner is not None]
            doors.append(_door(within, opening, shape, side, shift))
    inner = [_two_sided(surface) for surface in rest]
    inner += inside(cabin, shift)
    parts = (replace(body, surfaces=joined_surfaces(inner)), *plain.parts[1:], *doors)
    return replace(
        plain,
        id=asset_id,
        parts=parts,
        joints=FOUR_DOORED_JOINTS if four else DOORED_JOINTS,
        anchors={**plain.anchors, **seats(cabin, shift)},
    )


def _cabin(shape: CarShape, openings: Sequence[Opening]) -> Cabin:
    low = openings[0].corners_m
    back = float(openings[-1].corners_m[:, 0].min())
    return Cabin(
        shape, float(low[1, 0]), float(low[0, 0]), float(low[0, 1]), back, len(openings) > 1
    )


@lru_cache(maxsize=64)
def _openings(shape: CarShape) -> tuple[Opening, Opening]:
    """Return where a front and a rear door are; of two-door cars, only the first counts."""
    front = shape.front_axle - shape.arch_radius - 0.13
    middle, sill = front - DOOR_M, shape.clearance + 0.09
    height = shape.roof_z - 0.045 - shape.belt_z
    top = shape.belt_z + 0.95 * height
    head, tail, _ = edges(shape, 0.95)
    head = min(head - PILLAR_M, front)
    first = [(middle, sill), (front, sill), (front, shape.belt_z), (head, top), (middle, top)]
    # As the gaps run that `cartrim` draws: around the wheel's arch.
    rear = shape.rear_axle + shape.arch_radius + 0.1
    arch = shape.wheel_radius + shape.arch_radius + 0.065
    aft = max(rear - 0.28, shape.rear_base_x + 0.1)
    second = [
        (max(rear + 0.03, aft + 0.02), sill),
        (middle, sill),
        (middle, top),
        (max(aft, tail + REAR_PILLAR_M), top),
        (aft, shape.belt_z),
        (aft + 0.01, arch),
    ]
    return Opening("front", np.array(first), front), Opening("rear", np.array(second), middle)


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
    opening: Opening, shape: CarShape, side: float, shift_m: float
) -> list[tuple[F64, float]]:
    """Return the half spaces n·x <= d, body frame, within which a door is."""
    corners = opening.corners_m + np.array([shift_m, 0.0])
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
    found: list[Surface], opening: Opening, shape: CarShape, side: float, shift_m: float
) -> Part:
    """Return a door as a part of its own, hinged at its front edge, with a lining."""
    corners, hinge_x = opening.corners_m, opening.hinge_x_m
    half = 0.5 * shape.width
    hinge: Vec3 = (hinge_x + shift_m, side * (half - 0.05), 0.0)
    low, high = float(corners[0, 1]), shape.belt_z
    length = hinge_x - float(corners[0, 0])
    lining = box((length - 0.06, 0.03, high - low - 0.1), (0.0, 0.0, 0.0))
    lining = lining.moved(hinge[0] - 0.5 * length, side * (half - 0.16), 0.5 * (low + high) - 0.01)
    reach = 0.5 * length + 0.08
    rest = box((0.46 * length, 0.06, 0.06), (hinge[0] - reach, side * (half - 0.2), high - 0.24))
    made = [_two_sided(surface) for surface in found]
    made += [_inner_pane(surface) for surface in found if surface.material == GLASS]
    made += surfaces([Piece(lining, SEAT, "car", 0.7), Piece(rest, PLASTIC, "car", 0.7)])
    moved = [replace(s, vertices=(s.vertices - np.array(hinge)).astype(np.float32)) for s in made]
    name = f"door_{opening.row}_{'left' if side > 0 else 'right'}"
    channel = FOUR_DOORED_JOINTS.index(name)
    # Both open outward: to the left side's the turn is clockwise seen from above.
    return Part(
        name=name,
        parent=0,
        origin_m=hinge,
        joints=(Joint(channel, (0.0, 0.0, -side)),),
        surfaces=joined_surfaces(moved),
    )
