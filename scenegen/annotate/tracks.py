"""The box of every track: constant over a scene, and no larger than what happened in it."""

from __future__ import annotations

from scenegen import assets
from scenegen.records import ConcreteScenario, Trajectory
from scenegen.records.base import F64


def track_bounds(scenario: ConcreteScenario, trajectory: Trajectory) -> dict[int, F64]:
    """Return the bounds (2, 3) of every actor in its body frame over the whole scene.

    They hold every vertex at every row, so that a track keeps its size while limbs
    swing and wheels turn, and they are tighter than the asset's own bounds, which
    allow for every pose of its joints.

    Parameters
    ----------
    scenario : ConcreteScenario
    trajectory : Trajectory

    Returns
    -------
    dict
        By instance id.
    """
    bounds = {}
    for actor in scenario.actors:
        asset = assets.drawn(actor)
        column = trajectory.column(actor.instance_id)
        there = trajectory.valid[:, column]
        values = trajectory.articulation[:, column]
        bounds[actor.instance_id] = assets.posed_bounds(
            asset, values[there] if there.any() else values[:1]
        )
    return bounds
