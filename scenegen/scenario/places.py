"""Where an actor is at the start: the keys of ``place``, and the regions that it may name."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import numpy as np
import numpy.typing as npt
from pydantic import Discriminator, Field, Tag, model_validator

from scenegen.scenario.document import Section, problem
from scenegen.scenario.syntax import TEXT, evaluate
from scenegen.scenario.units import ANGLE
from scenegen.scenario.values import Angle, Expects, Length, Number, Text, Value

REGIONS = ("roadside_right", "roadside_left", "carriageway", "crossing_area")
"""Regions beside lanes, each of which is one as well."""
Corner = tuple[Length, Length]


class PolygonEntry(Section):
    """A region of the ground by its corners, in order around it.

    Attributes
    ----------
    polygon : list of [x, y]
        From 3 to 64 corners; sides may not cross each other.
    frame : str
        ``road``: station along the reference line and offset to its left; ``world``: x and y.
    """

    is_one_statement = True

    polygon: tuple[Corner, ...] = Field(min_length=3, max_length=64)
    frame: Literal["road", "world"] = "road"

    def corners(self) -> npt.NDArray[np.float64]:
        """Return the corners (k, 2), m; of a resolved entry whose corners are literals."""
        return np.array([[evaluate(part.expression, {}) for part in c] for c in self.polygon])


Region = Annotated[
    Annotated[PolygonEntry, Tag("polygon")] | Annotated[Text, Tag("name")],
    Discriminator(lambda raw: "polygon" if isinstance(raw, dict) and "polygon" in raw else "name"),
]


HEADINGS = ("along", "against", "left", "right", "across")


_WAYS = ("s", "ahead_of", "behind", "beside", "left_of", "right_of", "on", "attached_to")
_GAP_WAYS = ("ahead_of", "behind", "left_of", "right_of")
_FACING_WAYS = ("s", "beside", "left_of", "right_of", "on")


class PlaceEntry(Section):
    """Where an actor is at the start: in a lane, beside another actor, or carried by one.

    Attributes
    ----------
    lane : Text
        Id of a lane; with ``ahead_of``, ``behind`` or ``beside`` the other's lane if not given,
        or, as ``+1`` and ``-1``, the next one outward or inward of it.
    s : Length
        Distance along the lane from that end of it where the road begins.
    ahead_of, behind, beside : str
        Another actor; `gap` is the free distance between the two bodies along the lane, in
        the direction in which the other one faces.
    left_of, right_of : str
        Another actor, with whom this one stands side by side as that one faces; `gap` is the
        free distance between the two bodies, of people between their shoulders.
    lateral : Length
        Offset to the left of the lane's direction of traffic.
    heading, turn
        Facing, relative to the lane's traffic (``across`` faces the road's middle), and an
        additional turn to the left.
    facing : str or Angle
        Another actor, ``lane``, or a heading in the world.
    on : Text or PolygonEntry
        A region in which it stands anywhere.
    u, v : Number
        Where in the region, each from 0 to 1; uniform if not given.
    visible_from : str
        An actor, or a sensor such as ``ego.front``, that has it in its field of view.
    attached_to, anchor, on_top_of, offset
        Carried: by whom, at which anchor of it or on top of which other load, and how far
        from there in the carrier's body frame.
    """

    is_one_statement = True

    lane: Annotated[Value, Expects(TEXT, steps=True)] | None = None
    s: Length | None = None
    ahead_of: str | None = None
    behind: str | None = None
    beside: str | None = None
    left_of: str | None = None
    right_of: str | None = None
    gap: Length | None = None
    lateral: Length | None = None
    heading: Annotated[Value, Expects(TEXT, choices=HEADINGS)] | None = None
    turn: Angle | None = None
    facing: Annotated[Value, Expects(ANGLE, names=True)] | None = None
    on: Region | None = None
    u: Number | None = None
    v: Number | None = None
    visible_from: str | None = None
    attached_to: str | None = None
    anchor: str | None = None
    on_top_of: str | None = None
    offset: tuple[Length, Length, Length] | None = None

    @model_validator(mode="before")
    @classmethod
    def _anywhere(cls, data: Any) -> Any:
        if isinstance(data, dict) and data.get("on") is not None:
            return {"u": {"uniform": [0, 1]}, "v": {"uniform": [0, 1]}, **data}
        return data

    @property
    def other(self) -> str | None:
        """The actor that this place is relative to along a lane."""
        return self.ahead_of or self.behind or self.beside or self.flank

    @property
    def flank(self) -> str | None:
        """The actor that this one stands side by side with, as that one faces."""
        return self.left_of or self.right_of

    @model_validator(mode="after")
    def _one_way(self) -> PlaceEntry:
        ways = [way for way in _WAYS if getattr(self, way) is not None]
        if len(ways) != 1:
            here = f"this one has {' and '.join(ways)}" if ways else "this one has none"
            raise problem(f"a place has exactly one of {', '.join(_WAYS)}; {here}")
        if ways == ["s"] and self.lane is None:
            raise problem("a place with 's' needs a 'lane', such as 'forward_0'")
        if self.gap is not None and ways[0] not in _GAP_WAYS:
            raise problem(f"'gap' goes with {', '.join(_GAP_WAYS)}")
        if self.flank is not None and (self.lane is not None or self.lateral is not None):
            raise problem(
                f"{ways[0]!r} says where by the other's own left and right, so it has no 'lane' "
                "and no 'lateral'; beside somebody in a lane is {beside: NAME, lane: forward_1}"
            )
        carried = [self.anchor, self.on_top_of, self.offset]
        if ways != ["attached_to"] and any(item is not None for item in carried):
            raise problem("'anchor', 'on_top_of' and 'offset' go with attached_to")
        if self.facing is not None and (self.heading is not None or ways[0] not in _FACING_WAYS):
            raise problem(f"'facing' goes with {', '.join(_FACING_WAYS)}, and without 'heading'")
        if ways != ["on"] and (self.u is not None or self.v is not None):
            raise problem("'u' and 'v' go with on")
        if ways == ["on"] and (self.lane is not None or self.lateral is not None):
            raise problem("a place 'on' a region has no 'lane' and no 'lateral'")
        return self
