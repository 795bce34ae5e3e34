"""Cityscapes' classes (Cordts et al. 2016), which several other sets took over."""

from __future__ import annotations

import numpy as np

from scenegen.evaluate.classes import COMMON, ClassTable, Color, NativeClass, extent
from scenegen.evaluate.images import I64
from scenegen.evaluate.spaces import CITYSCAPES_19

_NAMES: tuple[tuple[int, str, Color], ...] = (
    (-1, "license plate", (0, 0, 142)),
    (0, "unlabeled", (0, 0, 0)),
    (1, "ego vehicle", (0, 0, 0)),
    (2, "rectification border", (0, 0, 0)),
    (3, "out of roi", (0, 0, 0)),
    (4, "static", (0, 0, 0)),
    (5, "dynamic", (111, 74, 0)),
    (6, "ground", (81, 0, 81)),
    (7, "road", (128, 64, 128)),
    (8, "sidewalk", (244, 35, 232)),
    (9, "parking", (250, 170, 160)),
    (10, "rail track", (230, 150, 140)),
    (11, "building", (70, 70, 70)),
    (12, "wall", (102, 102, 156)),
    (13, "fence", (190, 153, 153)),
    (14, "guard rail", (180, 165, 180)),
    (15, "bridge", (150, 100, 100)),
    (16, "tunnel", (150, 120, 90)),
    (17, "pole", (153, 153, 153)),
    (18, "polegroup", (153, 153, 153)),
    (19, "traffic light", (250, 170, 30)),
    (20, "traffic sign", (220, 220, 0)),
    (21, "vegetation", (107, 142, 35)),
    (22, "terrain", (152, 251, 152)),
    (23, "sky", (70, 130, 180)),
    (24, "person", (220, 20, 60)),
    (25, "rider", (255, 0, 0)),
    (26, "car", (0, 0, 142)),
    (27, "truck", (0, 0, 70)),
    (28, "bus", (0, 60, 100)),
    (29, "caravan", (0, 0, 90)),
    (30, "trailer", (0, 0, 110)),
    (31, "train", (0, 80, 100)),
    (32, "motorcycle", (0, 0, 230)),
    (33, "bicycle", (119, 11, 32)),
)
_EXTENTS = {"road": "road,lane marking", "polegroup": "pole", "ego vehicle": ""}
_VOID = frozenset({"unlabeled", "static", "dynamic"})
FIRST_THING = 24
"""Ids from here on are told apart one by one."""


def _extent(name: str) -> frozenset[str]:
    if name in _VOID or (name not in COMMON and name not in _EXTENTS):
        return frozenset()
    return extent(_EXTENTS.get(name, name))


def cityscapes_table(name: str) -> ClassTable:
    """Return the classes under the name of a set that uses them."""
    return ClassTable(name, tuple(NativeClass(i, n, _extent(n), c) for i, n, c in _NAMES))


def ids_of_train_ids(train_ids: I64) -> I64:
    """Return class ids (same shape) of train ids, which number the 19 judged classes only."""
    by_name = {name: id_ for id_, name, _ in _NAMES}
    ids = np.zeros(256, np.int64)
    ids[: len(CITYSCAPES_19)] = [by_name[name] for name in CITYSCAPES_19.names]
    return ids[train_ids]
