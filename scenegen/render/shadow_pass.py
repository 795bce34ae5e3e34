"""Draws the shadow map: what stands still once, what moves in every frame.

A cascade's view changes by coarse steps only (see `shadows`), and what stands still is
drawn in the light's own frame, so the kept depths depend on the step and not on the
frame that first asked for them: frames come out the same in any order. Where something moved,
the map is patched from what stands still before the next frame is drawn.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64
from scenegen.render import culling, programs
from scenegen.render.context import copy_texture
from scenegen.render.gpu_scene import GpuScene
from scenegen.render.light_pass import DEPTH_CLAMP
from scenegen.render.shadows import Cascade
from scenegen.render.view import View, picture_from_camera

_LEAST_TEXELS = 4.0
"""Casters that span less in both directions are left out."""
_INNER = 0.95
"""Of a cascade, up to where nothing that falls there is looked up in the next one."""
_ROWS_BYTES = 48
Rectangle = tuple[int, int, int, int]
"""Left, top, width and height, in texels."""


class ShadowPass:
    """The shadow map of both cascades side by side, and what draws it."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._program = programs.build(context, "shadow.vert", "shadow.frag")
        self._texels = 0
        self._targets: list[Any] = []
        self._keys: list[object] = [None, None]
        self._patches: list[Rectangle | None] = [None, None]
        self._scene: GpuScene | None = None

    def _resize(self, texels: int) -> None:
        self._release_maps()
        self._texels = texels
        self.map, self._still = (self._depth_map() for _ in range(2))
        self._targets = [self._context.framebuffer([], t) for t in (self.map, self._still)]

    def _depth_map(self) -> Any:
        texture = self._context.depth_texture((2 * self._texels, self._texels))
        texture.compare_func = "<="
        texture.filter = (self._context.LINEAR, self._context.LINEAR)
        texture.repeat_x = texture.repeat_y = False
        return texture

    def load(self, scene: GpuScene, texels: int) -> None:
        """Take a scene, whose `release` frees what is made for it here.

        Parameters
        ----------
        scene : GpuScene
        texels : int
            Along each side of a cascade's map.
        """
        if texels != self._texels:
            self._resize(texels)
        self._scene = scene
        self._keys = [None, None]
        parts = len(scene.scene.part_object)
        self._poses = scene.own(self._context.buffer(reserve=_ROWS_BYTES * parts))
        self._vertex_array = scene.own(
            self._context.vertex_array(
                self._program,
                [
                    (scene.places, "3f", "in_position"),
                    (self._poses, "4f 4f 4f/i", "in_row_x", "in_row_y", "in_row_z"),
                ],
                index_buffer=scene.outlines,
                index_element_size=4,
            )
        )

    def draw(self, view: View, shadows: tuple[Cascade, ...]) -> None:
        """Bring the map up to date for a view."""
        scene = self._scene
        assert scene is not None
        context = self._context
        still = scene.still[scene.part]
        context.front_face = "ccw"
        context.polygon_offset = 1.5, 2.0
        context.enable_only(context.DEPTH_TEST | context.CULL_FACE)
        context.enable_direct(DEPTH_CLAMP)
        moving = ~still & view.valid[scene.object]
        # The map of what stands still serves other views too, which see other shadows.
        away = shadows[0].clip_from_camera[2, :3]
        picture = picture_from_camera(view.camera)
        moving &= scene.boxes.visible(picture, view.camera_from_parts, away)
        world_from_parts = view.world_from_camera @ view.camera_from_parts
        for index, cascade in enumerate(shadows):
            if self._keys[index] != cascade.key:
                self._keys[index] = cascade.key
                self._patches[index] = self._half(index)
                poses = cascade.clip_from_world @ scene.still_world_from_parts
                self._draw_into(self._targets[1], index, poses, still, clear=True)
            patch = self._patches[index]
            if patch is not None:
                copy_texture(self._still, self.map, patch)
            poses = cascade.clip_from_world @ world_from_parts
            self._patches[index] = self._draw_into(
                self._targets[0], index, poses, moving, clear=False
            )
            # What a nearer cascade holds whole, no one looks up in the next.
            low, high = scene.boxes.spans(poses, slice(2))
            moving &= (low < -_INNER).any(axis=1) | (high > _INNER).any(axis=1)
        self._targets[0].scissor = None
        context.polygon_offset = 0.0, 0.0
        context.disable_direct(DEPTH_CLAMP)

    def _draw_into(
        self,
        target: Any,
        index: int,
        clip_from_parts: F64,
        chosen: npt.NDArray[np.bool_],
        *,
        clear: bool,
    ) -> Rectangle | None:
        """Draw the chosen drawables (D,) into one cascade's half of a map; return where."""
        scene = self._scene
        assert scene is not None
        half = self._half(index)
        low, high = scene.boxes.spans(clip_from_parts, slice(2))
        casts = chosen & scene.shades
        casts &= culling.casts_into(low, high, 2.0 * _LEAST_TEXELS / self._texels)
        picked = np.flatnonzero(scene.runs.any(casts))
        if not (clear or len(picked)):
            return None
        target.viewport = target.scissor = half
        target.use()
        if clear:
            target.clear(depth=1.0)
        self._poses.orphan()
        self._poses.write(clip_from_parts[:, :3].astype("<f4"))
        both = scene.runs.two_sided[picked]
        self._context.enable(self._context.CULL_FACE)
        scene.draw(self._vertex_array, picked[~both])
        self._context.disable(self._context.CULL_FACE)
        scene.draw(self._vertex_array, picked[both])
        drawn = np.isin(scene.part, scene.runs.part[picked])
        if not drawn.any():
            return None
        return _texels(low[drawn].min(axis=0), high[drawn].max(axis=0), half)

    def _half(self, index: int) -> Rectangle:
        return (index * self._texels, 0, self._texels, self._texels)

    def _release_maps(self) -> None:
        if self._targets:
            for resource in (*self._targets, self.map, self._still):
                resource.release()
        self._targets = []

    def release(self) -> None:
        """Free the maps and the program."""
        self._release_maps()
        self._program.release()


def _texels(lowest: F64, highest: F64, half: Rectangle) -> Rectangle | None:
    """Return the texels between two points (2,) of clip space; None if outside a cascade's half."""
    spans = []
    for low, high, start, size in zip(lowest, highest, half[:2], half[2:], strict=True):
        first = int(np.clip(np.floor((low + 1.0) / 2.0 * size) - 1, 0, size))
        last = int(np.clip(np.ceil((high + 1.0) / 2.0 * size) + 1, 0, size))
        if last <= first:
            return None
        spans.append((start + first, last - first))
    return spans[0][0], spans[1][0], spans[0][1], spans[1][1]
