"""Labels of motion and behaviour drawn over a picture: where things go, and what they are up to."""

from __future__ import annotations

import cv2
import numpy as np

from scenegen.records.base import F64
from scenegen.records.labels import FrameLabels, ObjectLabel, SignalLabel
from scenegen.records.motion_labels import ContactLabel, PairLabel
from scenegen.report.colors import Image, Rgb, category_colour
from scenegen.report.overlay import draw_boxes, draw_signals, put_text

VELOCITY_S = 1.0
"""A velocity's arrow is as long as the way in this time; an acceleration's, its change of way."""
LIFT_M = 0.15
_WHITE, _ORANGE, _RED = (255, 255, 255), (255, 150, 40), (255, 70, 60)
_LINE_PX, _SIZE = 12, 0.36
_LEAST_PX = 14  # lower boxes go without words


def draw_motion(image: Image, labels: FrameLabels, scale: float = 1.0) -> Image:
    """Draw what follows from the run: an arrow for velocities (white) and accelerations (orange).

    Beside each box: its lane as seen from the ego's, what is switched on, the right of way,
    intention, and what it is to the ego; above signals what they show next, and when; at the
    bottom the ego's lane, acceleration and controls; a star where a contact has begun.

    Parameters
    ----------
    image : ndarray, shape (H, W, 3), uint8
    labels : FrameLabels
    scale : float
        px drawn per px labelled.
    """
    result = draw_signals(image, labels.signals, scale)
    result = draw_boxes(result, labels.objects, scale, captions=False)
    with_ego = labels.pairs_with_ego
    for label in sorted(labels.objects, key=lambda o: -o.distance_m):
        foot = np.array(label.position_world_m) + np.array([0.0, 0.0, LIFT_M])
        velocity = np.array(label.velocity_world_mps) * VELOCITY_S
        rate = 0.5 * np.array(label.acceleration_world_mps2 or (0.0,) * 3) * VELOCITY_S**2
        rate[2] = 0.0  # being lifted over a kerb would stand out
        _arrow(result, labels, foot, foot + velocity, _WHITE, scale)
        _arrow(result, labels, foot + velocity, foot + velocity + rate, _ORANGE, scale)
    for label in sorted(labels.objects, key=lambda o: -o.distance_m):
        x, top, _, bottom = (v * scale for v in label.box2d_visible)
        if bottom - top > _LEAST_PX:
            lines = words_of(label, with_ego.get(label.instance_id))
            _block(result, lines, (x, bottom + 2), category_colour(label.category))
    for signal in labels.signals:
        if signal.position_px is None or signal.countdown_s is None:
            continue
        x, y = (v * scale for v in signal.position_px)
        if 0 <= x < result.shape[1] and 0 <= y < result.shape[0]:
            _block(result, [_countdown(signal)], (x + 9, y - 6), _WHITE)
    for contact in labels.contacts or []:
        _burst(result, labels, contact, scale)
    _block(result, [_ego_words(labels)], (2, result.shape[0] - _LINE_PX - 4), _WHITE)
    return result


def words_of(label: ObjectLabel, pair: PairLabel | None) -> list[str]:
    """Return what is said beside an object, a line for each kind of label that it has."""
    lines = []
    if label.lane is not None:
        index = label.lane.index
        where = "" if index is None else f" {index:+d}" if index else " 0"
        lines.append(f"lane {label.lane.id}{where}")
    if label.lamps_on:
        lines.append(" ".join(label.lamps_on))
    if label.right_of_way in ("has", "yields"):
        lines.append(f"right of way: {label.right_of_way}")
    if label.intention is not None:
        told, until = label.intention, label.intention.time_to_crossing_s
        words = [] if until is None else [f"crosses in {until:.1f} s" if until else "crosses"]
        words += [w for w in ("hesitating", "distracted") if getattr(told, w)]
        words.append("saw ego" if told.seen_ego else "unaware")
        lines.append(", ".join(words))
    if pair is not None:
        numbers = (("ttc", pair.ttc_s), ("pet", pair.pet_s))
        lines += [" ".join(f"{k} {v:.1f} s" for k, v in numbers if v is not None)]
    return [line for line in lines if line]


def _burst(image: Image, labels: FrameLabels, contact: ContactLabel, scale: float) -> None:
    """Mark where two bodies have begun to touch, if that place is in the picture."""
    place = np.array([contact.position_world_m])
    (u, v) = (labels.moving_camera().project(place).pixels[0] * scale - 0.5).tolist()
    if 0 <= u < image.shape[1] and 0 <= v < image.shape[0]:
        cv2.drawMarker(image, (round(u), round(v)), _RED, cv2.MARKER_STAR, 16, 2, cv2.LINE_AA)
        other = f"{contact.a} on {contact.b}" if contact.b else f"{contact.a} on what stands"
        _block(image, [f"{other}, {contact.closing_speed_mps:.1f} m/s"], (u + 10, v - 20), _RED)


def _countdown(signal: SignalLabel) -> str:
    return f"{signal.next_state} in {signal.countdown_s:.1f} s"


def _ego_words(labels: FrameLabels) -> str:
    ego, controls = labels.ego, labels.ego.controls
    ahead = np.array(ego.world_from_body)[:3, 0]
    words = f"ego: lane {ego.lane}"
    if ego.acceleration_world_mps2 is not None:
        words += f", {float(ahead @ np.array(ego.acceleration_world_mps2)):+.1f} m/s2 ahead"
    if controls is not None:
        words += f", steer {np.degrees(controls.steer_rad):+.1f} deg"
        words += f", throttle {controls.throttle:.0%}, brake {controls.brake:.0%}"
    return words


def _arrow(
    image: Image, labels: FrameLabels, a_m: F64, b_m: F64, colour: Rgb, scale: float
) -> None:
    """Draw an arrow between world points (3,), if both ends have an image."""
    ends = labels.moving_camera().project(np.stack([a_m, b_m])).pixels * scale - 0.5
    limit = 4.0 * max(image.shape[:2])
    if not np.isfinite(ends).all() or np.abs(ends).max() > limit:
        return
    start, end = ((round(x), round(y)) for x, y in ends.tolist())
    if np.hypot(*np.subtract(end, start)) >= 3.0:
        cv2.arrowedLine(image, start, end, colour, 2, cv2.LINE_AA, tipLength=0.2)


def _block(image: Image, lines: list[str], corner: tuple[float, float], colour: Rgb) -> None:
    """Write lines on a darkened plate whose upper left corner is given, within the picture."""
    if not lines:
        return
    sizes = [cv2.getTextSize(line, cv2.FONT_HERSHEY_SIMPLEX, _SIZE, 1)[0] for line in lines]
    width, height = max(w for w, _ in sizes) + 4, _LINE_PX * len(lines) + 3
    x = int(np.clip(corner[0], 0, max(image.shape[1] - width, 0)))
    y = int(np.clip(corner[1], 0, max(image.shape[0] - height, 0)))
    plate = image[y : y + height, x : x + width]
    plate[:] = (plate * 0.3 + np.array(colour) * 0.08).astype(np.uint8)
    for k, line in enumerate(lines):
        put_text(image, line, (x + 2, y + _LINE_PX * (k + 1) - 2), _lighter(colour), _SIZE)


def _lighter(colour: Rgb) -> Rgb:
    red, green, blue = (round(255 - 0.35 * (255 - v)) for v in colour)
    return (red, green, blue)
