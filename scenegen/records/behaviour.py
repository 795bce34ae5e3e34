"""What actors do: actions, the conditions that start them, and manoeuvres made of both.

An actor's behaviour is a sequence of manoeuvres, as events that overwrite each other are in
OpenSCENARIO; what runs alongside one is a parallel event, an interrupt a maneuver of its own.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from scenegen.records.base import Record, Vec2
from scenegen.records.triggers import Condition, OnPlace, Trigger


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
    bends : str
        Which bends the driver slows down for: ``all``, ``none``, or those of the ``lane``: of the
        path but for the part on which the vehicle comes over to it.
    obey_signals : bool
        Whether the driver stops at red.
    indicator : str
        ``left``, ``right`` or ``none``: lit while this manoeuvre runs.
    headway_s, min_gap_m : float
        Time and distance at standstill that the driver keeps to the vehicle ahead (IDM).
    frame : str
        ``world``, or ``body``: the path is laid out from where, and as, the vehicle is when
        this starts.
    join_m : float
        If above 0, the vehicle comes over to the path from where it is when this starts,
        within so long a way, and the manoeuvre is done then.
    ends_m : float or None
        How far along the path it is done, if before the path's end.
    stops : bool
        Whether the vehicle comes to a stand at the path's end.
    backward : bool
        In reverse gear; the path runs the way the vehicle moves.
    ignores : tuple of int
        Instance ids of those ahead that the driver doesn't heed: the one being overtaken.
    """

    kind: Literal["drive"] = "drive"
    path: tuple[Vec2, ...] = Field(min_length=2)
    speed_mps: float = Field(ge=0)
    acceleration_mps2: float = Field(2.0, gt=0)
    deceleration_mps2: float = Field(3.0, gt=0)
    follow: bool = True
    obey_signals: bool = True
    indicator: Literal["left", "right", "none"] = "none"
    headway_s: float = Field(1.3, gt=0)
    min_gap_m: float = Field(2.0, gt=0)
    frame: Literal["world", "body"] = "world"
    join_m: float = Field(0.0, ge=0)
    ends_m: float | None = None
    stops: bool = False
    backward: bool = False
    ignores: tuple[int, ...] = ()
    # What most drivers do goes without saying, so that files of older scenes stay as they are.
    bends: Literal["all", "lane", "none"] = Field("all", exclude_if=lambda which: which == "all")


class Pace(Record):
    """Change the speed wanted on wheels, on whatever path the vehicle is (SpeedAction)."""

    kind: Literal["pace"] = "pace"
    speed_mps: float = Field(ge=0)
    acceleration_mps2: float = Field(2.0, gt=0)
    deceleration_mps2: float = Field(3.0, gt=0)


