"""Answers to questions about actors at every step of a trajectory.

Meanings are those of `scenario.functions`, formulas those of `geometry.encounters`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, partial
from itertools import product

import numpy as np

from scenegen.assets import footprint
from scenegen.geometry.encounters import (
    Moving,
    distance,
    forward_speed,
    gap_ahead,
    heading_to,
    time_headway,
    time_to_collision,
)
from scenegen.geometry.polylines import beside
from scenegen.geometry.rectangles import gap
from scenegen.monitor.sight import Sight
from scenegen.records import Actor, ConcreteScenario, RoadNetwork, SignalState, Trajectory
from scenegen.records.base import F64
from scenegen.roads import build_network
from scenegen.scenario.functions import LAMPS
from scenegen.scenario.syntax import ACTOR, SENSOR, Call, Column, Constant, evaluate

_STATES = {
    SignalState.FLASHING_AMBER_ON: "flashing",
    SignalState.FLASHING_AMBER_OFF: "flashing",
    **{state: state.name.lower() for state in SignalState if "FLASHING" not in state.name},
}
_LEAST = {
    "distance": distance,
    "gap": gap,
    "time_headway": time_headway,
    "time_to_collision": time_to_collision,
}
"""Of two rows: the least of any of their bodies."""

_FIRST = {"gap_ahead": gap_ahead, "heading_to": heading_to}
"""Of two rows: that of their first bodies."""

_SIZES: dict[str, Callable[[Moving], F64]] = {
    "length": lambda outline: outline.half_length_m,
    "width": lambda outline: outline.half_width_m,
}
"""Half of what is asked, of one outline."""

Bodies = Mapping[str, tuple[int, ...]]
"""Instance ids of each actor: of a row several, or none."""


class Run:
    """A simulated scene that can be asked.

    Parameters
    ----------
    concrete : ConcreteScenario
    trajectory : Trajectory
        T steps.
    """

    def __init__(self, concrete: ConcreteScenario, trajectory: Trajectory) -> None:
        self._concrete, self._trajectory = concrete, trajectory
        self._actors = {actor.instance_id: actor for actor in concrete.actors}
        self._bodies: dict[int, Moving] = {}

    @property
    def steps(self) -> int:
        """T."""
        return len(self._trajectory.step)

    @property
    def ids(self) -> frozenset[int]:
        """Instance ids of whom can be asked about."""
        return frozenset(self._actors)

    @property
    def sensors(self) -> frozenset[str]:
        """Names of the ego's sensors, which can look."""
        return frozenset(self._concrete.sensors)

    def measure(self, call: Call, bodies: Bodies) -> Column:  # noqa: PLR0911 - one for each kind
        """Return what a question comes to (T,): numbers, texts or truths.

        Parameters
        ----------
        call : Call
            Of a function in `scenario.functions`, which says what rows come to.
        bodies : mapping of str to tuple of int
        """
        if call.operation in {"in_lane", "touches", "occluded", "visible_from", "lamp"}:
            return self.margin(call, bodies) >= 0
        if call.operation == "signal":
            return self._signal(_text(call, 0))
        groups = [bodies[name] for name in _actors(call)]
        if call.operation in _LEAST:
            formula = _LEAST[call.operation]
            pairs = [formula(self._body(a), self._body(b)) for a, b in product(*groups)]
            return np.minimum.reduce(pairs) if pairs else np.full(self.steps, np.inf)
        if not all(groups):
            return np.full(self.steps, np.nan)
        first = [self._body(group[0]) for group in groups]
        if call.operation in _FIRST:
            return _FIRST[call.operation](*first)
        if call.operation in _SIZES:
            return np.broadcast_to(2.0 * _SIZES[call.operation](first[0]), (self.steps,))
        if call.operation == "lateral":
            return self._beside(call, groups[0][0])[0]
        if call.operation == "speed":
            velocity = self._trajectory.velocity_mps[:, self._trajectory.column(groups[0][0])]
            return np.asarray(np.linalg.norm(velocity, axis=-1))
        if call.operation == "acceleration":
            return np.gradient(forward_speed(first[0]), self._trajectory.time_s)
        raise ValueError(f"nothing answers {call.operation!r}")

    def margin(self, call: Call, bodies: Bodies) -> Column:
        """Return how far a condition is from changing (T,), negative where it doesn't hold."""
        groups = [bodies[name] for name in _actors(call)]
        if call.operation == "in_lane":
            margins = [self._within(call, body) for body in groups[0]]
            return np.minimum.reduce(margins) if margins else np.full(self.steps, -np.inf)
        if call.operation == "touches":
            return np.where(self._contacts(groups), np.inf, -np.inf)
        if call.operation == "lamp":
            return np.where(self._lit(_text(call, 1), groups[0]), np.inf, -np.inf)
        if call.operation == "occluded":
            return self._hidden(call, *groups)
        if call.operation == "visible_from":
            ask = partial(self.measure, bodies=bodies)
            own = [evaluate(argument, {}, ask) for argument in call.arguments[2:]]
            return self._visible(call, groups[0], groups[1], own)
        raise ValueError(f"nothing answers {call.operation!r}")

    def _hidden(self, call: Call, eyes: tuple[int, ...], bodies: tuple[int, ...]) -> F64:
        """Return how well (T,) all bodies are hidden from the first of some eyes, m."""
        if not eyes or not bodies:
            return np.full(self.steps, -np.inf)
        depths = [self._sight.hidden(eyes[0], _sensor(call), body) for body in bodies]
        return np.asarray(np.minimum.reduce(depths))

    def _visible(
        self,
        call: Call,
        eyes: tuple[int, ...],
        bodies: tuple[int, ...],
        own: Sequence[Column],
    ) -> F64:
        """Return how far (T,) some body is within the view of the first of some eyes, m.

        `own` is a field of view and a reach in place of the eye's, as far as they are given.
        """
        if not eyes or not bodies:
            return np.full(self.steps, -np.inf)
        view = self._sight.view(eyes[0], _sensor(call), *own)
        return np.asarray(np.maximum.reduce([self._sight.seen(view, body) for body in bodies]))

    @cached_property
    def _sight(self) -> Sight:
        return Sight(self._concrete, self._trajectory)

    def _within(self, call: Call, instance_id: int) -> F64:
        """Return how far (T,) a body's middle is from leaving a lane."""
        left, past, half = self._beside(call, instance_id)
        return np.minimum(half - np.abs(left), np.where(past > 0, -past, np.inf))

    def _body(self, instance_id: int) -> Moving:
        """Return the rectangle (T,) around what one would run into."""
        if instance_id not in self._bodies:
            actor = self._actors[instance_id]
            self._bodies[instance_id] = footprint(actor, self._trajectory)
        return self._bodies[instance_id]

    @cached_property
    def _network(self) -> RoadNetwork:
        return build_network(self._concrete.road)

    def _beside(self, call: Call, instance_id: int) -> tuple[F64, F64, float]:
        """Return how far a body's middle is to the left of a lane's and past its end (T,)."""
        middle = self._body(instance_id).middle_m
        if len(call.arguments) > 1:
            lane = self._network.lane(_text(call, 1))
        else:
            lane = self._network.lane(self._lane_at_start(self._actors[instance_id]))
        _, left, past = beside(middle, lane.centre[:, :2])
        return left, past, lane.width_m / 2

    def _lane_at_start(self, actor: Actor) -> str:
        """Return the lane whose middle is nearest to a body at the start, by its half width."""
        middle = self._body(actor.instance_id).middle_m[:1]

        def off(lane_id: str) -> float:
            lane = self._network.lane(lane_id)
            _, left, past = beside(middle, lane.centre[:, :2])
            return float(np.abs(left[0]) - lane.width_m / 2 + 2 * past[0])

        return min(sorted(self._network.lanes), key=off)

    def _signal(self, group: str) -> Column:
        heads = [
            index
            for index, head in enumerate(self._network.signals)
            if head.group == group and head.kind != "walk"
        ]
        if not heads:
            return np.full(self.steps, _STATES[SignalState.OFF])
        states = self._trajectory.signal_states[:, heads[0]]
        return np.array([_STATES[SignalState(state)] for state in states.tolist()])

    def _lit(self, word: str, bodies: tuple[int, ...]) -> Column:
        """Return where (T,) a lamp of one of some bodies is switched on."""
        on, lamps = self._trajectory.lamps_on, LAMPS[word]
        if on is None:
            raise ValueError("the run is older than the record of what is switched on")
        columns = [self._trajectory.column(body) for body in bodies]
        return np.asarray(((on[:, columns] & lamps) == lamps).any(axis=1))

    def _contacts(self, groups: list[tuple[int, ...]]) -> Column:
        """Return the steps (T,) at, or before, which a contact begins: of one, or of two."""
        contacts = self._trajectory.contacts
        a, b = (contacts[side].astype(np.int64) for side in ("actor_a", "actor_b"))
        meant = np.isin(a, groups[0]) | np.isin(b, groups[0])
        if len(groups) > 1:
            one, other = groups
            meant = (np.isin(a, one) & np.isin(b, other)) | (np.isin(b, one) & np.isin(a, other))
        rows = np.searchsorted(self._trajectory.step, contacts["step"][meant])
        touched = np.zeros(self.steps, dtype=np.bool_)
        touched[np.minimum(rows, self.steps - 1)] = True
        return touched


def _actors(call: Call) -> list[str]:
    constants = [a for a in call.arguments if isinstance(a, Constant)]
    return [str(a.value) for a in constants if a.type in (ACTOR, SENSOR)]


def _sensor(call: Call) -> str | None:
    """Return the sensor of the ego that looks, None where somebody does."""
    eye = call.arguments[0]
    assert isinstance(eye, Constant)
    return str(eye.value).partition(".")[2] if eye.type is SENSOR else None


def _text(call: Call, index: int) -> str:
    argument = call.arguments[index]
    assert isinstance(argument, Constant)
    return str(argument.value)
