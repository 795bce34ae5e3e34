"""When something starts: conditions on time, others, signals, speeds and places, and their sums.

Each maps to a condition of OpenSCENARIO's storyboard, named in its docstring.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from scenegen.records.base import Record, Vec2


class Trigger(Record):
    """The plain conditions (SimulationTime, RelativeDistance and TimeToCollision conditions).

    Attributes
    ----------
    kind : str
        ``start``: at once, after the manoeuvre before it; ``time``: at `value` s;
        ``distance``: when this actor and `actor` are at most `value` m apart
        (bounding-box middles, in the plane); ``ttc``: when the time to collision with
        `actor` along their relative velocity is at most `value` s; ``gap_s``: when
        `actor`, at its present speed along its own heading, will be abreast of this
        actor in at most `value` s.
    value : float
    actor : int or None
        Instance id of the other actor, for ``distance``, ``ttc`` and ``gap_s``.
    delay_s : float
        It fires so long after it was first met.
    """

    kind: Literal["start", "time", "distance", "ttc", "gap_s"] = "start"
    value: float = 0.0
    actor: int | None = None
    delay_s: float = Field(0.0, ge=0)


class OnSignal(Record):
    """A signal group shows one of some states (TrafficSignalCondition).

    Attributes
    ----------
    group : str
        Of `SignalHead.group`.
    states : tuple of int
        `taxonomy.SignalState`.
    """

    kind: Literal["signal"] = "signal"
    group: str
    states: tuple[int, ...] = Field(min_length=1)
    delay_s: float = Field(0.0, ge=0)


class OnAction(Record):
    """An actor begins or has done something (StoryboardElementStateCondition).

    Attributes
    ----------
    actor : int
    does : str
        The behaviour, by its word in the language: `Manoeuvre.does`.
    phase : str
        ``starts`` or ``ends``; once met, it stays so.
    """

    kind: Literal["action"] = "action"
    actor: int
    does: str
    phase: Literal["starts", "ends"] = "starts"
    delay_s: float = Field(0.0, ge=0)


class OnSpeed(Record):
    """An actor goes at least, or at most, so fast (SpeedCondition).

    Attributes
    ----------
    actor : int or None
        None for the actor that waits.
    """

    kind: Literal["speed"] = "speed"
    actor: int | None = None
    at_least_mps: float | None = None
    at_most_mps: float | None = None
    delay_s: float = Field(0.0, ge=0)


class OnPlace(Record):
    """An actor's middle gets past a line across its way (ReachPositionCondition).

    Attributes
    ----------
    actor : int or None
        None for the actor that waits.
    point_m : (2,)
        Middle of the line, world.
    yaw_rad : float
        Direction in which it is passed; the line runs across.
    half_m : float
        How far the line reaches to either side.
    """

    kind: Literal["place"] = "place"
    actor: int | None = None
    point_m: Vec2
    yaw_rad: float
    half_m: float = Field(8.0, gt=0)
    delay_s: float = Field(0.0, ge=0)


class OnAhead(Record):
    """This actor's rear is so far ahead of another's front (RelativeDistanceCondition).

    Attributes
    ----------
    actor : int
    by_m : float
        Free distance along this actor's heading.
    """

    kind: Literal["ahead"] = "ahead"
    actor: int
    by_m: float
    delay_s: float = Field(0.0, ge=0)


class OnHeadway(Record):
    """This actor covers the free way to another ahead in so short a time (TimeHeadwayCondition).

    Attributes
    ----------
    actor : int
    time_s : float
        From its front to the other's nearest end, along its heading, over its own speed.
    """

    kind: Literal["headway"] = "headway"
    actor: int
    time_s: float = Field(ge=0)
    delay_s: float = Field(0.0, ge=0)


class OnGapAhead(Record):
    """The free way to another ahead is so short (RelativeDistanceCondition with freespace).

    Attributes
    ----------
    actor : int
    by_m : float
        From this actor's front to the other's nearest end, along this one's heading.
    """

    kind: Literal["gap_ahead"] = "gap_ahead"
    actor: int
    by_m: float = Field(ge=0)
    delay_s: float = Field(0.0, ge=0)


class OnRoom(Record):
    """Another lane is free for this actor: nobody there would be reached for so long.

    Attributes
    ----------
    path : tuple of (x, y)
        Centre line of the lane, run through as this actor drives.
    half_m : float
        How far to the sides of it others count.
    time_s : float
        Gap to everyone ahead and behind over the speed at which it closes.
    speed_mps : float
        What this actor would drive at there.
    """

    kind: Literal["room"] = "room"
    path: tuple[Vec2, ...] = Field(min_length=2)
    half_m: float = Field(1.75, gt=0)
    time_s: float = Field(gt=0)
    speed_mps: float = Field(ge=0)
    delay_s: float = Field(0.0, ge=0)


class AllOf(Record):
    """All conditions hold at once (one ConditionGroup)."""

    kind: Literal["all"] = "all"
    conditions: tuple[Condition, ...] = Field(min_length=1)
    delay_s: float = Field(0.0, ge=0)


class AnyOf(Record):
    """One of the conditions holds (ConditionGroups side by side)."""

    kind: Literal["any"] = "any"
    conditions: tuple[Condition, ...] = Field(min_length=1)
    delay_s: float = Field(0.0, ge=0)


Condition = Annotated[
    Trigger
    | OnSignal
    | OnAction
    | OnSpeed
    | OnPlace
    | OnAhead
    | OnHeadway
    | OnGapAhead
    | OnRoom
    | AllOf
    | AnyOf,
    Field(discriminator="kind"),
]
AllOf.model_rebuild()
AnyOf.model_rebuild()
