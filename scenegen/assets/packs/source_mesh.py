"""A model as its makers drew it: triangles with the material and the colour of each."""

from __future__ import annotations

import io
import posixpath
import warnings
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import trimesh

from scenegen.assets.triangles import I64
from scenegen.errors import AssetError
from scenegen.records.base import F64, Vec3

_SPREAD = np.array([[0.6, 0.2, 0.2], [0.2, 0.6, 0.2], [0.2, 0.2, 0.6], [1 / 3, 1 / 3, 1 / 3]])
"""Barycentric coordinates of the four places at which a triangle's picture is read."""
_TRANSPARENT = 0.3
"""Triangles less opaque than this are left out: what a picture shows between spokes."""


@dataclass(frozen=True)
class SourceMesh:
    """Triangles of one model.

    Attributes
    ----------
    vertices : ndarray, shape (V, 3)
    faces : ndarray, shape (F, 3)
    material : ndarray, shape (F,), int64
        Index into `names`.
    color : ndarray, shape (F, 3)
        Linear reflectance, textures included.
    names : tuple of str
    roughness : tuple of float
        Of each material.
    pictured : tuple of str
        Materials that were split by their pictures: fewer triangles would tear those.
    """

    vertices: F64
    faces: I64
    material: I64
    color: F64
    names: tuple[str, ...]
    roughness: tuple[float, ...]
    pictured: tuple[str, ...] = ()

    def only(self, chosen: npt.NDArray[np.bool_]) -> SourceMesh:
        """Return the model with some of its faces."""
        return replace(
            self,
            faces=self.faces[chosen],
            material=self.material[chosen],
            color=self.color[chosen],
        )


def read_obj(files: dict[str, bytes], model: str) -> SourceMesh:
    """Read an OBJ with its materials and pictures.

    Parameters
    ----------
    files : dict
        The archive's files by name, at least those of the model's folder.
    model : str
        Name of the OBJ among them.

    Raises
    ------
    AssetError
        The archive lacks the model, or it is no OBJ with triangles.
    """
    if model not in files:
        raise AssetError(f"the package holds no {model}; is it the version that was asked for?")
    folder = posixpath.dirname(model) + "/"
    streams: dict[str, Any] = {
        name.removeprefix(folder): io.BytesIO(data)
        for name, data in files.items()
        if name.startswith(folder)
    }
    with warnings.catch_warnings():
        # Vertices that lie in textured and in plain faces have no one place in the picture.
        warnings.simplefilter("ignore", RuntimeWarning)
        scene = trimesh.load_scene(
            streams[model.removeprefix(folder)],
            file_type="obj",
            resolver=trimesh.resolvers.ZipResolver(streams),
            group_material=True,
            split_object=False,
            process=False,
        )
    meshes = [m for m in scene.geometry.values() if len(getattr(m, "faces", ()))]
    if not meshes or not all(hasattr(m.visual, "material") for m in meshes):
        raise AssetError(f"{model}: holds no triangles, or some without a material")
    seen = [_face_colors(m) for m in meshes]
    starts = np.cumsum([0, *(len(m.vertices) for m in meshes)])
    mesh = SourceMesh(
        np.concatenate([np.asarray(m.vertices, dtype=np.float64) for m in meshes]),
        np.concatenate(
            [np.asarray(m.faces, dtype=np.int64) + s for m, s in zip(meshes, starts, strict=False)]
        ),
        np.repeat(np.arange(len(meshes)), [len(m.faces) for m in meshes]),
        np.concatenate([colors for colors, _ in seen]),
        tuple(str(m.visual.material.name) for m in meshes),
        tuple(_roughness(m.visual.material) for m in meshes),
    )
    return mesh.only(np.concatenate([opacity for _, opacity in seen]) > _TRANSPARENT)


def as_body(mesh: SourceMesh, size_m: Vec3, turn_deg: float, lift_m: float = 0.0) -> SourceMesh:
    """Return a model with x ahead, y left, z up, of a given size, at or over the origin.

    The packages' models look along z with y up, so that x is their left.
    """
    ahead = mesh.vertices[:, [2, 0, 1]]
    a = np.deg2rad(turn_deg)
    turned = ahead @ np.array([[np.cos(a), np.sin(a), 0], [-np.sin(a), np.cos(a), 0], [0, 0, 1]])
    used = turned[mesh.faces.ravel()]
    low, high = used.min(axis=0), used.max(axis=0)
    scale = np.asarray(size_m) / np.maximum(high - low, 1e-9)
    middle = 0.5 * (low + high)
    middle[2] = low[2] - lift_m / scale[2]
    return replace(mesh, vertices=(turned - middle) * scale)


def linear_of(srgb: F64) -> F64:
    """Return linear values of sRGB in [0, 1] (IEC 61966-2-1)."""
    return np.asarray(np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4))


def roughness_of(exponent: float) -> float:
    """Return the roughness that a Blinn-Phong exponent stands for (Walter et al. 2007)."""
    return float(np.clip(np.sqrt(2.0 / (max(exponent, 0.0) + 2.0)), 0.2, 1.0))


def picture_colors(picture: F64, uv: F64) -> tuple[F64, F64]:
    """Return the mean linear colour (F, 3) and opacity (F,) of triangles in a picture.

    Parameters
    ----------
    picture : ndarray, shape (H, W, 4)
        sRGB and opacity, 0 to 1; the first row is at the top.
    uv : ndarray, shape (F, 3, 2)
        Of each corner; (0, 0) is the lower left corner, and pictures repeat.
    """
    pixels = picture_pixels(picture, np.einsum("sk,fkc->fsc", _SPREAD, uv))
    weight = pixels[..., 3:] + 1e-6
    mean = (linear_of(pixels[..., :3]) * weight).sum(axis=1) / weight.sum(axis=1)
    return mean, pixels[..., 3].mean(axis=1)


def picture_pixels(picture: F64, uv: F64) -> F64:
    """Return a picture's pixels (..., 4) at places (..., 2), as `picture_colors` has them."""
    height, width = picture.shape[:2]
    at = np.nan_to_num(uv)
    at = np.where((at >= 0.0) & (at <= 1.0), at, at % 1.0)  # pictures repeat; 1 is their end
    column = np.clip((at[..., 0] * width).astype(int), 0, width - 1)
    row = np.clip(((1.0 - at[..., 1]) * height).astype(int), 0, height - 1)
    return np.asarray(picture[row, column])


def _face_colors(mesh: Any) -> tuple[F64, F64]:
    """Return the mean linear colour (F, 3) and opacity (F,) of each triangle."""
    material = mesh.visual.material
    image, uv = getattr(material, "image", None), mesh.visual.uv
    if image is None or uv is None:
        kd = material.kwargs.get("kd") or (0.5, 0.5, 0.5)
        diffuse = np.clip([float(v) for v in kd], 0.0, 1.0)
        colors = np.broadcast_to(linear_of(diffuse), (len(mesh.faces), 3)).copy()
        return colors, np.ones(len(mesh.faces))
    picture = np.asarray(image.convert("RGBA"), dtype=np.float64) / 255.0
    return picture_colors(picture, uv[mesh.faces])


def _roughness(material: Any) -> float:
    return roughness_of(float(material.kwargs.get("ns") or 0.0))
