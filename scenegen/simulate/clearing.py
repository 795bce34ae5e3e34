"""Compiled: the ways of walkers that keep clear of people, boxes and edges, for `avoid`."""

from __future__ import annotations

from math import atan2, cos, hypot, sin, sqrt

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64
from scenegen.simulate.jit import compiled
from scenegen.simulate.orca import keep_clear, nearest_allowed

SEEN_M = 8.0
NEIGHBOURS = 8
"""The nearest so many within so far count: more than people heed."""

BESIDE_M = 0.1
"""Room that people leave beside their own width."""

OBSTACLE_S = 1.0
"""Within which nobody reaches an obstacle."""

LOOK_M = 4.0
"""How far ahead people see that something stands in their way."""

ROUND_M = 0.1
AT_CORNER_M = 0.4
STILL_MPS = 0.5
OVERHEAD_M = 2.0
FASTER = 1.25
"""How much faster than wanted one goes to get out of another's way."""

KEEP_RIGHT_RAD = 0.06
"""What people turn to the right when they meet: of two who do, none blocks the other."""

UNDECIDED, LEFT, RIGHT = -1, 1, 0
BOX_FIELDS = 9
"""Of an upright box: x, y, cosine and sine of its heading, half sizes, velocity, underside."""

Pair = tuple[float, float]
Bools = npt.NDArray[np.bool_]
Planes = F64


@compiled
def ways_clear(
    walkers: npt.NDArray[np.int64],
    wanted: F64,
    legs: F64,
    position: F64,
    centre: F64,
    velocity: F64,
    radius: F64,
    own_radius: F64,
    people: npt.NDArray[np.int64],
    heeding: Bools,
    circles: F64,
    first: npt.NDArray[np.int64],
    edges: F64,
    kept: npt.NDArray[np.int64],
    boxes: F64,
    sides: npt.NDArray[np.int64],
) -> F64:
    """Return the velocities (W, 2) that keep walkers clear, all decided at once.

    Parameters
    ----------
    walkers : (W,) int
        Among A actors.
    wanted : (W, 2)
    legs : (W, 3)
    circles : (C, 4)
        Those of walker w are from ``first[w]`` to ``first[w + 1]``.
    edges : (W, 2, 3)
        Of each, the first `kept`.
    sides : (A,) int
        Changed: on which side each gets round a box.

    Others are those of `way_clear`, for each walker or all actors.
    """
    ways = np.empty((len(walkers), 2))
    for w in range(len(walkers)):
        k = walkers[w]
        ways[w, 0], ways[w, 1], sides[k] = way_clear(
            k,
            (wanted[w, 0], wanted[w, 1]),
            (legs[w, 0], legs[w, 1], legs[w, 2]),
            position,
            centre,
            velocity,
            radius,
            own_radius[k],
            people,
            heeding,
            circles[first[w] : first[w + 1]],
            edges[w, : kept[w]],
            boxes,
            sides[k],
        )
    return ways


