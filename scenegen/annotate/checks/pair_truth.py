"""Checks of pairs by other means: polygons that are moved, summed and looked up in a tree."""

from __future__ import annotations

from collections.abc import Iterator
from math import hypot, inf, isclose
from typing import Any

import numpy as np
import numpy.typing as npt
import shapely

from scenegen import assets
from scenegen.annotate.checks.case import FrameCase
from scenegen.annotate.checks.course import is_older
from scenegen.annotate.checks.truth import SceneTruth
from scenegen.annotate.objects import VEHICLES
from scenegen.annotate.pairs import LEVEL_M, MOVING_MPS, NEAR_M
from scenegen.geometry import yaw_of
from scenegen.records import Actor
from scenegen.records.base import F64
from scenegen.records.motion_labels import PairLabel

ROUNDED = 0.6e-4
"""What rounding to four decimals may change, with that of the last digits."""
SLACK_M = 1e-5
"""By so much outlines are made smaller and larger, to see what depends on their touching."""

Polygons = npt.NDArray[Any]


def pairs(case: FrameCase) -> Iterator[str]:
    """The pairs of a frame are those that should be there, with the numbers of their outlines."""
    labels, truth = case.labels, case.truth
    if is_older(labels) or labels.pairs is None:
        return
    expected = set(_wanted(truth, case.row))
    found = [(pair.a, pair.b) for pair in labels.pairs]
    if set(found) != expected or len(set(found)) != len(found):
        odd = sorted(set(found) ^ expected)
        yield f"pairs {odd[:4]} are missing, or should not be there"
        return
    for pair in labels.pairs:
        for problem in _problems(truth, pair, case.row):
            yield f"pair {pair.a}, {pair.b}: {problem}"


def outline(truth: SceneTruth, instance_id: int, larger_m: float = 0.0) -> Polygons:
    """Return an actor's outline (T,) at all rows, from the corners of its solid body."""
    actor = truth.actors[instance_id]
    low, high = assets.solid_bounds(assets.get(actor.asset_id, actor.variant))[:, :2]
    low, high = low - larger_m, high + larger_m
    corners = np.array([low, (high[0], low[1]), high, (low[0], high[1])])
    column = truth.trajectory.column(instance_id)
    yaw = yaw_of(truth.trajectory.quaternion_wxyz[:, column])
    turn = np.array([[np.cos(yaw), -np.sin(yaw)], [np.sin(yaw), np.cos(yaw)]])
    place = truth.trajectory.position_m[:, column, None, :2]
    return np.asarray(shapely.polygons(np.einsum("ijt,kj->tki", turn, corners) + place))


def _outlines(truth: SceneTruth, instance_id: int) -> Polygons:
    return truth.kept(("outline", instance_id), lambda: outline(truth, instance_id))


def _wanted(truth: SceneTruth, row: int) -> Iterator[tuple[int, int]]:
    trajectory, actors = truth.trajectory, list(truth.scenario.actors)
    state = {a.instance_id: trajectory.column(a.instance_id) for a in actors}
    for k, one in enumerate(actors):
        for other in actors[k + 1 :]:
            columns = [state[a.instance_id] for a in (one, other)]
            if _carrier(truth, one) == _carrier(truth, other):
                continue
            if not trajectory.valid[row, columns].all():
                continue
            a, b = trajectory.position_m[row, columns]
            speeds = np.linalg.norm(trajectory.velocity_mps[row, columns], axis=1)
            if k == 0 or (
                float(np.linalg.norm(a - b)) < NEAR_M
                and speeds.max() > MOVING_MPS
                and not {one.category, other.category}.isdisjoint(VEHICLES)
                and one.attached_to is None
                and other.attached_to is None
            ):
                yield one.instance_id, other.instance_id


def _carrier(truth: SceneTruth, actor: Actor) -> int:
    return (
        actor.instance_id
        if actor.attached_to is None
        else _carrier(truth, truth.actors[actor.attached_to])
    )


