"""What a road is: plan, profile, cross-section, surroundings, and its signals' plan."""

from __future__ import annotations

from math import pi
from typing import Literal

from pydantic import Field

from scenegen.records.base import Record
from scenegen.records.road_map import RoadMap


class SignalPlan(Record):
    """How the signals of a crossing behave.

    Attributes
    ----------
    mode : str
        ``normal`` cycles; ``flashing`` shows flashing amber to the minor road and the
        major road alike; ``dark`` is out of order; ``conflicting`` fails so that all
        approaches show green while the major road is green; ``closed`` is red all the time.
    green_s, amber_s, red_amber_s, all_red_s : float
        Lengths of the phases; the two roads alternate.
    offset_s : float
        Time into the cycle at the start of the scene; 0 is the start of green on the
        road that the ego drives on (group "major").
    """

    mode: Literal["normal", "flashing", "dark", "conflicting", "closed"] = "normal"
    green_s: float = Field(12.0, gt=0)
    amber_s: float = Field(3.0, gt=0)
    red_amber_s: float = Field(1.0, ge=0)
    all_red_s: float = Field(2.0, ge=0)
    offset_s: float = 0.0


SWEPT = frozenset({"straight", "curve", "hill", "crossing"})
"""Kinds of road that are swept along a line or two; all others are built from a map."""


