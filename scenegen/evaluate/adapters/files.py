"""Listing pictures, and reading their truth: what most adapters share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scenegen.errors import DatasetError
from scenegen.evaluate.adapters.indexed import read_indices
from scenegen.evaluate.classes import ClassTable
from scenegen.evaluate.images import I64, U8, Boxes, ImageRecord, Task, read_rgb

PICTURES = (".png", ".jpg", ".jpeg", ".webp", ".bmp", ".tif", ".tiff", ".ppm")


def pictures(folder: Path, suffix: str | tuple[str, ...] = PICTURES) -> dict[str, Path]:
    """Return the files below a folder whose names end so, by their names without the end.

    Names are relative to `folder` with forward slashes, sorted. One walk, no file is
    opened; an empty mapping if there is no such folder. Two pictures of one name, as
    ``a.png`` and ``a.jpg``, raise DatasetError.
    """
    ends = (suffix,) if isinstance(suffix, str) else suffix
    found: dict[str, Path] = {}
    for base, folders, names in os.walk(folder, followlinks=True):
        folders.sort()
        inner = Path(base).relative_to(folder).as_posix()
        for name in names:
            end = next((e for e in ends if name.lower().endswith(e.lower())), None)
            if end is None or name.startswith("."):
                continue
            path = Path(base, name)
            stem = name[: -len(end)]
            key = stem if inner == "." else f"{inner}/{stem}"
            if key in found:
                raise DatasetError(f"{path}: {found[key].name} beside it has the same name")
            found[key] = path
    return dict(sorted(found.items()))


def first_picture(folder: Path, suffix: str | tuple[str, ...] = PICTURES) -> str | None:
    """Return the name, as in `pictures`, of one file; looks no further than it must."""
    ends = (suffix,) if isinstance(suffix, str) else suffix
    for base, folders, names in os.walk(folder, followlinks=True):
        folders.sort()
        for name in sorted(names):
            end = next((e for e in ends if name.endswith(e)), None)
            if end is not None and not name.startswith("."):
                return Path(base, name[: -len(end)]).relative_to(folder).as_posix()
    return None


def ordered(records: Iterable[ImageRecord]) -> tuple[ImageRecord, ...]:
    """Return records by group, order and id."""
    return tuple(sorted(records, key=lambda r: (r.group, r.order, r.id)))


def tasks_of(root: Path, records: Sequence[ImageRecord]) -> frozenset[Task]:
    """Return what truth there is; a split has it for all its pictures, or for none.

    Raises
    ------
    DatasetError
        A split has truth of a kind for some of its pictures only: a part is missing,
        and figures over the rest would pass for figures over all.
    """
    tasks: set[Task] = set()
    kinds: tuple[Task, ...] = ("semantic", "boxes")
    for split in dict.fromkeys(record.split for record in records):
        part = [record for record in records if record.split == split]
        for kind in kinds:
            without = [record for record in part if kind not in record.truth]
            if 0 < len(without) < len(part):
                where = f"split {split!r}" if split else "the set"
                raise DatasetError(
                    f"{root}: {len(without)} of {len(part)} pictures of {where} have no {kind} "
                    f"truth, as {without[0].image}"
                )
            if not without:
                tasks.add(kind)
    return frozenset(tasks)


@dataclass(frozen=True)
class FileLoader:
    """Pictures from files, truth by what the adapter gives to read it.

    Attributes
    ----------
    read_semantic : callable, optional
        From a record to native ids (H, W) int64.
    read_boxes : callable, optional
        From a record to its objects.
    """

    read_semantic: Callable[[ImageRecord], I64] | None = None
    read_boxes: Callable[[ImageRecord], Boxes] | None = None

    def image(self, record: ImageRecord) -> U8:
        """Return the sRGB picture (H, W, 3) uint8."""
        return read_rgb(record.image)

    def semantic(self, record: ImageRecord) -> I64:
        """Return native class ids (H, W) int64."""
        if self.read_semantic is None:
            raise DatasetError(f"{record.image}: this data set has no label pictures")
        return self.read_semantic(record)

    def boxes(self, record: ImageRecord) -> Boxes:
        """Return the objects of the picture."""
        if self.read_boxes is None:
            raise DatasetError(f"{record.image}: this data set has no boxes")
        return self.read_boxes(record)


def truth_file(record: ImageRecord, kind: str) -> Path:
    """Return a record's truth file of a kind; DatasetError if it has none."""
    if kind not in record.truth:
        raise DatasetError(f"{record.image}: no {kind} truth for this picture")
    return record.truth[kind]


def semantic_png(record: ImageRecord) -> I64:
    """Return the ids (H, W) of a record's ``semantic`` file, of one channel or a palette."""
    path = truth_file(record, "semantic")
    ids = read_indices(path)
    if ids.ndim != 2:
        raise DatasetError(f"{path}: {ids.shape[2]} channels; class ids need one")
    return ids


def ids_of_colors(pixels: npt.NDArray[np.integer], table: ClassTable) -> I64:
    """Return the native ids (H, W) int64 of colours (H, W, 3) sRGB; -1 where none has it."""
    known = sorted((_code(c.color), c.id) for c in table.classes if c.color is not None)
    codes = np.array([code for code, _ in known], np.int64)
    ids = np.array([id_ for _, id_ in known], np.int64)
    values = pixels[..., :3].astype(np.int64) @ np.array([65536, 256, 1])
    at = np.searchsorted(codes, values).clip(max=len(codes) - 1)
    return np.where(codes[at] == values, ids[at], -1)


def _code(color: tuple[int, int, int]) -> int:
    return color[0] * 65536 + color[1] * 256 + color[2]
