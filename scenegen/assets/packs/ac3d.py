"""AC3D models: the text format of AC3D, and of the games that extended it with strips and layers.

Follows the format's description by its maker (www.inivis.com/ac3d/man/ac3dfileformat.html); the
``.acc`` files of racing games add a normal to each vertex, further coordinates for further
layers of pictures, and triangle strips (surface type 4).
"""

from __future__ import annotations

import io
import posixpath
import shlex
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from scenegen.assets.packs.pictured import Patch, mesh_of
from scenegen.assets.packs.source_mesh import SourceMesh, linear_of, roughness_of
from scenegen.assets.triangles import I64
from scenegen.errors import AssetError
from scenegen.records.base import F64

_LINES, _STRIP = (1, 2), 4


@dataclass(frozen=True)
class _Material:
    name: str
    color: tuple[float, float, float]
    shininess: float


@dataclass
class _Gathered:
    """Triangles found so far, object by object."""

    materials: list[_Material] = field(default_factory=list)
    vertices: list[F64] = field(default_factory=list)
    faces: list[I64] = field(default_factory=list)
    uv: list[F64] = field(default_factory=list)
    keys: list[tuple[str, int, str]] = field(default_factory=list)
    number: list[I64] = field(default_factory=list)
    count: int = 0


def read_ac(files: Mapping[str, bytes], model: str, triangles: int) -> SourceMesh:
    """Read an AC3D model with its pictures.

    Parameters
    ----------
    files : mapping
        The model and its pictures by name.
    model : str
        Name of the model among them; pictures are found by their base names.
    triangles : int
        Pictures are read as finely as keeps to so many, if that is fine enough to tell what
        they show.

    Returns
    -------
    SourceMesh
        As OBJs are read: materials are called ``object/material``.

    Raises
    ------
    AssetError
        It is no AC3D file, is cut short, or a picture is missing.
    """
    text = files[model].decode("latin-1") if model in files else ""
    if not text.startswith("AC3D"):
        raise AssetError(f"{model}: no AC3D file, or not there")
    gathered = _Gathered()
    try:
        _read(iter(text.splitlines()[1:]), gathered)
    except (StopIteration, ValueError, LookupError) as error:
        raise AssetError(f"{model}: damaged or cut short; fetch it again") from error
    if not gathered.faces:
        raise AssetError(f"{model}: holds no triangles")
    return _joined(gathered, files, model, triangles)


def _read(lines: Iterator[str], gathered: _Gathered) -> None:
    """Read materials and the tree of objects."""
    for line in lines:
        words = shlex.split(line)
        if words[:1] == ["MATERIAL"]:
            at = {word: k for k, word in enumerate(words)}
            r, g, b = (float(word) for word in words[at["rgb"] + 1 : at["rgb"] + 4])
            shininess = float(words[at["shi"] + 1])
            gathered.materials.append(_Material(words[1], (r, g, b), shininess))
        elif words[:1] == ["OBJECT"]:
            _read_object(lines, gathered, np.eye(3), np.zeros(3))


def _read_object(lines: Iterator[str], gathered: _Gathered, turn: F64, place: F64) -> None:
    """Read an object and those below it; `turn` and `place` are its parent's frame."""
    title = {"name": "", "texture": ""}
    mapping = {"texrep": np.ones(2), "texoff": np.zeros(2)}
    points = np.zeros((0, 3))
    while True:
        word, _, rest = next(lines).strip().partition(" ")
        if word == "data":
            _skip(lines, int(rest))
        elif word in title:
            title[word] = title[word] or _text(rest)
        elif word in mapping:
            mapping[word] = _numbers(rest)[:2]
        elif word == "rot":
            turn = _numbers(rest)[:9].reshape(3, 3) @ turn
        elif word == "loc":
            place = place + _numbers(rest)[:3] @ turn
        elif word == "numvert":
            own = [_numbers(next(lines))[:3] for _ in range(int(rest))]
            points = np.array(own).reshape(-1, 3) @ turn + place
        elif word == "numsurf":
            surfaces = [_read_surface(lines) for _ in range(int(rest))]
            names = (title["name"], posixpath.basename(title["texture"]))
            _add(gathered, points, surfaces, names, (mapping["texrep"], mapping["texoff"]))
        elif word == "kids":
            for _ in range(int(rest)):
                next(line for line in lines if line.startswith("OBJECT"))
                _read_object(lines, gathered, turn, place)
            return


