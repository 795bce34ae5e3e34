"""Labels as drawings over a picture that a page can switch on and off, one kind at a time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

import numpy as np
import numpy.typing as npt
from markupsafe import Markup, escape

from scenegen.geometry import Camera, apply, box_corners, inverse, pose
from scenegen.records import Trajectory
from scenegen.records.labels import Box, FrameLabels, LaneLabel, ObjectLabel, SignalLabel
from scenegen.records.motion_labels import PairLabel
from scenegen.records.taxonomy import BONES
from scenegen.report.colors import Rgb, category_colour
from scenegen.report.motion_overlay import words_of
from scenegen.report.overlay import (
    BOX_EDGES,
    SIGNAL_COLOURS,
    segment_pixels,
)

F64 = npt.NDArray[np.float64]

MARKS = {
    "boxes": "Boxes",
    "amodal": "Amodal boxes",
    "boxes3d": "3D boxes",
    "skeletons": "Skeletons",
    "lanes": "Lane lines",
    "signals": "Signals",
    "tracks": "Tracks",
}
"""Kinds of labels that are drawn, with what they are called."""
TRACK_S = 2.0
"""How far tracks reach into the past (solid) and the future (dotted)."""
_BEYOND = 4.0
"""What is farther from a picture than so many of its widths is left out."""


def marks_svg(labels: FrameLabels, trajectory: Trajectory) -> Markup:
    """Return an SVG with a group for each of `MARKS`, in the picture's own px.

    What belongs to an object carries its class as ``data-class``.
    """
    camera = labels.camera.camera()
    near_first = sorted(labels.objects, key=lambda label: -label.distance_m)
    with_ego = labels.pairs_with_ego
    titles = {o.instance_id: _title(o, with_ego.get(o.instance_id)) for o in labels.objects}
    groups = {
        "lanes": [_lane(lane, labels) for lane in labels.lanes],
        "tracks": [_track(label, labels, camera, trajectory) for label in near_first],
        "amodal": [_box(label, label.box2d_amodal, titles) for label in near_first],
        "boxes3d": [_box_3d(label, labels, camera) for label in near_first],
        "skeletons": [_skeleton(label, labels, camera) for label in near_first],
        "signals": [_signal(signal, labels) for signal in labels.signals],
        "boxes": [_box(label, label.box2d_visible, titles) for label in near_first],
    }
    body = "".join(f'<g class="m {kind}">{"".join(parts)}</g>' for kind, parts in groups.items())
    size = f"0 0 {labels.camera.width} {labels.camera.height}"
    return Markup(  # every text in the parts has been escaped
        f'<svg class="marks" viewBox="{size}" preserveAspectRatio="none" aria-hidden="true">'
        f"{body}</svg>"
    )


def _box(label: ObjectLabel, box: Box, titles: Mapping[int, str]) -> str:
    x, y, right, low = box
    return (
        f'<rect {_of(label)} x="{x:.1f}" y="{y:.1f}" width="{right - x:.1f}" '
        f'height="{low - y:.1f}">{titles[label.instance_id]}</rect>'
    )


def _box_3d(label: ObjectLabel, labels: FrameLabels, camera: Camera) -> str:
    box = label.box3d
    corners = box_corners(pose(box.center_m, box.quaternion_wxyz), box.size_m)
    ends = (corners[[a, b]] for a, b in BOX_EDGES)
    return _path(_of(label), _segments(ends, camera, labels))


def _skeleton(label: ObjectLabel, labels: FrameLabels, camera: Camera) -> str:
    joints = label.skeleton or {}
    ends = (np.array([joints[a], joints[b]]) for a, b in BONES if a in joints and b in joints)
    return _path(f'data-class="{escape(label.category)}"', _segments(ends, camera, labels))


def _segments(ends_m: Iterable[F64], camera: Camera, labels: FrameLabels) -> Iterator[str]:
    for ends in ends_m:
        for a, b in segment_pixels(camera, ends):
            if _near(a, labels) and _near(b, labels):
                yield f"M{_at(a)}L{_at(b)}"


def _track(label: ObjectLabel, labels: FrameLabels, camera: Camera, trajectory: Trajectory) -> str:
    """Return where an actor was and will be, on its way through the picture as it is now."""
    if label.instance_id not in trajectory.actor_ids:
        return ""
    column = trajectory.column(label.instance_id)
    camera_from_world = inverse(np.array(labels.camera.world_from_camera))
    found = []
    apart = trajectory.time_s - labels.time_s
    for name, during in (("past", apart <= 0), ("next", apart >= 0)):
        rows = np.flatnonzero(during & (abs(apart) <= TRACK_S) & trajectory.valid[:, column])
        points = apply(camera_from_world, trajectory.position_m[rows, column])
        ends = (points[i : i + 2] for i in range(0, len(points) - 1))
        found.append(_path(f'{_of(label)} class="{name}"', _segments(ends, camera, labels)))
    return "".join(found)


def _lane(lane: LaneLabel, labels: FrameLabels) -> str:
    """Return a lane line, the pieces that show apart from those that are hidden."""
    colour = "#ffd600" if lane.color == "yellow" else "#78ffd6"
    pieces: dict[str, list[str]] = {"seen": [], "hidden": []}
    points = list(zip(lane.points_px, lane.points_visible, strict=True))
    for (a, seen), (b, seen_too) in pairwise(points):
        if a is not None and b is not None and _near(a, labels) and _near(b, labels):
            kind = "seen" if seen or seen_too else "hidden"
            pieces[kind].append(f"M{_at(a)}L{_at(b)}")
    beside = "" if lane.ego_index is None else f", {lane.ego_index:+d} from the ego"
    title = f"<title>{escape(f'{lane.id}: {lane.type}, {lane.color}{beside}')}</title>"
    return "".join(
        _path(f'class="{kind}" stroke="{colour}"', parts, title) for kind, parts in pieces.items()
    )


def _signal(signal: SignalLabel, labels: FrameLabels) -> str:
    at = signal.position_px
    if at is None or not _near(at, labels):
        return ""
    side = labels.camera.width / 60
    red, green, blue = SIGNAL_COLOURS.get(signal.state.lower(), (170, 170, 170))
    radius = 0 if signal.relevant_to_ego else side
    obeyed = "the ego obeys it" if signal.relevant_to_ego else "not the ego's"
    if signal.countdown_s is not None:
        obeyed += f", {signal.next_state} in {signal.countdown_s:.1f} s"
    return (
        f'<rect stroke="rgb({red} {green} {blue})" x="{at[0] - side:.1f}" y="{at[1] - side:.1f}" '
        f'width="{2 * side:.1f}" height="{2 * side:.1f}" rx="{radius:.1f}">'
        f"<title>{escape(signal.id)}: {escape(signal.state)}, {escape(obeyed)}</title></rect>"
    )


def _path(attributes: str, parts: Iterable[str], title: str = "") -> str:
    way = "".join(parts)
    return f'<path {attributes} d="{way}">{title}</path>' if way else ""


def _of(label: ObjectLabel) -> str:
    colour: Rgb = category_colour(label.category)
    return f'data-class="{escape(label.category)}" stroke="rgb({" ".join(map(str, colour))})"'


def _title(label: ObjectLabel, pair: PairLabel | None) -> str:
    """Return what is said when one points at an object: what it is, then what it is up to."""
    words = [
        f"{label.category} {label.instance_id}",
        f"{label.distance_m:.0f} m",
        f"{label.occlusion:.0%} hidden",
        *([label.intent] if label.intent else []),
        *(label.lamps or []),
    ]
    lines = [", ".join(words), *words_of(label, pair)]
    speed, rate = (
        float(np.linalg.norm(value or 0.0))
        for value in (label.velocity_world_mps, label.acceleration_world_mps2)
    )
    lines.append(f"{speed:.1f} m/s, {rate:.1f} m/s²")
    return f"<title>{escape(chr(10).join(lines))}</title>"


def _at(point: Sequence[float] | F64) -> str:
    return f"{float(point[0]):.1f} {float(point[1]):.1f}"


def _near(point: Sequence[float] | F64, labels: FrameLabels) -> bool:
    """Say whether a point lies near enough to the picture for a line to be drawn to it."""
    limit = _BEYOND * max(labels.camera.width, labels.camera.height)
    return bool(np.isfinite(point).all() and np.abs(point).max() < limit)
