"""Tells weather's programs about the room that it stays out of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scenegen.render import programs
from scenegen.roads.shelter import DRAGGED_M, DRIFTED_M

if TYPE_CHECKING:
    from scenegen.roads.shelter import Shelter


def room_words(room: Shelter | None, name: str = "ROOM") -> dict[str, bool | float]:
    """Return the symbols of a program with a room, or none without."""
    return {} if room is None else {name: True, "DRAGGED": DRAGGED_M, "DRIFTED": DRIFTED_M}


def assign_room(program: Any, room: Shelter | None) -> None:
    """Set the uniforms of shelter.glsl."""
    if room is not None:
        programs.assign(program, room_low=room.low_m, room_high=room.high_m)
