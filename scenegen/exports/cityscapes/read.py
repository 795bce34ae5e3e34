"""Cityscapes' folders read back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2
import numpy as np

from scenegen.dataset.codecs import F32, U8, U16
from scenegen.errors import DatasetError
from scenegen.exports.cityscapes.calibration import depth_of

_IMAGE = "_leftImg8bit.png"


@dataclass(frozen=True)
class CityscapesFrame:
    """A picture and its truth, each read when it is asked for; DatasetError if it can't be."""

    root: Path
    split: str
    city: str
    name: str

    def path(self, kind: str, end: str) -> Path:
        """Return a file of the frame: ``gtFine`` and ``_labelIds.png``, …"""
        return self.root / kind / self.split / self.city / f"{self.name}_{kind}{end}"

    @property
    def label_ids(self) -> U8:
        """Cityscapes' class ids (H, W) uint8."""
        return np.asarray(self._picture("gtFine", "_labelIds.png"), dtype=np.uint8)

    @property
    def instance_ids(self) -> U16:
        """Class times 1000 and a count where things are told apart, else the class: (H, W)."""
        return np.asarray(self._picture("gtFine", "_instanceIds.png"), dtype=np.uint16)

    @property
    def polygons(self) -> list[dict[str, Any]]:
        """Polygons in the order in which they are drawn: ``label`` and ``polygon``."""
        return list(self._json("gtFine", "_polygons.json")["objects"])

    @property
    def camera(self) -> dict[str, Any]:
        """``extrinsic`` and ``intrinsic`` of the camera."""
        return self._json("camera", ".json")

    @property
    def depth_m(self) -> F32:
        """Depths (H, W) along the camera's z by its disparity; ``inf`` where there is none."""
        camera = self.camera
        stored = np.asarray(self._picture("disparity", ".png"), dtype=np.uint16)
        return depth_of(stored, camera["intrinsic"]["fx"], camera["extrinsic"]["baseline"])

    def _picture(self, kind: str, end: str) -> Any:
        path = self.path(kind, end)
        picture = cv2.imread(str(path), cv2.IMREAD_UNCHANGED) if path.is_file() else None
        if picture is None or picture.ndim != 2:
            raise DatasetError(f"{path}: no readable PNG of one channel")
        return picture

    def _json(self, kind: str, end: str) -> dict[str, Any]:
        path = self.path(kind, end)
        try:
            return dict(json.loads(path.read_bytes()))
        except (OSError, ValueError, TypeError) as error:
            raise DatasetError(f"{path}: {error}") from error


def read_cityscapes(root: Path, split: str) -> Iterator[CityscapesFrame]:
    """Go through the frames of a split, by city and name."""
    for path in sorted((root / "leftImg8bit" / split).glob(f"*/*{_IMAGE}")):
        yield CityscapesFrame(root, split, path.parent.name, path.name.removesuffix(_IMAGE))
