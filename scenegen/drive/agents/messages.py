"""What is said to agents outside of this process, and what they answer: JSON, one line each.

``begin`` is answered by any object, in which ``"sensors": ["front"]`` asks for sensors (see
`packing`), each ``step`` by one of these::

    {"steer": 0.1, "pedal": -0.5}                       `Pedals`, also with "reverse": true
    {"speed_mps": 12.0, "curvature_1pm": 0.0}           `Target`
    {"points_m": [[1, 0], [2, 0]], "every_s": 0.1}      `Waypoints`
    {}                                                  the scenario's own driver

"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import numpy as np

from scenegen.drive.actions import Action, Pedals, Target, Waypoints
from scenegen.drive.agents.packing import specs
from scenegen.drive.agents.protocol import AgentError, Briefing
from scenegen.drive.sensed import Sensed
from scenegen.drive.state import State

MAX_ANSWER = 1_000_000
"""Bytes of an answer."""
_SHOWN = 120


def begin_message(briefing: Briefing) -> dict[str, Any]:
    """Return what an agent is told before an episode."""
    cast = briefing.cast
    return {
        "type": "begin",
        "scene": briefing.scenario.scene_id,
        "seed": briefing.seed,
        "step_s": briefing.step_s,
        "vehicle": asdict(briefing.vehicle),
        "actors": [
            {"id": int(id_), "name": name, "category": category, "half_m": half}
            for id_, name, category, half in zip(
                cast.ids, cast.names, cast.categories, cast.half_m.tolist(), strict=True
            )
        ],
        "signals": [
            {"id": head.id, "lanes": head.lanes, "stop_point_m": head.stop_point_m}
            for head in briefing.network.signals
        ],
        "sensors": specs([*briefing.scenario.cameras.items(), *briefing.scenario.lidars.items()]),
    }


def step_message(state: State, pack: Callable[[Sensed], dict[str, Any]]) -> dict[str, Any]:
    """Return what an agent is told at a decision.

    Parameters
    ----------
    state : State
    pack : callable
        Makes JSON of a picture or a sweep.
    """
    route = state.route
    return {
        "type": "step",
        "time_s": state.time_s,
        "speed_mps": state.speed_mps,
        "acceleration_mps2": state.acceleration_mps2,
        "steer_rad": state.steer_rad,
        "position_m": state.position_m.tolist(),
        "velocity_mps": state.velocity_mps.tolist(),
        "yaw_rad": state.yaw_rad.tolist(),
        "yaw_rate_radps": state.yaw_rate_radps.tolist(),
        "signals": state.signals.tolist(),
        "route": None
        if route is None
        else {
            "s_m": route.s_m,
            "offset_m": route.offset_m,
            "spacing_m": route.spacing_m,
            "points_m": route.points_m.tolist(),
            "heading_rad": route.heading_rad.tolist(),
            "curvature_1pm": route.curvature_1pm.tolist(),
        },
        "touched": [asdict(touched) for touched in state.touched],
        "sensors": {name: pack(found) for name, found in state.sensed.items()},
    }


def to_line(message: dict[str, Any]) -> bytes:
    """Return a message as a line of JSON."""
    return json.dumps(message, separators=(",", ":")).encode() + b"\n"


def read_answer(line: bytes) -> dict[str, Any]:
    """Return an answer's object.

    Raises
    ------
    AgentError
        It is too long, or no JSON object.
    """
    if len(line) > MAX_ANSWER:
        raise AgentError(f"an answer of {len(line):,} bytes; at most {MAX_ANSWER:,} are read")
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise AgentError(f"an answer that is no JSON: {line[:_SHOWN]!r}") from error
    if not isinstance(found, dict):
        raise AgentError(f"an answer that is no JSON object: {line[:_SHOWN]!r}")
    return found


def answer_of(action: Action | None) -> dict[str, Any]:
    """Return the answer that stands for an action, as logs have it."""
    if isinstance(action, Waypoints):
        return {"points_m": np.asarray(action.points_m).tolist(), "every_s": action.every_s}
    return {} if action is None else asdict(action)


def action_of(answer: dict[str, Any]) -> Action | None:
    """Return the action of an answer to ``step``.

    Raises
    ------
    AgentError
        It is none of those that there are.
    """
    if not answer:
        return None
    try:
        if {"steer", "pedal"} <= set(answer):
            reverse = answer.get("reverse") is True
            return Pedals(float(answer["steer"]), float(answer["pedal"]), reverse)
        if {"speed_mps", "curvature_1pm"} <= set(answer):
            return Target(float(answer["speed_mps"]), float(answer["curvature_1pm"]))
        if "points_m" in answer:
            points = np.array(answer["points_m"], dtype=np.float64)
            return Waypoints(points, float(answer.get("every_s", 0.5)))
    except (TypeError, ValueError) as error:
        raise AgentError(f"an answer with wrong values ({error})") from error
    raise AgentError(f"an answer with {', '.join(map(repr, sorted(answer)))}: no action")
