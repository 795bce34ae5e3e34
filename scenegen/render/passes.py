"""The passes over one frame: shadow map, geometry (truth), light. Silhouettes are apart."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.geometry import Camera
from scenegen.render import programs
from scenegen.render.context import clear
from scenegen.render.gpu_scene import GpuScene
from scenegen.render.lamp_shadows import LampShadows
from scenegen.render.light_pass import LightPass
from scenegen.render.owner import Owner
from scenegen.render.screen import draw_screen
from scenegen.render.shadow_pass import ShadowPass
from scenegen.render.silhouettes import Cell
from scenegen.render.targets import Targets
from scenegen.render.view import (
    MARGIN,
    View,
    lens,
    margin_from_camera,
    margin_offset,
    picture_from_camera,
)


class Passes(Owner):
    """Programs, shadow map and small buffers: what outlives a scene."""

    def __init__(self, context: Any) -> None:
        super().__init__()
        self._context = context
        own = self.own
        self.geometry = tuple(
            own(programs.build(context, "geometry.vert", "geometry.frag", defines))
            for defines in ((), ("TEXTURED",))
        )
        """Without and with textures: fetching texels for nothing is a fifth of the pass."""
        self._nothing = own(programs.build(context, "screen.vert", "nothing.frag"))
        self._fill = own(context.vertex_array(self._nothing, []))
        self.silhouette = own(programs.build(context, "silhouette.vert", "silhouette.frag"))
        self.shadows = own(ShadowPass(context))
        self.lamp_shadows = own(LampShadows(context))
        self.light = own(LightPass(context))

    def draw_geometry(
        self,
        scene: GpuScene,
        vertex_arrays: tuple[Any, ...],
        view: View,
        targets: Targets,
        textures: Any,
    ) -> None:
        """Draw the truth and what lighting needs; vertex arrays as `geometry`."""
        context, camera = self._context, view.camera
        size = (camera.width, camera.height)
        target = targets.geometry
        target.viewport = (0, 0, *size)
        target.use()
        clear(())
        context.enable_only(context.DEPTH_TEST | context.CULL_FACE)
        context.front_face = "cw"  # the picture's rows run downward
        textures.use(0)
        programs.assign(self.geometry[1], textures=0)
        clip = picture_from_camera(camera)
        seen = scene.runs.any(scene.boxes.visible(clip, view.camera_from_parts))
        depth = scene.runs.mean(scene.boxes.middles(view.camera_from_parts)[:, 2])
        picked = np.flatnonzero(view.shown & seen)
        # From front to back by their middles: then little is drawn over.
        picked = picked[np.argsort(depth[picked], kind="stable")]
        for textured, (program, vertex_array) in enumerate(
            zip(self.geometry, vertex_arrays, strict=True)
        ):
            programs.assign(program, lens=lens(clip))
            some = picked[scene.runs.textured[picked] == bool(textured)]
            self._draw(scene, vertex_array, some)
        programs.assign(self._nothing, no_surface=len(scene.part))
        context.depth_func = "=="
        draw_screen(context, target, self._fill, size, context.DEPTH_TEST)
        context.depth_func = "<"

    def _draw(self, scene: GpuScene, vertex_array: Any, picked: npt.NDArray[np.int64]) -> None:
        """Draw closed surfaces from outside only, and leaves and cloth from both sides."""
        context = self._context
        both = scene.runs.two_sided[picked]
        context.enable(context.CULL_FACE)
        scene.draw(vertex_array, picked[~both])
        context.disable(context.CULL_FACE)
        scene.draw(vertex_array, picked[both])

    def begin_silhouettes(self, view: View) -> None:
        """Prepare for `draw_silhouette`."""
        self._context.enable_only(self._context.CULL_FACE)
        self._context.front_face = "cw"
        programs.assign(self.silhouette, lens=lens(margin_from_camera(view.camera)))

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
