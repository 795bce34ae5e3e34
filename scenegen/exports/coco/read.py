"""COCO's files read back."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.dataset.codecs import Mask
from scenegen.errors import DatasetError
from scenegen.exports.coco.panoptic import I32, panoptic_ids
from scenegen.records.base import F64
from scenegen.records.labels import Box

_KINDS = ("instances", "person_keypoints")


@dataclass(frozen=True)
class CocoObject:
    """An annotation.

    Attributes
    ----------
    box : (4,) px xyxy
        By pixel corners.
    mask : ndarray, shape (H, W), bool
    keypoints : ndarray, shape (17, 3), or None
        u and v in px from the picture's corner, and 0 (not labelled), 1 (hidden) or 2 (in sight).
    extra : dict
        What the entry has besides COCO's own keys.
    """

    id: int
    category: str
    box: Box
    mask: Mask
    crowd: bool
    keypoints: F64 | None
    extra: dict[str, Any]


@dataclass(frozen=True)
class CocoImage:
    """A picture and its objects; `extra` is what the entry has besides COCO's own keys."""

    id: int
    path: Path
    width: int
    height: int
    objects: tuple[CocoObject, ...]
    extra: dict[str, Any]


@dataclass(frozen=True)
class PanopticImage:
    """The panoptic truth of a picture.

    Attributes
    ----------
    segment : ndarray, shape (H, W), int32
        Each pixel's segment, 0 for none.
    category : dict of int to str
        The class of each segment.
    """

    path: Path
    segment: I32
    category: dict[int, str]


def read_coco(root: Path, split: str, kind: str = "instances") -> Iterator[CocoImage]:
    """Go through the pictures of a split, in the file's order; masks are drawn one by one.

    Parameters
    ----------
    root : Path
    split : str
    kind : str
        ``instances`` or ``person_keypoints``.

    Raises
    ------
    DatasetError
        The file isn't there, is no JSON, or an entry lacks something.
    """
    if kind not in _KINDS:
        raise ValueError(f"kind is one of {', '.join(_KINDS)}")
    path = root / "annotations" / f"{kind}_{split}.json"
    by_image: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
    with _explained(path):
        content = json.loads(path.read_bytes())
        names = {c["id"]: str(c["name"]) for c in content["categories"]}
        for entry in content["annotations"]:
            by_image[entry["image_id"]].append(entry)
        entries = list(content["images"])
    for entry in entries:
        with _explained(path):
            image = _image(root / split, entry, by_image[entry["id"]], names)
        yield image


def read_panoptic(root: Path, split: str) -> Iterator[PanopticImage]:
    """Go through the panoptic truth of a split, in the file's order; raises as `read_coco`."""
    path = root / "annotations" / f"panoptic_{split}.json"
    with _explained(path):
        content = json.loads(path.read_bytes())
        names = {c["id"]: str(c["name"]) for c in content["categories"]}
        entries = list(content["annotations"])
    for entry in entries:
        with _explained(path):
            name = str(entry["file_name"])
            category = {s["id"]: names[s["category_id"]] for s in entry["segments_info"]}
        file = path.with_suffix("") / name
        with _explained(file):
            ids = panoptic_ids(file.read_bytes())
        yield PanopticImage(root / split / name, ids, category)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DatasetError(f"{path}: can't be read ({error.strerror})") from error
    except (KeyError, TypeError, ValueError) as error:
        raise DatasetError(f"{path}: {type(error).__name__}: {error}") from error


_IMAGE = ("id", "file_name", "width", "height", "license")
_OBJECT = (
    *("id", "image_id", "category_id", "bbox", "area", "segmentation", "iscrowd"),
    *("keypoints", "num_keypoints"),
)


def _image(
    folder: Path, entry: dict[str, Any], objects: list[dict[str, Any]], names: dict[int, str]
) -> CocoImage:
    size = int(entry["height"]), int(entry["width"])
    return CocoImage(
        entry["id"],
        folder / entry["file_name"],
        size[1],
        size[0],
        tuple(_object(o, size, names) for o in objects),
        {key: value for key, value in entry.items() if key not in _IMAGE},
    )


def _object(entry: dict[str, Any], size: tuple[int, int], names: dict[int, str]) -> CocoObject:
    left, top, width, height = entry["bbox"]
    return CocoObject(
        entry["id"],
        names[entry["category_id"]],
        (left, top, left + width, top + height),
        _mask(entry["segmentation"], size),
        bool(entry["iscrowd"]),
        _keypoints(entry["keypoints"]) if "keypoints" in entry else None,
        {key: value for key, value in entry.items() if key not in _OBJECT},
    )


def _keypoints(numbers: list[float]) -> F64:
    points: npt.NDArray[np.float64] = np.array(numbers, dtype=np.float64).reshape(-1, 3)
    points[points[:, 2] > 0, :2] += 0.5
    return points


def _mask(segmentation: Any, size: tuple[int, int]) -> Mask:
    """Return the mask of polygons or of run lengths, packed or not."""
    from pycocotools import mask as coco  # noqa: PLC0415 (heavy)

    runs = segmentation
    if isinstance(runs, list):
        runs = coco.merge(coco.frPyObjects(runs, *size)) if runs else None
    elif isinstance(runs["counts"], list):
        runs = coco.frPyObjects(runs, *size)
    if runs is None:
        return np.zeros(size, dtype=np.bool_)
    return np.asarray(coco.decode(runs), dtype=np.bool_)
