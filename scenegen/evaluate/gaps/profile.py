"""What is in the pictures of a set: a column a kind of content, a row a picture."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.evaluate.classes import LabelSpace
from scenegen.evaluate.gaps.cells import SIZE_CELLS, things_of
from scenegen.evaluate.images import ATTRIBUTES, F64, I64, U8, ImageRecord
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.memo import Memo
from scenegen.evaluate.objects import thing_ids
from scenegen.evaluate.study import Tick, silent
from scenegen.evaluate.utility.prepared import Prepared, Size, prepare

UNKNOWN = "unknown"
BRIGHTNESS: tuple[tuple[str, float], ...] = (("dark", 0.0), ("middle", 0.2), ("bright", 0.45))
"""Mean luma of a picture, from 0 to 1, from which it counts as such."""
_LUMA = np.array([0.2126, 0.7152, 0.0722])
"""Weights of R, G, B in ITU-R BT.709."""
_VERSION = 1


@dataclass(frozen=True)
class Cell:
    """A kind of content: the pixels of a class, or its things of one apparent size.

    Attributes
    ----------
    class_id : int
    size : int
        Position in `SIZE_CELLS`; 0 means the share of judged pixels, else things a picture.
    """

    class_id: int
    size: int


@dataclass(frozen=True)
class Profile:
    """The content of N pictures.

    Attributes
    ----------
    cells : tuple of Cell
        K of them: pixels of every class, then things of every class that has any.
    content : (N, K) float64
        Shares of judged pixels; numbers of things.
    brightness : (N,) float64
        Mean luma from 0 to 1.
    words : mapping
        By attribute, of each picture what is known, else ``unknown``.
    blocks : (N,) int64
        Bootstrap blocks.
    groups : tuple of str
        The drive or scene of each picture.
    """

    cells: tuple[Cell, ...]
    content: F64
    brightness: F64
    words: Mapping[str, tuple[str, ...]]
    blocks: I64
    groups: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.content)

    def rows(self, keep: npt.NDArray[np.bool_] | I64) -> Profile:
        """Return some of the pictures."""
        chosen = np.arange(len(self))[keep]
        return Profile(
            self.cells,
            self.content[chosen],
            self.brightness[chosen],
            {name: tuple(words[i] for i in chosen) for name, words in self.words.items()},
            self.blocks[chosen],
            tuple(self.groups[i] for i in chosen),
        )


def joined(*profiles: Profile) -> Profile:
    """Return the pictures of several sets as one profile."""
    offsets = np.cumsum([0, *(int(p.blocks.max(initial=-1)) + 1 for p in profiles[:-1])])
    return Profile(
        profiles[0].cells,
        np.concatenate([p.content for p in profiles]),
        np.concatenate([p.brightness for p in profiles]),
        {
            name: tuple(word for p in profiles for word in p.words[name])
            for name in profiles[0].words
        },
        np.concatenate([p.blocks + o for p, o in zip(profiles, offsets, strict=True)]),
        tuple(group for p in profiles for group in p.groups),
    )


def cells_of(space: LabelSpace) -> tuple[Cell, ...]:
    """Return the kinds of content that a space tells apart."""
    pixels = [Cell(class_id, 0) for class_id in range(len(space))]
    things = [Cell(c, size) for c in thing_ids(space) for size in range(1, len(SIZE_CELLS))]
    return (*pixels, *things)


def cell_name(cell: Cell, space: LabelSpace) -> str:
    """Return a cell as slices of results are called."""
    if cell.size == 0:
        return f"class={space.names[cell.class_id]}"
    return f"class={space.names[cell.class_id]},size={SIZE_CELLS[cell.size]}"


def cell_words(cell: Cell, space: LabelSpace) -> str:
    """Return a cell in words, as ``small car`` or ``pixels of road``."""
    name = space.names[cell.class_id].replace("_", " ")
    return f"pixels of {name}" if cell.size == 0 else f"{SIZE_CELLS[cell.size]} {name}"


def content_of(ids: U8, space: LabelSpace) -> F64:
    """Return the content (K,) of one label picture (h, w) uint8."""
    judged = np.bincount(ids.ravel(), minlength=256)[: len(space)]
    things = things_of(ids, space)
    counts = np.zeros((len(space), len(SIZE_CELLS)))
    np.add.at(counts, (things.class_id, things.size_of), things.counted)
    counts[:, 0] = judged / max(int(judged.sum()), 1)
    return np.array([counts[cell.class_id, cell.size] for cell in cells_of(space)])


def profile_of(mapped: MappedSet, size: Size, memo: Memo, tick: Tick = silent) -> Profile:
    """Return what is in the pictures of a set, all looked at in the same size.

    Parameters
    ----------
    size : (width, height) px
        The one that models work at, so that things too small for them count for nothing.
    """
    prepared = prepare(mapped, "semantic", size, memo, tick)
    space = mapped.mapping.space
    kept = memo.arrays(
        "profile",
        {"digest": prepared.digest, "classes": list(space.names), "version": _VERSION},
        lambda: _measure(prepared, space, tick),
    )
    return Profile(
        cells_of(space),
        kept["content"],
        kept["brightness"],
        words_of(mapped.records, kept["brightness"]),
        mapped.blocks,
        tuple(record.group for record in mapped.records),
    )


def _measure(prepared: Prepared, space: LabelSpace, tick: Tick) -> dict[str, F64]:
    content, brightness = [], []
    for i in range(len(prepared)):
        tick(i / len(prepared), f"{prepared.name}: content of {i} of {len(prepared)} pictures")
        content.append(content_of(prepared.semantic([i])[0], space))
        brightness.append(mean_luma(prepared.images([i])[0]))
    return {"content": np.array(content), "brightness": np.array(brightness)}


def mean_luma(image: U8) -> float:
    """Return the mean luma of a picture (h, w, 3) uint8, from 0 to 1."""
    return float(np.asarray(cv2.mean(image)[:3]) @ _LUMA / 255)


def words_of(records: tuple[ImageRecord, ...], brightness: F64) -> dict[str, tuple[str, ...]]:
    """Return what is known of whole pictures, by attribute; ``unknown`` where nothing is."""
    words = {
        name: tuple(str(record.attributes.get(name, UNKNOWN)) for record in records)
        for name in ATTRIBUTES
    }
    edges = [low for _, low in BRIGHTNESS[1:]]
    index = np.searchsorted(edges, brightness, side="right")
    words["brightness"] = tuple(BRIGHTNESS[i][0] for i in index)
    return words
