"""A scene's buffers on the GPU."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.geometry import Camera, inverse
from scenegen.records import Pieces
from scenegen.records.base import F64
from scenegen.records.taxonomy import CLASS_BY_NAME, Lamp
from scenegen.render.culling import Boxes
from scenegen.render.owner import Owner
from scenegen.render.runs import faces_in_order, runs_of
from scenegen.render.scene import RenderScene
from scenegen.render.textures import TextureArray
from scenegen.render.welding import welded

POSE_DTYPE = np.dtype(
    [
        ("rows", "<f4", (3, 4)),  # camera_from_part, this frame
        ("next_rows", "<f4", (3, 4)),  # next pixel from this one, homogeneous in its depth
    ]
)
TAG_DTYPE = np.dtype(
    [
        # drawable | translucent << 19 | metallic << 20 | wettable << 28 | may shine << 29
        # | through its texture << 31
        ("surface", "<u4"),
        ("color", "<u4"),  # root of the base colour, and roughness
        ("layer", "<u4"),  # of the texture, from 1; 0 for none
    ]
)
VERTEX_DTYPE = np.dtype([("surface", "<f4", (8,)), ("tag", TAG_DTYPE)])
"""Position, normal and texture coordinates; and what is one for the whole drawable."""

DRAWABLE = (1 << 19) - 1
"""Mask of a drawable's index. Pixels without a surface hold the number of drawables."""

EMISSIONS = 2
"""Binding point of the storage buffer."""
_SKY_IDS = CLASS_BY_NAME["sky"].id << 16
_STILL = 0.01
"""What no number of a pose, m or cosines, changes by stands still as far as shadows can show."""
_SURFACE = {"in_position": "3f", "in_normal": "3f", "in_uv": "2f", "in_tag": "3u"}
_POSE = {f"in_{rows}_{axis}": "4f" for rows in ("row", "next_row") for axis in ("x", "y", "z")}


class GpuScene(Owner):
    """Vertex data, tables and poses of one scene; `release` frees all of it.

    Parameters
    ----------
    context : moderngl.Context
    scene : RenderScene
    textures : TextureArray
        Says which layer a material's texture is.

    Attributes
    ----------
    part, object : ndarray, shape (D,)
        Of each drawable.
    ids : ndarray, shape (D + 1,)
        Instance | semantic << 16 of each drawable, and of the sky.
    runs : Runs
    drawables_of : dict
        The drawables of each instance.
    boxes : Boxes
    shades : ndarray, shape (D,), bool
        Which throw shadows.
    places, outlines : moderngl.Buffer
        Positions alone, and the faces between them, for shadows and silhouettes.
    still, still_world_from_parts : ndarray, shape (P,) and (P, 4, 4)
        Which parts never move so that shadows show it, and where they stand.
    """

    def __init__(self, context: Any, scene: RenderScene, textures: TextureArray) -> None:
        super().__init__()
        self.scene = scene
        drawables = scene.drawables
        self.part = np.array([d.part for d in drawables], dtype=np.int64)
        self.object = np.array([d.object for d in drawables], dtype=np.int64)
        self.runs = runs_of(scene)
        instance = np.array([d.instance_id for d in drawables], dtype=np.int64)
        self.drawables_of = {
            int(number): np.flatnonzero(instance == number)
            for number in np.unique(instance)
            if number
        }
        self.ids = np.array(
            [*(d.instance_id | d.semantic << 16 for d in drawables), _SKY_IDS], dtype=np.uint32
        )
        self._pieces = (
            np.append(instance, 0).astype(np.uint16),
            np.array([*(d.piece for d in drawables), 0], dtype=np.int32),
            np.array([*(scene.objects[d.object].prop for d in drawables), -1], dtype=np.int32),
        )
        self.boxes = _boxes(scene)
        self.still, self.still_world_from_parts = standing(scene)
        self.shades = np.array([scene.materials[d.material].shades for d in drawables])
        self._lamp, self._always = _lamps(scene)
        vertices = np.empty(len(scene.vertices), dtype=VERTEX_DTYPE)
        vertices["surface"] = np.concatenate([scene.vertices, scene.normals, scene.uv], axis=1)
        vertices["tag"] = _tags(scene, textures)[scene.vertex_drawable]
        faces = faces_in_order(scene, self.runs)
        self._vertices = self.own(context.buffer(vertices))
        self._faces = self.own(context.buffer(faces))
        kept, number = welded(scene.vertices, self.part[scene.vertex_drawable])
        self.places = self.own(context.buffer(scene.vertices[kept]))
        self.outlines = self.own(context.buffer(number[faces]))
        self._emission = _emissions(scene)
        self._table = np.zeros(len(scene.part_object), dtype=POSE_DTYPE)
        self._poses = self.own(context.buffer(self._table))
        self._groups = self.own(context.buffer(reserve=4 * len(scene.part_object)))
        self._shining = self.own(context.buffer(self._emission))
        self._indirect = self.own(context.buffer(reserve=self.runs.commands.nbytes))

    def pieces(self, drawable: npt.NDArray[np.uint32]) -> Pieces:
        """Return what a picture (H, W) of drawables shows the pieces of."""
        return Pieces(drawable, *self._pieces)

    def vertex_array(self, context: Any, program: Any) -> Any:
        """Return a vertex array that feeds a program what it reads; the scene releases it."""
        bare = not any(name in program for name in _SURFACE if name != "in_position")
        content = [
            (self.places, "3f", "in_position")
            if bare
            else _content(program, self._vertices, _SURFACE, ""),
            _content(program, self._poses, _POSE, "/i"),
        ]
        if "in_group" in program:
            content.append((self._groups, "1u /i", "in_group"))
        faces = self.outlines if bare else self._faces
        return self.own(
            context.vertex_array(program, content, index_buffer=faces, index_element_size=4)
        )

    def bind(self) -> None:
        """Bind the storage buffer."""
        self._shining.bind_to_storage_buffer(EMISSIONS)

    def write_frame(
        self,
        camera: Camera,
        camera_from_parts: F64,
        next_camera_from_parts: F64,
        lamps: npt.NDArray[np.uint32],
    ) -> None:
        """Store the poses (P, 4, 4) of this frame and the next, and the lit lamps (O,)."""
        motion = (next_camera_from_parts @ inverse(camera_from_parts))[:, :3]
        pixels = camera.K
        motion[..., :3] = pixels @ motion[..., :3] @ np.linalg.inv(pixels)
        motion[..., 3] = motion[..., 3] @ pixels.T
        lit = self._always | ((lamps[self.object] & self._lamp) != 0)
        self._table["rows"] = camera_from_parts[:, :3]
        self._table["next_rows"] = motion
        self._poses.write(self._table)
        self._shining.write(np.where(lit[:, None], self._emission, np.float32(0.0)))

    def write_groups(self, group: npt.NDArray[np.int64]) -> None:
        """Store which motion parts (P,) go by while rows are read; see `row_motion`."""
        self._groups.write(group.astype("<u4"))

    def draw(self, vertex_array: Any, runs: npt.NDArray[np.int64]) -> None:
        """Draw some runs in the given order with one call."""
        if len(runs):
            commands = self.runs.commands[runs]
            self._indirect.orphan()
            self._indirect.write(commands)
            vertex_array.render_indirect(self._indirect, count=len(commands))


