"""What expressions may ask about actors: names, arguments, dimensions and meanings, in one table.

Constraints ask at the start of the scene, monitors at every step of the run. A function means
the same in both; `geometry.encounters` has the formulas. A row of bodies counts as one:
distances, gaps and times to each other are the least of any of its bodies, it is in a lane, or
occluded, if all are, and touches, is visible, or has a lamp on, if one does; other questions are
about its first body. Of a row without any, distances, gaps and times are infinite, other numbers
are none, and conditions don't hold.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from scenegen.records.taxonomy import Lamp
from scenegen.scenario.syntax import BOOLEAN, TEXT, Type
from scenegen.scenario.units import ACCELERATION, ANGLE, LENGTH, SPEED, TIME

Argument = Literal["actor", "eye", "lane", "group", "lamp", "angle", "length"]
"""``actor``: a name of the scenario; ``eye``: one, or a sensor such as ``ego.front``; ``lane``: a
text; ``group``: signals of a road; ``lamp``: one of `LAMPS`."""

Moment = Literal["start", "run"]

GROUPS = ("major", "minor")
"""Groups of signals: those of the ego's road, and of the road that crosses it."""

SIGNALS = ("off", "red", "red_amber", "amber", "green", "flashing")
"""What ``signal(group)`` comes to."""


LAMPS = {
    "brake": Lamp.BRAKE,
    "indicator_left": Lamp.INDICATOR_LEFT,
    "indicator_right": Lamp.INDICATOR_RIGHT,
    "hazard": Lamp.INDICATOR_LEFT | Lamp.INDICATOR_RIGHT,
    "reverse": Lamp.REVERSE,
    "low_beam": Lamp.LOW_BEAM,
    "tail": Lamp.TAIL,
    "beacon": Lamp.BEACON,
}
"""What ``lamp(actor, …)`` asks about: lit if all of these are switched on."""


@dataclass(frozen=True)
class Function:
    """A question about actors.

    Attributes
    ----------
    arguments : tuple of Argument
    returns : Type
    optional : int
        How many of the last arguments may be left out.
    moments : tuple of Moment
        When it can be asked: at the start (`require`), along the run (`monitors`).
    meaning : str
    cost : int
        About how long it takes for each draw, beside an addition.
    """

    arguments: tuple[Argument, ...]
    returns: Type
    meaning: str
    optional: int = 0
    moments: tuple[Moment, ...] = ("start", "run")
    cost: int = 30


_PAIR: tuple[Argument, ...] = ("actor", "actor")
_LANE: tuple[Argument, ...] = ("actor", "lane")

FUNCTIONS: dict[str, Function] = {
    "speed": Function(("actor",), SPEED, "magnitude of the velocity"),
    "acceleration": Function(
        ("actor",), ACCELERATION, "change of the speed along the body", moments=("run",)
    ),
    "distance": Function(_PAIR, LENGTH, "between the middles of two bodies, from above", cost=10),
    "gap": Function(
        _PAIR, LENGTH, "free distance between the outlines from above; negative where they overlap"
    ),
    "gap_ahead": Function(
        _PAIR,
        LENGTH,
        "from the first one's front to the nearest end of the second, along the first one's "
        "heading; negative where the second is not wholly ahead",
    ),
    "time_headway": Function(
        _PAIR,
        TIME,
        "gap_ahead over the first one's speed; 0 side by side, without end if the second is behind",
    ),
    "time_to_collision": Function(
        _PAIR, TIME, "until the outlines touch if both keep their velocities; without end if never"
    ),
    "heading_to": Function(
        _PAIR, ANGLE, "direction of the second seen from the first: 0 ahead, positive to the left"
    ),
    "lateral": Function(
        _LANE,
        LENGTH,
        "offset of the body's middle to the left of a lane's middle; without a lane, of the lane "
        "that it is in at the start",
        optional=1,
    ),
    "in_lane": Function(
        _LANE,
        BOOLEAN,
        "whether the body's middle is in a lane; without a lane, in the one of the start",
        optional=1,
    ),
    "signal": Function(
        ("group",),
        TEXT,
        "state of the signals for vehicles: " + ", ".join(SIGNALS),
        moments=("run",),
    ),
    "lamp": Function(
        ("actor", "lamp"),
        BOOLEAN,
        "whether a lamp of a vehicle is switched on, flashing or not: " + ", ".join(LAMPS),
        moments=("run",),
    ),
    "visible_from": Function(
        ("eye", "actor", "angle", "length"),
        BOOLEAN,
        "whether the second's middle or a corner is in the field of view of the first and in "
        "reach, or in a field and a reach that are given, whatever stands between",
        optional=2,
    ),
    "occluded": Function(
        ("eye", "actor"),
        BOOLEAN,
        "whether other bodies, or what stands, hide all of the second from the first, wherever it "
        "looks",
        cost=2000,
    ),
    "lane_of": Function(
        ("actor",),
        TEXT,
        "lane that it was placed in; '' for loads and open regions",
        moments=("start",),
        cost=2,
    ),
    "station": Function(
        ("actor",),
        LENGTH,
        "how far along that lane, in the direction of traffic",
        moments=("start",),
        cost=2,
    ),
    "heading": Function(
        ("actor",),
        ANGLE,
        "in the world: 0 along +x, positive to the left",
        moments=("start",),
        cost=2,
    ),
    "x": Function(("actor",), LENGTH, "of the middle, in the world", moments=("start",), cost=2),
    "y": Function(("actor",), LENGTH, "of the middle, in the world", moments=("start",), cost=2),
    "length": Function(
        ("actor",), LENGTH, "of the outline that gaps are measured from, along the body", cost=2
    ),
    "width": Function(("actor",), LENGTH, "of that outline, across the body", cost=2),
    "touches": Function(
        _PAIR,
        BOOLEAN,
        "whether a contact begins at this step; without a second actor, one with anything",
        optional=1,
        moments=("run",),
    ),
}
"""Every function by its name."""
