"""A scene as drawables: merged meshes, part poses by row, lamps and materials.

Nothing here knows which backend draws; `scene_builder` makes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64
from scenegen.render.poses import Poses

if TYPE_CHECKING:
    from scenegen.records import Asset, Material, Spot, Surface


@dataclass(frozen=True)
class SceneObject:
    """Something that is placed as one: the road, an actor, a prop, a signal.

    Attributes
    ----------
    name : str
    instance_id : int
        The actor's; 0 for everything else.
    asset : Asset or None
        None for the road.
    world_from_body : ndarray, shape (R or 1, 4, 4)
        One pose for every row of the trajectory, or a single one if it never moves.
    lamps : ndarray, shape (R or 1,), uint32
        `taxonomy.Lamp` bits that are lit.
    valid : ndarray, shape (R or 1,), bool
        Whether it is there at all.
    prop : int
        Which of the scenario's props; -1 for what is none.
    """

    name: str
    instance_id: int
    asset: Asset | None
    world_from_body: F64
    lamps: npt.NDArray[np.uint32]
    valid: npt.NDArray[np.bool_]
    prop: int = -1


@dataclass(frozen=True)
class Drawable:
    """One surface of one part of one object, and where the merged arrays hold it.

    Attributes
    ----------
    surface : Surface
        In its part's frame.
    part : int
        Row of `RenderScene.world_from_parts`.
    object : int
        Index into `RenderScene.objects`.
    material : int
        Index into `RenderScene.materials`.
    semantic : int
        Class id.
    instance_id : int
    first_vertex, first_face : int
    piece : int
        Which part of its asset; 0 for the road.
    """

    surface: Surface
    part: int
    object: int
    material: int
    semantic: int
    instance_id: int
    first_vertex: int
    first_face: int
    piece: int = 0


@dataclass(frozen=True)
class RenderScene:
    """Everything that is drawn, with its poses for every row.

    Attributes
    ----------
    objects : tuple of SceneObject
    drawables : tuple of Drawable
        In the order of `objects`.
    materials : tuple of Material
        Each once.
    vertices, normals : ndarray, shape (V, 3), float32
        In the frames of their parts.
    uv : ndarray, shape (V, 2), float32
    faces : ndarray, shape (F, 3), int32
        Indices into the merged vertices.
    vertex_drawable : ndarray, shape (V,), int32
        Drawable that each vertex belongs to.
    part_object : ndarray, shape (P,), int32
        Object that each part belongs to.
    parts, bodies : Poses
        From parts and from the bodies of objects to the world.
    lamps : ndarray, shape (R, O), uint32
        `taxonomy.Lamp` bits of each object that are lit.
    valid : ndarray, shape (R, O), bool
        Which objects are there.
    spots : tuple of (object index, Spot)
    live : bool
        Whether rows become known while it is drawn, so that no actor counts as standing.
    """

    objects: tuple[SceneObject, ...]
    drawables: tuple[Drawable, ...]
    materials: tuple[Material, ...]
    vertices: npt.NDArray[np.float32]
    normals: npt.NDArray[np.float32]
    uv: npt.NDArray[np.float32]
    faces: npt.NDArray[np.int32]
    vertex_drawable: npt.NDArray[np.int32]
    part_object: npt.NDArray[np.int32]
    parts: Poses
    bodies: Poses
    lamps: npt.NDArray[np.uint32]
    valid: npt.NDArray[np.bool_]
    spots: tuple[tuple[int, Spot], ...]
    live: bool = False

    def world_from_parts(self, row: int, later: float = 0.0) -> F64:
        """Return the poses (P, 4, 4) of all parts at a row, or some of a row later."""
        return self.parts.at(row, later)

    def world_from_objects(self, row: int, later: float = 0.0) -> F64:
        """Return the body poses (O, 4, 4) of all objects at a row, or some of a row later."""
        return self.bodies.at(row, later)