def _content(program: Any, buffer: Any, columns: dict[str, str], step: str) -> tuple[Any, ...]:
    """Return what of a buffer's columns a program reads, as moderngl takes it."""
    read = [name for name in columns if name in program]
    form = " ".join(
        kind if name in read else f"{4 * int(kind[0])}x" for name, kind in columns.items()
    )
    return (buffer, form + step, *read)


def _boxes(scene: RenderScene) -> Boxes:
    """Return the box of each drawable in its part's frame."""
    low = np.array([d.surface.vertices.min(axis=0) for d in scene.drawables], dtype=np.float64)
    high = np.array([d.surface.vertices.max(axis=0) for d in scene.drawables], dtype=np.float64)
    part = np.array([d.part for d in scene.drawables], dtype=np.int64)
    return Boxes(0.5 * (low + high), 0.5 * (high - low), part)


def standing(scene: RenderScene) -> tuple[npt.NDArray[np.bool_], F64]:
    """Return which parts (P,) stand still in every row, and their poses (P, 4, 4).

    Parked cars settle on their springs, and tremble in their last digits. While rows are still
    becoming known, nobody knows who will stand.
    """
    poses, moving = scene.parts.at(0), scene.parts.by_row
    always = np.asarray(scene.valid.all(axis=0))
    still = always[scene.part_object]
    if scene.live:
        still[scene.parts.moving] = False
        return still, poses
    still[scene.parts.moving] &= (np.abs(moving - moving[:1]) < _STILL).all(axis=(0, 2, 3))
    return still, poses


def _lamps(scene: RenderScene) -> tuple[npt.NDArray[np.uint32], npt.NDArray[np.bool_]]:
    materials = [scene.materials[d.material] for d in scene.drawables]
    lamps = np.array([int(m.lamp) for m in materials], dtype=np.uint32)
    always = np.array([m.lamp == Lamp.NONE and max(m.emission_cdm2) > 0 for m in materials])
    return lamps, always


def _tags(scene: RenderScene, textures: TextureArray) -> npt.NDArray[np.void]:
    materials = [scene.materials[d.material] for d in scene.drawables]
    if len(materials) > DRAWABLE:
        raise ValueError(f"a scene has at most {DRAWABLE} surfaces, not {len(materials)}")
    tags = np.zeros(len(materials), dtype=TAG_DTYPE)
    tags["surface"] = [
        index
        | int(m.translucent) << 19
        | round(255 * m.metallic) << 20
        | int(m.wettable) << 28
        | int(max(m.emission_cdm2) > 0) << 29
        | int(max(m.emission_cdm2) > 0 and m.texture is not None) << 31
        for index, m in enumerate(materials)
    ]
    # The root keeps dark colours apart in 8 bits.
    colors = np.array([(*np.sqrt(m.base_color), m.roughness) for m in materials])
    levels = np.rint(np.clip(colors, 0.0, 1.0) * 255.0).astype(np.uint8)
    tags["color"] = np.ascontiguousarray(levels).view("<u4")[:, 0]
    tags["layer"] = [textures.layer(m.texture) + 1 for m in materials]
    return tags


def _emissions(scene: RenderScene) -> npt.NDArray[np.float32]:
    """Return the luminance (D, 4) of each drawable when it is lit, cd/m²."""
    materials = [scene.materials[d.material] for d in scene.drawables]
    return np.array([(*m.emission_cdm2, 0.0) for m in materials], dtype="<f4")
