"""A `RenderScene` as pyrender nodes: few for what stands still, one a part for what moves."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen import assets
from scenegen.geometry import apply
from scenegen.records import Lamp, Material
from scenegen.records.base import F64
from scenegen.render.pyrender_context import import_pyrender
from scenegen.render.scene import Drawable, RenderScene


@dataclass(frozen=True)
class NodeGroup:
    """A pyrender node: surfaces of one class and identity that move as one.

    Attributes
    ----------
    node : pyrender.Node
    part : int or None
        Row of `RenderScene.world_from_parts`; None where the vertices are world's.
    object : int
        Index of the object whose validity and lamps hold for it.
    instance_id, semantic : int
    lamps : list of (primitive, Lamp, dark material, lit material)
    """

    node: Any
    part: int | None
    object: int
    instance_id: int
    semantic: int
    lamps: list[tuple[Any, Lamp, Any, Any]] = field(default_factory=list)

    def light(self, lit: int) -> None:
        """Show the lamps that are lit."""
        for primitive, lamp, dark, bright in self.lamps:
            primitive.material = bright if lit & lamp else dark


def gather_nodes(scene: RenderScene, exposure: float) -> list[NodeGroup]:
    """Group a scene's drawables into nodes.

    Parameters
    ----------
    scene : RenderScene
    exposure : float
        Scene-linear value of 1 cd/m², for what gives off light.
    """
    moving = set(scene.parts.moving.tolist())
    groups: dict[tuple[Any, ...], list[Drawable]] = {}
    for drawable in scene.drawables:
        has_lamp = scene.materials[drawable.material].lamp != Lamp.NONE
        fixed = drawable.part not in moving and not has_lamp and drawable.instance_id == 0
        key = (
            (None, drawable.semantic)
            if fixed
            else (drawable.part, drawable.semantic, drawable.object)
        )
        groups.setdefault(key, []).append(drawable)
    return [_node_group(scene, key[0], members, exposure) for key, members in groups.items()]


def _node_group(
    scene: RenderScene, part: int | None, members: list[Drawable], exposure: float
) -> NodeGroup:
    pyrender = import_pyrender()
    by_material: dict[int, list[Drawable]] = {}
    for drawable in members:
        by_material.setdefault(drawable.material, []).append(drawable)
    primitives: list[Any] = []
    lamps: list[tuple[Any, Lamp, Any, Any]] = []
    for index, drawables in by_material.items():
        material = scene.materials[index]
        poses = None if part is not None else scene.parts.still
        primitive = _primitive(drawables, poses, two_sided=material.two_sided)
        dark, lit = (_material(material, glow, exposure) for glow in (False, True))
        primitive.material = lit if material.lamp == Lamp.NONE else dark
        if material.lamp != Lamp.NONE:
            lamps.append((primitive, material.lamp, dark, lit))
        primitives.append(primitive)
    first = members[0]
    # Objects that were merged have neither lamps nor an end; the road stands for them all.
    owner = first.object if part is not None else 0
    node = pyrender.Node(mesh=pyrender.Mesh(primitives))
    return NodeGroup(node, part, owner, first.instance_id, first.semantic, lamps)


def _primitive(drawables: Iterable[Drawable], poses: F64 | None, *, two_sided: bool) -> Any:
    """Merge surfaces into one primitive, in their part's frame, or the world's with `poses`.

    pyrender's segmentation pass culls back faces whatever the material says, so surfaces
    that are seen from behind get a second, turned copy.
    """
    vertices: list[npt.NDArray[np.float32]] = []
    normals: list[npt.NDArray[np.float32]] = []
    faces: list[npt.NDArray[np.int32]] = []
    first = 0
    for drawable in drawables:
        surface = drawable.surface
        at, up = surface.vertices, surface.normals
        if poses is not None:
            pose = poses[drawable.part]
            at = apply(pose, at).astype(np.float32)
            up = (up.astype(np.float64) @ pose[:3, :3].T).astype(np.float32)
        for turned in (False, True) if two_sided else (False,):
            vertices.append(at)
            normals.append(-up if turned else up)
            faces.append((surface.faces[:, ::-1] if turned else surface.faces) + first)
            first += len(at)
    return import_pyrender().Primitive(
        positions=np.concatenate(vertices),
        normals=np.concatenate(normals),
        indices=np.concatenate(faces).astype(np.uint32),
    )


def _material(material: Material, glow: bool, exposure: float) -> Any:
    """Return pyrender's material; a texture is stood for by its mean colour."""
    color = np.asarray(material.base_color) * _mean_texture(material.texture)
    emission = exposure * np.asarray(material.emission_cdm2) * glow
    if material.texture is not None:
        emission = emission * color
    return import_pyrender().MetallicRoughnessMaterial(
        baseColorFactor=[*np.clip(color, 0, 1).tolist(), 1.0],
        metallicFactor=material.metallic,
        roughnessFactor=material.roughness,
        emissiveFactor=np.clip(emission, 0, 1).tolist(),
        doubleSided=False,
    )


def _mean_texture(name: str | None) -> F64:
    """Return the mean of a texture in linear light."""
    if name is None:
        return np.ones(3)
    names, pictures = assets.textures()
    coarse = pictures[names.index(name)][::16, ::16, :3] / 255.0
    return np.asarray((coarse**2.2).mean(axis=(0, 1)))
