"""How people sit in cars, and how they get out of them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from scenegen.assets.doors import door_shape
from scenegen.assets.extent import posed_bounds
from scenegen.assets.kinematics import body_from_parts
from scenegen.assets.reaching import two_link
from scenegen.records.base import F64, Vec2, Vec3
from scenegen.records.mesh import Asset
from scenegen.records.taxonomy import BIPED_JOINTS
from scenegen.records.trajectory import MAX_JOINTS

SUFFIX = ".seated"
"""What the id of somebody who sits in a car ends in."""

SEAT = "seat_"
"""What the anchors of seats begin with; the rest is the name of the door beside it."""

BESIDE_M = 0.32
"""How far from the car's side the middle of who has got out is."""
EDGE_M = 0.27
"""How far within the car's side they sit when both feet are on the ground."""

USUAL_RAD = 1.1
"""How far doors are opened."""
CLEAR_M = 0.14
"""Between a door's edge, half as thick as it is, and who goes past it."""

LEAST_RECLINE_RAD, MOST_RECLINE_RAD = 0.25, 0.75
HEADROOM_M = 0.05
BOW_RAD = 0.6
"""Lean of the trunk with which the head passes below the roof."""
LEGROOM_M = 0.75
BENT = 0.92
"""Length of a leg in front of a seat over that of the stretched one, where there is room."""
HANGING = 0.96
"""Length of a leg that doesn't reach the ground over that of the stretched one."""
STEP_M = 0.12
"""How high feet are lifted over the sill."""

_MARGIN_M = 0.06
_DOORS_RAD = (0.7, 1.2)
_CHANNEL = {name: k for k, name in enumerate(BIPED_JOINTS)}


@dataclass(frozen=True)
class Posture:
    """Somebody at one moment of getting out.

    Attributes
    ----------
    place_m : (x, y)
        Body origin in the car's body frame.
    turn_rad : float
        Heading relative to the car's.
    values : ndarray, shape (MAX_JOINTS,)
    """

    place_m: Vec2
    turn_rad: float
    values: F64


def seat_offset(car: Asset, seat: str, person: Asset) -> Vec3:
    """Return the body origin (3,) of who sits in a seat, in the car's body frame."""
    x, y, _ = car.anchors[seat]
    return (x - person.parts[0].origin_m[0], y, 0.0)


def way_out(
    car: Asset,
    seat: str,
    person: Asset,
    share: float,
    *,
    door_rad: float = USUAL_RAD,
    up_m: float = 0.0,
) -> Posture:
    """Return how someone is after a share of the way from a seat to standing beside the car.

    They turn on the seat and put their feet out, the nearer one first; then bow and get up.
    Legs follow by inverse kinematics from where the feet are.

    Parameters
    ----------
    car : Asset
        With doors that open.
    seat : str
        One of its anchors; the side it is on is the one to which they get out.
    share : float
        0 is seated, 1 standing upright and facing away from the car.
    door_rad : float
        How far the door beside the seat opens: they go past its edge.
    up_m : float
        How high their body origin is over that of the car: on a kerb.
    """
    body = {part.name: np.array(part.origin_m) for part in person.parts}
    at = {part.name: k for k, part in enumerate(person.parts)}
    tall = float(body["pelvis"][2])
    legs = float(-body["shin_left"][2] - body["foot_left"][2])
    ankle = tall - legs
    seat_m = np.array(car.anchors[seat])
    side = 1.0 if seat_m[1] > 0 else -1.0
    edge = 0.5 * car.collision[0].size_m[1]
    slid = np.array([seat_m[0], side * max(abs(seat_m[1]), edge - EDGE_M), seat_m[2]])
    ahead = min(float(seat_m[0]), _past_door(car, seat, person, door_rad))
    stood = np.array([ahead, side * (edge + BESIDE_M), tall + up_m])
    out, up = _eased(share, 0.45, 0.92), _eased(share, 0.5, 1.0)
    pelvis = seat_m + _eased(share, 0.05, 0.5) * (slid - seat_m)
    pelvis[:2] += out * (stood - slid)[:2]
    pelvis[2] += up * (stood - slid)[2]
    turn = side * 0.5 * np.pi * _eased(share, 0.07, 0.5)
    axes = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    origin = pelvis[:2] - axes @ body["pelvis"][:2]

    values = np.zeros(MAX_JOINTS)
    values[_CHANNEL["lift"]] = pelvis[2] - up_m - tall
    bowed = _eased(share, 0.1, 0.5)
    lean = (bowed - 1.0) * _recline(car, seat_m, person) + bowed * BOW_RAD
    lean += _eased(share, 0.6, 1.0) * (0.02 - BOW_RAD)
    values[_CHANNEL["spine_pitch"]] = lean
    values[_CHANNEL["neck_pitch"]] = -0.7 * lean + 0.05 * up
    frames = body_from_parts(person, values)
    floor = float(car.anchors["floor"][2])
    for name, sign in (("left", 1.0), ("right", -1.0)):
        first, last = (0.0, 0.42) if sign == side else (0.1, 0.5)
        stepped = _eased(share, first, last)
        inside = np.array([*seat_m[:2], floor + ankle])
        inside += (_stretch(seat_m[2] - inside[2], legs), sign * float(body["thigh_left"][1]), 0.0)
        # As people stand who then walk (`simulate.biped`).
        outside = np.array([stood[0], stood[1], ankle + up_m])
        outside[0] -= side * sign * 0.85 * float(body["thigh_left"][1])
        foot = inside + stepped * (outside - inside)
        foot[2] += STEP_M * np.sin(np.pi * stepped)
        target = np.array([*(axes.T @ (foot[:2] - origin)), foot[2] - up_m])
        hip = frames[at[f"thigh_{name}"], :3, 3]
        # From a high seat feet don't reach the ground at first; knees stay a little bent.
        reach = legs * (HANGING + (1.0 - HANGING) * up)
        way = target - hip
        way *= min(1.0, reach / max(float(np.linalg.norm(way)), 1e-9))
        shin, end = -float(body[f"shin_{name}"][2]), -float(body[f"foot_{name}"][2])
        limb = two_link(way, shin, end, 1.0, sign)
        for joint, value in zip(("hip", "hip_out", "knee"), limb.tolist(), strict=True):
            values[_CHANNEL[f"{joint}_{name}"]] = value
        values[_CHANNEL[f"ankle_{name}"]] = limb[2] - limb[0]
        values[_CHANNEL[f"shoulder_{name}"]] = (1.0 - up) * 0.5
        values[_CHANNEL[f"shoulder_out_{name}"]] = 0.08
        values[_CHANNEL[f"elbow_{name}"]] = 0.2 + (1.0 - up) * 0.6
    return Posture((float(origin[0]), float(origin[1])), float(turn), values)


