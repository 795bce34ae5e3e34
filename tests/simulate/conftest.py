"""Small concrete scenes, built by hand."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from types import SimpleNamespace

import numpy as np
import pytest

from scenegen import assets
from scenegen.geometry import quaternion_from_yaw
from scenegen.records import (
    Actor,
    Brake,
    ConcreteScenario,
    Drive,
    Light,
    Manoeuvre,
    RoadSpec,
    Stand,
    Trigger,
    Walk,
    Weather,
)

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
