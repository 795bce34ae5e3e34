"""Functions of expressions about places, over a layout of many draws.

A row of bodies counts as one: distances, gaps and times are the least of any of its bodies, it
is visible if one is, occluded or in a lane if all are; other functions take its first body.
Without any body, numbers are infinite or nothing, and conditions are false.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import numpy as np

from scenegen.geometry import Boxes
from scenegen.geometry.encounters import (
    Moving,
    distance,
    gap_ahead,
    heading_to,
    time_headway,
    time_to_collision,
)
from scenegen.geometry.rectangles import gap
from scenegen.records.base import F64
from scenegen.roads import LaneLines
from scenegen.sample.columns import ColumnValues
from scenegen.sample.eyes import Eye, eye_of
from scenegen.sample.layout import Layout, Mask
from scenegen.sample.looked import Surroundings
from scenegen.sample.sight import best_cover, free_lines, in_view
from scenegen.sample.verdicts import Verdicts
from scenegen.scenario import LogicalScenario
from scenegen.scenario.syntax import ACTOR, SENSOR, Call, Column, Constant, Node, evaluate

_PAIRS: dict[str, Callable[[Moving, Moving], F64]] = {
    "distance": distance,
    "gap": gap,
    "gap_ahead": gap_ahead,
    "time_headway": time_headway,
    "time_to_collision": time_to_collision,
    "heading_to": heading_to,
}

_OF_FIRST = ("gap_ahead", "heading_to")


class LaidScene:
    """Answers what expressions ask about actors at the start; meanings: `scenario.functions`.

    Parameters
    ----------
    layout : Layout
        Of n draws.
    columns : mapping of str to ndarray, shape (n,)
        Parameters of the same draws.
    around : Surroundings or None
        What stands in them, if there is one draw; without, nothing stands anywhere.
    """

    def __init__(
        self,
        logical: LogicalScenario,
        layout: Layout,
        columns: Mapping[str, Column],
        around: Surroundings | None = None,
    ) -> None:
        self.logical = logical
        self.layout = layout
        self.around = around
        self.n = layout.present.shape[1]
        self.values = ColumnValues(columns, self.n, Verdicts(self.n))

    def measure(self, call: Call) -> Column:
        """Return what a question comes to (n,)."""
        given = [self._given(argument) for argument in call.arguments]
        if call.operation in _PAIRS:
            a, b = (argument for argument in call.arguments if isinstance(argument, Constant))
            return self._pair(call.operation, a, b)
        answer: Callable[..., Column] = getattr(self, f"_{call.operation}")
        return answer(*given)

    def _given(self, node: Node) -> Constant | Column:
        if isinstance(node, Constant) and node.type in (ACTOR, SENSOR):
            return node
        return np.broadcast_to(evaluate(node, self.values.columns), (self.n,))

    @cached_property
    def _boxes(self) -> Boxes:
        return self.layout.boxes()

    @cached_property
    def _outlines(self) -> Moving:
        """Bodies (B, n) from above."""
        vx, vy = np.moveaxis(self.layout.velocity_mps, -1, 0)
        return Moving(**vars(self._boxes.base), yaw_rad=self.layout.yaw_rad, vx_mps=vx, vy_mps=vy)

    def _group(self, who: Constant) -> Sequence[int]:
        return self.layout.groups[str(who.value)]

    def _pair(self, function: str, a: Constant, b: Constant) -> F64:
        """Return a number (n,) of two actors: the least of their bodies, or their first."""
        if function in _OF_FIRST:
            first = (self._outlines[self._group(who)[0]] for who in (a, b))
            there = self._any_of(a) & self._any_of(b)
            nobody = np.nan if function == "heading_to" else np.inf
            return np.where(there, _PAIRS[function](*first), nobody)
        best = np.full(self.n, np.inf)
        for i in self._group(a):
            for j in self._group(b):
                both = self.layout.present[i] & self.layout.present[j]
                value = _PAIRS[function](self._outlines[i], self._outlines[j])
                best = np.minimum(best, np.where(both, value, np.inf))
        return best

    def _first(self, who: Constant, column: F64) -> F64:
        """Return a column (B, n) of an actor's first body, nothing where there is none."""
        number = self._group(who)[0]
        return np.where(self.layout.present[number], column[number], np.nan)

    def _x(self, a: Constant) -> F64:
        return self._first(a, self.layout.x_m)

    def _y(self, a: Constant) -> F64:
        return self._first(a, self.layout.y_m)

    def _heading(self, a: Constant) -> F64:
        return self._first(a, self.layout.yaw_rad)

    def _speed(self, a: Constant) -> F64:
        velocity = self.layout.velocity_mps
        return self._first(a, np.hypot(velocity[..., 0], velocity[..., 1]))

    def _length(self, a: Constant) -> F64:
        return self._first(a, 2.0 * self._outlines.half_length_m)

    def _width(self, a: Constant) -> F64:
        return self._first(a, 2.0 * self._outlines.half_width_m)

    def _body(self, a: Constant) -> int:
        return self._group(a)[0]

    def _station(self, a: Constant) -> F64:
        body = self.layout.bodies[self._body(a)]
        return np.where(body.present & (body.lane != ""), body.s_m, np.nan)

    def _lane_of(self, a: Constant) -> Column:
        body = self.layout.bodies[self._body(a)]
        return np.where(body.present, body.lane, "")

    def _lines(self, a: Constant, lane: Column | None) -> LaneLines:
        own = self.layout.bodies[self._body(a)].lane
        return self.layout.roads.lines(own if lane is None else lane)

    def _lateral(self, a: Constant, lane: Column | None = None) -> F64:
        number, lines = self._body(a), self._lines(a, lane)
        _, lateral = lines.project(self.layout.x_m[number], self.layout.y_m[number])
        return np.where(self.layout.present[number] & lines.exists, lateral, np.nan)

    def _in_lane(self, a: Constant, lane: Column | None = None) -> Mask:
        lines = self._lines(a, lane)
        inside = self._any_of(a)
        for number in self._group(a):
            x, y = self.layout.x_m[number], self.layout.y_m[number]
            s, lateral = lines.project(x, y)
            # Beyond an end the nearest point is that end, which is no longer abreast.
            px, py, _ = lines.point(s, lateral)
            within = (np.abs(lateral) <= 0.5 * lines.width_m) & (np.hypot(px - x, py - y) < 0.01)
            inside &= within | ~self.layout.present[number]
        return inside & lines.exists

    def _any_of(self, a: Constant) -> Mask:
        """Say which draws (n,) have any body of an actor."""
        return np.asarray(self.layout.present[list(self._group(a))].any(axis=0))

    def _eye(self, a: Constant) -> Eye:
        return eye_of(a, self.logical, self.layout, self.values)

    def _visible_from(
        self, a: Constant, b: Constant, field: F64 | None = None, reach: F64 | None = None
    ) -> Mask:
        eye = self._eye(a).narrowed(field, reach)
        seen = np.zeros(self.n, dtype=bool)
        for number in self._group(b):
            seen |= self.layout.present[number] & in_view(eye, self._boxes.base[number])
        return seen & eye.there

    def seen_past(self, call: Call) -> str:
        """Return how near others come to hiding somebody in any of the draws, in words.

        Parameters
        ----------
        call : Call
            Of ``occluded``, that holds in none of them.
        """
        a, b = (part for part in call.arguments if isinstance(part, Constant))
        eye = self._eye(a)
        best, told = -np.inf, ""
        for number in self._group(b):
            there = eye.there & self.layout.present[number]
            depth, who = best_cover(eye, self.layout, self._boxes, number)
            row = int(np.argmax(np.where(there, depth, -np.inf)))
            if there[row] and best < depth[row] < 0:
                best = float(depth[row])
                told = (
                    f"{self.layout.bodies[number].name!r} is seen past "
                    f"{self.layout.bodies[int(who[row])].name!r}, which misses that line of sight "
                    f"by {-best:.2f} m in the best draw"
                )
        return told

    def _occluded(self, a: Constant, b: Constant) -> Mask:
        eye = self._eye(a)
        covered = self._any_of(b) & eye.there
        sensor = None if a.type is ACTOR else str(a.value).partition(".")[2]
        for number in self._group(b):
            free = free_lines(eye, self.layout, self._boxes, number)
            there = self.layout.present[number]
            if self.around is not None and (covered & there & free.any(axis=0)).all():
                free &= ~self.around.hide(eye.body, sensor, number)
            covered &= ~free.any(axis=0) | ~there
        return covered
