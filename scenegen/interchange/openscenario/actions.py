"""What actors do, as OpenSCENARIO's private actions.

Paths are trajectories without times, speeds are speed actions; keeping gaps is left to the
entity's controller. The schema of 1.2 asks for two kinds of light at once in a light state
action (1.3 puts it right), so lights are custom commands, as are falls and loads let go.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.etree import ElementTree as ET

from scenegen.interchange.openscenario.entities import DRIVER
from scenegen.records import Brake, Drive, Fall, Release, Stand, Walk
from scenegen.records.base import Vec2
from scenegen.records.behaviour import Action
from scenegen.roads.opendrive.xml import add, number

HALT_MPS2 = 9.0
"""How hard what stands from now on brakes, if it moves."""

Height = Callable[[Vec2], float]
"""The ground's height, m, at a point."""


def add_action(
    event: ET.Element, name: str, action: Action, speed_mps: float, height: Height
) -> float:
    """Add the actions of a manoeuvre to its event.

    Parameters
    ----------
    name : str
        Of the event.
    speed_mps : float
        What the actor goes at before it.

    Returns
    -------
    float
        Speed, m/s, that it aims at.
    """
    match action:
        case Drive():
            _drive(event, name, action, speed_mps, height)
            return action.speed_mps
        case Brake():
            add_speed(event, f"{name}_speed", action.speed_mps, action.deceleration_mps2)
            _activate(event, name, False)
            if action.locks:
                _command(event, f"{name}_wheels", "wheels_lock", "true")
            return action.speed_mps
        case Walk():
            add_path(event, f"{name}_path", action.path, height)
            add_speed(event, f"{name}_speed", action.speed_mps, action.acceleration_mps2)
            if action.gait != "auto":
                _command(event, f"{name}_gait", "gait", action.gait)
            return action.speed_mps
        case Stand():
            add_speed(event, f"{name}_speed", 0.0, HALT_MPS2 if speed_mps > 0 else None)
            if action.hazard_lights:
                _command(event, f"{name}_lights", "lights", "hazard")
            return 0.0
        case Fall():
            _command(event, f"{name}_fall", "fall", action.way)
            return 0.0
        case Release():
            _command(event, f"{name}_release", "release", "")
            return speed_mps
    raise ValueError(f"OpenSCENARIO has no form for {type(action).__name__} yet")


def add_speed(parent: ET.Element, name: str, speed_mps: float, rate_mps2: float | None) -> None:
    """Add a change of speed, at a rate or at once."""
    private = add(add(parent, "Action", name=name), "PrivateAction")
    speed_action(private, speed_mps, rate_mps2)


def speed_action(private: ET.Element, speed_mps: float, rate_mps2: float | None) -> None:
    """Add a speed action to a private action."""
    speed = add(add(private, "LongitudinalAction"), "SpeedAction")
    add(
        speed,
        "SpeedActionDynamics",
        dynamicsShape="step" if rate_mps2 is None else "linear",
        dynamicsDimension="time" if rate_mps2 is None else "rate",
        value=number(rate_mps2 or 0.0),
    )
    add(add(speed, "SpeedActionTarget"), "AbsoluteTargetSpeed", value=number(speed_mps))


def add_path(parent: ET.Element, name: str, path: Sequence[Vec2], height: Height) -> None:
    """Add a trajectory without times that is steered along."""
    polyline = trajectory(parent, name, "follow", timed=False)
    for x, y in path:
        position = add(add(polyline, "Vertex"), "Position")
        z = number(height((x, y)))
        add(position, "WorldPosition", x=number(x), y=number(y), z=z)


def trajectory(parent: ET.Element, name: str, mode: str, timed: bool) -> ET.Element:
    """Add an action that follows a trajectory, and return its polyline."""
    private = add(add(parent, "Action", name=name), "PrivateAction")
    follow = add(add(private, "RoutingAction"), "FollowTrajectoryAction")
    line = add(add(follow, "TrajectoryRef"), "Trajectory", name=f"{name}_line", closed="false")
    reference = add(follow, "TimeReference")
    if timed:
        add(reference, "Timing", domainAbsoluteRelative="absolute", scale="1", offset="0")
    else:
        add(reference, "None")
    add(follow, "TrajectoryFollowingMode", followingMode=mode)
    return add(add(line, "Shape"), "Polyline")


def _drive(event: ET.Element, name: str, drive: Drive, before_mps: float, height: Height) -> None:
    add_path(event, f"{name}_path", drive.path, height)
    faster = drive.speed_mps >= before_mps
    rate = drive.acceleration_mps2 if faster else drive.deceleration_mps2
    add_speed(event, f"{name}_speed", drive.speed_mps, rate)
    _activate(event, name, drive.follow)
    if not drive.obey_signals:
        _command(event, f"{name}_signals", "obey_signals", "false")
    if drive.indicator != "none":
        _command(event, f"{name}_lights", "lights", f"indicator_{drive.indicator}")


def _activate(event: ET.Element, name: str, longitudinal: bool) -> None:
    """Let the driver's controller keep gaps, or not."""
    private = add(add(event, "Action", name=f"{name}_driver"), "PrivateAction")
    add(
        add(private, "ControllerAction"),
        "ActivateControllerAction",
        controllerRef=DRIVER,
        lateral="false",
        longitudinal="true" if longitudinal else "false",
    )


def _command(event: ET.Element, name: str, kind: str, value: str) -> None:
    """Add what OpenSCENARIO 1.2 has no action for."""
    own = add(add(event, "Action", name=name), "UserDefinedAction")
    add(own, "CustomCommandAction", type=f"scenegen.{kind}").text = value
