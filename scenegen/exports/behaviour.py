"""What labels say of motion and behaviour, as layouts without words of their own for it hold it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scenegen.records import FrameLabels, LaneLabel, ObjectLabel

_OF_OBJECTS = {
    *("acceleration_world_mps2", "angular_velocity_world_radps", "lane", "lamps_on"),
    *("right_of_way", "intention"),
}
_OF_FRAMES = {"ego", "signals", "signs", "pairs", "contacts"}


def object_behaviour(label: ObjectLabel) -> dict[str, Any]:
    """Return an object's motion and behaviour as JSON, under the labels' own names.

    What the labels lack, as those of earlier versions do, isn't there.
    """
    return _known(label.model_dump(mode="json", include=_OF_OBJECTS))


def frame_behaviour(labels: FrameLabels) -> dict[str, Any]:
    """Return the ego's state, signals, signs, pairs and contacts of a frame, likewise."""
    return _known(labels.model_dump(mode="json", include=_OF_FRAMES))


def flat(content: dict[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    """Go through what is known and has no keys of its own, called ``lane.id`` within another."""
    for key, value in content.items():
        if isinstance(value, dict):
            yield from flat(value, f"{prefix}{key}.")
        elif value is not None:
            yield f"{prefix}{key}", value


def line_facts(lane: LaneLabel) -> dict[str, Any]:
    """Return what a lane line is, without its points."""
    kept = {"id", "type", "color", "number", "width_m", "ego_index"}
    return lane.model_dump(mode="json", include=kept, exclude_none=True)


def _known(content: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if value is not None}