@compiled
def way_clear(
    k: int,
    wanted: Pair,
    legs: tuple[float, float, float],
    position: F64,
    centre: F64,
    velocity: F64,
    radius: F64,
    own_radius: float,
    people: npt.NDArray[np.int64],
    heeding: Bools,
    circles: F64,
    edges: F64,
    boxes: F64,
    side: int,
) -> tuple[float, float, int]:
    """Return the velocity that keeps a walker clear, and the side on which it gets round a box.

    Parameters
    ----------
    k : int
        The walker, among A actors.
    wanted : (2,)
        Velocity along its path.
    legs : (3,)
        Most change of velocity, m/s²; speed that it likes, m/s; time for it, s.
    position : (A, 3)
    centre, velocity : (A, 2)
        Of the circles that people are, with what they push.
    radius : (A,)
        Of these circles.
    own_radius : float
        The walker's alone.
    people : (P,) int
        Who is on legs.
    heeding : (A,) bool
        Who keeps clear of others, and so does half of it.
    circles : (C, 4)
        The walker, and what it pushes: x, y, z and radius.
    edges : (E, 3)
        Half-planes of the strip that it keeps to.
    boxes : (M, BOX_FIELDS)
    side : int
        On which side it goes round a box: `LEFT`, `RIGHT` or `UNDECIDED`.
    """
    limit, likes, dt = legs
    planes = np.empty((NEIGHBOURS + len(edges) + len(circles) * len(boxes), 3))
    firm_from = _people(k, position, centre, velocity, radius, people, heeding, planes, dt)
    count = firm_from
    for c in range(len(circles)):
        count = _kept_off(circles[c], boxes, planes, count)
    for e in range(len(edges)):
        planes[count] = edges[e]
        count += 1
    turn = -KEEP_RIGHT_RAD if firm_from > 0 else 0.0
    wx, wy, side = _around(circles[0], wanted, own_radius, boxes, side)
    wx, wy = cos(turn) * wx - sin(turn) * wy, sin(turn) * wx + cos(turn) * wy
    cx, cy = wx - velocity[k, 0], wy - velocity[k, 1]
    share = min(1.0, limit * dt / max(hypot(cx, cy), 1e-9))
    way = velocity[k, 0] + cx * share, velocity[k, 1] + cy * share
    fastest = max(FASTER * likes, hypot(way[0], way[1]), 0.4)
    firm = np.arange(count) >= firm_from
    x, y = nearest_allowed(way, planes[:count], firm, fastest)
    return x, y, side


@compiled
def _people(
    k: int,
    position: F64,
    centre: F64,
    velocity: F64,
    radius: F64,
    people: npt.NDArray[np.int64],
    heeding: Bools,
    planes: Planes,
    dt: float,
) -> int:
    """Write the half-planes of the nearest neighbours; return how many."""
    distance = np.empty(len(people))
    for n in range(len(people)):
        j = people[n]
        distance[n] = hypot(centre[j, 0] - centre[k, 0], centre[j, 1] - centre[k, 1])
        if j == k or distance[n] > SEEN_M:
            distance[n] = np.inf
    count = 0
    for n in np.argsort(distance, kind="mergesort")[:NEIGHBOURS]:
        if distance[n] == np.inf:
            break
        j = people[n]
        planes[count] = keep_clear(
            (centre[j, 0] - centre[k, 0], centre[j, 1] - centre[k, 1]),
            (velocity[k, 0], velocity[k, 1]),
            (velocity[j, 0], velocity[j, 1]),
            radius[k] + radius[j] + BESIDE_M,
            0.5 if heeding[j] else 1.0,
            dt,
        )
        count += 1
    return count


@compiled
def _is_seen(box: F64, x: float, y: float) -> bool:
    far = SEEN_M + sqrt(box[4] * box[4] + box[5] * box[5])
    dx, dy = box[0] - x, box[1] - y
    return bool(dx * dx + dy * dy <= far * far)


@compiled
def _kept_off(circle: F64, boxes: F64, planes: Planes, count: int) -> int:
    """Write what keeps a circle off the boxes around after `count` half-planes; return how many."""
    for m in range(len(boxes)):
        box = boxes[m]
        if not _is_seen(box, circle[0], circle[1]) or box[8] >= circle[2] + OVERHEAD_M:
            continue
        c, s = box[2], box[3]
        dx, dy = box[0] - circle[0], box[1] - circle[1]
        # The walker seen from the box, and the box's nearest point to it.
        x, y = -(c * dx + s * dy), s * dx - c * dy
        dx = min(max(x, -box[4]), box[4]) - x
        dy = min(max(y, -box[5]), box[5]) - y
        d = hypot(dx, dy)
        if not 0.0 < d < SEEN_M:
            continue
        nx, ny = (c * dx - s * dy) / d, (s * dx + c * dy) / d
        room = (d - circle[3] - BESIDE_M) / OBSTACLE_S
        coming = min(box[6] * nx + box[7] * ny, 0.0)
        # Nobody runs from what comes; one doesn't go into its way either.
        bound = -max(room + coming, 0.0) if room > 0.0 else -room
        planes[count, 0], planes[count, 1], planes[count, 2] = -nx, -ny, bound
        count += 1
    return count


