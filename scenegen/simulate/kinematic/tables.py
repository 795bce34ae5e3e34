"""The arrays of a batch: what E scenes are made of, row by row, as compiled loops read it.

Each table is a structured array with a row for each scene and a column for each of its members;
scenes with fewer members leave columns empty (``exists`` is 0). Worlds see their rows as views.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt

Table = npt.NDArray[Any]
Row = Any
"""One record of a table."""

ACTOR = np.dtype(
    [
        ("exists", "u1"),
        ("role", "u1"),  # THING, VEHICLE or MOVER
        ("present", "u1"),  # in drivers' way: neither carried nor a barrier that is up
        ("lit", "u1"),  # vehicles, which also block the view
        ("meets", "u1"),  # whether contacts of it count
        ("depth", "u1"),  # 1 for what is carried, 2 for what that carries
        ("struck", "u1"),
        ("unit", "i8"),  # row among vehicles or movers
        ("carrier", "i8"),
        ("bearer", "i8"),  # who holds it in the end
        ("position", "f8", 3),
        ("quaternion", "f8", 4),
        ("velocity", "f8", 3),
        ("spin", "f8", 3),
        ("yaw", "f8"),
        ("half", "f8", 3),  # as drivers see it
        ("reach", "f8", 2),  # what contacts are found with
        ("height", "f8"),
        ("middle_z", "f8"),
        ("sight", "f8"),
        ("mass", "f8"),
        ("offset", "f8", 3),
        ("turn", "f8", 4),
    ]
)
THING, VEHICLE_ROLE, MOVER_ROLE = 0, 1, 2

VEHICLE = np.dtype(
    [
        ("exists", "u1"),
        ("has_track", "?"),
        ("follow", "?"),
        ("crashed", "?"),
        ("stops", "?"),
        ("two_wheeled", "?"),
        ("grabs", "?"),
        ("locks", "?"),
        ("commanded", "?"),
        ("command_reverse", "?"),
        ("actor", "i8"),
        ("index", "i8"),
        ("last", "i8"),
        ("tractor", "i8"),  # of a semitrailer; -1
        ("signals", "i8"),  # how many lie on the way
        ("yields", "i8"),
        ("s", "f8"),
        ("offset", "f8"),
        ("speed", "f8"),
        ("yaw_rate", "f8"),
        ("slip", "f8"),
        ("lean", "f8"),
        ("wanted", "f8"),
        ("gain", "f8"),
        ("loss", "f8"),
        ("hard", "f8"),
        ("bends_from", "f8"),
        ("bend", "f8"),
        ("headway", "f8"),
        ("min_gap", "f8"),
        ("goal", "f8"),
        ("way_gear", "f8"),
        ("line_allowed", "f8"),
        ("gear", "f8"),
        ("steer_asked", "f8"),
        ("asked", "f8"),
        ("parked", "f8"),
        ("lean_asked", "f8"),
        ("steer", "f8"),
        ("drive_n", "f8"),
        ("brake_n", "f8"),
        ("command_steer", "f8"),
        ("command_asked", "f8"),
        ("half_length", "f8"),  # of what has to pass: without mirrors
        ("half_width", "f8"),
        ("eye", "f8", 3),
        ("base", "f8"),
        ("rear", "f8"),
        ("understeer", "f8"),
        ("slip_spm2", "f8"),  # rear slip angle per sideways acceleration
        ("steer_max", "f8"),
        ("steer_rate", "f8"),
        ("mass", "f8"),
        ("pulled", "f8"),
        ("drag", "f8"),
        ("power", "f8"),
        ("pull", "f8"),
        ("brake_max", "f8"),
        ("driven_share", "f8"),
        ("cg_height", "f8"),
        ("rear_share", "f8"),
        ("hitch", "f8"),  # x of the fifth wheel on the tractor
        ("kingpin", "f8"),
    ]
)

MOVER = np.dtype(
    [
        ("exists", "u1"),
        ("finished", "u1"),
        ("goes", "u1"),  # where legs take them: neither struck nor carried
        ("given", "u1"),  # a way was worked out for them, to keep clear of others
        ("actor", "i8"),
        ("points", "i8"),
        ("speed", "f8"),
        ("s", "f8"),
        ("yaw", "f8"),
        ("wanted", "f8"),
        ("limit", "f8"),
        ("out", "f8", 2),
        ("way", "f8", 2),
    ]
)

SCENE = np.dtype(
    [
        ("active", "?"),
        ("row", "i8"),
        ("actors", "i8"),
        ("vehicles", "i8"),
        ("movers", "i8"),
        ("walls", "i8"),
        ("solids", "i8"),
        ("heads", "i8"),
        ("peak", "f8"),
        ("sliding", "f8"),
        ("rough", "u1"),  # whether the ground itself may block the view
        ("corner", "f8", 2),
        ("cell", "f8"),
        ("columns", "i8"),
        ("lines", "i8"),
    ]
)

HIT = np.dtype(
    [
        ("scene", "i8"),
        ("a", "i8"),
        ("b", "i8"),  # -1 for scenery
        ("impulse_ns", "f8"),
        ("closing_mps", "f8"),
        ("position_m", "f8", 3),
    ]
)

TRACK_FIELDS = 5  # x, y, tangent x, tangent y, curvature
WALL_FIELDS = 8  # middle x, y, z, cosine, sine, half length, half width, half height
PAST_FIELDS = 4  # x, y, velocity x, velocity y


@dataclass
class Tables:
    """All arrays of a batch of E scenes.

    Attributes
    ----------
    scenes : (E,) `SCENE`
    actors : (E, A) `ACTOR`
    vehicles : (E, N) `VEHICLE`
    movers : (E, W) `MOVER`
    tracks : (E, N, M, 5) float64
        Of every vehicle, at each metre: place, tangent, curvature.
    ways : (E, W, P, 3) float64
        Corners of everyone's path on foot, and where along it they are.
    ignored : (E, N, A) bool
    blind : (E, N, A) float64
        Time for which a driver must not yet react to somebody.
    past : (E, R, A, 4) float64
        The last reaction time, as a ring.
    stops : (E, N, S, 2) float64
        Signals on a vehicle's way: where, and which.
    waits : (E, N, Y) float64
        Yield lines on a vehicle's way.
    lights : (E, T, H) uint8
        What signal heads show at each control step.
    walls : (E, B, 8) float64
        Boxes of scenery, for lines of sight.
    opaque : (E, B) uint8
        Which of them block the view.
    solids : (E, C, 8) float64
        Boxes of the shapes that scenery is made of, for contacts.
    heights : (E, G) float32
        The ground's heights on a grid of each scene's own.
    touched : (E, A, A + 1) int64
        The control step of each pair's last touch; scenery is the last column.
    """

    scenes: Table
    actors: Table
    vehicles: Table
    movers: Table
    tracks: Table
    ways: Table
    ignored: Table
    blind: Table
    past: Table
    stops: Table
    waits: Table
    lights: Table
    walls: Table
    opaque: Table
    solids: Table
    heights: Table
    touched: Table

    @classmethod
    def empty(cls, count: int) -> Tables:
        """Return tables for so many scenes, of no size yet."""
        shapes: dict[str, tuple[tuple[int, ...], Any]] = {
            "scenes": ((), SCENE),
            "actors": ((0,), ACTOR),
            "vehicles": ((0,), VEHICLE),
            "movers": ((0,), MOVER),
            "tracks": ((0, 0, TRACK_FIELDS), np.float64),
            "ways": ((0, 0, 3), np.float64),
            "ignored": ((0, 0), np.bool_),
            "blind": ((0, 0), np.float64),
            "past": ((0, 0, PAST_FIELDS), np.float64),
            "stops": ((0, 0, 2), np.float64),
            "waits": ((0, 0), np.float64),
            "lights": ((0, 0), np.uint8),
            "walls": ((0, WALL_FIELDS), np.float64),
            "opaque": ((0,), np.uint8),
            "solids": ((0, WALL_FIELDS), np.float64),
            "heights": ((0,), np.float32),
            "touched": ((0, 0), np.int64),
        }
        made = {name: np.zeros((count, *tail), dtype) for name, (tail, dtype) in shapes.items()}
        return cls(**made)

    def widen(self, name: str, *sizes: int) -> bool:
        """Make room for so many members in a table; return whether it had to be made anew."""
        old = getattr(self, name)
        inner = old.shape[1:]
        wanted = tuple(
            max(a, b) for a, b in zip(inner, (*sizes, *inner[len(sizes) :]), strict=True)
        )
        if wanted == inner:
            return False
        grown = np.zeros((old.shape[0], *wanted), old.dtype)
        if old.size:
            grown[tuple(slice(n) for n in old.shape)] = old
        setattr(self, name, grown)
        return True

    def clear(self, scene: int) -> None:
        """Empty a scene's rows."""
        for field in fields(self):
            getattr(self, field.name)[scene] = np.zeros((), getattr(self, field.name).dtype)
