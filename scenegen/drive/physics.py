"""Which physics an episode runs on."""

from __future__ import annotations

from typing import Literal, get_args

from scenegen.errors import InputError, nearest
from scenegen.records import ConcreteScenario
from scenegen.simulate import World

Physics = Literal["rigid", "kinematic"]
"""Rigid bodies at 240 Hz, as ``generate`` has them; or kinematics at the rate of control."""


def world_of(scenario: ConcreteScenario, physics: Physics) -> World:
    """Return a scene's world.

    Raises
    ------
    InputError
        There is no such physics, or the scene needs rigid bodies.
    """
    check_physics(physics)
    if physics == "rigid":
        return World(scenario)
    from scenegen.simulate.kinematic import KinematicWorld  # noqa: PLC0415 - loads a compiler

    return KinematicWorld.alone(scenario)


def check_physics(asked: str) -> None:
    """Raise an InputError unless there is such a physics."""
    if asked not in get_args(Physics):
        hint = nearest(asked, get_args(Physics)) or f"; there are {', '.join(get_args(Physics))}"
        raise InputError(f"no physics {asked!r}{hint}")
