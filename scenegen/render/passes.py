"""The passes over one frame, in the order in which they run.

shadow -> geometry (truth) -> contact occlusion -> lighting -> reflection -> glow -> tone ->
smoothing. Silhouettes are apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.geometry import Camera
from scenegen.records.concrete import Weather
from scenegen.records.taxonomy import CLASS_BY_NAME
from scenegen.render import culling, programs
from scenegen.render.gpu_scene import GpuScene
from scenegen.render.shadow_pass import ShadowPass
from scenegen.render.silhouettes import Cell
from scenegen.render.targets import Targets
from scenegen.render.view import (
    MARGIN,
    View,
    margin_from_camera,
    margin_offset,
    picture_from_camera,
)

_LIGHT_BLOCK, _SPOTS, _BOXES = 0, 1, 2
_MOST_RECORDS = 64
_RECORD_BYTES = 64
_SKY_IDS = CLASS_BY_NAME["sky"].id << 16


class Passes:
    """Programs, shadow map and small buffers: what outlives a scene."""

    def __init__(self, context: Any) -> None:
        self._context = context
        self._owned: list[Any] = []
        own = self._own
        for name in ("background", "reflection", "glow", "blur", "tone", "smooth"):
            setattr(self, f"_{name}", self._screen_program(f"{name}.frag"))
        self._lighting = {
            (shadow, wet): self._screen_program(
                "lighting.frag", shadow * ("SHADOW",) + wet * ("WET",)
            )
            for shadow in (False, True)
            for wet in (False, True)
        }
        self._tone_rain = self._screen_program("tone.frag", ("RAIN",))
        self.geometry = own(programs.build(context, "geometry.vert", "geometry.frag"))
        self.silhouette = own(programs.build(context, "silhouette.vert", "silhouette.frag"))
        self._contact = own(programs.build(context, "occlusion.vert", "occlusion.frag"))
        self._contact_boxes = own(context.vertex_array(self._contact, []))
        self.shadows = own(ShadowPass(context))
        self._light = own(context.buffer(reserve=1024))
        self._spots = own(context.buffer(reserve=_MOST_RECORDS * _RECORD_BYTES))
        self._boxes = own(context.buffer(reserve=_MOST_RECORDS * _RECORD_BYTES))
        programs.assign(self._background[0], sky_ids=_SKY_IDS)

    _background: tuple[Any, Any]
    _reflection: tuple[Any, Any]
    _glow: tuple[Any, Any]
    _blur: tuple[Any, Any]
    _tone: tuple[Any, Any]
    _smooth: tuple[Any, Any]

    def _own(self, resource: Any) -> Any:
        self._owned.append(resource)
        return resource

    def _screen_program(self, fragment: str, defines: tuple[str, ...] = ()) -> tuple[Any, Any]:
        """Return a program that runs over a whole picture, and its empty vertex array."""
        program = self._own(programs.build(self._context, "screen.vert", fragment, defines))
        return program, self._own(self._context.vertex_array(program, []))

    def release(self) -> None:
        """Free every OpenGL object of the passes."""
        while self._owned:
            self._owned.pop().release()

    def write_light(
        self,
        block: npt.NDArray[np.void],
        spots: npt.NDArray[np.void],
        boxes: npt.NDArray[np.void],
    ) -> None:
        """Store a frame's light, spots and footprints, and bind them."""
        self._light.write(block)
        self._light.bind_to_uniform_block(_LIGHT_BLOCK)
        for buffer, table, binding in (
            (self._spots, spots, _SPOTS),
            (self._boxes, boxes, _BOXES),
        ):
            if len(table):
                buffer.write(table)
            buffer.bind_to_uniform_block(binding)

    def draw_geometry(
        self, scene: GpuScene, vertex_array: Any, view: View, targets: Targets, textures: Any
    ) -> None:
        """Draw the truth and what lighting needs."""
        context, camera = self._context, view.camera
        size = (camera.width, camera.height)
        targets.depth_only.use()
        targets.depth_only.clear(depth=1.0)
        self._screen(targets.geometry, self._background, size)
        target = targets.geometry
        target.viewport = (
            -margin_offset(size[0]),
            -margin_offset(size[1]),
            MARGIN * size[0],
            MARGIN * size[1],
        )
        target.scissor = (0, 0, *size)
        target.use()
        context.enable_only(context.DEPTH_TEST | context.CULL_FACE)
        context.front_face = "cw"  # the picture's rows run downward
        textures.use(0)
        programs.assign(
            self.geometry,
            textures=0,
            clip_from_camera=_columns(margin_from_camera(camera)),
            intrinsics=(camera.fx, camera.fy, camera.cx, camera.cy),
        )
        seen = view.shown & culling.visible(picture_from_camera(camera), view.corners)
        picked = np.flatnonzero(seen)
        picked = picked[culling.front_to_back(view.corners[picked])]
        self._draw(scene, vertex_array, picked)
        target.scissor = None

    def _draw(self, scene: GpuScene, vertex_array: Any, picked: npt.NDArray[np.int64]) -> None:
        """Draw closed surfaces from outside only, and leaves and cloth from both sides."""
        context = self._context
        both = scene.two_sided[picked]
        context.enable(context.CULL_FACE)
        scene.draw(vertex_array, picked[~both])
        context.disable(context.CULL_FACE)
        scene.draw(vertex_array, picked[both])

    def draw_light(
        self,
        view: View,
        targets: Targets,
        boxes: int,
        weather: Weather,
        clouds: Any,
        *,
        shadowed: bool,
    ) -> None:
        """Draw the colour picture from the geometry."""
        size = (view.camera.width, view.camera.height)
        self._draw_contact(view, targets, boxes)
        targets.normal_depth.use(0)
        targets.surface.use(1)
        targets.open.use(2)
        clouds.use(4)
        wet, rain = weather.wetness > 0.0, weather.rain_mmph > 0.0
        lighting = self._lighting[shadowed, wet]
        programs.assign(lighting[0], normal_depth=0, surface=1, occlusion=2, cloud_noise=4)
        if shadowed:
            self.shadows.map.use(3)
            programs.assign(lighting[0], shadow_map=3)
        self._screen(targets.lighting, lighting, size)
        lit = targets.lit
        if wet:
            lit.use(1)
            programs.assign(self._reflection[0], normal_depth=0, lit_picture=1)
            self._screen(targets.reflection, self._reflection, size)
            lit = targets.mirrored
        lit.use(1)
        self._draw_glow(targets)
        targets.glow[0].use(2)
        tone = self._tone_rain if rain else self._tone
        programs.assign(tone[0], lit_picture=1, glow=2)
        if rain:
            programs.assign(tone[0], normal_depth=0)
        self._screen(targets.tone, tone, size)
        targets.shown.use(0)
        programs.assign(self._smooth[0], picture=0)
        self._screen(targets.final, self._smooth, size)

    def _draw_contact(self, view: View, targets: Targets, boxes: int) -> None:
        context, camera = self._context, view.camera
        targets.occlusion.viewport = (0, 0, camera.width, camera.height)
        targets.occlusion.use()
        targets.occlusion.clear(1.0, 1.0, 1.0, 1.0)
        if not boxes:
            return
        context.enable_only(context.CULL_FACE | context.BLEND)
        context.front_face = "cw"
        context.cull_face = "front"  # the camera may stand inside
        context.blend_func = context.ZERO, context.SRC_COLOR
        targets.normal_depth.use(0)
        programs.assign(
            self._contact, normal_depth=0, clip_from_camera=_columns(picture_from_camera(camera))
        )
        self._contact_boxes.render(vertices=36, instances=boxes)
        context.cull_face = "back"
        context.blend_func = context.ONE, context.ZERO

    def _draw_glow(self, targets: Targets) -> None:
        """Gather and blur what shines, leaving the result in the first glow picture."""
        size = targets.glow[0].size
        programs.assign(self._glow[0], lit_picture=1)
        self._screen(targets.glowing[0], self._glow, size)
        for source, along in ((0, (1, 0)), (1, (0, 1))):
            targets.glow[source].use(2)
            programs.assign(self._blur[0], picture=2, along=along)
            self._screen(targets.glowing[1 - source], self._blur, size)

    def _screen(self, target: Any, program: tuple[Any, Any], size: tuple[int, int]) -> None:
        """Run a fragment program over a whole picture."""
        target.viewport = (0, 0, *size)
        target.scissor = None
        target.use()
        self._context.enable_only(self._context.NOTHING)
        program[1].render(vertices=3)

    @contextmanager
    def silhouettes(self, atlas: Any, view: View, height: int) -> Iterator[None]:
        """Prepare the atlas, of which `height` rows are used, for `draw_silhouette`."""
        atlas.viewport = (0, 0, atlas.size[0], height)
        atlas.scissor = (0, 0, atlas.size[0], height)
        atlas.use()
        atlas.clear()
        self._context.enable_only(self._context.CULL_FACE)
        self._context.front_face = "cw"
        matrix = margin_from_camera(view.camera)
        programs.assign(self.silhouette, clip_from_camera=_columns(matrix))
        yield
        atlas.scissor = None

    def draw_silhouette(
        self,
        scene: GpuScene,
        vertex_array: Any,
        picked: npt.NDArray[np.int64],
        place: tuple[Cell, Camera],
    ) -> None:
        """Draw an actor alone into its cell of the atlas, shifted by whole pixels."""
        cell, camera = place
        context = self._context
        context.viewport = (
            cell.x - cell.left - margin_offset(camera.width),
            cell.y - cell.top - margin_offset(camera.height),
            MARGIN * camera.width,
            MARGIN * camera.height,
        )
        context.scissor = (cell.x, cell.y, cell.width, cell.height)
        self._draw(scene, vertex_array, picked)


def _columns(matrix: npt.NDArray[np.float64]) -> bytes:
    """A matrix as OpenGL takes it."""
    return matrix.T.astype("<f4").tobytes()
