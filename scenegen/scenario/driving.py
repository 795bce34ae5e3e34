"""Behaviours on wheels."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from scenegen.scenario.document import problem
from scenegen.scenario.syntax import TEXT
from scenegen.scenario.triggers import Behaviour
from scenegen.scenario.values import (
    Acceleration,
    Angle,
    Count,
    Duration,
    Expects,
    Flag,
    Length,
    Speed,
    Text,
    Value,
)

Turn = Annotated[Value, Expects(TEXT, choices=("left", "straight", "right"))]
Indicator = Annotated[Value, Expects(TEXT, choices=("left", "right", "none"))]


class Driving(Behaviour):
    """What all behaviours on wheels along a path have.

    `react` is whether the driver keeps off what is ahead (IDM), by a time `headway` and, at
    a stand, `min_gap`; `slow_for_bends` whether it slows down for bends; `obey_signals`
    whether red stops it, and those who go first. At the next junction the driver goes where
    `turn` says, at a roundabout takes that `exit`, or goes through the lanes of `route` one
    after the other.
    """

    speed: Speed | None = None
    acceleration: Acceleration | None = None
    deceleration: Acceleration | None = None
    react: Flag | None = None
    slow_for_bends: Flag | None = None
    obey_signals: Flag | None = None
    indicator: Indicator | None = None
    headway: Duration | None = None
    min_gap: Length | None = None
    turn: Turn | None = None
    exit: Count | None = None
    route: tuple[Text, ...] | None = Field(None, min_length=1, max_length=100)

    @model_validator(mode="after")
    def _one_way_on(self) -> Driving:
        ways = [key for key in ("turn", "exit", "route") if getattr(self, key) is not None]
        if len(ways) > 1:
            raise problem(f"where to go is said once: by {ways[0]!r} or by {ways[1]!r}")
        return self


class FollowLane(Driving):
    """Follow the lane, by default the one it starts in."""

    do: Literal["follow_lane"]
    lane: Text | None = None


class Cruise(Driving):
    """Keep a speed, and the time headway to who is ahead, in the lane (IDM)."""

    do: Literal["cruise"]
    lane: Text | None = None


class CutIn(Driving):
    """Change to another lane, whatever drives there."""

    do: Literal["cut_in"]
    lane: Text
    over: Duration | None = None


class Swerve(Driving):
    """Move sideways within or out of the lane; positive to the left.

    It stays there, or comes back `back_after` so long.
    """

    do: Literal["swerve"]
    lateral: Length
    over: Duration | None = None
    back_after: Duration | None = None


class Overtake(Driving):
    """Pull out, pass another, and come back in `clearance` ahead of it.

    By default in the lane to the left. With `room`, it waits behind until nobody in that
    lane would be met within so long.
    """

    do: Literal["overtake"]
    past: str
    lane: Text | None = None
    over: Duration | None = None
    clearance: Length | None = None
    room: Duration | None = None


class PullOut(Driving):
    """Leave a parking place, or the side of the road, for a lane.

    It comes over `within` so long a way; with `room`, it waits, indicating, until nobody in
    the lane would be met within so long.
    """

    do: Literal["pull_out"]
    lane: Text
    within: Length | None = None
    room: Duration | None = None


class UTurn(Driving):
    """Drive on to a place of the lane and turn round there into a lane of the other direction."""

    do: Literal["u_turn"]
    lane: Text
    at_s: Length


class RunTheLight(Driving):
    """Go on along the lane through red, without regard to others."""

    do: Literal["run_the_light"]


class RideAcross(Driving):
    """Ride straight on from where and as it faces, without regard to signals or others."""

    do: Literal["ride_across"]
    distance: Length | None = None


class Reverse(Behaviour):
    """Drive backward and stop: straight for a `distance`, and then in a bend.

    The bend goes through `turn`, the tail to the left if positive; or into a `lane`, so as
    to stand in it along traffic, and the distance follows from that.
    """

    do: Literal["reverse"]
    distance: Length | None = None
    turn: Angle | None = None
    radius: Length | None = None
    lane: Text | None = None
    speed: Speed | None = None
    acceleration: Acceleration | None = None
    deceleration: Acceleration | None = None
    react: Flag | None = None


class HardBrake(Behaviour):
    """Brake as hard as asked, to a standstill or a speed; `anti_lock: false` lets wheels lock."""

    do: Literal["hard_brake"]
    deceleration: Acceleration | None = None
    speed: Speed | None = None
    anti_lock: Flag | None = None


class ChangeSpeed(Behaviour):
    """Change the speed wanted, on whatever path it is."""

    do: Literal["change_speed"]
    speed: Speed
    acceleration: Acceleration | None = None
    deceleration: Acceleration | None = None


class Synchronize(Behaviour):
    """Go as fast as takes it to a place together with another (SynchronizeAction).

    Attributes
    ----------
    with : str
        Whom.
    at_s, lane
        Its own place, as `When.at_s`; its own lane if not named.
    their_s, their_lane
        The other's, likewise; as far along the road as its own if not given.
    ahead : Duration
        So long before the other; negative: after it.
    at_most : Speed
        Its own limit if not given.
    """

    do: Literal["synchronize"]
    whom: str = Field("ego", alias="with")
    at_s: Length
    lane: Text | None = None
    their_s: Length | None = None
    their_lane: Text | None = None
    ahead: Duration | None = None
    at_most: Speed | None = None
    acceleration: Acceleration | None = None
    deceleration: Acceleration | None = None


class Indicate(Behaviour):
    """Set the indicators: on one side, on both (hazard lights), or off."""

    do: Literal["indicate"]
    side: Annotated[Value, Expects(TEXT, choices=("left", "right", "both", "none"))]


DOORS = ("front_left", "front_right", "rear_left", "rear_right")


class OpenDoor(Behaviour):
    """Open a door so far, within so long; of cars."""

    do: Literal["open_door"]
    door: Annotated[Value, Expects(TEXT, choices=DOORS)] | None = None
    angle: Angle | None = None
    over: Duration | None = None


class CloseDoor(Behaviour):
    """Shut a door that is open."""

    do: Literal["close_door"]
    door: Annotated[Value, Expects(TEXT, choices=DOORS)] | None = None
    over: Duration | None = None


class DropCargo(Behaviour):
    """Lose a load, named as the actor that it is; whoever carries it goes on driving.

    Attributes
    ----------
    to : str
        Over which edge it slides off: ``back`` (default), ``left`` or ``right``; ``none``
        only lets it loose.
    speed : Speed
        How fast it sets out; by default as fast as takes it over the edge.
    """

    do: Literal["drop_cargo"]
    load: str
    to: Annotated[Value, Expects(TEXT, choices=("back", "left", "right", "none"))] | None = None
    speed: Speed | None = None
