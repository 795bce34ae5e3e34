"""Two tiny sets of streets: renders that are flat, photographs that are warm and grainy."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from scenegen.evaluate.classes import ClassTable, NativeClass, map_classes, native_space
from scenegen.evaluate.images import ImageRecord
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.memo import Memo
from scenegen.refine.pictures import Pictures, open_pictures
from scenegen.refine.protocol import Shown
from scenegen.seeds import named_generator
from tests.evaluate.memory_sets import Held, HeldSet

TABLE = ClassTable(
    "street",
    tuple(
        NativeClass(k, name, frozenset({name}))
        for k, name in enumerate(("sky", "road", "car", "building"))
    ),
)
SPACE = native_space(TABLE)
CLASSES = SPACE.names
HEIGHT, WIDTH = 48, 64
_FLAT = np.array([[150, 190, 240], [100, 100, 105], [40, 60, 190], [180, 120, 90]], np.float64)
_WARM = np.array([20.0, 5.0, -20.0])


def street_labels(name: str) -> np.ndarray:
    """Return class ids (HEIGHT, WIDTH): sky, a house, a road with one car; void at the bottom."""
    rng = named_generator("street", name)
    ids = np.full((HEIGHT, WIDTH), 1, np.uint8)
    horizon = int(rng.integers(14, 24))
    ids[:horizon] = 0
    ids[: horizon + 6, : int(rng.integers(8, 26))] = 3
    x, y = int(rng.integers(20, 44)), int(rng.integers(horizon, 34))
    ids[y : y + 9, x : x + 16] = 2
    ids[-2:] = 255
    return ids


def street_picture(ids: np.ndarray, name: str, real: bool) -> np.ndarray:
    """Return the picture (HEIGHT, WIDTH, 3) uint8 of class ids in a domain."""
    rgb = _FLAT[np.where(ids == 255, 1, ids)]
    if real:
        rgb = 0.8 * rgb + _WARM + named_generator("grain", name).normal(0.0, 14.0, rgb.shape)
    return np.clip(np.rint(rgb), 0, 255).astype(np.uint8)


def street_set(name: str, count: int, real: bool) -> MappedSet:
    """Return a set of one domain; sets of other names show other streets."""
    ids = [f"{name}-{k:03d}" for k in range(count)]
    labels = {i: street_labels(i) for i in ids}
    pictures = {i: street_picture(labels[i], i, real) for i in ids}
    records = tuple(
        ImageRecord(i, Path(f"{i}.png"), {"semantic": Path(f"{i}.ids")}, group=name, order=k)
        for k, i in enumerate(ids)
    )
    held = HeldSet(
        name, Path(name), TABLE, records, Held(pictures, labels), frozenset({"semantic"})
    )
    return MappedSet(name, held, map_classes(TABLE, SPACE))


def street_domains(folder: Path, size: tuple[int, int], count: int) -> tuple[Pictures, Pictures]:
    """Return photographs and renders to train on, of a size (width, height) px."""
    memo = Memo(folder)
    real = open_pictures(street_set("photos", count, True), "real", size, memo)
    return real, open_pictures(street_set("renders", count, False), "rendered", size, memo)


def street_frame(name: str, size: tuple[int, int] = (WIDTH, HEIGHT)) -> Shown:
    """Return the render of a street, cut to a size (width, height) px or halved first."""
    ids = street_labels(name)
    rgb = street_picture(ids, name, real=False)
    step = 2 if size[0] <= WIDTH // 2 else 1
    width, height = size
    rgb, ids = rgb[::step, ::step][:height, :width], ids[::step, ::step][:height, :width]
    return Shown(np.ascontiguousarray(rgb), np.ascontiguousarray(ids))