def _problems(truth: SceneTruth, pair: PairLabel, row: int) -> Iterator[str]:
    one, other = (_outlines(truth, i)[row] for i in (pair.a, pair.b))
    columns = [truth.trajectory.column(i) for i in (pair.a, pair.b)]
    apart = float(shapely.distance(one, other))
    if abs(max(pair.gap_m, 0.0) - apart) > ROUNDED:
        yield f"gap_m {pair.gap_m}, their outlines are {apart:.4f} m apart"
    z = truth.trajectory.position_m[row, columns, 2]
    velocity = np.diff(truth.trajectory.velocity_mps[row, columns, :2], axis=0)[0]
    speed = hypot(*velocity.tolist())
    ttc = inf if pair.ttc_s is None else pair.ttc_s
    if abs(z[0] - z[1]) >= LEVEL_M:
        early, late = inf, inf
    else:
        # Outlines a hair larger touch sooner, or at all; smaller ones later, or never.
        early, late = (_first_touch(one, other, velocity, grown) for grown in (SLACK_M, -SLACK_M))
    if not early - ROUNDED <= ttc <= late + ROUNDED:
        yield f"ttc_s {pair.ttc_s}, their outlines touch in {early:.4f} to {late:.4f} s"
    rate = 0.5 * speed / ttc if 0 < ttc < inf else None
    told = pair.drac_mps2
    # The rate follows from a time that was rounded.
    slack = ROUNDED + (0 if rate is None else rate * ROUNDED / ttc)
    if (rate is None) != (told is None) or (rate and not isclose(told or 0, rate, abs_tol=slack)):
        yield f"drac_mps2 {told}, by their time and speed {rate}"
    yield from _encroachment_problems(truth, pair)


def _first_touch(one: Any, other: Any, velocity_mps: F64, grown_m: float) -> float:
    """Return when two convex outlines touch, by a ray to the sum of one and the other's mirror."""
    a, b = (shapely.get_coordinates(p)[:4] for p in (one, other))
    around = shapely.convex_hull(shapely.multipoints((a[:, None] - b[None]).reshape(-1, 2)))
    around = shapely.buffer(around, grown_m, join_style="mitre")
    if shapely.intersects(around, shapely.Point(0.0, 0.0)):
        return 0.0
    speed = hypot(*velocity_mps.tolist())
    if speed < 1e-9:
        return inf
    reach = 2.0 * float(shapely.hausdorff_distance(around, shapely.Point(0.0, 0.0)))
    ray = shapely.LineString([(0.0, 0.0), tuple((velocity_mps * (reach / speed)).tolist())])
    hit = shapely.intersection(ray, around)
    return inf if hit.is_empty else float(shapely.distance(hit, shapely.Point(0, 0))) / speed


def _encroachment_problems(truth: SceneTruth, pair: PairLabel) -> Iterator[str]:
    """Hold the post-encroachment time against outlines that are looked up in a tree."""
    hz = truth.scenario.rates.control_hz
    key = ("encroachment", pair.a, pair.b)
    least, most = truth.kept(key, lambda: encroachment_rows(truth, pair.a, pair.b))
    told = inf if pair.pet_s is None else pair.pet_s * hz
    if not least - 0.01 <= told <= most + 0.01:
        yield f"pet_s {pair.pet_s}, by their outlines {least / hz} to {most / hz} s"


def encroachment_rows(truth: SceneTruth, a: int, b: int) -> tuple[float, float]:
    """Return the least rows between two actors at a place: of larger and of smaller outlines."""
    z = [truth.trajectory.position_m[:, truth.trajectory.column(i), 2] for i in (a, b)]
    found = []
    for grown in (SLACK_M, -SLACK_M):
        one, other = outline(truth, a, grown), outline(truth, b, grown)
        first, second = shapely.STRtree(other).query(one, predicate="intersects")
        level = np.abs(z[0][first] - z[1][second]) < LEVEL_M
        lags = np.abs(first - second)[level].tolist()
        found.append(float(min(lags, default=inf)))
    return found[0], found[1]