def _skip(lines: Iterator[str], length: int) -> None:
    """Pass over so many characters of free text, which may be several lines."""
    while length >= 0:
        length -= len(next(lines)) + 1


def _text(rest: str) -> str:
    """Return a quoted text; nothing for the picture that stands for none."""
    text = shlex.split(rest)[0] if rest else ""
    return "" if text == "empty_texture_no_mapping" else text.replace("\\", "/")


def _numbers(text: str) -> F64:
    return np.array([float(word) for word in text.split()])


def _read_surface(lines: Iterator[str]) -> tuple[int, int, I64, F64]:
    """Return a surface's type, material, corners (K,) and picture coordinates (K, 2)."""
    kind = int(next(line for line in lines if line.startswith("SURF")).split()[1], 16) & 0xF
    material = 0
    while True:
        word, _, rest = next(lines).strip().partition(" ")
        if word == "mat":
            material = int(rest)
        elif word == "refs":
            rows = np.array([_numbers(next(lines))[:3] for _ in range(int(rest))]).reshape(-1, 3)
            return kind, material, rows[:, 0].astype(np.int64), rows[:, 1:]


def _triangles(kind: int, corners: int) -> I64:
    """Return corners (T, 3) of the triangles of a fan, or of a strip, whose sense alternates."""
    k = np.arange(max(corners - 2, 0))
    if kind != _STRIP:
        return np.stack([0 * k, k + 1, k + 2], axis=1)
    odd = k % 2
    return np.stack([k, k + 1 + odd, k + 2 - odd], axis=1)


def _add(
    gathered: _Gathered,
    points: F64,
    surfaces: list[tuple[int, int, I64, F64]],
    names: tuple[str, str],
    mapping: tuple[F64, F64],
) -> None:
    """Add an object's triangles."""
    for kind, material, corners, uv in surfaces:
        if kind in _LINES or len(corners) < 3:
            continue
        own = _triangles(kind, len(corners))
        key = (names[0], material, names[1])
        if key not in gathered.keys:
            gathered.keys.append(key)
        gathered.faces.append(corners[own] + gathered.count)
        gathered.uv.append((uv * mapping[0] + mapping[1])[own])
        gathered.number.append(np.full(len(own), gathered.keys.index(key)))
    gathered.vertices.append(points)
    gathered.count += len(points)


def _joined(
    gathered: _Gathered, files: Mapping[str, bytes], model: str, triangles: int
) -> SourceMesh:
    """Return the triangles with the colours of their materials and pictures."""
    vertices, faces = np.concatenate(gathered.vertices), np.concatenate(gathered.faces)
    if faces.max() >= len(vertices) or faces.min() < 0:
        raise AssetError(f"{model}: damaged; a surface has corners that are not there")
    if max(which for _, which, _ in gathered.keys) >= len(gathered.materials):
        raise AssetError(f"{model}: damaged; a surface has a material that is not there")
    corners = np.concatenate([vertices[faces], np.concatenate(gathered.uv)], axis=2)
    number = np.concatenate(gathered.number)
    patches = []
    for k, (name, which, picture) in enumerate(gathered.keys):
        material = gathered.materials[which]
        tint = linear_of(np.clip(np.array(material.color), 0.0, 1.0))
        shown = _picture(files, model, picture) if picture else None
        title = f"{name}/{material.name}"
        rough = roughness_of(material.shininess)
        patches.append(Patch(corners[number == k], title, tint, rough, shown))
    return mesh_of(patches, triangles)


def _picture(files: Mapping[str, bytes], model: str, picture: str) -> F64:
    """Return a picture (H, W, 4), 0 to 1."""
    name = next((name for name in files if posixpath.basename(name) == picture), None)
    if name is None:
        raise AssetError(f"{model}: its picture {picture} is missing")
    try:
        image = Image.open(io.BytesIO(files[name])).convert("RGBA")
    except OSError as error:
        raise AssetError(f"{name}: no picture ({error})") from error
    return np.asarray(image, dtype=np.float64) / 255.0
