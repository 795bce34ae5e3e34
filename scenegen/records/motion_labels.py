"""Parts of a frame's labels that follow from the run and the behaviours."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from scenegen.records.base import Record, Vec3

RightOfWay = Literal["has", "yields", "none"]


class LanePlace(Record):
    """The driving lane that a body's origin lies in.

    Attributes
    ----------
    id : str
        Of `RoadNetwork.lanes`.
    index : int or None
        How many lanes to the left of the ego's way it is, negative to the right: 0 is the
        ego's lane, with those that lead into it and those that it leads into. Lanes of
        oncoming traffic count too. None where the lane doesn't run beside the ego's way.
    same_way : bool or None
        Whether its traffic goes the ego's way; None as `index`.
    """

    id: str
    index: int | None = None
    same_way: bool | None = None


class Intention(Record):
    """What a person, rider or animal is up to, by their behaviour and what came of it in the run.

    Attributes
    ----------
    will_cross : bool
        Whether they cross the carriageway now, or their behaviour takes them onto it later in
        the run, to cross it, turn back on it or wander over it.
    time_to_crossing_s : float or None
        Until their origin gets onto the carriageway for that (what vehicles drive or park on);
        0 while they are on it, None if `will_cross` is false.
    hesitating : bool
        Whether their behaviour has them stop in the road, undecided.
    distracted : bool
        Whether their behaviour has them look at a telephone.
    seen_ego : bool
        Whether the ego has been in their view at this or an earlier control step: its middle
        within 60 degrees of where their head points, while they did not look at a telephone,
        with no vehicle and no scenery thicker than 0.6 m on the straight line to it from their
        head, and nearer than half of the meteorological visibility.
    """

    will_cross: bool
    time_to_crossing_s: float | None = None
    hesitating: bool
    distracted: bool
    seen_ego: bool


class PairLabel(Record):
    """What two actors are to each other, as rectangles in the plane under their solid bodies.

    Attributes
    ----------
    a, b : int
        Instance ids; `a` is the ego, or else the lower one.
    gap_m : float
        Free distance between outlines; where they overlap the least way that would part them,
        negative.
    ttc_s : float or None
        Until they touch if both kept velocity and heading; 0 where they overlap, None if never.
    drac_mps2 : float or None
        Deceleration rate to avoid the crash: the constant relative deceleration that brings
        their relative speed to 0 just before they touch, speed / (2 ttc); None where `ttc_s`
        is None or 0.
    pet_s : float or None
        Post-encroachment time over the whole run: the least time between one's leaving a place
        and the other's coming there, in whole control steps; 0 where they overlap at a step,
        None where their ways share no place.
    """

    a: int
    b: int
    gap_m: float
    ttc_s: float | None = None
    drac_mps2: float | None = None
    pet_s: float | None = None


class ContactLabel(Record):
    """Two bodies that began to touch since the last frame.

    Attributes
    ----------
    a, b : int
        Instance ids; `b` is 0 for what stands: scenery, the ground's kerbs.
    time_s : float
        Of the first touch.
    impulse_ns : float
        Greatest impulse of a physics step while they touched.
    closing_speed_mps : float
        At the first touch.
    position_world_m : (3,)
    """

    a: int
    b: int
    time_s: float
    impulse_ns: float = Field(ge=0)
    closing_speed_mps: float
    position_world_m: Vec3


class EgoControls(Record):
    """The ego's controls in the control step that ends at the frame; all 0 at the scene's start.

    Attributes
    ----------
    steer_rad, steer_asked_rad : float
        Angle of the front wheels to the left: what the steering gives, and what is asked of it.
    acceleration_asked_mps2 : float
        What the driver wants, the way the gear goes; negative brakes.
    throttle, brake : float
        Shares, 0 to 1, of what the engine could pull at this speed and of the greatest braking
        force that are given.
    gear : int
        1 forward, -1 in reverse; 0 at the scene's start.
    """

    steer_rad: float
    steer_asked_rad: float
    acceleration_asked_mps2: float
    throttle: float = Field(ge=0, le=1)
    brake: float = Field(ge=0)
    gear: int
