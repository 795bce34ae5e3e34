"""Rain and snow in the air, drawn over the lit picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from scenegen.render import programs
from scenegen.render.screen import ScreenPrograms
from scenegen.render.sheltered import assign_room, room_words

if TYPE_CHECKING:
    from scenegen.records.base import F64
    from scenegen.render.falling import Falling
    from scenegen.render.view import View
    from scenegen.roads.shelter import Shelter

_SPOTS = 1
_AHEAD = 0.42
"""The box of drops lies so many sides ahead of the camera: what is behind it isn't seen."""
_SEED_STEP = 7919


@dataclass(frozen=True)
class Air:
    """What falls at a moment.

    Attributes
    ----------
    bodies : tuple of Falling
    time_s : float
    exposure_s : float
        So long the shutter is open.
    camera_velocity_mps : ndarray, shape (3,)
        World.
    seed : int
        The scene's own.
    """

    bodies: tuple[Falling, ...]
    time_s: float
    exposure_s: float
    camera_velocity_mps: F64
    seed: int


class FallPass(ScreenPrograms):
    """Programs that draw drops or flakes as one instanced strip."""

    def draw(
        self,
        view: View,
        target: Any,
        air: Air,
        clip_from_camera: bytes,
        spot_count: int,
        room: Shelter | None,
        *,
        shown: bool,
    ) -> None:
        """Blend what falls before the surfaces; the light block and the spots are bound.

        Parameters
        ----------
        target : moderngl.Framebuffer
        room : Shelter, optional
            In which nothing falls.
        shown : bool
            Whether it holds display values, and not light.
        """
        context = self._context
        target.viewport = (0, 0, view.camera.width, view.camera.height)
        target.use()
        context.enable_only(context.DEPTH_TEST | context.BLEND)
        context.blend_func = context.ONE, context.ONE_MINUS_SRC_ALPHA
        program, empty = self._program("fall", "fall", SHOWN=shown, **room_words(room))
        assign_room(program, room)
        ahead = view.world_from_camera[:3, 2]
        for number, bodies in enumerate(air.bodies):
            middle = view.world_from_camera[:3, 3] + _AHEAD * bodies.box_m * ahead
            sizes = (bodies.least_mm, bodies.slope_per_mm, bodies.largest_mm, bodies.swell)
            moment = (air.time_s, air.exposure_s, bodies.stands_for, float(bodies.snow))
            programs.assign(
                program,
                clip_from_camera=clip_from_camera,
                box=(bodies.box_m, *middle.tolist()),
                sizes=sizes,
                moment=moment,
                camera_velocity=tuple(air.camera_velocity_mps.tolist()),
                seed=(air.seed + number * _SEED_STEP) & 0xFFFFFFFF,
                spot_count=spot_count,
            )
            empty.render(context.TRIANGLE_STRIP, vertices=4, instances=bodies.count)
        context.blend_func = context.ONE, context.ZERO


def camera_velocity(view: View, seconds: float) -> F64:
    """Return how fast (3,) a view's camera moves until the next row, m/s; 0 if time stands."""
    way = view.next_world_from_camera[:3, 3] - view.world_from_camera[:3, 3]
    return np.asarray(way / seconds if seconds > 0.0 else np.zeros(3))
