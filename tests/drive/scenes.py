"""Small scenes to drive in."""

from __future__ import annotations

from collections.abc import Callable

from scenegen.drive import Action, Drive, Target, drive_episode
from scenegen.drive.agents.plain import Scripted
from scenegen.drive.state import State
from scenegen.records import ConcreteScenario, RoadSpec
from scenegen.sample import draw
from scenegen.scenario import load_scenario, parse_scenario
from tests.simulate.conftest import LANE_Y, actor, drive, scene

WAY = [(0.0, LANE_Y), (600.0, LANE_Y)]


def alone(speed: float = 15.0, duration_s: float = 6.0, **keys: object) -> ConcreteScenario:
    """Return a car on an empty straight road, which its scenario has go on."""
    ego = actor(1, "vehicle.sedan", (20.0, LANE_Y), [drive(WAY, speed)], speed=speed)
    return scene([ego], duration_s, **keys)  # type: ignore[arg-type]


def behind(gap_m: float, speed: float, other: float = 0.0) -> ConcreteScenario:
    """Return a car, and one ahead in its lane at another speed that no one drives."""
    ego = actor(1, "vehicle.sedan", (20.0, LANE_Y), [drive(WAY, speed)], speed=speed)
    ahead = 20.0 + gap_m + ego.size_m[0]
    manoeuvres = [drive(WAY, other, follow=False)] if other else []
    lead = actor(2, "vehicle.sedan", (ahead, LANE_Y), manoeuvres, speed=other)
    return scene([ego, lead], 8.0)


def library(name: str, index: int = 0) -> ConcreteScenario:
    """Return a scene of the library."""
    return draw(load_scenario(name), 0, index)


def at_signals(phase: str) -> ConcreteScenario:
    """Return a car 60 m before a crossing whose signal shows it a colour for long."""
    offset = {"green": "0 s", "red": "35 s"}[phase]
    text = f"""
scenario: signals
description: A car before a signal.
duration: 9 s
road: {{kind: crossing, length: 240 m, signals: {{green: 30 s, offset: {offset}}}}}
ego: {{asset: vehicle.sedan, place: {{lane: forward_0, s: 40 m}}, speed: 50 km/h}}
"""
    return draw(parse_scenario(text, "signals.yaml"), 0, 0)


class Does(Scripted):
    """An agent that is a function."""

    def __init__(self, what: Callable[[State], Action | None]) -> None:
        self._what = what

    def act(self, state: State) -> Action | None:
        return self._what(state)


def driven(
    scenario: ConcreteScenario, what: Callable[[State], Action | None], **keys: object
) -> Drive:
    """Return the episode of a function."""
    return drive_episode(scenario, Does(what), "test", **keys)  # type: ignore[arg-type]


def straight_on(speed: float) -> Callable[[State], Action]:
    return lambda state: Target(speed, 0.0)


__all__ = [
    "LANE_Y",
    "WAY",
    "Does",
    "RoadSpec",
    "alone",
    "at_signals",
    "behind",
    "driven",
    "library",
    "straight_on",
]
