"""Meshes, materials and articulated bodies, as assets and roads build them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64, Vec3, read_only
from scenegen.records.taxonomy import Lamp


@dataclass(frozen=True)
class Material:
    """How a surface takes and gives light.

    Attributes
    ----------
    base_color : (3,)
        Linear RGB reflectance in [0, 1]; multiplies the texture.
    roughness, metallic : float in [0, 1]
    emission_cdm2 : (3,)
        Linear RGB luminance given off, cd/m², while `lamp` is lit; what has a texture
        glows through it, so `base_color` and texture multiply this too.
    lamp : Lamp
        Which lamp bit lights the emission; ``NONE`` means always.
    texture : str or None
        Name of a tileable texture in `scenegen.assets.textures`; uv 0..1 is one tile.
    two_sided : bool
        Drawn from behind as well (leaves, cloth).
    wettable : bool
        Darkened and polished by `Weather.wetness` (roads, pavements).
    shades : bool
        Throws a shadow in sunlight. What hangs so high and is so thin that the sun, half a
        degree wide, shines on both sides past it does not.
    translucent : bool
        Lets light through to its other side (leaves).
    """

    name: str
    base_color: Vec3 = (0.5, 0.5, 0.5)
    roughness: float = 0.8
    metallic: float = 0.0
    emission_cdm2: Vec3 = (0.0, 0.0, 0.0)
    lamp: Lamp = Lamp.NONE
    texture: str | None = None
    two_sided: bool = False
    wettable: bool = False
    shades: bool = True
    translucent: bool = False


@dataclass(frozen=True)
class Surface:
    """A triangle mesh of one material and one semantic class.

    Attributes
    ----------
    vertices, normals : ndarray, shape (V, 3), float32
        m, and unit vectors; faces wind counter-clockwise seen from outside.
    uv : ndarray, shape (V, 2), float32
    faces : ndarray, shape (F, 3), int32
    material : Material
    semantic : str
        Name in `taxonomy.CLASSES`.
    """

    vertices: npt.NDArray[np.float32]
    normals: npt.NDArray[np.float32]
    uv: npt.NDArray[np.float32]
    faces: npt.NDArray[np.int32]
    material: Material
    semantic: str

    def __post_init__(self) -> None:
        for array in (self.vertices, self.normals, self.uv, self.faces):
            read_only(array)


@dataclass(frozen=True)
class Joint:
    """One degree of freedom at a part's origin, driven by one channel of its asset."""

    channel: int
    axis: Vec3
    kind: Literal["hinge", "slide"] = "hinge"


@dataclass(frozen=True)
class Part:
    """A rigid piece of an asset.

    ``parent_from_part = translate(origin) · joint₁ · joint₂ · …``; a part without
    surfaces is a bare joint of the skeleton.
    """

    name: str
    parent: int
    origin_m: Vec3 = (0.0, 0.0, 0.0)
    joints: tuple[Joint, ...] = ()
    surfaces: tuple[Surface, ...] = ()


@dataclass(frozen=True)
class Wheel:
    """A wheel of a vehicle: its hub at rest in the body frame."""

    position_m: Vec3
    radius_m: float
    steered: bool
    driven: bool


@dataclass(frozen=True)
class CollisionShape:
    """A convex piece of an asset's collision body, body frame.

    `size_m` is length, width, height for ``box``; (radius, radius, height) with the
    axis along z for ``capsule`` and ``cylinder``.
    """

    kind: Literal["box", "capsule", "cylinder"]
    center_m: Vec3
    size_m: Vec3


@dataclass(frozen=True)
class Spot:
    """A lamp that throws light on others: headlights, street lights.

    Attributes
    ----------
    position_m, direction : (3,)
        Body frame.
    intensity_cd : float
        Where it is brightest; falls to 0 at `cone_rad` from it.
    color : (3,)
        Linear RGB, largest 1.
    lamp : Lamp
        The bit that switches it.
    """

    position_m: Vec3
    direction: Vec3
    intensity_cd: float
    cone_rad: float
    color: Vec3
    lamp: Lamp


@dataclass(frozen=True)
class Asset:
    """A thing that can be placed, drawn and collided with.

    The body frame has x forward, y left, z up, its origin on the ground below the
    middle of the box that `bounds_m` spans in x and y.

    Attributes
    ----------
    joints : tuple of str
        Channel names, in the order of `Trajectory.articulation`: one of the tuples
        of `taxonomy`, or empty.
    bounds_m : ndarray, shape (2, 3)
        Least and greatest body coordinates over every pose the joints take in use.
    licence, creator, source : str
        What the data set's attribution says.
    """

    id: str
    variant: int
    category: str
    parts: tuple[Part, ...]
    bounds_m: F64
    mass_kg: float
    joints: tuple[str, ...] = ()
    collision: tuple[CollisionShape, ...] = ()
    wheels: tuple[Wheel, ...] = ()
    spots: tuple[Spot, ...] = ()
    anchors: dict[str, Vec3] = field(default_factory=dict)
    licence: str = "Apache-2.0"
    creator: str = "scenegen"
    source: str = "procedural"

    def has_lamp(self, lamp: Lamp) -> bool:
        """Say whether some surface shines when a lamp's bit is set."""
        return any(bool(s.material.lamp & lamp) for part in self.parts for s in part.surfaces)

    @property
    def size_m(self) -> Vec3:
        """Length, width, height."""
        length, width, height = (self.bounds_m[1] - self.bounds_m[0]).tolist()
        return (length, width, height)

    @property
    def center_m(self) -> Vec3:
        """Middle of the bounding box, body frame."""
        x, y, z = self.bounds_m.mean(axis=0).tolist()
        return (x, y, z)


__all__ = [
    "Asset",
    "CollisionShape",
    "Joint",
    "Material",
    "Part",
    "Spot",
    "Surface",
    "Wheel",
]
