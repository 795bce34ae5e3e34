"""Small concrete scenes, built by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import SimpleNamespace

import numpy as np
import pytest

from scenegen import assets
from scenegen.geometry import quaternion_from_yaw, yaw_of
from scenegen.records import (
    Actor,
    Brake,
    ConcreteScenario,
    Drive,
    Light,
    Manoeuvre,
    RoadSpec,
    Stand,
    Trajectory,
    Trigger,
    Walk,
    Weather,
)
from scenegen.sample import draw
from scenegen.scenario import parse_scenario
from scenegen.simulate import simulate

LANE_Y = -1.625


def actor(
    instance_id: int,
    asset_id: str,
    xy: tuple[float, float],
    behaviour: Sequence[Manoeuvre] = (),
    *,
    z: float = 0.0,
    yaw: float = 0.0,
    speed: float = 0.0,
    attached_to: int | None = None,
) -> Actor:
    """Return an actor with its asset's own size and mass, moving straight ahead."""
    asset = assets.get(asset_id, 0)
    w, x, y, q = quaternion_from_yaw(yaw).tolist()
    return Actor(
        instance_id=instance_id,
        name="ego" if instance_id == 1 else f"actor_{instance_id}",
        asset_id=asset_id,
        category=asset.category,
        size_m=asset.size_m,
        position_m=(xy[0], xy[1], z),
        quaternion_wxyz=(w, x, y, q),
        velocity_mps=(float(speed * np.cos(yaw)), float(speed * np.sin(yaw)), 0.0),
        mass_kg=asset.mass_kg,
        attached_to=attached_to,
        behaviour=tuple(behaviour),
    )


def drive(path: Sequence[tuple[float, float]], speed: float, **fields: object) -> Manoeuvre:
    """Return a drive that starts at once."""
    return Manoeuvre(action=Drive(path=tuple(path), speed_mps=speed, **fields))


def brake(at_s: float, deceleration: float) -> Manoeuvre:
    """Return braking to a standstill from a time on."""
    trigger = Trigger(kind="time", value=at_s)
    return Manoeuvre(trigger=trigger, action=Brake(deceleration_mps2=deceleration))


def walk(path: Sequence[tuple[float, float]], speed: float, trigger: Trigger) -> Manoeuvre:
    """Return a walk with a trigger."""
    return Manoeuvre(trigger=trigger, action=Walk(path=tuple(path), speed_mps=speed))


def scene(
    actors: Sequence[Actor],
    duration_s: float,
    *,
    wetness: float = 0.0,
    road: RoadSpec | None = None,
    light: Light | None = None,
) -> ConcreteScenario:
    """Return a scene on a long straight road."""
    return ConcreteScenario(
        name="test",
        scenario_digest="0" * 64,
        seed=0,
        index=0,
        parameters={},
        log_weight=0.0,
        duration_s=duration_s,
        road=road or RoadSpec(kind="straight", length_m=600.0),
        weather=Weather(wetness=wetness),
        light=light or Light(),
        actors=tuple(actors),
        sensors={},
    )


@pytest.fixture(scope="session")
def build() -> SimpleNamespace:
    """Everything that builds small scenes."""
    straight: Callable[[float], list[tuple[float, float]]] = lambda y: [(0.0, y), (600.0, y)]  # noqa: E731
    return SimpleNamespace(
        actor=actor,
        drive=drive,
        brake=brake,
        walk=walk,
        scene=scene,
        straight=straight,
        stand=Manoeuvre(action=Stand()),
        lane_y=LANE_Y,
    )


ROAD = (
    "{kind: straight, length: 400 m, lanes_forward: 2, lanes_backward: 2, parking: 2.4 m, "
    "sidewalk: 3 m, surroundings: rural}"
)


@dataclass(frozen=True)
class Played:
    """A scene that was written in the language, drawn and simulated.

    Of one actor at a time: `x`, `y` (T,), `speed` (T,), `yaw` (T,), manoeuvres and lamps.
    """

    scenario: ConcreteScenario
    trajectory: Trajectory

    def column(self, name: str) -> int:
        return [a.name for a in self.scenario.actors].index(name)

    def actor(self, name: str) -> Actor:
        return self.scenario.actors[self.column(name)]

    def at(self, name: str) -> np.ndarray:
        return self.trajectory.position_m[:, self.column(name)]

    def speed(self, name: str) -> np.ndarray:
        return np.linalg.norm(self.trajectory.velocity_mps[:, self.column(name), :2], axis=1)

    def yaw(self, name: str) -> np.ndarray:
        return np.asarray(np.unwrap(yaw_of(self.trajectory.quaternion_wxyz[:, self.column(name)])))

    def does(self, name: str) -> np.ndarray:
        return self.trajectory.manoeuvre[:, self.column(name)]

    def lamps(self, name: str) -> np.ndarray:
        return self.trajectory.lamps[:, self.column(name)]

    def intent(self, name: str) -> np.ndarray:
        return self.trajectory.intent[:, self.column(name)]

    def starts(self, name: str, manoeuvre: int) -> float:
        """Return the time at which a manoeuvre is first seen to run."""
        rows = np.flatnonzero(self.does(name) == manoeuvre)
        assert rows.size, f"{name} never does its manoeuvre {manoeuvre}"
        return float(self.trajectory.time_s[rows[0]])

    def assert_smooth(self, name: str, most_mps2: float) -> None:
        """No jumps: places follow from velocities, and those change no faster than that."""
        k = self.column(name)
        time = self.trajectory.time_s
        velocity = self.trajectory.velocity_mps[:, k]
        steps = np.diff(self.trajectory.position_m[:, k], axis=0) / np.diff(time)[:, None]
        between = 0.5 * (velocity[1:] + velocity[:-1])
        assert np.abs(steps - between)[:, :2].max() < 0.03 * most_mps2
        change = np.linalg.norm(np.diff(velocity[:, :2], axis=0), axis=1) / np.diff(time)
        assert change.max() < most_mps2


@pytest.fixture(scope="session")
def play() -> Callable[..., Played]:
    """Return a function that draws and simulates actors written in the language."""

    def played(actors: str, duration: str = "8 s", road: str = ROAD) -> Played:
        text = f"scenario: t\ndescription: t\nduration: {duration}\nroad: {road}\n{actors}"
        scenario = draw(parse_scenario(text, "t.yaml"), 0, 0)
        return Played(scenario, simulate(scenario))

    return played
