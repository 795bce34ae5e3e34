"""What follows from the run and its behaviours: arrows, numbers over time, and words."""

from __future__ import annotations

import json

import numpy as np
import rerun as rr

from scenegen.exports.behaviour import flat, object_behaviour
from scenegen.exports.surroundings import Moment
from scenegen.records import ObjectLabel
from scenegen.records.labels import EgoLabel
from scenegen.records.taxonomy import CLASS_BY_NAME

_VELOCITY, _ACCELERATION = (255, 255, 255), (255, 150, 40)
_CONTROLS = ("steer_rad", "throttle", "brake", "acceleration_asked_mps2")


def log_motion(stream: rr.RecordingStream, moment: Moment) -> None:
    """Log the motion of all whom cameras show, what the ego is to others, and what it does.

    Arrows begin at body origins and are as long as the way of a second (velocity) and as the
    change of it in a second (acceleration).
    """
    movers = list(moment.movers.values())
    places = [label.position_world_m for label in movers]
    for name, colour, vectors in (
        ("velocity", _VELOCITY, [label.velocity_world_mps for label in movers]),
        ("acceleration", _ACCELERATION, [_rate(label) for label in movers]),
    ):
        arrows = rr.Arrows3D(
            origins=places, vectors=vectors, colors=colour, radii=0.04, show_labels=False
        )
        stream.log(f"world/motion/{name}", arrows)
    said = rr.AnyValues(
        instance_id=[label.instance_id for label in movers],
        behaviour=[json.dumps(object_behaviour(label), sort_keys=True) for label in movers],
    )
    words = rr.Points3D(
        [
            (x, y, z + label.box3d.size_m[2])
            for (x, y, z), label in zip(places, movers, strict=True)
        ],
        labels=[words_of(label) for label in movers],
        class_ids=[CLASS_BY_NAME[label.category].id for label in movers],
        radii=0.02,
        show_labels=False,
    )
    stream.log("world/motion/words", words, said)
    if moment.ego is not None:
        _log_ego(stream, moment.ego)
        _log_pairs(stream, moment)


def words_of(label: ObjectLabel) -> str:
    """Return what an object is up to, a line for each thing that is known."""
    kept = {k: v for k, v in flat(object_behaviour(label)) if not k.endswith(("mps2", "radps"))}
    lines = [f"{label.name} {label.instance_id}"]
    for key, value in kept.items():
        if value not in (False, "none", []):
            lines.append(f"{key}: {' '.join(value) if isinstance(value, list) else value}")
    return "\n".join(lines)


def _log_ego(stream: rr.RecordingStream, ego: EgoLabel) -> None:
    """Log the ego's acceleration ahead and to the left, its controls, and its lane when known."""
    if ego.acceleration_world_mps2 is not None:
        turn = np.array(ego.world_from_body)[:3, :3]
        ahead, left, _ = turn.T @ np.array(ego.acceleration_world_mps2)
        stream.log("plots/acceleration/ahead_mps2", rr.Scalars(float(ahead)))
        stream.log("plots/acceleration/left_mps2", rr.Scalars(float(left)))
    if ego.controls is not None:
        for name in _CONTROLS:
            stream.log(f"plots/controls/{name}", rr.Scalars(float(getattr(ego.controls, name))))
    if ego.lane is not None:
        stream.log("plots/ego", rr.AnyValues(lane=ego.lane))


def _log_pairs(stream: rr.RecordingStream, moment: Moment) -> None:
    """Log times of the ego's pairs that would meet; a curve ends where they no longer would."""
    ego = next(iter(moment.pairs), (None, None))[0]  # its own come first
    for (first, second), pair in moment.pairs.items():
        if first == ego:
            for key in ("ttc_s", "pet_s", "gap_m", "drac_mps2"):
                value = getattr(pair, key)
                numbers = [] if value is None else [float(value)]
                stream.log(f"plots/pairs/{key}/{second}", rr.Scalars(numbers))


def _rate(label: ObjectLabel) -> tuple[float, float, float]:
    return label.acceleration_world_mps2 or (0.0, 0.0, 0.0)
