"""The storyboard: where everybody begins, what they do and when the scene ends."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np

from scenegen.geometry import matrix_from_quaternion
from scenegen.interchange.openscenario.actions import add_custom, speed_action, trajectory
from scenegen.interchange.openscenario.conditions import add_trigger, from_time
from scenegen.interchange.openscenario.entities import reference_point
from scenegen.interchange.openscenario.manoeuvres import add_event, maneuver_group
from scenegen.records import Actor, ConcreteScenario, Trajectory
from scenegen.records.base import F64
from scenegen.records.disturbance import Disturbance
from scenegen.roads.opendrive.xml import add, number


def add_start_states(actions: ET.Element, actors: tuple[Actor, ...]) -> None:
    """Put every actor in its place, at its speed."""
    for actor in actors:
        private = add(actions, "Private", entityRef=actor.name)
        teleport = add(add(private, "PrivateAction"), "TeleportAction")
        position = add(teleport, "Position")
        place, turn = np.array(actor.position_m), np.array(actor.quaternion_wxyz)
        _world_position(position, reference_point(actor, place, turn), turn)
        speed = float(np.linalg.norm(actor.velocity_mps))
        speed_action(add(private, "PrivateAction"), speed, None)


def add_disturbances(
    actions: ET.Element, actors: tuple[Actor, ...], disturbances: tuple[Disturbance, ...]
) -> None:
    """Add what disturbs the run from step to step, each a command of its own from the start on.

    Its text is ``<actor> <channel> <seconds that each value holds>: <values in SI units>``.
    """
    names = {actor.instance_id: actor.name for actor in actors}
    for one in disturbances:
        values = " ".join(number(value) for value in one.values)
        add_custom(
            add(actions, "UserDefinedAction"),
            "disturbance",
            f"{names[one.instance_id]} {one.channel} {number(one.every_s)}: {values}",
        )


def add_recorded(act: ET.Element, concrete: ConcreteScenario, run: Trajectory) -> None:
    """Add what everybody did in the simulation: poses with times."""
    for actor in concrete.actors:
        column = run.column(actor.instance_id)
        name = f"{actor.name}_recorded"
        group = maneuver_group(act, actor)
        event = add_event(add(group, "Maneuver", name=f"{actor.name}_motion"), name)
        line = trajectory(event, f"{name}_path", "position", timed=True)
        turns = run.quaternion_wxyz[:, column]
        points = reference_point(actor, run.position_m[:, column], turns)
        for time, point, turn in zip(run.time_s.tolist(), points, turns, strict=True):
            vertex = add(line, "Vertex", time=number(time))
            _world_position(add(vertex, "Position"), point, turn)
        add_trigger(event, "StartTrigger", f"{name}_start", from_time(0.0))


def add_act(storyboard: ET.Element) -> ET.Element:
    """Return the act of the scene; its start trigger is still to come, by `end_act`."""
    return add(add(storyboard, "Story", name="scene"), "Act", name="run")


def end_act(storyboard: ET.Element, act: ET.Element, duration_s: float) -> None:
    """Add when the act starts and the scene ends."""
    add_trigger(act, "StartTrigger", "start", from_time(0.0))
    add_trigger(storyboard, "StopTrigger", "end", from_time(duration_s))


def _world_position(parent: ET.Element, point_m: F64, quaternion_wxyz: F64) -> None:
    """Add a pose: heading, pitch and roll turn about z, y and x of the body, in this order."""
    turn = matrix_from_quaternion(quaternion_wxyz)
    heading = float(np.arctan2(turn[1, 0], turn[0, 0]))
    pitch = float(np.arcsin(np.clip(-turn[2, 0], -1.0, 1.0)))
    roll = float(np.arctan2(turn[2, 1], turn[2, 2]))
    x, y, z = (number(float(value)) for value in point_m)
    add(
        parent,
        "WorldPosition",
        x=x,
        y=y,
        z=z,
        h=number(heading),
        p=number(pitch),
        r=number(roll),
    )
