"""Draws and counts the silhouettes of a view's actors."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.records import Silhouette
from scenegen.render.gpu_scene import GpuScene
from scenegen.render.lens_pass import LensPass
from scenegen.render.passes import Passes
from scenegen.render.silhouettes import Cell, Extents, measure, pack
from scenegen.render.view import View


class SilhouettePass:
    """Owns the atlas, which grows with the largest picture."""

    def __init__(self, context: Any, passes: Passes | LensPass) -> None:
        self._context = context
        self._passes = passes
        self._atlas: tuple[Any, Any] | None = None

    def draw(
        self, scene: GpuScene, vertex_array: Any, view: View, instance: npt.NDArray[np.uint16]
    ) -> dict[int, Silhouette]:
        """Return the silhouettes of every actor with at least one visible pixel."""
        camera = view.camera
        picked: dict[int, npt.NDArray[np.int64]] = {}
        cells = []
        extents = Extents(camera, whole=view.motion is not None)
        for number in np.flatnonzero(np.bincount(instance.ravel())).tolist():
            if number == 0:
                continue
            area = extents.of(view.corners(scene.boxes, scene.drawables_of[number]))
            if area is not None:
                left, top, right, bottom = area
                cells.append(Cell(number, left, top, right - left, bottom - top))
                picked[number] = np.flatnonzero(scene.runs.instance == number)
        width, height = 3 * camera.width, 3 * camera.height
        found: dict[int, Silhouette] = {}
        for sheet in pack(cells, width, height):
            wide, used = (max(reach) for reach in zip(*(cell.ends for cell in sheet), strict=True))
            target = self._sized(width, height)
            target.viewport = target.scissor = (0, 0, wide, used)
            target.use()
            target.clear()
            self._passes.begin_silhouettes(view)
            for cell in sheet:
                self._passes.draw_silhouette(
                    scene, vertex_array, picked[cell.instance_id], (cell, camera)
                )
            target.scissor = None
            pixels = np.empty((used, wide), dtype=np.uint8)
            target.read_into(pixels, viewport=(0, 0, wide, used), components=1, alignment=1)
            for cell in sheet:
                silhouette = measure(cell, pixels, instance)
                if silhouette is not None:
                    found[cell.instance_id] = silhouette
        return dict(sorted(found.items()))

    def _sized(self, width: int, height: int) -> Any:
        """Return an atlas of at least this size."""
        if self._atlas is not None:
            texture, target = self._atlas
            if texture.size[0] >= width and texture.size[1] >= height:
                return target
            self.release()
        texture = self._context.texture((width, height), 1, dtype="f1")
        self._atlas = texture, self._context.framebuffer([texture])
        return self._atlas[1]

    def release(self) -> None:
        """Free the atlas."""
        if self._atlas is not None:
            texture, target = self._atlas
            target.release()
            texture.release()
            self._atlas = None