class RoadSpec(Record):
    """A procedural road: plan, profile, cross-section and surroundings.

    The road starts at the world origin and runs towards +x; traffic drives on the
    right, so forward lanes lie at y < 0 and backward lanes at y > 0 of the reference
    line. `kind` says which of the geometric fields apply.

    Attributes
    ----------
    kind : str
        ``straight``; ``curve``: a straight, a left (radius > 0) or right (radius < 0)
        arc of `arc_rad`, a straight; ``hill``: a crest of `crest_m` height over
        `crest_length_m` at mid-length; ``crossing``: a second road of the same
        cross-section crosses at a right angle at mid-length; ``opendrive``: what `map` says.
    length_m : float
        Length of the reference line.
    lanes_forward, lanes_backward : int
        Driving lanes by direction. `lanes_backward` is 0 on a motorway carriageway.
    lane_width_m, shoulder_m, parking_m, sidewalk_m, verge_m : float
        Widths; a width of 0 leaves the strip out. From the outer driving lane outward:
        shoulder, parking, (kerb and) sidewalk, verge.
    speed_limit_mps : float
    surroundings : str
        What stands beside the road: ``urban``, ``suburban``, ``rural``, ``forest`` or
        ``motorway``.
    signals : SignalPlan or None
        For crossings; None is an unsignalised crossing.
    zebra : bool
        Marked pedestrian crossings at the arms of a crossing, or at mid-length of a straight.
    kerb_lines : str
        Yellow lines along kerbs at which nobody may stand: ``none``, ``single`` or ``double``.
    bays : bool
        Lines across the parking strips, between one car and the next.
    cycle_symbols : bool
        Painted bicycles: in a wide shoulder, else at the right of the outermost lane.
    side : str
        On which side of the main road something is: the side road of a ``t_junction``.
    side_lanes : int
        Lanes of a side road in each direction.
    arm_length_m : float
        Length of the other roads of a junction.
    arm_rad : float
        Angle between the main road's direction and a side road, a railway or a bridge.
    corner_radius_m : float
        Of the kerb at the corners of a junction.
    arms : int
        Roads that meet at a ``roundabout``, the main road among them.
    inscribed_diameter_m : float
        Of the circle around a roundabout's circulating roadway.
    bends : int
        Of a ``rural`` road, whose tightest turns have about `radius_m` and whose widest ones
        turn by `arc_rad`; it rises and falls by `crest_m` every `crest_length_m`.
    layout : int
        Number of one of many windings that are alike in all that is said here.
    ramps : str
        Of a ``motorway``: ``exit``, ``entry`` or ``both``, the entry first.
    ramp_lane_m : float
        Length of the lanes in which one slows down or speeds up, their tapers included.
    closed_lanes : int
        Forward lanes that end before the site of a ``work_zone``.
    works_m : float
        Length of the site.
    works_lane_m : float
        Width of the lanes beside it, if they are wider otherwise.
    bay_rad : float
        By which the bays of a ``parking_street`` are turned from the road.
    tracks : int
        Of the railway at a ``level_crossing``.
    barriers : str
        Half barriers there: ``none``; ``automatic``, which come down and go up with the lights;
        or out of order, ``open`` or ``closed`` all the time.
    tunnel_m : float
        Length of a ``tunnel``, which lies over the middle of the road.
    headroom_m : float
        Height inside of it, or under a ``bridge``.
    level : str
        Whether the main road leads ``over`` the bridge or ``under`` it.
    priority : str
        What holds for those who come from a side road where there are no signals: ``give_way``,
        ``stop``, or ``none`` (whoever comes from the right goes first).
    map : RoadMap or None
        All of the plan, profile and cross-sections of an ``opendrive`` road.
    """

    kind: Literal[
        "straight",
        "curve",
        "hill",
        "crossing",
        "t_junction",
        "roundabout",
        "rural",
        "motorway",
        "work_zone",
        "parking_street",
        "level_crossing",
        "tunnel",
        "bridge",
        "opendrive",
    ]
    length_m: float = Field(300.0, ge=50, le=3000)
    lanes_forward: int = Field(1, ge=1, le=4)
    lanes_backward: int = Field(1, ge=0, le=4)
    lane_width_m: float = Field(3.25, ge=2.5, le=4.5)
    shoulder_m: float = Field(0.0, ge=0, le=4)
    parking_m: float = Field(0.0, ge=0, le=6)
    sidewalk_m: float = Field(0.0, ge=0, le=8)
    verge_m: float = Field(2.0, ge=0, le=20)
    radius_m: float = 150.0
    arc_rad: float = Field(0.8, gt=0, le=1.6)
    crest_m: float = Field(4.0, ge=0, le=15)
    crest_length_m: float = Field(160.0, ge=40)
    speed_limit_mps: float = Field(13.9, gt=0)
    surroundings: Literal["urban", "suburban", "rural", "forest", "motorway"] = "urban"
    signals: SignalPlan | None = None
    zebra: bool = False
    kerb_lines: Literal["none", "single", "double"] = "none"
    bays: bool = False
    cycle_symbols: bool = False
    side: Literal["right", "left"] = "right"
    side_lanes: int = Field(1, ge=1, le=3)
    arm_length_m: float = Field(90.0, ge=40, le=400)
    arm_rad: float = Field(0.5 * pi, ge=pi / 3, le=2 * pi / 3)
    corner_radius_m: float = Field(8.0, ge=4, le=25)
    arms: int = Field(4, ge=3, le=6)
    inscribed_diameter_m: float = Field(32.0, ge=26, le=60)
    bends: int = Field(4, ge=0, le=20)
    layout: int = Field(0, ge=0, le=10_000)
    ramps: Literal["exit", "entry", "both"] = "both"
    ramp_lane_m: float = Field(250.0, ge=100, le=500)
    closed_lanes: int = Field(0, ge=0, le=3)
    works_m: float = Field(60.0, ge=20, le=1000)
    works_lane_m: float = Field(2.75, ge=2.75, le=4.5)
    bay_rad: float = Field(0.5 * pi, ge=0, le=0.5 * pi)
    tracks: int = Field(1, ge=1, le=2)
    barriers: Literal["none", "automatic", "open", "closed"] = "none"
    tunnel_m: float = Field(100.0, ge=20, le=1500)
    headroom_m: float = Field(4.8, ge=4.5, le=8)
    level: Literal["over", "under"] = "over"
    priority: Literal["none", "give_way", "stop"] = "give_way"
    map: RoadMap | None = None

    @property
    def is_map(self) -> bool:
        """Whether its network is built from a road map."""
        return self.kind not in SWEPT
