"""What actors do and when: the behaviours of the language.

An entry of an actor's ``behaviour`` list names what it does (``do``) and what starts it
(``when``); it lasts until the next entry starts.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from scenegen.scenario.document import Section, problem
from scenegen.scenario.syntax import TEXT
from scenegen.scenario.values import (
    Acceleration,
    Count,
    Duration,
    Expects,
    Flag,
    Length,
    Number,
    Speed,
    Text,
    Value,
)

TRIGGERS = ("time", "distance", "ttc", "gap")


class When(Section):
    """A trigger: one of `TRIGGERS`, or none of them for "at once".

    Attributes
    ----------
    time : Duration
        So long after the start of the scene.
    distance : Length
        As soon as the actor named by `to` is so near.
    ttc : Duration
        As soon as the time to collision with `to` is so short.
    gap : Duration
        As soon as `to`, at its present speed, will be abreast in so short a time.
    """

    time: Duration | None = None
    distance: Length | None = None
    ttc: Duration | None = None
    gap: Duration | None = None
    to: str = "ego"

    @model_validator(mode="before")
    @classmethod
    def _start(cls, data: Any) -> Any:
        return {} if data == "start" else data

    @model_validator(mode="after")
    def _one(self) -> When:
        if sum(getattr(self, kind) is not None for kind in TRIGGERS) > 1:
            raise problem(f"'when' has one of {', '.join(TRIGGERS)}, or is 'start'")
        return self

    @property
    def kind(self) -> str:
        """Name of the trigger."""
        given = [kind for kind in TRIGGERS if getattr(self, kind) is not None]
        return given[0] if given else "start"


class Behaviour(Section):
    """What all behaviours have."""

    when: When = When()


Turn = Annotated[Value, Expects(TEXT, choices=("left", "straight", "right"))]
Indicator = Annotated[Value, Expects(TEXT, choices=("left", "right", "none"))]


class Driving(Behaviour):
    """What all behaviours on wheels along a path have.

    `react` is whether the driver keeps off what is ahead (IDM); `obey_signals` whether red
    stops it, and those who go first. At the next junction the driver goes where `turn` says, at
    a roundabout takes that `exit`, or goes through the lanes of `route` one after the other.
    """

    speed: Speed | None = None
    acceleration: Acceleration | None = None
    deceleration: Acceleration | None = None
    react: Flag | None = None
    obey_signals: Flag | None = None
    indicator: Indicator | None = None
    turn: Turn | None = None
    exit: Count | None = None
    route: tuple[Text, ...] | None = Field(None, min_length=1)

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


class CutIn(Driving):
    """Change to another lane, whatever drives there."""

    do: Literal["cut_in"]
    lane: Text
    over: Duration | None = None


class Swerve(Driving):
    """Move sideways within or out of the lane and stay there; positive to the left."""

    do: Literal["swerve"]
    lateral: Length
    over: Duration | None = None


class RunTheLight(Driving):
    """Go on along the lane through red, without regard to others."""

    do: Literal["run_the_light"]


class RideAcross(Driving):
    """Ride straight on from where and as it faces, without regard to signals or others."""

    do: Literal["ride_across"]
    distance: Length | None = None


class HardBrake(Behaviour):
    """Brake as hard as asked, to a standstill or a speed; `anti_lock: false` lets wheels lock."""

    do: Literal["hard_brake"]
    deceleration: Acceleration | None = None
    speed: Speed | None = None
    anti_lock: Flag | None = None


Gait = Annotated[Value, Expects(TEXT, choices=("auto", "walk", "run", "phone", "push"))]


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
    """Walk as it faces, across the road."""

    do: Literal["cross"]


class DartOut(Walking):
    """Run as it faces, across the road, from a standing start."""

    do: Literal["dart_out"]


class WalkAlong(Walking):
    """Walk along the lane, as it faces."""

    do: Literal["walk_along"]


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


AnyBehaviour = Annotated[
    FollowLane
    | CutIn
    | Swerve
    | RunTheLight
    | RideAcross
    | HardBrake
    | Cross
    | DartOut
    | WalkAlong
    | StandEntry
    | FallEntry
    | ReleaseEntry,
    Field(discriminator="do"),
]
