"""A scene's buffers on the GPU."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64
from scenegen.records.taxonomy import Lamp
from scenegen.render.scene import RenderScene
from scenegen.render.textures import TextureArray

DRAWABLE_DTYPE = np.dtype(
    [
        ("part", "<u4"),
        ("material", "<u4"),
        ("ids", "<u4"),
        ("color", "<u4"),
        ("layer", "<i4"),
        ("two_sided", "<i4"),
        ("reserved", "<f4", (2,)),
    ]
)
MATERIAL_DTYPE = np.dtype([("gloss", "<f4", (4,)), ("emission", "<f4", (4,))])
COMMAND_DTYPE = np.dtype(
    [
        ("count", "<u4"),
        ("instances", "<u4"),
        ("first_index", "<u4"),
        ("base_vertex", "<i4"),
        ("base_instance", "<u4"),
    ]
)

DRAWABLES, POSES, MATERIALS, LIT = 0, 1, 2, 3
"""Binding points of the storage buffers."""


class GpuScene:
    """Vertex data, tables and poses of one scene; `release` frees all of it.

    Parameters
    ----------
    context : moderngl.Context
    scene : RenderScene
    textures : TextureArray
        Says which layer a material's texture is.
    """

    def __init__(self, context: Any, scene: RenderScene, textures: TextureArray) -> None:
        self.scene = scene
        drawables = scene.drawables
        self.part = np.array([d.part for d in drawables], dtype=np.int64)
        self.object = np.array([d.object for d in drawables], dtype=np.int64)
        self.instance = np.array([d.instance_id for d in drawables], dtype=np.int64)
        self.two_sided = np.array([scene.materials[d.material].two_sided for d in drawables])
        self.corners = _corners(scene)
        self._commands = _commands(scene)
        self._lamp, self._always = _lamps(scene)
        vertices = np.concatenate([scene.vertices, scene.normals, scene.uv], axis=1)
        self._owned: list[Any] = []
        self.vertices = self._own(context.buffer(np.ascontiguousarray(vertices, np.float32)))
        self.indices = self._own(context.buffer(np.ascontiguousarray(scene.faces, np.int32)))
        self.numbers = self._own(context.buffer(np.arange(len(drawables), dtype=np.uint32)))
        self._drawables = self._own(context.buffer(_drawable_table(scene, textures)))
        self._materials = self._own(context.buffer(_material_table(scene)))
        self.parts = len(scene.part_object)
        self._poses = self._own(context.buffer(reserve=self.parts * 2 * 48))
        self._lit = self._own(context.buffer(reserve=len(drawables) * 4))
        self._indirect = self._own(context.buffer(reserve=len(drawables) * COMMAND_DTYPE.itemsize))

    def _own(self, resource: Any) -> Any:
        self._owned.append(resource)
        return resource

    def vertex_array(self, context: Any, program: Any, *, positions_only: bool) -> Any:
        """Return a vertex array that feeds a program; the scene releases it."""
        names = ("in_position",) if positions_only else ("in_position", "in_normal", "in_uv")
        layout = "3f 20x" if positions_only else "3f 3f 2f"
        content = [(self.vertices, layout, *names), (self.numbers, "1u/i", "in_drawable")]
        return self._own(
            context.vertex_array(program, content, index_buffer=self.indices, index_element_size=4)
        )

    def bind(self) -> None:
        """Bind the storage buffers."""
        self._drawables.bind_to_storage_buffer(DRAWABLES)
        self._poses.bind_to_storage_buffer(POSES)
        self._materials.bind_to_storage_buffer(MATERIALS)
        self._lit.bind_to_storage_buffer(LIT)

    def write_poses(self, camera_from_parts: F64, next_camera_from_parts: F64) -> None:
        """Store the poses (P, 4, 4) of this frame and the next."""
        rows = np.concatenate([camera_from_parts[:, :3], next_camera_from_parts[:, :3]])
        self._poses.write(np.ascontiguousarray(rows, dtype=np.float32))

    def write_lamps(self, lamps: npt.NDArray[np.uint32]) -> None:
        """Store which drawables give off light, from the lit bits (O,) of the objects."""
        lit = self._always | ((lamps[self.object] & self._lamp) != 0)
        self._lit.write(lit.astype(np.float32))

    def draw(self, vertex_array: Any, drawables: npt.NDArray[np.int64]) -> None:
        """Draw some drawables in the given order with one call."""
        if len(drawables):
            commands = self._commands[drawables]
            self._indirect.orphan()
            self._indirect.write(commands)
            vertex_array.render_indirect(self._indirect, count=len(commands))

    def release(self) -> None:
        """Free every OpenGL object of the scene."""
        while self._owned:
            self._owned.pop().release()


def _corners(scene: RenderScene) -> F64:
    """Corners (D, 8, 3) of each drawable's box in its part's frame."""
    low = np.array([d.surface.vertices.min(axis=0) for d in scene.drawables], dtype=np.float64)
    high = np.array([d.surface.vertices.max(axis=0) for d in scene.drawables], dtype=np.float64)
    pick = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)])
    return np.where(pick[None] == 1, high[:, None], low[:, None])


def _commands(scene: RenderScene) -> npt.NDArray[np.void]:
    commands = np.zeros(len(scene.drawables), dtype=COMMAND_DTYPE)
    commands["count"] = [3 * len(d.surface.faces) for d in scene.drawables]
    commands["instances"] = 1
    commands["first_index"] = [3 * d.first_face for d in scene.drawables]
    commands["base_instance"] = np.arange(len(scene.drawables))
    return commands


def _lamps(scene: RenderScene) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.bool_]]:
    materials = [scene.materials[d.material] for d in scene.drawables]
    lamps = np.array([int(m.lamp) for m in materials], dtype=np.uint32)
    always = np.array([m.lamp == Lamp.NONE and max(m.emission_cdm2) > 0 for m in materials])
    return lamps, always


def _drawable_table(scene: RenderScene, textures: TextureArray) -> npt.NDArray[np.void]:
    table = np.zeros(len(scene.drawables), dtype=DRAWABLE_DTYPE)
    table["part"] = [d.part for d in scene.drawables]
    table["material"] = [d.material for d in scene.drawables]
    table["ids"] = [d.instance_id | d.semantic << 16 for d in scene.drawables]
    materials = [scene.materials[d.material] for d in scene.drawables]
    # The root keeps dark colours apart in 8 bits.
    colors = np.array([(*np.sqrt(m.base_color), m.roughness) for m in materials])
    levels = np.rint(np.clip(colors, 0.0, 1.0) * 255.0).astype(np.uint8)
    table["color"] = np.ascontiguousarray(levels).view("<u4")[:, 0]
    table["layer"] = [textures.layer(m.texture) for m in materials]
    table["two_sided"] = [m.two_sided for m in materials]
    return table


def _material_table(scene: RenderScene) -> npt.NDArray[np.void]:
    table = np.zeros(len(scene.materials), dtype=MATERIAL_DTYPE)
    for row, m in zip(table, scene.materials, strict=True):
        row["gloss"] = (0.0, m.metallic, float(m.wettable), 0.0)
        row["emission"][:3] = m.emission_cdm2
    return table
