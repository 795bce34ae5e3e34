"""Models as binary glTF, which any viewer opens, and back."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import trimesh
from trimesh.visual.material import PBRMaterial

from scenegen.assets.packs.finish import viewer_material
from scenegen.assets.packs.model import Model, ModelPart, ModelPiece

_UP = np.array([[0, 1, 0, 0], [0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 0, 1]], dtype=np.float64)
"""glTF's frame (y up, z ahead) from the body frame (z up, x ahead)."""


def write_glb(model: Model) -> bytes:
    """Return a model as glTF: a node for each piece, named ``part/number``."""
    scene = trimesh.Scene()
    origins = {part.name: part.origin_m for part in model.parts}
    for number, piece in enumerate(model.pieces):
        color, roughness, metallic = viewer_material(piece.material)
        mesh = trimesh.Trimesh(
            piece.vertices.astype(np.float32),
            piece.faces,
            vertex_normals=piece.normals.astype(np.float32),
            process=False,
        )
        mesh.visual = trimesh.visual.TextureVisuals(
            uv=np.zeros((len(piece.vertices), 2)),
            material=PBRMaterial(
                name=piece.material,
                baseColorFactor=[*color, 1.0],
                roughnessFactor=roughness,
                metallicFactor=metallic,
                doubleSided=True,
            ),
        )
        place = _UP.copy()
        place[:3, 3] = _UP[:3, :3] @ np.asarray(origins[piece.part])
        name = f"{piece.part}/{number:03d}"
        scene.add_geometry(mesh, node_name=name, geom_name=name, transform=place)
    data = scene.export(file_type="glb", include_normals=True)
    assert isinstance(data, bytes)
    return data


def read_glb(data: bytes, parts: tuple[ModelPart, ...]) -> Model:
    """Return the model of `write_glb`; it gives pieces in the order of their numbers."""
    scene: Any = trimesh.load_scene(io.BytesIO(data), file_type="glb", process=False)
    pieces = [
        ModelPiece(
            name.rpartition("/")[0],
            str(mesh.visual.material.name),
            np.asarray(mesh.vertices, dtype=np.float64),
            np.asarray(mesh.vertex_normals, dtype=np.float64),
            np.asarray(mesh.faces, dtype=np.int64),
        )
        for name, mesh in sorted(scene.geometry.items(), key=lambda item: item[0][-3:])
    ]
    return Model(parts, tuple(pieces))
