"""What actors do, as OpenSCENARIO's private actions.

Paths are trajectories without times, speeds are speed actions; keeping gaps is left to the
entity's controller. The schema of 1.2 asks for two kinds of light at once in a light state
action, and for lights with every animation (1.3 puts it right); so lights, doors, falls and
loads let go are custom commands, as is whatever else OpenSCENARIO has no word for.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from scenegen.interchange.openscenario.entities import DRIVER
from scenegen.records import Brake, Drive, Fall, Release, Stand, Walk
from scenegen.records.base import Vec2
from scenegen.records.behaviour import Action, Door, GetOut, Lights, Pace, Pose, Synchronize
from scenegen.roads.opendrive.xml import add, number

HALT_MPS2 = 9.0
"""How hard what stands from now on brakes, if it moves."""
_OWN = {
    "drive": ("headway_s", "min_gap_m", "join_m", "ends_m", "stops", "ignores", "obey_signals"),
    "walk": ("gait", "avoid", "room_m", "intent"),
    "stand": ("hazard_lights", "gait"),
    "brake": ("locks",),
    "synchronize": ("ahead_s", "fastest_mps", "acceleration_mps2", "deceleration_mps2"),
}
"""Fields that OpenSCENARIO has no word for: written where they are not as usual."""


@dataclass(frozen=True)
class Doer:
    """Who acts.

    Attributes
    ----------
    name : str
    names : mapping of int to str
        Of all entities, by instance id.
    height : callable
        Returns the ground's height, m, at a point.
    """

    name: str
    names: Mapping[int, str]
    height: Callable[[Vec2], float]


def add_action(event: ET.Element, name: str, action: Action, speed_mps: float, doer: Doer) -> float:
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
    aim = _motion(event, name, action, speed_mps, doer)
    for kind, value in _commands(action, doer.names):
        add_command(event, f"{name}_{kind}", kind, value)
    return aim


def _motion(event: ET.Element, name: str, action: Action, speed_mps: float, doer: Doer) -> float:
    """Add what moves the actor, and return the speed that it aims at."""
    match action:
        case Drive():
            add_path(event, f"{name}_path", action.path, doer, relative=action.frame == "body")
            aim = -action.speed_mps if action.backward else action.speed_mps
            faster = abs(aim) >= abs(speed_mps)
            rate = action.acceleration_mps2 if faster else action.deceleration_mps2
            add_speed(event, f"{name}_speed", aim, rate)
            _activate(event, name, action.follow)
        case Pace():
            faster = action.speed_mps >= speed_mps
            rate = action.acceleration_mps2 if faster else action.deceleration_mps2
            add_speed(event, f"{name}_speed", aim := action.speed_mps, rate)
        case Synchronize():
            _synchronize(event, name, action, doer)
            aim = speed_mps
        case Brake():
            add_speed(event, f"{name}_speed", aim := action.speed_mps, action.deceleration_mps2)
            _activate(event, name, False)
        case Walk():
            add_path(event, f"{name}_path", action.path, doer, relative=False)
            add_speed(event, f"{name}_speed", aim := action.speed_mps, action.acceleration_mps2)
        case Stand():
            add_speed(event, f"{name}_speed", aim := 0.0, HALT_MPS2 if speed_mps else None)
        case Fall():
            aim = 0.0
        case Release() | Lights() | Pose() | Door() | GetOut():
            aim = speed_mps
    return aim


def _synchronize(event: ET.Element, name: str, action: Synchronize, doer: Doer) -> None:
    """Add an action that arrives somewhere together with another; how long before is a command."""
    private = add(add(event, "Action", name=f"{name}_synchronize"), "PrivateAction")
    meets = add(private, "SynchronizeAction", masterEntityRef=doer.names[action.actor])
    places = (("TargetPositionMaster", action.their_place), ("TargetPosition", action.place))
    for tag, place in places:
        x, y = place.point_m
        at = {"x": number(x), "y": number(y), "z": number(doer.height(place.point_m))}
        heading = number(math.remainder(place.yaw_rad, math.tau))
        add(add(meets, tag), "WorldPosition", **at, h=heading)


def _commands(action: Action, names: Mapping[int, str]) -> list[tuple[str, str]]:
    """Return kind and value of every custom command of an action."""
    usual = {name: field.default for name, field in type(action).model_fields.items()}
    commands = [
        (field, _text(value, names))
        for field in _OWN.get(action.kind, ())
        if (value := getattr(action, field)) != usual[field]
    ]
    match action:
        case Drive(indicator=side) if side != "none":
            commands.append(("indicator", side))
        case Lights(indicator=side):
            commands.append(("indicator", side))
        case Pose(gait=gait):
            commands.append(("gait", gait))
        case Fall(way=way):
            commands.append(("fall", way))
        case Release(loads=loads):
            commands.append(("release", _text(loads, names)))
        case Door():
            value = f"{action.channel} {number(action.angle_rad)} rad {number(action.over_s)} s"
            commands.append(("door", value))
        case GetOut(over_s=over):
            commands.append(("get_out", f"{number(over)} s"))
        case Walk(from_here=True):
            commands.append(("from_here", "true"))
    return commands


def _text(value: object, names: Mapping[int, str]) -> str:
    """Return a field as text; whole numbers in a list are instance ids."""
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float():
            return number(float(value))
        case tuple() | list():
            parts = (names[v] if isinstance(v, int) else number(float(v)) for v in value)
            return " ".join(parts)
    return "" if value is None else str(value)


def add_command(event: ET.Element, name: str, kind: str, value: str) -> None:
    """Add what OpenSCENARIO 1.2 has no action for."""
    add_custom(add(add(event, "Action", name=name), "UserDefinedAction"), kind, value)


def add_custom(action: ET.Element, kind: str, value: str) -> None:
    """Add a command of our own to a user-defined action."""
    add(action, "CustomCommandAction", type=f"scenegen.{kind}").text = value


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


def add_path(
    parent: ET.Element, name: str, path: Sequence[Vec2], doer: Doer, relative: bool
) -> None:
    """Add a trajectory without times that is steered along.

    Parameters
    ----------
    relative : bool
        Whether the path is laid out from where the actor is when the action begins.
    """
    polyline = trajectory(parent, name, "follow", timed=False)
    for x, y in path:
        position = add(add(polyline, "Vertex"), "Position")
        if relative:
            place = {"dx": number(x), "dy": number(y)}
            add(position, "RelativeObjectPosition", entityRef=doer.name, **place)
        else:
            z = number(doer.height((x, y)))
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
