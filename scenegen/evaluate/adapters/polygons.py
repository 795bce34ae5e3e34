"""Polygon annotations of the Cityscapes kind: drawn to label pictures, bounded to boxes."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from scenegen.dataset.layout import read_content
from scenegen.errors import DatasetError, nearest
from scenegen.evaluate.images import F64, I64, Boxes

GROUP = "group"
"""What ends the label of a region whose members could not be told apart."""


@dataclass(frozen=True)
class Polygon:
    """One outline.

    Attributes
    ----------
    label : str
        Without ``group``.
    group : bool
    points : (N, 2) float64 px
    """

    label: str
    group: bool
    points: F64


@dataclass(frozen=True)
class Drawing:
    """The outlines of one picture, in the order in which they cover each other."""

    height: int
    width: int
    polygons: tuple[Polygon, ...]


def read_drawing(path: Path, labels: Mapping[str, int]) -> Drawing:
    """Read a ``_polygons.json``; DatasetError if it is damaged or has an unknown label."""

    def read(data: bytes) -> Drawing:
        content = json.loads(data)
        polygons = tuple(
            _polygon(path, item["label"], item["polygon"], labels)
            for item in content["objects"]
            if not item.get("deleted")
        )
        return Drawing(int(content["imgHeight"]), int(content["imgWidth"]), polygons)

    return read_content(path, read)


def _polygon(
    path: Path, label: str, points: list[list[float]], labels: Mapping[str, int]
) -> Polygon:
    group = label not in labels and label.removesuffix(GROUP) in labels
    name = label.removesuffix(GROUP) if group else label
    if name not in labels:
        raise DatasetError(f"{path}: label {label!r} is not one of this set{nearest(name, labels)}")
    return Polygon(name, group, np.array(points, np.float64).reshape(-1, 2))


def draw(drawing: Drawing, labels: Mapping[str, int], background: int) -> I64:
    """Return native ids (H, W) int64: later outlines cover earlier ones."""
    ids = np.full((drawing.height, drawing.width), background, np.int32)
    for polygon in drawing.polygons:
        if len(polygon.points):
            cv2.fillPoly(ids, [np.rint(polygon.points).astype(np.int32)], labels[polygon.label])
    return ids.astype(np.int64)


def bound(drawing: Drawing, things: Mapping[str, int]) -> Boxes:
    """Return the boxes of the outlines whose labels are things, clipped to the picture."""
    found = [p for p in drawing.polygons if p.label in things and len(p.points) > 2]
    size = np.array([drawing.width, drawing.height], np.float64)
    xyxy = [
        np.concatenate((p.points.min(axis=0), p.points.max(axis=0))).clip(0, np.tile(size, 2))
        for p in found
    ]
    return Boxes(
        np.array(xyxy, np.float64).reshape(-1, 4),
        np.array([things[p.label] for p in found], np.int64),
        np.array([p.group for p in found], np.bool_),
    )
