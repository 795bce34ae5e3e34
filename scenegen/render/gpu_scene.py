"""A scene's buffers on the GPU."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.geometry import inverse
from scenegen.records.base import F64
from scenegen.records.taxonomy import Lamp
from scenegen.render.culling import Boxes
from scenegen.render.scene import RenderScene
from scenegen.render.textures import TextureArray

RECORD_DTYPE = np.dtype(
    [
        ("rows", "<f4", (3, 4)),  # camera_from_part, this frame
        ("next_rows", "<f4", (3, 4)),
        ("ids", "<u4"),  # instance | semantic << 16
        ("material", "<u4"),  # | lit << 31
        ("color", "<u4"),  # root of the base colour, and roughness
        ("finish", "<u4"),  # texture layer + 1 | metallic << 16 | wettable << 24
    ]
)
COMMAND_DTYPE = np.dtype(
    [
        ("count", "<u4"),
        ("instances", "<u4"),
        ("first_index", "<u4"),
        ("base_vertex", "<i4"),
        ("base_instance", "<u4"),
    ]
)

MATERIALS = 2
"""Binding point of the storage buffer."""
_ROWS = ("in_row_x", "in_row_y", "in_row_z")
_NEXT_ROWS = ("in_next_row_x", "in_next_row_y", "in_next_row_z")


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
        self.drawables_of = {
            int(number): np.flatnonzero(self.instance == number)
            for number in np.unique(self.instance)
            if number
        }
        self.two_sided = np.array([scene.materials[d.material].two_sided for d in drawables])
        self.boxes = _boxes(scene)
        self.still, self.still_world_from_parts = _standing(scene)
        self._commands = _commands(scene)
        self._lamp, self._always = _lamps(scene)
        vertices = np.concatenate([scene.vertices, scene.normals, scene.uv], axis=1)
        self._owned: list[Any] = []
        self.vertices = self.own(context.buffer(np.ascontiguousarray(vertices, np.float32)))
        self.indices = self.own(context.buffer(np.ascontiguousarray(scene.faces, np.int32)))
        self._table = _record_table(scene, textures)
        self._material = self._table["material"].copy()
        self._records = self.own(context.buffer(self._table))
        self._materials = self.own(context.buffer(_emissions(scene)))
        self._indirect = self.own(context.buffer(reserve=len(drawables) * COMMAND_DTYPE.itemsize))

    def own(self, resource: Any) -> Any:
        """Take a resource that `release` frees with the scene's own."""
        self._owned.append(resource)
        return resource

    def vertex_array(self, context: Any, program: Any, *, positions_only: bool) -> Any:
        """Return a vertex array that feeds a program; the scene releases it."""
        if positions_only:
            content = [
                (self.vertices, "3f 20x", "in_position"),
                (self._records, "4f 4f 4f 64x/i", *_ROWS),
            ]
        else:
            content = [
                (self.vertices, "3f 3f 2f", "in_position", "in_normal", "in_uv"),
                (self._records, "4f 4f 4f 4f 4f 4f 4u/i", *_ROWS, *_NEXT_ROWS, "in_tag"),
            ]
        return self.own(
            context.vertex_array(program, content, index_buffer=self.indices, index_element_size=4)
        )

    def bind(self) -> None:
        """Bind the storage buffer."""
        self._materials.bind_to_storage_buffer(MATERIALS)

    def write_frame(
        self,
        camera_from_parts: F64,
        next_camera_from_parts: F64,
        lamps: npt.NDArray[np.uint32],
    ) -> None:
        """Store the poses (P, 4, 4) of this frame and the next, and the lit lamps (O,)."""
        motion = next_camera_from_parts @ inverse(camera_from_parts)
        lit = self._always | ((lamps[self.object] & self._lamp) != 0)
        self._table["rows"] = camera_from_parts[self.part, :3]
        self._table["next_rows"] = motion[self.part, :3]
        self._table["material"] = self._material | lit.astype(np.uint32) << np.uint32(31)
        self._records.write(self._table)

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


def _boxes(scene: RenderScene) -> Boxes:
    """Return the box of each drawable in its part's frame."""
    low = np.array([d.surface.vertices.min(axis=0) for d in scene.drawables], dtype=np.float64)
    high = np.array([d.surface.vertices.max(axis=0) for d in scene.drawables], dtype=np.float64)
    return Boxes(low, high - low)


def _standing(scene: RenderScene) -> tuple[npt.NDArray[np.bool_], F64]:
    """Return which drawables (D,) stand still in every row, and the poses (P, 4, 4) of parts."""
    poses = scene.static_world_from_parts.copy()
    still_part = np.ones(len(poses), dtype=np.bool_)
    moving = scene.moving_world_from_parts
    if len(scene.moving_parts):
        still_part[scene.moving_parts] = (moving == moving[:1]).all(axis=(0, 2, 3))
        poses[scene.moving_parts] = moving[0]
    always = np.array([bool(o.valid.all()) for o in scene.objects])
    return (
        np.array([still_part[d.part] and always[d.object] for d in scene.drawables]),
        poses,
    )


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


def _record_table(scene: RenderScene, textures: TextureArray) -> npt.NDArray[np.void]:
    table = np.zeros(len(scene.drawables), dtype=RECORD_DTYPE)
    table["material"] = [d.material for d in scene.drawables]
    table["ids"] = [d.instance_id | d.semantic << 16 for d in scene.drawables]
    materials = [scene.materials[d.material] for d in scene.drawables]
    # The root keeps dark colours apart in 8 bits.
    colors = np.array([(*np.sqrt(m.base_color), m.roughness) for m in materials])
    levels = np.rint(np.clip(colors, 0.0, 1.0) * 255.0).astype(np.uint8)
    table["color"] = np.ascontiguousarray(levels).view("<u4")[:, 0]
    table["finish"] = [
        textures.layer(m.texture) + 1 | round(255 * m.metallic) << 16 | int(m.wettable) << 24
        for m in materials
    ]
    return table


def _emissions(scene: RenderScene) -> npt.NDArray[np.float32]:
    return np.array([(*m.emission_cdm2, 0.0) for m in scene.materials], dtype="<f4")
