"""Scenery that nuScenes has boxes of: barriers of road works, and bicycle racks.

The data set's labels don't tell scenery apart, so that what sensors see of a thing is looked up in
their truth: pixels and points of its class that lie within its box.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import cv2
import numpy as np

from scenegen import assets
from scenegen.dataset import FrameReader, ScanReader, SceneReader, SweepReader
from scenegen.exports.nuscenes.samples import Placed
from scenegen.geometry import apply, inverse, pose
from scenegen.records import Prop
from scenegen.records.base import F64
from scenegen.records.taxonomy import CLASS_BY_NAME
from scenegen.records.trajectory import MAX_JOINTS

BY_ASSET = {
    "prop.works_barrier": "movable_object.barrier",
    "prop.bicycle_rack": "static_object.bicycle_rack",
}
"""nuScenes' category of scenery, by asset. Walls and rails that stay are none of its barriers."""
_BESIDE_M = {"camera": 0.05, "lidar": 0.1, "radar": 0.5}
"""How far outside of its box a thing may be measured: rounding, noise of ranges, cells."""
_FINER = 4


@dataclass(frozen=True)
class Standing:
    """A thing that stands, which is number `number` of the scene's props.

    Attributes
    ----------
    category : str
        nuScenes'.
    class_id : int
        Of its pixels and points.
    world_from_box : (4, 4) float64
    size_m : (3,) float64
        Length, width, height.
    vertices_m : (V, 3) float64
        In the world.
    faces : (F, 3) int
    """

    number: int
    category: str
    class_id: int
    world_from_box: F64
    size_m: F64
    vertices_m: F64
    faces: np.ndarray


@dataclass
class StandingSeen:
    """What the key frames of a sample show of a thing."""

    visible_px: float = 0.0
    inside_px: float = 0.0
    lidar: int = 0
    radar: int = 0

    @property
    def share(self) -> float:
        """Share of its pixels that cameras see; 0 if none does."""
        return min(self.visible_px / self.inside_px, 1.0) if self.inside_px else 0.0

    @property
    def known(self) -> bool:
        """Whether any sensor has a pixel or a point of it."""
        return self.visible_px + self.lidar + self.radar > 0


def standing_things(scene: SceneReader) -> list[Standing]:
    """Return the things of a scene that have a box, in the order of its props."""
    return [
        _standing(number, prop)
        for number, prop in enumerate(scene.scenario.props)
        if prop.asset_id in BY_ASSET
    ]


def look(things: list[Standing], readings: list[Placed]) -> dict[int, dict[int, StandingSeen]]:
    """Return what key frames show of things: by the number of the sample and of the prop."""
    found: dict[int, dict[int, StandingSeen]] = {}
    for placed in readings if things else []:
        if placed.key:
            seen = found.setdefault(placed.sample, {})
            for thing in _measured(things, placed.reading):
                _add(seen.setdefault(thing.number, StandingSeen()), thing, placed.reading)
    return found


def _measured(
    things: list[Standing], reading: FrameReader | SweepReader | ScanReader
) -> Iterator[Standing]:
    """Go through the things whose class is among what a reading has."""
    there = set(np.unique(reading.semantic).tolist())
    yield from (thing for thing in things if thing.class_id in there)


def _add(
    seen: StandingSeen, thing: Standing, reading: FrameReader | SweepReader | ScanReader
) -> None:
    if isinstance(reading, FrameReader):
        visible, inside = _pixels(thing, reading)
        seen.visible_px += visible
        seen.inside_px += inside
        return
    mine = (reading.semantic == thing.class_id) & (reading.instance == 0)
    kind = "lidar" if isinstance(reading, SweepReader) else "radar"
    count = int(_within(thing, reading.points_world()[mine], _BESIDE_M[kind]).sum())
    setattr(seen, kind, getattr(seen, kind) + count)


def _pixels(thing: Standing, frame: FrameReader) -> tuple[float, float]:
    """Return the pixels that show a thing, and those that would if nothing stood before it."""
    labels = frame.labels
    camera = labels.moving_camera()
    pixels = camera.project(thing.vertices_m).pixels
    corners = pixels[thing.faces]
    corners = corners[np.isfinite(corners).all(axis=(1, 2))]
    if not corners.size:
        return 0.0, 0.0
    size = np.array([labels.camera.width, labels.camera.height])
    low = np.clip(np.floor(corners.min(axis=(0, 1))), 0, size).astype(int)
    high = np.clip(np.ceil(corners.max(axis=(0, 1))), 0, size).astype(int)
    if (high <= low).any():
        return 0.0, 0.0
    rows, columns = slice(low[1], high[1]), slice(low[0], high[0])
    depth = frame.depth_m
    mine = (frame.semantic == thing.class_id) & np.isfinite(depth)
    v, u = np.nonzero(mine[rows, columns])
    at = np.stack([u + low[0], v + low[1]], axis=1)
    world = camera.unproject(at + 0.5, depth[at[:, 1], at[:, 0]])
    visible = float(_within(thing, world, _BESIDE_M["camera"]).sum())
    return visible, max(_silhouette(corners, low, high), visible)


def _silhouette(corners_px: F64, low: np.ndarray, high: np.ndarray) -> float:
    """Return the area in px of triangles (F, 3, 2) within columns and rows from low to high."""
    wide, tall = ((high - low) * _FINER).tolist()
    mask = np.zeros((tall, wide), np.uint8)
    fine = np.rint((corners_px - low) * _FINER - 0.5).astype(np.int64)
    for triangle in np.clip(fine, -(2**14), 2**14).astype(np.int32):
        cv2.fillConvexPoly(mask, triangle, 1)
    return float(mask.sum()) / _FINER**2


def _within(thing: Standing, points_m: F64, beside_m: float) -> np.ndarray:
    """Return which points (N, 3) of the world lie in a thing's box or so near beside it."""
    local = np.abs(apply(inverse(thing.world_from_box), points_m.reshape(-1, 3)))
    return np.asarray((local <= 0.5 * thing.size_m + beside_m).all(axis=1))


def _standing(number: int, prop: Prop) -> Standing:
    asset = assets.drawn(prop)
    parts = assets.body_from_parts(asset, np.zeros(MAX_JOINTS))
    vertices, faces, count = [], [], 0
    for part, where in zip(asset.parts, parts, strict=True):
        for surface in part.surfaces:
            vertices.append(apply(where, surface.vertices.astype(np.float64)))
            faces.append(surface.faces + count)
            count += len(surface.vertices)
    points = np.concatenate(vertices)
    bounds = np.stack([points.min(axis=0), points.max(axis=0)])
    world = pose(prop.position_m, prop.quaternion_wxyz)
    return Standing(
        number,
        BY_ASSET[prop.asset_id],
        CLASS_BY_NAME[asset.category].id,
        world @ pose(bounds.mean(axis=0)),
        np.ptp(bounds, axis=0),
        apply(world, points),
        np.concatenate(faces),
    )
