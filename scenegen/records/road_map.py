"""A road map: roads, lanes and junctions as ASAM OpenDRIVE has them.

What is imported from OpenDRIVE, what is exported to it, and what procedural junctions,
roundabouts and ramps are composed of is this one form; `scenegen.roads` gives it surfaces.
Names and meanings are those of OpenDRIVE 1.7: stations `s` along a road's reference line, `t`
to its left, lanes numbered outward (left positive, right negative, 0 the reference line itself).
"""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field

from scenegen.records.base import Record, Vec2

LaneType = Literal[
    "driving",
    "entry",
    "exit",
    "onRamp",
    "offRamp",
    "connectingRamp",
    "bidirectional",
    "biking",
    "bus",
    "tram",
    "rail",
    "shoulder",
    "stop",
    "parking",
    "sidewalk",
    "walking",
    "curb",
    "border",
    "restricted",
    "median",
    "none",
]
MarkType = Literal[
    "none",
    "solid",
    "broken",
    "solid solid",
    "solid broken",
    "broken solid",
    "broken broken",
]
MarkColor = Literal["white", "yellow"]


class Cubic(Record):
    """A polynomial a + b d + c d² + d d³ of the distance d from where it begins."""

    s_m: float = 0.0
    a: float = 0.0
    b: float = 0.0
    c: float = 0.0
    d: float = 0.0


class Line(Record):
    """A straight."""

    kind: Literal["line"] = "line"


class Arc(Record):
    """A circle's arc; positive curvature turns left."""

    kind: Literal["arc"] = "arc"
    curvature_1pm: float


class Spiral(Record):
    """A clothoid, whose curvature changes evenly."""

    kind: Literal["spiral"] = "spiral"
    start_1pm: float
    end_1pm: float


class ParamPoly3(Record):
    """Two cubics u(p), v(p) in the frame of the geometry's start.

    p runs from 0 to 1 (`normalized`) or to the geometry's length.
    """

    kind: Literal["param_poly3"] = "param_poly3"
    u: tuple[float, float, float, float]
    v: tuple[float, float, float, float]
    normalized: bool = True


Shape = Annotated[Line | Arc | Spiral | ParamPoly3, Field(discriminator="kind")]


class Geometry(Record):
    """A piece of a reference line; where it begins, in the world's plane."""

    s_m: float
    x_m: float
    y_m: float
    heading_rad: float
    length_m: float = Field(gt=0)
    shape: Shape = Line()


class RoadMark(Record):
    """What is painted on the outer border of a lane, from an offset on into its section.

    Attributes
    ----------
    width_m : float
        Of each line; between the two of a double one lies a gap as wide as one.
    offset_m : float
        Of its middle to the left of the border.
    dash_m : (length, gap) or None
        Of broken lines, where it is known.
    """

    s_m: float = 0.0
    type: MarkType
    color: MarkColor = "white"
    width_m: float = 0.12
    offset_m: float = 0.0
    dash_m: Vec2 | None = None


class MapLane(Record):
    """A lane of a lane section.

    Attributes
    ----------
    id : int
        Positive to the left, negative to the right, 0 for the reference line.
    widths : tuple of Cubic
        By distance from the start of the section; empty for lane 0.
    height_m : (inner, outer)
        Above the road's surface, at the lane's two borders: pavements lie higher.
    predecessor, successor : int or None
        Lanes of the neighbouring section, or of the neighbouring road at the road's ends.
    speed_mps : float or None
        Limit of this lane; None for the road's.
    """

    id: int
    type: LaneType = "driving"
    widths: tuple[Cubic, ...] = ()
    marks: tuple[RoadMark, ...] = ()
    height_m: Vec2 = (0.0, 0.0)
    predecessor: int | None = None
    successor: int | None = None
    speed_mps: float | None = None


class LaneSection(Record):
    """The lanes from a station on, from left to right (ids fall)."""

    s_m: float
    lanes: tuple[MapLane, ...] = Field(min_length=1)


class RoadLink(Record):
    """What a road's end is joined to."""

    kind: Literal["road", "junction"]
    id: str
    contact: Literal["start", "end"] | None = None


