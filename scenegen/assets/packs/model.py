"""A model made ready: rigid parts, each of pieces with one material, in the body frame."""

from __future__ import annotations

from dataclasses import dataclass

from pydantic import Field

from scenegen.assets.triangles import I64
from scenegen.records.base import F64, Record, Vec3


@dataclass(frozen=True)
class ModelPiece:
    """Triangles of one part and one material.

    Attributes
    ----------
    material : str
        A role of `finish.MATERIALS`, or a colour and roughness, as ``#8a2be2 0.45``.
    vertices, normals : ndarray, shape (V, 3)
        In the part's frame.
    faces : ndarray, shape (F, 3)
    """

    part: str
    material: str
    vertices: F64
    normals: F64
    faces: I64


@dataclass(frozen=True)
class ModelPart:
    """A rigid part: where its origin lies in the body frame."""

    name: str
    origin_m: Vec3 = (0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Model:
    """Everything that is drawn of an imported asset."""

    parts: tuple[ModelPart, ...]
    pieces: tuple[ModelPiece, ...]


class WheelFact(Record):
    """A wheel as the physics needs it: see `records.mesh.Wheel`."""

    part: str
    axle: int
    hub_m: Vec3
    radius_m: float


class BodyFact(Record):
    """What the mesh alone doesn't say of an asset.

    Attributes
    ----------
    beams_m : tuple of (3,)
        Where the low beams are.
    cabin_m : (rear x, front x, foot z) or None
        Box around what is high up in a vehicle.
    anchors : dict
        See `records.mesh.Asset`.
    """

    wheels: tuple[WheelFact, ...] = ()
    beams_m: tuple[Vec3, ...] = ()
    cabin_m: Vec3 | None = None
    anchors: dict[str, Vec3] = Field(default_factory=dict)
