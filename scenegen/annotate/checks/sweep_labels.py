"""Checks of every point's label: by class, by the scenery, and by what the air can do."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from scenegen.annotate.checks.airlight import loudest
from scenegen.annotate.checks.footprint import PULSE_M, beam_rays, slack_m
from scenegen.annotate.checks.sweep_case import SweepCase
from scenegen.geometry import apply
from scenegen.records.base import F64
from scenegen.records.taxonomy import CLASS_BY_ID

_UNHEARD, _FALSE = 0.05, 2
"""What is so much weaker than the threshold isn't lifted above it by noise but so many times."""
_STRAY = 5
"""So many points of the air may always lie within an actor's box, outside of its body."""


def classes(case: SweepCase) -> Iterator[str]:
    """Every point has a class that its actor has, or, without an actor, the scenery or the air."""
    sweep, truth = case.sweep, case.truth
    known = {id_: _classes_of(case, id_) for id_ in np.unique(sweep.instance).tolist() if id_}
    known[0] = {0, *np.unique(truth.scenery.triangles.semantic).tolist()}
    for id_, allowed in known.items():
        found, counts = np.unique(sweep.semantic[sweep.instance == id_], return_counts=True)
        for class_id, count in zip(found.tolist(), counts.tolist(), strict=True):
            if class_id not in allowed:
                owner = f"instance {id_}" if id_ else "the scenery"
                name = CLASS_BY_ID[class_id].name
                yield f"{count} points of {owner} are of class {name}, which it doesn't have"


def _classes_of(case: SweepCase, id_: int) -> set[int]:
    meshes = [mesh for _, mesh in case.truth.part_meshes(id_)]
    return {int(c) for mesh in meshes for c in np.unique(mesh.triangles.semantic)}


def scenery(case: SweepCase) -> Iterator[str]:
    """Points of the scenery lie on it where it has their class, and no point lies behind it.

    Every point is tried: first the middle of its beam, then, for the few that are left, rays all
    over it. What is half in the way of a beam may draw an echo towards it by a pulse's length.
    """
    sweep = case.sweep
    if not len(sweep.beam):
        return
    slack = slack_m(case)
    poses = case.world_from_sensor(case.time_s)
    beam = sweep.beam.astype(np.int64)
    middle = case.beams.reshape(-1, 3)[beam][:, None]
    distance, semantic = _met(case, poses, middle)
    off = np.abs(distance[:, 0] - case.range_m)
    standing = (sweep.instance == 0) & (sweep.semantic > 0)
    fits = (semantic[:, 0] == sweep.semantic) & (off <= slack)
    before = case.range_m <= distance[:, 0] + slack
    left = np.flatnonzero(np.where(standing, ~fits, ~before))
    distance, semantic = _met(case, poses[left], beam_rays(case, beam[left]))
    range_m, own = case.range_m[left, None], sweep.semantic[left, None]
    near = np.abs(distance - range_m) <= slack + PULSE_M
    fits = np.any((semantic == own) & near, axis=1)
    before = np.any(range_m <= distance + slack + PULSE_M * (own > 0), axis=1)
    lost = left[standing[left] & ~fits]
    if len(lost):
        yield f"{len(lost)} points of the scenery don't lie on it, first {_told(case, lost[0])}"
    lost = left[~standing[left] & ~before]
    if len(lost):
        yield f"{len(lost)} points lie behind the scenery, first {_told(case, lost[0])}"


def _met(case: SweepCase, poses: F64, rays: F64) -> tuple[F64, npt.NDArray[np.uint8]]:
    """Return where rays (K, M, 3) in the sensor's frames (K, 4, 4) meet scenery, and its class."""
    mesh = case.truth.scenery
    onward = np.einsum("kij,kmj->kmi", poses[:, :3, :3], rays)
    eye = np.broadcast_to(poses[:, None, :3, 3], onward.shape)
    hits = mesh.cast(eye.reshape(-1, 3), onward.reshape(-1, 3))
    semantic = mesh.triangles.semantic[hits.triangle]
    return hits.distance.reshape(rays.shape[:2]), semantic.reshape(rays.shape[:2])


def _told(case: SweepCase, point: int) -> str:
    name = CLASS_BY_ID[int(case.sweep.semantic[point])].name
    return f"number {point}, {name} at {case.range_m[point]:.3f} m"


def air(case: SweepCase) -> Iterator[str]:
    """Points of the air come from where it can outshine the threshold, and not from bodies."""
    sweep = case.sweep
    own = np.flatnonzero(sweep.semantic == 0)
    if not len(own):
        return
    # Echoes are worked out by cells as long as a pulse.
    reach = case.range_m[own] + np.array([[-0.5], [0.0], [0.5]]) * (PULSE_M + slack_m(case))
    strongest = loudest(case.truth.scenario.weather, case.spec, reach).max(axis=0)
    silent = strongest < _UNHEARD * 0.1 / case.spec.reach_m**2
    if silent.sum() > _FALSE:
        first = own[silent.argmax()]
        yield (
            f"{silent.sum()} points are of air that can't be seen there in this weather, "
            f"first {_told(case, first)}"
        )
    world = case.labels.in_world(sweep.points[own, :3], sweep.beam[own])
    for id_ in case.truth.actors:
        if id_ == case.truth.scenario.ego.instance_id:
            continue
        within = _within(case, id_, world, case.time_s[own])
        if within > _STRAY + (sweep.instance == id_).sum():
            yield f"{within} points of the air lie in the box of instance {id_}"


def _within(case: SweepCase, id_: int, world: F64, times: F64) -> int:
    """Return how many of points (K, 3) lie in an actor's box at their times (K,)."""
    low, high = case.truth.bounds[id_]
    middle = apply(case.body_at(id_, np.array([case.start_s]))[0], 0.5 * (low + high))
    trajectory = case.truth.trajectory
    speed = np.linalg.norm(trajectory.velocity_mps[:, trajectory.column(id_)], axis=1).max()
    # Places are off by a sweep's travel at most, at twice the speed where bodies turn.
    reach = 0.5 * np.linalg.norm(high - low) + 2 * speed * (case.labels.end_s - case.start_s)
    near = np.linalg.norm(world - middle, axis=1) <= reach
    bodies = case.body_at(id_, times[near])
    inside = np.einsum("nji,nj->ni", bodies[:, :3, :3], world[near] - bodies[:, :3, 3])
    return int(np.all((inside > low) & (inside < high), axis=1).sum())