class MapSignal(Record):
    """A signal or sign beside a road.

    Attributes
    ----------
    kind : str
        ``traffic_light``, ``walk_light``, ``stop``, ``give_way``, ``speed_limit``,
        ``level_crossing``, or ``other``.
    orientation : str
        ``+`` for who drives along the road, ``-`` against, ``none`` for both.
    heading_rad : float
        By which it is turned from facing those whom it is for.
    lanes : (low, high) or None
        Ids of the lanes that it is for.
    group : str
        Signals of one group show the same: OpenDRIVE's controller.
    value : float or None
        Of a speed limit in m/s.
    """

    id: str
    kind: Literal[
        "traffic_light", "walk_light", "stop", "give_way", "speed_limit", "level_crossing", "other"
    ]
    s_m: float
    t_m: float
    z_m: float = 0.0
    orientation: Literal["+", "-", "none"] = "+"
    heading_rad: float = 0.0
    lanes: tuple[int, int] | None = None
    group: str = ""
    value: float | None = None
    name: str = ""


class SignalReference(Record):
    """A signal that stands beside another road and is obeyed on this one, too.

    Attributes
    ----------
    id : str
        The signal's.
    orientation, lanes
        Whom it is for, as in `MapSignal`.
    """

    id: str
    s_m: float
    t_m: float = 0.0
    orientation: Literal["+", "-", "none"] = "+"
    lanes: tuple[int, int] | None = None


class MapObject(Record):
    """Something on or beside a road with an outline in its own frame.

    Attributes
    ----------
    kind : str
        ``crosswalk``, ``stop_line``, ``barrier``, ``tunnel``, ``bridge``, ``rail``, ``island``,
        ``parking_space`` (the second and fourth side of its outline part it from others),
        ``arrow`` (painted over its outline) or ``other``.
    outline_m : tuple of (u, v)
        Corners in the object's frame, counter-clockwise; empty: a box of length and width.
    z_m : float
        Above the road's surface.
    """

    id: str
    kind: Literal[
        "crosswalk",
        "stop_line",
        "barrier",
        "tunnel",
        "bridge",
        "rail",
        "island",
        "parking_space",
        "arrow",
        "other",
    ]
    s_m: float
    t_m: float
    z_m: float = 0.0
    heading_rad: float = 0.0
    length_m: float = 0.0
    width_m: float = 0.0
    height_m: float = 0.0
    outline_m: tuple[Vec2, ...] = ()
    name: str = ""


class MapRoad(Record):
    """A road, or one way through a junction.

    Attributes
    ----------
    junction : str or None
        The junction that it leads through.
    elevation, superelevation, lane_offset : tuple of Cubic
        Height in m, roll in rad (positive: the left side is higher), and offset of lane 0 in m.
    rule : str
        Side that traffic drives on: ``right`` or ``left``.
    speed_mps : float or None
    """

    id: str
    name: str = ""
    length_m: float = Field(gt=0)
    junction: str | None = None
    rule: Literal["right", "left"] = "right"
    speed_mps: float | None = None
    geometries: tuple[Geometry, ...] = Field(min_length=1)
    elevation: tuple[Cubic, ...] = ()
    superelevation: tuple[Cubic, ...] = ()
    lane_offset: tuple[Cubic, ...] = ()
    sections: tuple[LaneSection, ...] = Field(min_length=1)
    predecessor: RoadLink | None = None
    successor: RoadLink | None = None
    signals: tuple[MapSignal, ...] = ()
    signal_references: tuple[SignalReference, ...] = ()
    objects: tuple[MapObject, ...] = ()


class Connection(Record):
    """A way through a junction: from an incoming road into a connecting one.

    Attributes
    ----------
    contact : str
        End of the connecting road at which it is entered.
    lanes : tuple of (from, to)
        Lane of the incoming road, and of the connecting one.
    """

    id: str
    incoming: str
    connecting: str
    contact: Literal["start", "end"] = "start"
    lanes: tuple[tuple[int, int], ...] = ()


class MapJunction(Record):
    """Where roads meet; its ways are roads with its id as their `junction`."""

    id: str
    name: str = ""
    connections: tuple[Connection, ...] = ()


class RoadMap(Record):
    """A whole map.

    Attributes
    ----------
    name : str
    roads : tuple of MapRoad
    junctions : tuple of MapJunction
    """

    name: str = ""
    roads: tuple[MapRoad, ...] = Field(min_length=1)
    junctions: tuple[MapJunction, ...] = ()

    @cached_property
    def hashed(self) -> int:
        """The hash, worked out once: whole towns are keys of caches."""
        return hash((self.name, self.roads, self.junctions))

    def __hash__(self) -> int:
        """Return `hashed`."""
        return self.hashed