@compiled
def _around(
    circle: F64, wanted: Pair, radius: float, boxes: F64, side: int
) -> tuple[float, float, int]:
    """Return the wanted velocity, turned to the better corner of a box in its way, and the side."""
    wx, wy = wanted
    speed = hypot(wx, wy)
    if speed < 0.1:
        return wx, wy, side
    met, soonest = -1, np.inf
    for m in range(len(boxes)):
        box = boxes[m]
        if not _is_seen(box, circle[0], circle[1]) or box[8] >= circle[2] + OVERHEAD_M:
            continue
        if box[6] * box[6] + box[7] * box[7] >= STILL_MPS**2:
            continue
        x, y, rx, ry = _seen_from(box, circle, wx, wy, speed)
        hx, hy = box[4] + radius + BESIDE_M, box[5] + radius + BESIDE_M
        sx, sy = rx if abs(rx) >= 1e-9 else 1e-9, ry if abs(ry) >= 1e-9 else 1e-9
        ex, ey = hx if sx > 0 else -hx, hy if sy > 0 else -hy
        first, last = max((-ex - x) / sx, (-ey - y) / sy), min((ex - x) / sx, (ey - y) / sy)
        if first < last and last > 0.0 and first < 1.0 and first < soonest:
            met, soonest = m, first
    if met < 0:
        return wx, wy, UNDECIDED
    box = boxes[met]
    x, y, rx, ry = _seen_from(box, circle, wx, wy, speed)
    out = radius + BESIDE_M + ROUND_M
    cx, cy, side = _corner((x, y), (rx, ry), (box[4] + out, box[5] + out), side)
    vx, vy = box[2] * cx - box[3] * cy, box[3] * cx + box[2] * cy
    share = speed / max(hypot(vx, vy), 1e-6)
    return vx * share, vy * share, side


@compiled
def _seen_from(
    box: F64, circle: F64, wx: float, wy: float, speed: float
) -> tuple[float, float, float, float]:
    """Return where the walker is, and its way for `LOOK_M`, in a box's frame."""
    c, s, dx, dy = box[2], box[3], circle[0] - box[0], circle[1] - box[1]
    ahead = LOOK_M / speed
    x, y = c * dx + s * dy, c * dy - s * dx
    return x, y, ahead * (c * wx + s * wy), ahead * (c * wy - s * wx)


@compiled
def _corner(at: Pair, run: Pair, half: Pair, side: int) -> tuple[float, float, int]:
    """Return the way to the outermost corner of a box on the side of the shorter detour.

    All in the box's frame: the walker is at `at` and wants to go by `run`. A side once chosen
    is kept until the way is free.
    """
    lx, ly, rx, ry = 0.0, 0.0, 0.0, 0.0
    most, least = -np.inf, np.inf
    for i in range(4):
        wx = (half[0] if i < 2 else -half[0]) - at[0]
        wy = (half[1] if i % 2 == 0 else -half[1]) - at[1]
        # Who is at a corner goes on to the next one.
        if wx * wx + wy * wy <= AT_CORNER_M**2:
            continue
        angle = atan2(-at[0] * wy + at[1] * wx, -wx * at[0] - wy * at[1])
        if angle > most:
            most, lx, ly = angle, wx, wy
        if angle < least:
            least, rx, ry = angle, wx, wy
    if side == UNDECIDED:
        left = hypot(lx, ly) + hypot(run[0] - lx, run[1] - ly)
        right = hypot(rx, ry) + hypot(run[0] - rx, run[1] - ry)
        side = LEFT if left < right else RIGHT
    return (lx, ly, side) if side == LEFT else (rx, ry, side)
