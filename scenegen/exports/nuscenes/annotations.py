"""Boxes of a scene's samples: who was seen, where, and by how many points."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

from scenegen.dataset import FrameReader, SceneReader
from scenegen.exports.nuscenes.classes import (
    MOVES_MPS,
    attribute_of,
    category_of,
    visibility_level,
)
from scenegen.exports.nuscenes.samples import Placed
from scenegen.exports.nuscenes.standing import Standing, StandingSeen, look, standing_things
from scenegen.exports.nuscenes.tables import Row, Tables, token
from scenegen.exports.things import SceneThings, Thing
from scenegen.geometry import quaternion_from_matrix
from scenegen.records.base import F64

_FIRST_PROP = 2**16
"""Actors have 16-bit ids, scenery its number among the props from here on."""


@dataclass
class _Seen:
    """What the key frames of a sample show of each actor."""

    visible_px: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    inside_px: dict[int, float] = field(default_factory=lambda: defaultdict(float))
    lidar: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    radar: dict[int, int] = field(default_factory=lambda: defaultdict(int))

    def add(self, placed: Placed) -> None:
        if isinstance(placed.reading, FrameReader):
            for label in placed.reading.labels.objects:
                self.visible_px[label.instance_id] += label.visible_px
                self.inside_px[label.instance_id] += label.visible_px / (1 - label.occlusion)
        else:
            points = self.lidar if placed.reading.entry.kind == "lidar" else self.radar
            for ranged in placed.reading.labels.objects:
                points[ranged.instance_id] += ranged.num_points

    @property
    def ids(self) -> set[int]:
        return {*self.visible_px, *self.lidar, *self.radar}

    def share(self, ids: tuple[int, ...]) -> float:
        """Return the share of a box's pixels that cameras see; 0 if none does."""
        inside = sum(self.inside_px.get(id_, 0.0) for id_ in ids)
        visible = sum(self.visible_px.get(id_, 0.0) for id_ in ids)
        return visible / inside if inside else 0.0


def add_annotations(
    tables: Tables,
    scene: SceneReader,
    things: SceneThings,
    samples: list[tuple[str, float]],
    readings: list[Placed],
    map_from_world: F64,
) -> None:
    """Add ``sample_annotation`` and ``instance``.

    Parameters
    ----------
    tables : Tables
    scene : SceneReader
    things : SceneThings
    samples : list of tuple
        Token and time of each sample.
    readings : list of Placed
        Of all sensors.
    map_from_world : (4, 4) float64
    """
    seen = [_Seen() for _ in samples]
    for placed in readings:
        if placed.key:
            seen[placed.sample].add(placed)
    instances: dict[int, list[Row]] = defaultdict(list)
    categories: dict[int, str] = {}
    movers = _movers(scene)
    standing = standing_things(scene)
    looked = look(standing, readings)
    for number, ((sample, time_s), shown) in enumerate(zip(samples, seen, strict=True)):
        for thing in things.at(time_s, shown.ids):
            category = category_of(thing)
            if category is not None:
                categories[thing.instance_id] = category
                row = _row(scene, thing, shown, category, movers)
                instances[thing.instance_id].append(
                    _placed_row(
                        row, sample, thing.instance_id, map_from_world @ thing.world_from_box
                    )
                )
        for prop in standing:
            found = looked.get(number, {}).get(prop.number)
            if found is not None and found.known:
                id_ = _FIRST_PROP + prop.number
                categories[id_] = prop.category
                row = _standing_row(scene, id_, prop, found)
                box = map_from_world @ prop.world_from_box
                instances[id_].append(_placed_row(row, sample, id_, box))
    for id_, rows in sorted(instances.items()):
        tables.chain("sample_annotation", rows)
        tables.add(
            "instance",
            token=token("instance", scene.id, id_),
            category_token=token("category", categories[id_]),
            nbr_annotations=len(rows),
            first_annotation_token=rows[0]["token"],
            last_annotation_token=rows[-1]["token"],
        )


def _placed_row(row: Row, sample: str, id_: int, map_from_box: F64) -> Row:
    return row | {
        "token": token("annotation", sample, id_),
        "sample_token": sample,
        "translation": map_from_box[:3, 3].tolist(),
        "rotation": quaternion_from_matrix(map_from_box).tolist(),
    }


def _standing_row(scene: SceneReader, id_: int, prop: Standing, seen: StandingSeen) -> Row:
    length, width, height = prop.size_m.tolist()
    return {
        "instance_token": token("instance", scene.id, id_),
        "visibility_token": visibility_level(seen.share),
        "attribute_tokens": [],
        "size": [width, length, height],
        "num_lidar_pts": seen.lidar,
        "num_radar_pts": seen.radar,
    }


def _row(
    scene: SceneReader, thing: Thing, shown: _Seen, category: str, movers: frozenset[int]
) -> Row:
    length, width, height = thing.size_m.tolist()
    speed = float(np.linalg.norm(thing.velocity_mps))
    attribute = attribute_of(category, thing, speed, thing.instance_id in movers)
    return {
        "instance_token": token("instance", scene.id, thing.instance_id),
        "visibility_token": visibility_level(shown.share(thing.ids)),
        "attribute_tokens": [token("attribute", attribute)] if attribute else [],
        "size": [width, length, height],
        "num_lidar_pts": sum(shown.lidar.get(id_, 0) for id_ in thing.ids),
        "num_radar_pts": sum(shown.radar.get(id_, 0) for id_ in thing.ids),
    }


def _movers(scene: SceneReader) -> frozenset[int]:
    speeds = np.linalg.norm(scene.trajectory.velocity_mps, axis=-1).max(axis=0)
    return frozenset(scene.trajectory.actor_ids[speeds > MOVES_MPS].tolist())
