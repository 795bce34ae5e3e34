"""nuScenes' tables, as far as key frames of cameras need them: streamed, never held whole."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from scenegen.errors import DatasetError, InputError, nearest
from scenegen.evaluate.adapters.streams import entries, explained
from scenegen.evaluate.images import F64, I64, Attribute
from scenegen.geometry import pose

ALL = "all"
_RAIN = re.compile(r"(?<!after )\brain", re.IGNORECASE)
_NIGHT = re.compile(r"\bnight", re.IGNORECASE)
_Value = TypeVar("_Value")


@dataclass(frozen=True)
class Scene:
    """A drive of 20 s: its name, and what its description says of all its pictures."""

    name: str
    attributes: Mapping[str, Attribute]


@dataclass(frozen=True)
class View:
    """A key frame of a camera.

    Attributes
    ----------
    file : str
        The picture, from the set's folder.
    channel : str
    scene, sample : str
        Tokens.
    time_us : int
    size : tuple of int
        Width and height px.
    K : (3, 3) float64 px
    world_from_camera : (4, 4) float64
        By the vehicle's pose when the picture was taken, not when the sample was.
    """

    file: str
    channel: str
    scene: str
    sample: str
    time_us: int
    size: tuple[int, int]
    K: F64
    world_from_camera: F64


def rows(
    folder: Path, table: str, read: Callable[[dict[str, Any]], _Value | None]
) -> Iterator[_Value]:
    """Iterate over what `read` makes of the rows of a table, without those it makes None of.

    What it raises for a missing key or a wrong value becomes a DatasetError with the place.
    """
    path = folder / f"{table}.json"
    for number, row in entries(path, ""):
        with explained(path, "", number):
            value = read(row)
        if value is not None:
            yield value


def look_up(known: Mapping[str, _Value], row: Mapping[str, Any], table: str) -> _Value:
    """Return what a row's ``TABLE_token`` names."""
    token = row[f"{table}_token"]
    if token not in known:
        raise ValueError(f"{table}_token {token!r} is not in {table}.json")
    return known[token]


def read_scenes(folder: Path) -> dict[str, Scene]:
    """Return scenes by token.

    Light and rain are what the annotators wrote of the whole scene: ``Night``, ``Rain``;
    roads that are wet ``after rain`` are no rain.
    """
    places = dict(rows(folder, "log", lambda row: (row["token"], str(row["location"]))))

    def read(row: dict[str, Any]) -> tuple[str, Scene]:
        text = str(row["description"])
        attributes: dict[str, Attribute] = {
            "time_of_day": "night" if _NIGHT.search(text) else "day",
            "scene": "urban",
            "location": look_up(places, row, "log"),
        }
        if _RAIN.search(text):
            attributes["weather"] = "rain"
        return row["token"], Scene(str(row["name"]), attributes)

    return dict(rows(folder, "scene", read))


def read_views(folder: Path, channels: tuple[str, ...]) -> list[View]:
    """Return the key frames of some cameras, or of all with `ALL`."""
    cameras = _cameras(folder, channels)
    scenes = dict(rows(folder, "sample", lambda row: (row["token"], row["scene_token"])))

    def read(row: dict[str, Any]) -> tuple[str, View] | None:
        if not row["is_key_frame"] or row["calibrated_sensor_token"] not in cameras:
            return None
        channel, K, vehicle_from_camera = cameras[row["calibrated_sensor_token"]]
        view = View(
            str(row["filename"]),
            channel,
            look_up(scenes, row, "sample"),
            row["sample_token"],
            int(row["timestamp"]),
            (int(row["width"]), int(row["height"])),
            K,
            vehicle_from_camera,  # where the vehicle was is in the next table
        )
        return row["ego_pose_token"], view

    frames = list(rows(folder, "sample_data", read))
    needed = {token for token, _ in frames}

    def read_pose(row: dict[str, Any]) -> tuple[str, F64] | None:
        found = row["token"] in needed
        return (row["token"], pose(row["translation"], row["rotation"])) if found else None

    poses = dict(rows(folder, "ego_pose", read_pose))
    missing = sorted(needed - poses.keys())
    if missing:
        raise DatasetError(f"{folder / 'ego_pose.json'}: lacks {missing[0]}, of sample_data.json")
    return [
        replace(view, world_from_camera=poses[token] @ view.world_from_camera)
        for token, view in frames
    ]


def _cameras(folder: Path, channels: tuple[str, ...]) -> dict[str, tuple[str, F64, F64]]:
    """Return channel, intrinsics and mounting by token of the calibration."""

    def read_name(row: dict[str, Any]) -> tuple[str, str] | None:
        return (row["token"], row["channel"]) if row["modality"] == "camera" else None

    names = dict(rows(folder, "sensor", read_name))
    known = sorted(set(names.values()))
    for channel in channels:
        if channel not in (ALL, *known):
            raise InputError(f"option channels: no camera {channel!r}" + nearest(channel, known))

    def read(row: dict[str, Any]) -> tuple[str, tuple[str, F64, F64]] | None:
        name = names.get(row["sensor_token"])
        if name is None or not (ALL in channels or name in channels):
            return None
        K = np.array(row["camera_intrinsic"], np.float64).reshape(3, 3)
        return row["token"], (name, K, pose(row["translation"], row["rotation"]))

    return dict(rows(folder, "calibrated_sensor", read))


@dataclass(frozen=True)
class Annotations:
    """Boxes in the world, by sample.

    Attributes
    ----------
    starts : (S + 1,) int64
        Rows of sample s are those from ``starts[s]`` to ``starts[s + 1]``.
    boxes : (N, 10) float64
        Middle x, y, z m; width, length, height m; rotation wxyz.
    class_id, level : (N,) int64
        Native class; level of visibility from 1 to 4, 0 if unknown.
    """

    starts: I64
    boxes: F64
    class_id: I64
    level: I64


def read_annotations(
    folder: Path, samples: Mapping[str, int], classes: Mapping[str, int]
) -> Annotations:
    """Return the annotations of samples, whose positions are given by token."""
    names = dict(rows(folder, "category", lambda row: (row["token"], str(row["name"]))))
    instances = dict(
        rows(folder, "instance", lambda row: (row["token"], look_up(names, row, "category")))
    )

    def read(row: dict[str, Any]) -> tuple[list[float], tuple[int, int, int]] | None:
        if row["sample_token"] not in samples:
            return None
        name = look_up(instances, row, "instance")
        if name not in classes:
            raise ValueError(f"no category {name!r}{nearest(name, classes)}")
        box = [*row["translation"], *row["size"], *row["rotation"]]
        if len(box) != 10 or not np.isfinite(box).all():
            raise ValueError("translation, size and rotation are 3, 3 and 4 numbers")
        level = int(row.get("visibility_token") or 0)
        if level not in range(5):
            raise ValueError(f"visibility_token {level} is 1, 2, 3 or 4")
        return box, (samples[row["sample_token"]], classes[name], level)

    boxes, numbers = array("d"), array("i")
    for box, triple in rows(folder, "sample_annotation", read):
        boxes.extend(box)
        numbers.extend(triple)
    table = np.frombuffer(numbers, np.int32).reshape(-1, 3).astype(np.int64)
    order = np.argsort(table[:, 0], kind="stable")
    counts = np.bincount(table[:, 0], minlength=len(samples))
    return Annotations(
        np.concatenate(([0], np.cumsum(counts))),
        np.frombuffer(boxes, np.float64).reshape(-1, 10)[order],
        table[order, 1],
        table[order, 2],
    )
