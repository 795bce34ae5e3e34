"""Behaviours on legs, and of what is carried or pushed."""

from __future__ import annotations

from typing import Annotated, Literal

from scenegen.scenario.places import HEADINGS
from scenegen.scenario.syntax import TEXT
from scenegen.scenario.triggers import Behaviour
from scenegen.scenario.values import (
    Acceleration,
    Duration,
    Expects,
    Flag,
    Length,
    Number,
    Speed,
    Value,
)

Gait = Annotated[Value, Expects(TEXT, choices=("auto", "walk", "run", "phone", "push"))]
Heading = Annotated[Value, Expects(TEXT, choices=HEADINGS)]


class Walking(Behaviour):
    """What all behaviours on legs have: how fast, how far and in which way.

    `spread` is by how much, at most, each body of a row is faster or slower; `avoid` whether
    they keep clear of others and of obstacles.
    """

    speed: Speed
    distance: Length | None = None
    acceleration: Acceleration | None = None
    gait: Gait | None = None
    spread: Number | None = None
    avoid: Flag | None = None


class Cross(Walking):
    """Walk as it faces, across the road; or in a direction that counts as `place.heading`."""

    do: Literal["cross"]
    heading: Heading | None = None


class DartOut(Walking):
    """Run as it faces, across the road, from a standing start."""

    do: Literal["dart_out"]
    heading: Heading | None = None


class Hesitate(Walking):
    """Begin to cross, stop in the road after so far, and then go back, or on.

    Attributes
    ----------
    after : Length
        How far it goes at first.
    pause : Duration
        How long it stands there.
    then : str
        ``back`` (default) to where it came from, or ``on`` to the other side.
    back_speed : Speed
        How fast it goes then; as before if not given.
    """

    do: Literal["hesitate"]
    after: Length
    pause: Duration | None = None
    then: Annotated[Value, Expects(TEXT, choices=("back", "on"))] | None = None
    back_speed: Speed | None = None
    heading: Heading | None = None


class WalkAlong(Walking):
    """Walk along the lane, as it faces."""

    do: Literal["walk_along"]


class Wander(Walking):
    """Walk about without aim, never farther than `within` from where it started."""

    do: Literal["wander"]
    within: Length | None = None


class UsePhone(Behaviour):
    """Look at a telephone, walking or standing."""

    do: Literal["use_phone"]


class GetOutEntry(Behaviour):
    """Of who sits in a car: get out once the door beside the seat is open."""

    do: Literal["get_out"]
    over: Duration | None = None


class StandEntry(Behaviour):
    """Stay."""

    do: Literal["stand"]
    hazard_lights: Flag | None = None
    gait: Gait | None = None


Way = Annotated[Value, Expects(TEXT, choices=("forward", "backward", "left", "right"))]


class FallEntry(Behaviour):
    """Fall down and lie; where to is seen from oneself."""

    do: Literal["fall"]
    way: Way | None = None


class ReleaseEntry(Behaviour):
    """Of a load: come off what carries it."""

    do: Literal["release"]
