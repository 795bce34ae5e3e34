"""Objects of an OpenLABEL file read back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from scenegen.errors import DatasetError
from scenegen.records.base import F64, Vec3
from scenegen.records.labels import Box, Box3d


@dataclass(frozen=True)
class OpenLabelObject:
    """An object in a frame.

    Attributes
    ----------
    box3d : Box3d or None
        In the world; None where the frame has none of it (lane lines, signals).
    boxes : dict of str to (4,) px xyxy
        By name, as ``front.visible``.
    outlines : dict of str to ndarray, shape (N, 2)
        By name, as ``front.mask.0``, px.
    points : dict of str to (3,)
        3D points by name, in the world.
    values : dict
        Numbers, texts, truths and vectors by name.
    """

    uid: int
    name: str
    type: str
    box3d: Box3d | None
    boxes: dict[str, Box]
    outlines: dict[str, F64]
    points: dict[str, Vec3]
    values: dict[str, Any]


@dataclass(frozen=True)
class OpenLabelScene:
    """A file: when its frames are, where the ego is in them (4, 4), and what is there."""

    name: str
    times_s: tuple[float, ...]
    world_from_ego: F64
    frames: tuple[tuple[OpenLabelObject, ...], ...]


def read_openlabel(path: Path) -> OpenLabelScene:
    """Return the objects of a file that `write_openlabel` wrote.

    Raises
    ------
    DatasetError
        It isn't there, is no JSON, or lacks something.
    """
    try:
        content = json.loads(path.read_bytes())["openlabel"]
        frames = [content["frames"][key] for key in sorted(content["frames"], key=int)]
        properties = [frame["frame_properties"] for frame in frames]
        egos = [p["transforms"]["ego_to_world"]["transform_src_to_dst"] for p in properties]
        return OpenLabelScene(
            content["metadata"]["name"],
            tuple(float(p["timestamp"]) for p in properties),
            np.array([ego["matrix4x4"] for ego in egos]).reshape(-1, 4, 4),
            tuple(_objects(frame, content["objects"]) for frame in frames),
        )
    except OSError as error:
        raise DatasetError(f"{path}: can't be read ({error.strerror})") from error
    except (KeyError, TypeError, ValueError) as error:
        raise DatasetError(f"{path}: {type(error).__name__}: {error}") from error


def _objects(frame: dict[str, Any], known: dict[str, Any]) -> tuple[OpenLabelObject, ...]:
    there = sorted(frame.get("objects", {}).items(), key=lambda item: int(item[0]))
    return tuple(_object(int(uid), known[uid], said.get("object_data", {})) for uid, said in there)


def _object(uid: int, known: dict[str, Any], data: dict[str, Any]) -> OpenLabelObject:
    def by_name(*kinds: str) -> dict[str, Any]:
        return {entry["name"]: entry["val"] for kind in kinds for entry in data.get(kind, [])}

    shape = by_name("cuboid").get("shape")
    return OpenLabelObject(
        uid,
        known["name"],
        known["type"],
        None if shape is None else _box3d(shape),
        {
            name: (x - w / 2, y - h / 2, x + w / 2, y + h / 2)
            for name, (x, y, w, h) in by_name("bbox").items()
        },
        {
            name: np.array(flat, np.float64).reshape(-1, 2)
            for name, flat in by_name("poly2d").items()
        },
        {name: (x, y, z) for name, (x, y, z) in by_name("point3d").items()},
        by_name("num", "text", "boolean", "vec"),
    )


def _box3d(value: list[float]) -> Box3d:
    cx, cy, cz, x, y, z, w, length, width, height = value
    return Box3d(
        center_m=(cx, cy, cz), size_m=(length, width, height), quaternion_wxyz=(w, x, y, z)
    )
