"""People's joints, lane lines, signals and signs in the world."""

from __future__ import annotations

import numpy as np
import rerun as rr

from scenegen.exports.drawn import LINE_COLORS, signal_color
from scenegen.exports.rerun.layout import JOINTS
from scenegen.exports.surroundings import Moment
from scenegen.records import LaneLabel, SignalLabel
from scenegen.records.taxonomy import CLASS_BY_NAME


def log_moment(stream: rr.RecordingStream, moment: Moment, shown: frozenset[str]) -> frozenset[str]:
    """Log what is known at the stream's time.

    Parameters
    ----------
    stream : RecordingStream
    moment : Moment
    shown : frozenset of str
        Entities of people that were there before; those who aren't any more are taken away.

    Returns
    -------
    frozenset of str
        Those that are there now.
    """
    now = set()
    for person in moment.people.values():
        entity = f"world/people/{rr.escape_entity_path_part(f'{person.name}_{person.instance_id}')}"
        points = rr.Points3D(
            person.points_m,
            keypoint_ids=[JOINTS.index(name) for name in person.joints],
            class_ids=[CLASS_BY_NAME[person.category].id] * len(person.joints),
            radii=0.03,
            show_labels=False,
        )
        stream.log(entity, points)
        now.add(entity)
    for entity in sorted(shown - now):
        stream.log(entity, rr.Clear(recursive=False))
    lanes = list(moment.lanes.values())
    strips = rr.LineStrips3D(
        [lane.points_world_m for lane in lanes],
        colors=[LINE_COLORS[lane.color] for lane in lanes],
        labels=[_line_words(lane) for lane in lanes],
        show_labels=False,
        radii=0.05,
    )
    stream.log("world/lanes", strips)
    signals = list(moment.signals.values())
    if signals:
        heads = rr.Points3D(
            [signal.position_world_m for signal in signals],
            colors=[signal_color(signal.state) for signal in signals],
            labels=[_signal_words(signal) for signal in signals],
            show_labels=False,
            radii=0.2,
        )
        stream.log("world/signals", heads)
    signs = list(moment.signs.values())
    plates = rr.Arrows3D(
        origins=[sign.position_world_m for sign in signs],
        vectors=[(np.cos(sign.facing_rad), np.sin(sign.facing_rad), 0.0) for sign in signs],
        labels=[f"{sign.id}: {sign.code}" for sign in signs],
        class_ids=[CLASS_BY_NAME["traffic sign"].id] * len(signs),
        show_labels=False,
        radii=0.05,
    )
    stream.log("world/signs", plates)
    return frozenset(now)


def _line_words(lane: LaneLabel) -> str:
    beside = "" if lane.ego_index is None else f", {lane.ego_index:+d} from the ego"
    return f"{lane.id}: {lane.type}{beside}"


def _signal_words(signal: SignalLabel) -> str:
    words = f"{signal.id}: {signal.state}"
    if signal.countdown_s is not None:
        words += f", {signal.next_state} in {signal.countdown_s:.1f} s"
    return words + (", for the ego" if signal.relevant_to_ego else "")
