"""Who struck whom, where, and how hard."""

from __future__ import annotations

import numpy as np

from scenegen.drive.course import Course
from scenegen.drive.record import Impact, Part, Striker
from scenegen.geometry import matrix_from_quaternion
from scenegen.records import CONTACT_DTYPE
from scenegen.records.base import F64

AFTER_S = 0.25
"""Velocities change within so long after the first touch."""
END_SHARE = 0.8
"""Beyond this share of its half length, a body is touched at its front or rear."""
APPROACH_MPS = 0.5
"""Who moves no faster towards a touch has not struck."""
_CONTACT = CONTACT_DTYPE.names or ()


def impacts(course: Course) -> tuple[Impact, ...]:
    """Return the ego's contacts with others, scenery and kerbs, in the order of time."""
    ego = course.scenario.ego.instance_id
    contacts = course.trajectory.contacts
    mine = contacts[(contacts["actor_a"] == ego) | (contacts["actor_b"] == ego)]
    return tuple(_impact(course, ego, contact) for contact in mine)


def _impact(course: Course, ego: int, contact: np.void) -> Impact:
    values = dict(zip(_CONTACT, contact.tolist(), strict=True))
    other = values["actor_b"] if values["actor_a"] == ego else values["actor_a"]
    rates = course.scenario.rates
    step = int(values["step"])
    row = min(step * rates.control_hz // rates.physics_hz, len(course.trajectory.step) - 1)
    place = np.array(values["position_m"])
    ids = [actor.instance_id for actor in course.scenario.actors]
    names = {a.instance_id: a for a in course.scenario.actors}
    towards = {id_: _towards(course, ids.index(id_), row, place) for id_ in (ego, other) if id_}
    return Impact(
        time_s=step / rates.physics_hz,
        other=other,
        name=names[other].name if other else "",
        category=names[other].category if other else "scenery",
        closing_mps=float(values["closing_speed_mps"]),
        impulse_ns=float(values["impulse_ns"]),
        ego_delta_v_mps=_delta_v(course, 0, row),
        other_delta_v_mps=_delta_v(course, ids.index(other), row) if other else 0.0,
        ego_part=_part(course, 0, row, place),
        other_part=_part(course, ids.index(other), row, place) if other else "none",
        struck_by=_striker(towards[ego], towards.get(other, 0.0)),
    )


def _striker(ego_mps: float, other_mps: float) -> Striker:
    """Say who moved towards the place of the touch."""
    moves = (ego_mps > APPROACH_MPS, other_mps > APPROACH_MPS)
    names: dict[tuple[bool, bool], Striker] = {
        (True, True): "both",
        (True, False): "ego",
        (False, True): "other",
        (False, False): "neither",
    }
    return names[moves]


def _towards(course: Course, k: int, row: int, place_m: F64) -> float:
    """Return how fast an actor's middle moves towards a place."""
    body = course.bodies[k, row]
    away = place_m[:2] - body.middle_m
    length = float(np.hypot(*away))
    velocity = np.array([float(body.vx_mps), float(body.vy_mps)])
    return float(velocity @ away) / max(length, 1e-6)


def _part(course: Course, k: int, row: int, place_m: F64) -> Part:
    """Return which part of an actor a place is at."""
    body = course.bodies[k, row]
    dx, dy = (place_m[:2] - body.middle_m).tolist()
    along = dx * float(body.cos) + dy * float(body.sin)
    aside = dy * float(body.cos) - dx * float(body.sin)
    if abs(along) >= END_SHARE * float(body.half_length_m):
        return "front" if along > 0 else "rear"
    return "left" if aside > 0 else "right"


def _delta_v(course: Course, k: int, row: int) -> float:
    """Return the greatest change of velocity of an actor's middle soon after a row.

    What it would have come to without the touch, by going on to brake as before, is taken off.
    """
    last = row + 1 + round(AFTER_S * course.scenario.rates.control_hz)
    velocity = _middle_velocity(course, k, slice(max(row - 1, 0), last + 1))
    before = min(row, 1)
    change = velocity[before] - velocity[0]
    steps = np.arange(len(velocity) - before)
    without = velocity[before] + steps[:, None] * change
    return float(np.hypot(*(velocity[before:] - without)[:, :2].T).max())


def _middle_velocity(course: Course, k: int, rows: slice) -> F64:
    """Return the velocity (R, 3) of the middle of an actor's height, about which it turns."""
    actor, trajectory = course.scenario.actors[k], course.trajectory
    column = trajectory.column(actor.instance_id)
    up = matrix_from_quaternion(trajectory.quaternion_wxyz[rows, column])[:, :, 2]
    spin = trajectory.angular_velocity_radps[rows, column]
    arm = 0.5 * actor.size_m[2] * up
    return np.asarray(trajectory.velocity_mps[rows, column] + np.cross(spin, arm))
