"""The ego's motion at moments between control steps, at which LiDARs and radars measure."""

from __future__ import annotations

from scenegen.annotate.motion import controls_at
from scenegen.annotate.run_facts import RunFacts
from scenegen.geometry.interpolation import place_in
from scenegen.records.labels import EgoLabel

_AT_ONCE = 1e-6
"""Share of a control step that is but rounding."""


def with_motion(ego: EgoLabel, facts: RunFacts, time_s: float) -> EgoLabel:
    """Return the ego's state at a moment of the scene with acceleration, lane and controls.

    Accelerations go evenly from one control step to the next, as velocities of sweeps do. Controls
    are those of the control step that is going on, or ends then; the lane is that at the nearer
    end of it.
    """
    trajectory = facts.trajectory
    (row,), (share,) = place_in(trajectory.time_s, [time_s])
    column = trajectory.column(facts.scenario.ego.instance_id)
    before, after = facts.acceleration_mps2[row : row + 2, column]
    lane = facts.ego_lane(int(row) + int(share > 0.5))
    return ego.model_copy(
        update={
            "acceleration_world_mps2": tuple(((1 - share) * before + share * after).tolist()),
            "lane": lane and lane.id,
            "controls": controls_at(trajectory, int(row) + int(share > _AT_ONCE)),
        }
    )
