"""An episode as an MCAP file: what happened, what was done, and how near it came to failing.

Foxglove's messages say where everybody is; actions, controls and criteria are JSON. Topics::

    /objects, /tf, /ego/pose, /events    at every control step; see `exports.mcap.world`
    /road, /signals                      at the start, and when a signal changes
    /ego/action                          what the agent answered, at the time of the decision
    /ego/controls                        what steering, engine and brakes made of it
    /criteria                            speed, gap, time to collision, … at every control step
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np

from scenegen.drive.actions import Action
from scenegen.drive.agents.messages import answer_of
from scenegen.drive.course import Course
from scenegen.drive.record import EpisodeRecord
from scenegen.drive.run import Drive
from scenegen.drive.timelines import timelines
from scenegen.exports.bodies import Body
from scenegen.exports.mcap.file import McapFile
from scenegen.exports.mcap.messages import Message, nanoseconds
from scenegen.exports.mcap.world import lamp, outline, run_messages, shown
from scenegen.geometry import pose
from scenegen.records import CONTROLS, ConcreteScenario, RoadNetwork, SignalState, Trajectory
from scenegen.roads import lane_points

DIGITS = 4
_DRIVEN = frozenset({"driving", "shoulder", "crosswalk"})


def write_log(path: Path, scenario: ConcreteScenario, driven: Drive, decision_s: float) -> None:
    """Write an episode's log; equal episodes give equal bytes.

    Parameters
    ----------
    path : Path
    scenario : ConcreteScenario
    driven : Drive
    decision_s : float
        Time from one action to the next.
    """
    course = Course(scenario, driven.trajectory)
    messages = [
        *run_messages(_bodies(scenario, driven.trajectory), driven.trajectory),
        *_surroundings(course.network, driven.trajectory),
        *_actions(driven.actions, decision_s),
        *_rows(course),
    ]
    with path.open("wb") as file, McapFile(file) as made:
        for name, content in _about(scenario, driven.record).items():
            made.add_metadata(name, content)
        for message in sorted(messages, key=lambda message: message.time_ns):
            made.write(message)


def _about(scenario: ConcreteScenario, record: EpisodeRecord) -> dict[str, dict[str, str]]:
    """Return what is said of the episode as a whole."""
    told = {
        "scene": record.scene_id,
        "scenario": record.scenario,
        "seed": str(record.seed),
        "agent": record.agent,
        "termination": record.termination,
        "violated": ",".join(record.violated),
        "log_weight": repr(record.log_weight),
    }
    margins = {
        name: "" if value is None else repr(value) for name, value in record.criteria.items()
    }
    parameters = {name: str(value) for name, value in sorted(scenario.parameters.items())}
    return {"scenegen": told, "criteria": margins, "parameters": parameters}


def _bodies(scenario: ConcreteScenario, trajectory: Trajectory) -> list[Body]:
    return [
        Body(
            actor.instance_id,
            actor.name,
            actor.category,
            np.array(actor.size_m),
            pose((0.0, 0.0, 0.5 * actor.size_m[2])),
            trajectory.poses(actor.instance_id),
            trajectory.valid[:, trajectory.column(actor.instance_id)],
        )
        for actor in scenario.actors
    ]


def _surroundings(network: RoadNetwork, trajectory: Trajectory) -> Iterator[Message]:
    """Return the edges of lanes, and signals when they change."""
    lanes = [
        outline(
            0.0,
            name,
            {"kind": lane.kind, "speed_limit_mps": lane.speed_limit_mps},
            [lane_points(lane, lane.stations_m, side * lane.width_m)[0] for side in (0.5, -0.5)],
        )
        for name, lane in network.lanes.items()
        if lane.kind in _DRIVEN
    ]
    yield shown(0.0, "/road", lanes)
    states = trajectory.signal_states
    for row, time_s in enumerate(trajectory.time_s.tolist()):
        changed = [
            lamp(time_s, head.id, head.position_m, state, {"kind": head.kind, "state": state})
            for number, head in enumerate(network.signals)
            if row == 0 or states[row, number] != states[row - 1, number]
            for state in [SignalState(int(states[row, number])).name.lower()]
        ]
        if changed:
            yield shown(time_s, "/signals", changed)


def _actions(actions: Sequence[Action | None], decision_s: float) -> Iterator[Message]:
    for number, action in enumerate(actions):
        yield _json(number * decision_s, "/ego/action", answer_of(action))


def _rows(course: Course) -> Iterator[Message]:
    """Return what engine, brakes and steering did, and how near criteria were, row by row."""
    run, margins = course.trajectory, timelines(course)
    for row, time_s in enumerate(run.time_s.tolist()):
        told = {
            name: round(float(values[row]), DIGITS)
            for name, values in margins.items()
            if np.isfinite(values[row])
        }
        yield _json(time_s, "/criteria", told)
        if run.controls is not None and run.controls.size:
            values = np.round(run.controls[row], DIGITS).tolist()
            yield _json(time_s, "/ego/controls", dict(zip(CONTROLS, values, strict=True)))


def _json(time_s: float, topic: str, content: Mapping[str, object]) -> Message:
    return Message(nanoseconds(time_s), topic, json.dumps(content).encode())
