"""What actors do: actions, the triggers that start them, and manoeuvres made of both."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from scenegen.records.base import Record, Vec2


class Trigger(Record):
    """The condition that starts a manoeuvre.

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
    """

    kind: Literal["start", "time", "distance", "ttc", "gap_s"] = "start"
    value: float = 0.0
    actor: int | None = None


class Drive(Record):
    """Follow a path on wheels (pure pursuit) and hold a speed.

    Attributes
    ----------
    path : tuple of (x, y)
        World polyline in m that the vehicle's reference point shall follow.
    speed_mps : float
        Speed wanted; with `follow` no faster than the gap to the vehicle ahead allows (IDM).
    acceleration_mps2, deceleration_mps2 : float
        Comfortable limits while doing so.
    follow : bool
        Whether the driver reacts to what is ahead on the path.
    obey_signals : bool
        Whether the driver stops at red.
    indicator : str
        ``left``, ``right`` or ``none``: lit while this manoeuvre runs.
    """

    kind: Literal["drive"] = "drive"
    path: tuple[Vec2, ...] = Field(min_length=2)
    speed_mps: float = Field(ge=0)
    acceleration_mps2: float = Field(2.0, gt=0)
    deceleration_mps2: float = Field(3.0, gt=0)
    follow: bool = True
    obey_signals: bool = True
    indicator: Literal["left", "right", "none"] = "none"


class Brake(Record):
    """Brake on wheels towards a speed, as hard as asked or as the road allows.

    Attributes
    ----------
    locks : bool
        Without an anti-lock system: wheels that are braked harder than the road holds them
        lock and slide, and no longer steer.
    """

    kind: Literal["brake"] = "brake"
    deceleration_mps2: float = Field(gt=0)
    speed_mps: float = Field(0.0, ge=0)
    locks: bool = False


Gait = Literal["auto", "walk", "run", "phone", "push"]
"""How someone on legs goes or stands."""


class Walk(Record):
    """Walk or run on legs along a world polyline, then stand.

    Attributes
    ----------
    gait : str
        ``walk`` and ``run`` go that way at any speed, ``auto`` as people do at this one;
        ``phone`` looks at a telephone, ``push`` holds the hands forward.
    avoid : bool
        Whether to keep clear of others and of obstacles, and leave the path for it.
    room_m : (2,) or None
        How far to the left and to the right of the path one may go to avoid; None for
        as far as need be.
    """

    kind: Literal["walk"] = "walk"
    path: tuple[Vec2, ...] = Field(min_length=2)
    speed_mps: float = Field(gt=0)
    acceleration_mps2: float = Field(2.5, gt=0)
    crossing: bool = True
    gait: Gait = "auto"
    avoid: bool = False
    room_m: Vec2 | None = None


class Stand(Record):
    """Stay: a parked vehicle (brakes on), a person who waits, debris at rest.

    A `gait` of ``phone`` or ``push`` says what a person's hands do.
    """

    kind: Literal["stand"] = "stand"
    hazard_lights: bool = False
    gait: Gait = "auto"


Way = Literal["forward", "backward", "left", "right"]
"""Where someone falls, seen from themselves."""


class Fall(Record):
    """Fall down, of someone on legs: stumble, slip or faint, untouched; physics does the rest."""

    kind: Literal["fall"] = "fall"
    way: Way = "forward"


class Release(Record):
    """Break what holds a load to the actor it is attached to; physics does the rest."""

    kind: Literal["release"] = "release"


Action = Annotated[Drive | Brake | Walk | Stand | Fall | Release, Field(discriminator="kind")]


class Manoeuvre(Record):
    """An action and the trigger that starts it; it runs until the next one starts."""

    trigger: Trigger = Trigger()
    action: Action