class Synchronize(Record):
    """Go as fast as takes one to a place together with another (SynchronizeAction).

    Attributes
    ----------
    actor : int
        Instance id of the other.
    place, their_place : OnPlace
        Lines across the own way and the other's, whose middles pass them.
    ahead_s : float
        So long before the other; negative: after it.
    fastest_mps : float
        At most.
    """

    kind: Literal["synchronize"] = "synchronize"
    actor: int
    place: OnPlace
    their_place: OnPlace
    ahead_s: float = 0.0
    fastest_mps: float = Field(gt=0)
    acceleration_mps2: float = Field(2.0, gt=0)
    deceleration_mps2: float = Field(3.0, gt=0)


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
    from_here : bool
        The path is moved to begin where they are when this starts.
    intent : str or None
        What it is labelled as, if neither crossing nor walking along.
    length_m : float or None
        They stop after so much of it, counted from where they are nearest to it; None for
        all of it.
    """

    kind: Literal["walk"] = "walk"
    path: tuple[Vec2, ...] = Field(min_length=2)
    speed_mps: float = Field(gt=0)
    acceleration_mps2: float = Field(2.5, gt=0)
    crossing: bool = True
    gait: Gait = "auto"
    avoid: bool = False
    room_m: Vec2 | None = None
    from_here: bool = False
    length_m: float | None = Field(None, gt=0)
    intent: Literal["turning_back", "wandering"] | None = None


class Stand(Record):
    """Stay: a parked vehicle (brakes on), a person who waits, debris at rest.

    A `gait` of ``phone`` or ``push`` says what a person's hands do, an `intent` what they
    are labelled as.
    """

    kind: Literal["stand"] = "stand"
    hazard_lights: bool = False
    gait: Gait = "auto"
    intent: Literal["hesitating"] | None = None


Way = Literal["forward", "backward", "left", "right"]
"""Where someone falls, seen from themselves."""


class Fall(Record):
    """Fall down, of someone on legs: stumble, slip or faint, untouched; physics does the rest."""

    kind: Literal["fall"] = "fall"
    way: Way = "forward"


class Release(Record):
    """Break what holds a load to the actor it is attached to; physics does the rest.

    Attributes
    ----------
    loads : tuple of int
        Instance ids of what this actor lets go; empty for itself.
    push_mps : (x, y)
        How fast it slides on what carries it, in the axes of that.
    """

    kind: Literal["release"] = "release"
    loads: tuple[int, ...] = ()
    push_mps: Vec2 = (0.0, 0.0)


class Lights(Record):
    """Set the indicators, whatever else a driver does (LightStateAction)."""

    kind: Literal["lights"] = "lights"
    indicator: Literal["left", "right", "both", "none"]


class Pose(Record):
    """Change what someone's hands do, whether they walk or stand."""

    kind: Literal["pose"] = "pose"
    gait: Gait


class Door(Record):
    """Open or close a vehicle's door (ComponentAnimation of VehicleComponentType doors).

    Attributes
    ----------
    channel : str
        The door's joint, of the asset's `joints`.
    angle_rad : float
        Where it comes to stand; 0 is shut.
    over_s : float
        How long that takes.
    """

    kind: Literal["door"] = "door"
    channel: str
    angle_rad: float = Field(ge=0)
    over_s: float = Field(gt=0)


class GetOut(Record):
    """Get out of the car that one sits in, through the door beside the seat.

    It begins once that door is open and the car stands; from then on one is a pedestrian.

    Attributes
    ----------
    over_s : float
        How long that takes.
    """

    kind: Literal["get_out"] = "get_out"
    over_s: float = Field(gt=0)


Action = Annotated[
    Drive
    | Brake
    | Pace
    | Synchronize
    | Walk
    | Stand
    | Fall
    | Release
    | Lights
    | Pose
    | Door
    | GetOut,
    Field(discriminator="kind"),
]


class Alongside(Record):
    """An action that runs beside a manoeuvre, once its own condition is met.

    Attributes
    ----------
    does : str
        As in `Manoeuvre`.
    """

    trigger: Condition = Trigger()
    action: Action
    does: str = ""


class Manoeuvre(Record):
    """An action and the condition that starts it; it runs until the next one starts.

    Attributes
    ----------
    alongside : tuple of Alongside
        What may be done at the same time, such as braking while steering.
    does : str
        What the language calls it: a cut_in, an overtake; several manoeuvres in a row may
        be one of these.
    entry : int
        Number of the entry of the actor's behaviour in the YAML that it comes from.
    """

    trigger: Condition = Trigger()
    action: Action
    alongside: tuple[Alongside, ...] = ()
    does: str = ""
    entry: int = 0


class Interrupt(Record):
    """Manoeuvres that take over whenever a condition is met, and may give back.

    Attributes
    ----------
    manoeuvres : tuple of Manoeuvre
        Each starts once the one before it is over and its own condition is met.
    until : Condition or None
        When it ends; without it, when its manoeuvres are done.
    gives_back : bool
        Whether the actor then goes on with what it did; the condition may then interrupt
        anew, once it hasn't held in between.
    """

    trigger: Condition
    manoeuvres: tuple[Manoeuvre, ...] = Field(min_length=1)
    until: Condition | None = None
    gives_back: bool = True
