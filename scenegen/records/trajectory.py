"""What the simulator recorded: every actor and signal at every control step."""

from __future__ import annotations

from dataclasses import dataclass, field, fields

import numpy as np
import numpy.typing as npt

from scenegen.geometry import pose
from scenegen.records.base import F64, read_only

MAX_JOINTS = 24
"""Channels an articulated body has at most; see the joint tuples of `taxonomy`."""

CONTACT_DTYPE = np.dtype(
    [
        ("step", "<i8"),
        ("actor_a", "<u2"),
        ("actor_b", "<u2"),
        ("impulse_ns", "<f8"),
        ("closing_speed_mps", "<f8"),
        ("position_m", "<f8", (3,)),
    ]
)
"""A contact: physics step of first touch, instance ids (b is 0 for scenery and kerbs), impulse."""

CONTROLS = (
    "steer_rad",  # at the road wheels, to the left: what the steering gives
    "steer_asked_rad",  # what the driver asks of it
    "acceleration_asked_mps2",  # the way the gear goes; negative brakes
    "throttle",  # share of what the engine could pull at this speed
    "brake",  # share of the greatest braking force
    "gear",  # 1, or -1 in reverse
)
"""Columns of `Trajectory.controls`."""


@dataclass(frozen=True)
class Trajectory:
    """Poses in the world, one row a control step from 0 to the scene's end, inclusive.

    Attributes
    ----------
    actor_ids : ndarray, shape (N,), uint16
        Instance ids, in the order of the second axis below.
    step : ndarray, shape (T,), int64
        Physics steps: multiples of physics_hz / control_hz.
    time_s : ndarray, shape (T,)
    position_m : ndarray, shape (T, N, 3)
        Body origins (ground level below the middle of the box), world.
    quaternion_wxyz : ndarray, shape (T, N, 4)
    velocity_mps, angular_velocity_radps : ndarray, shape (T, N, 3)
        Of the body origin, in world axes.
    articulation : ndarray, shape (T, N, MAX_JOINTS)
        Joint values in the order of the asset's `joints`; unused channels are 0.
    lamps : ndarray, shape (T, N), uint16
        `taxonomy.Lamp` bits that are lit.
    intent : ndarray, shape (T, N), uint8
        `taxonomy.Intent`.
    manoeuvre : ndarray, shape (T, N), int16
        Which of the actor's `manoeuvres` is running, -1 before the first.
    valid : ndarray, shape (T, N), bool
    signal_states : ndarray, shape (T, S), uint8
        `taxonomy.SignalState`, in the order of `RoadNetwork.signals`.
    contacts : ndarray, shape (C,), `CONTACT_DTYPE`
    termination : str
        ``"completed"``, or why the run ended early.
    lamps_on : ndarray, shape (T, N), uint16, or None
        `taxonomy.Lamp` bits that are switched on, whether or not they are in the lit half of
        their flashing. None here and below: not recorded, as in older data sets.
    distracted : ndarray, shape (T, N), bool, or None
        Who on legs looks at a telephone, as their behaviour has it.
    right_of_way : ndarray, shape (T, N), int8, or None
        1: goes before the ego where their ways meet, -1: after it, 0: neither.
    controls : ndarray, shape (T, 6), or None
        `CONTROLS` of the ego in the control step that ends at the row, 0 at the first row;
        shape (T, 0) if it is no vehicle.
    """

    actor_ids: npt.NDArray[np.uint16]
    step: npt.NDArray[np.int64]
    time_s: F64
    position_m: F64
    quaternion_wxyz: F64
    velocity_mps: F64
    angular_velocity_radps: F64
    articulation: F64
    lamps: npt.NDArray[np.uint16]
    intent: npt.NDArray[np.uint8]
    manoeuvre: npt.NDArray[np.int16]
    valid: npt.NDArray[np.bool_]
    signal_states: npt.NDArray[np.uint8]
    contacts: npt.NDArray[np.void] = field(default_factory=lambda: np.zeros(0, dtype=CONTACT_DTYPE))
    termination: str = "completed"
    lamps_on: npt.NDArray[np.uint16] | None = None
    distracted: npt.NDArray[np.bool_] | None = None
    right_of_way: npt.NDArray[np.int8] | None = None
    controls: F64 | None = None

    def __post_init__(self) -> None:
        steps, actors = self.position_m.shape[:2]
        for name, tail in (
            ("position_m", (3,)),
            ("quaternion_wxyz", (4,)),
            ("velocity_mps", (3,)),
            ("angular_velocity_radps", (3,)),
            ("articulation", (MAX_JOINTS,)),
            ("lamps", ()),
            ("intent", ()),
            ("manoeuvre", ()),
            ("valid", ()),
        ):
            self._check(name, (steps, actors, *tail))
        for name in ("lamps_on", "distracted", "right_of_way"):
            self._check(name, (steps, actors))
        if self.controls is not None:
            self._check("controls", (steps, len(CONTROLS) if self.controls.size else 0))
        for f in fields(self):
            value = getattr(self, f.name)
            if isinstance(value, np.ndarray):
                read_only(value)

    def _check(self, name: str, expected: tuple[int, ...]) -> None:
        """Hold an array's shape against what it should be, if it was recorded."""
        value = getattr(self, name)
        if value is not None and value.shape != expected:
            raise ValueError(f"Trajectory.{name} has shape {value.shape}, not {expected}")

    def poses(self, instance_id: int) -> F64:
        """Return an actor's poses (T, 4, 4), ``world_from_body``."""
        column = self.column(instance_id)
        return pose(self.position_m[:, column], self.quaternion_wxyz[:, column])

    def column(self, instance_id: int) -> int:
        """Return the index along the actor axis of an instance id."""
        return int(np.flatnonzero(self.actor_ids == instance_id)[0])
