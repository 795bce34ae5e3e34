"""A body on its way through its behaviours: which lane and side it is in by then, how fast."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from scenegen.errors import ScenarioError
from scenegen.records import Condition, Lane, Trigger
from scenegen.records.base import F64
from scenegen.records.behaviour import Action
from scenegen.roads import project_to_lane
from scenegen.sample.carried import is_roller
from scenegen.sample.placed import Placed
from scenegen.sample.placement import Stage
from scenegen.scenario.triggers import PLAIN, When
from scenegen.scenario.values import Value

_ON_WHEELS = "vehicles do follow_lane, cruise, cut_in, swerve, overtake, reverse, hard_brake, …"
_ON_LEGS = "people and animals cross, dart_out, hesitate, walk_along, wander, fall"


class Step(NamedTuple):
    """Part of a behaviour: what is done, and what starts it after the part before it."""

    action: Action
    trigger: Condition = Trigger()


class Course:
    """Follows a body through its behaviours.

    Attributes
    ----------
    lane, lateral_m, speed_mps
        Where it will be by then, and how fast; from its place at the start on.
    position_m : ndarray, shape (2,)
        Where someone on legs has walked to by then.
    moved : bool
        Whether it has been given something to do before, so that nobody knows where it is.
    """

    def __init__(self, body: Placed, stage: Stage, duration_s: float) -> None:
        self.body = body
        self.stage = stage
        self.values = stage.values
        self.duration_s = duration_s
        self.lane: Lane | None = body.lane
        self.lateral_m = body.lateral_m
        self.speed_mps = body.speed_mps
        self.position_m: F64 = np.array(body.position_m[:2])
        self.moved = False

    def foresees(self, when: When) -> bool:
        """Say whether it can be worked out beforehand where the body is by then."""
        if when.delay is not None:
            return False
        return when.kind in PLAIN or (when.kind == "start" and not self.moved)

    def station(self) -> float:
        """Return where in its present lane the body is at the start, along traffic."""
        assert self.lane is not None
        return float(project_to_lane(self.lane, self.body.position_m[:2])[0])

    def positive(self, value: Value | None, default: float = 0.0) -> float:
        """Return a number above 0."""
        number = self.values.number(value, default)
        if value is not None and not number > 0:
            raise ScenarioError(f"{value.name!r} comes to {number:g}; it is above 0", value.place)
        return number

    def bounded(self, value: Value | None, default: float, most: float) -> float:
        """Return a number above 0 that is at most so great: paths are no longer than roads."""
        number = self.positive(value, default)
        if number > most and value is not None:
            raise ScenarioError(
                f"{value.name!r} comes to {number:g}; it is at most {most:g}", value.place
            )
        return number

    def needs_lane(self) -> Lane:
        """Return the lane that the body is in by then."""
        if self.lane is None:
            self.lacks("lane")
        assert self.lane is not None
        return self.lane

    def needs_drive(self, what: str = "") -> None:
        """Make sure that a body drives."""
        asset = self.body.asset
        if not asset.wheels or is_roller(asset):
            self.lacks("wheels that drive", f": {_ON_LEGS}" if what else "", what)

    def needs_legs(self, what: str = "") -> None:
        """Make sure that a body walks."""
        if self.body.asset.wheels or not self.body.asset.joints:
            self.lacks("legs", f": {_ON_WHEELS}" if what else "", what)

    def lacks(self, thing: str, remedy: str = "", what: str = "") -> None:
        """Say that the body can't do what is asked of it.

        Raises
        ------
        ScenarioError
            Always, with the place of its asset.
        """
        doing = f"to {what}" if what else "to do this with"
        raise ScenarioError(
            f"{self.body.name!r} ({self.body.asset.id}) has no {thing} {doing}{remedy}",
            self.body.entry.asset.place,
        )

    def text(self, value: Value | None, default: str) -> Any:
        """Return a text that is one of a record's choices."""
        return self.values.text(value, default)