def seated(plain: Asset, asset_id: str, cars: tuple[Asset, ...]) -> Asset:
    """Return a person as they are, with bounds that hold them in the seats of cars as well.

    The bounds are even about the body's origin, below which their middle stays.
    """
    low, high = plain.bounds_m
    for car in cars:
        for seat in [name for name in car.anchors if name.startswith(SEAT)]:
            ways = [
                way_out(car, seat, plain, share, door_rad=door_rad)
                for share in np.linspace(0.0, 1.0, 13)
                for door_rad in _DOORS_RAD
            ]
            found = posed_bounds(plain, np.array([way.values for way in ways]))
            low = np.minimum(low, found[0] - _MARGIN_M)
            high = np.maximum(high, found[1] + _MARGIN_M)
    reach = np.maximum(-low, high)
    bounds = np.array([[-reach[0], -reach[1], low[2]], [reach[0], reach[1], high[2]]])
    bounds.setflags(write=False)
    return replace(plain, id=asset_id, bounds_m=bounds)


def _eased(share: float, first: float, last: float) -> float:
    """Return 0 before `first`, 1 after `last`, and a smooth step between them."""
    u = min(max((share - first) / (last - first), 0.0), 1.0)
    return u * u * (3.0 - 2.0 * u)


def _past_door(car: Asset, seat: str, person: Asset, door_rad: float) -> float:
    """Return the foremost x, body frame, from which somebody can walk out past an open door."""
    hinge, panel = door_shape(car, seat.replace(SEAT, "door_"))
    edge = hinge.origin_m[0] - panel.size_m[0] * float(np.cos(door_rad))
    return edge - person.collision[0].size_m[0] - CLEAR_M


def _recline(car: Asset, seat_m: F64, person: Asset) -> float:
    """Return how far a trunk leans back on a seat so that the head is below the roof."""
    frames = body_from_parts(person, np.zeros(MAX_JOINTS))
    head = next(k for k, part in enumerate(person.parts) if part.name == "head")
    top = (frames[head] @ np.array([*person.anchors["head_top"], 1.0]))[2]
    tall = float(top) - person.parts[0].origin_m[2]
    cabin = car.collision[-1]
    room = cabin.center_m[2] + 0.5 * cabin.size_m[2] - HEADROOM_M - float(seat_m[2])
    lean = float(np.arccos(min(max(room / tall, 0.0), 1.0)))
    return min(max(lean, LEAST_RECLINE_RAD), MOST_RECLINE_RAD)


def _stretch(drop_m: float, legs_m: float) -> float:
    """Return how far before the hips the feet of who sits are."""
    return min(float(np.sqrt(max((BENT * legs_m) ** 2 - drop_m**2, 0.0))), LEGROOM_M)
