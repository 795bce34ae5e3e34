"""Where somebody stands on the way, and for whom or what."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.geometry import matrix_from_quaternion
from scenegen.records import CONTROLS, Actor, ConcreteScenario, Trajectory
from scenegen.records.holds import Hold, Holds

STANDS_MPS = 0.3
"""Below this somebody on wheels counts as standing."""
LEAST_S = 1.0
"""Who stands for less only hesitates."""
BRAKES_MPS2 = -0.8
"""Asked for at least: more than lifting off the pedal does."""
_ASKED = CONTROLS.index("acceleration_asked_mps2")


@dataclass(frozen=True)
class Halt:
    """A stand of one vehicle.

    Attributes
    ----------
    begins_s : float
    ends_s : float or None
        None if it still stands when the scene ends.
    hold : Hold
        What holds it for most of that time.
    why : str
        The same in words: ``for cyclist (ahead on its way)``.
    """

    actor: str
    begins_s: float
    ends_s: float | None
    hold: Hold
    why: str


def halts_of(
    actor: Actor, concrete: ConcreteScenario, trajectory: Trajectory, holds: Holds
) -> tuple[Halt, ...]:
    """Return a vehicle's stands of at least `LEAST_S`, in order of time."""
    column = trajectory.column(actor.instance_id)
    kind, whom = holds.kind[:, column], _next_ahead(holds, column)
    forward = matrix_from_quaternion(trajectory.quaternion_wxyz[:, column])[:, :, 0]
    speed = np.abs((trajectory.velocity_mps[:, column] * forward).sum(axis=1))
    stands = np.concatenate([[False], speed < STANDS_MPS, [False]])
    edges = np.flatnonzero(stands[1:] != stands[:-1])
    halts = []
    for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        begins_s, ends_s = float(trajectory.time_s[first]), float(trajectory.time_s[last - 1])
        if ends_s - begins_s < LEAST_S:
            continue
        hold, whose = most_held(kind[first:last], whom[first:last])
        over = last < len(speed)
        why = why_of(hold, whose, concrete)
        halts.append(Halt(actor.name, begins_s, ends_s if over else None, hold, why))
    return tuple(halts)


def _next_ahead(holds: Holds, column: int) -> npt.NDArray[np.uint16]:
    """Return for whom (T,) a driver stands: in a queue that is who is next before it.

    What binds it most may be a lorry that stands before those.
    """
    whom = holds.whom[:, column]
    if holds.nearest is None:
        return whom
    near = holds.nearest[:, column]
    return np.where((holds.kind[:, column] == Hold.AHEAD) & (near > 0), near, whom)


def most_held(kind: npt.NDArray[np.uint8], whom: npt.NDArray[np.uint16]) -> tuple[Hold, int]:
    """Return the hold of most rows (n,), and for whom; of equally many, the first by number."""
    pairs, counts = np.unique(np.column_stack([kind, whom]), axis=0, return_counts=True)
    held = pairs[:, 0] != Hold.NONE
    if not held.any():
        return Hold.NONE, 0
    most = pairs[held][counts[held].argmax()]
    return Hold(int(most[0])), int(most[1])


def why_of(hold: Hold, whom: int, concrete: ConcreteScenario) -> str:
    """Return what somebody waits for, in words; "" for nothing.

    Parameters
    ----------
    whom : int
        Instance id, 0 for nobody.
    """
    name = next((actor.name for actor in concrete.actors if actor.instance_id == whom), "")
    if hold == Hold.AHEAD:
        return f"for {name} (ahead on its way)"
    if hold == Hold.LINE:
        return f"for {name} (who goes first)" if name else "at a stop line"
    return {
        Hold.NONE: "",
        Hold.WANTED: "as its behaviour has it",
        Hold.SIGNAL: "at a signal",
        Hold.END: "at the end of its way",
        Hold.CRASHED: "after a crash",
    }[hold]


def waits_now(concrete: ConcreteScenario, trajectory: Trajectory, holds: Holds, row: int) -> str:
    """Return ``ego waits for cyclist`` or ``ego brakes for cyclist`` of a row; "" for neither.

    Who is nearer on its way than whom it brakes for is named as well.
    """
    column = trajectory.column(concrete.ego.instance_id)
    hold, whom = Hold(int(holds.kind[row, column])), int(holds.whom[row, column])
    if hold in (Hold.NONE, Hold.WANTED, Hold.CRASHED):
        return ""
    why = why_of(hold, whom, concrete).removesuffix(" (ahead on its way)")
    why = why.removesuffix(" (who goes first)")
    if hold is Hold.AHEAD and holds.nearest is not None:
        near = int(holds.nearest[row, column])
        names = [actor.name for actor in concrete.actors if actor.instance_id == near]
        why += f" ({names[0]} is nearer)" if names and near != whom else ""
    if float(np.linalg.norm(trajectory.velocity_mps[row, column])) < STANDS_MPS:
        return f"ego waits {why}"
    controls = trajectory.controls
    braked = controls is not None and controls.size and controls[row, _ASKED] < BRAKES_MPS2
    return f"ego brakes {why}" if braked else ""
