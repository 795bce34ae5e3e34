"""Frames that a method made, on disk, as a set that every measure takes."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np

from scenegen.evaluate.images import I64, U8, Boxes, ImageRecord, ImageSet, Loader, read_rgb
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.study import Tick
from scenegen.refine.protocol import Shown, Translator
from scenegen.refine.spec import STYLES
from scenegen.seeds import named_generator

_CHUNK = 8
"""Frames that a translator is given at once."""
_QUICK = [cv2.IMWRITE_PNG_COMPRESSION, 1]


@dataclass(frozen=True)
class _Repainted:
    """Reads pictures from their new place and truth from where it always was."""

    truth: Loader

    def image(self, record: ImageRecord) -> U8:
        return read_rgb(record.image)

    def semantic(self, record: ImageRecord) -> I64:
        return self.truth.semantic(record)

    def boxes(self, record: ImageRecord) -> Boxes:
        return self.truth.boxes(record)


@dataclass(frozen=True)
class TranslatedSet(ImageSet):
    """A set whose pictures were made anew; labels, drives and order are the old ones.

    Attributes
    ----------
    made_from : str
        Digest of what decides the pictures; the files need not be read to know them.
    """

    made_from: str = ""

    def digest(self) -> str:
        """Return one sha256 over which pictures these are and what they were made from."""
        ids = [record.id for record in self.records]
        return hashlib.sha256(json.dumps([self.made_from, ids]).encode()).hexdigest()


def translated_set(source: MappedSet, name: str, folder: Path, made_from: str) -> MappedSet:
    """Return a set with the pictures of a folder, ``000000.png`` for the first one and so on."""
    old = source.images
    records = tuple(
        replace(record, image=folder / _file(k)) for k, record in enumerate(old.records)
    )
    images = TranslatedSet(
        name, folder, old.table, records, _Repainted(old.loader), old.tasks, made_from
    )
    return replace(source, name=name, images=images)


def shown(source: MappedSet, index: int) -> Shown:
    """Return a rendered frame as translators take it."""
    known: Mapping[str, object] = source.records[index].attributes
    style = {key: str(known[key]) for key in STYLES if key in known}
    return Shown(source.image(index), source.semantic(index), style)


def translate(
    translator: Translator, source: MappedSet, seed: int, folder: Path, tick: Tick
) -> float:
    """Write a set's frames as a translator makes them; return its own seconds.

    Parameters
    ----------
    seed : int
        Of the run; each frame has a number of its own from it.
    folder : Path
        There already, and empty.
    """
    seconds = 0.0
    for start in range(0, len(source), _CHUNK):
        rows = range(start, min(start + _CHUNK, len(source)))
        tick(start / len(source), f"{start} of {len(source)} frames")
        frames = [shown(source, k) for k in rows]
        seeds = [_number(seed, source.records[k].id) for k in rows]
        begin = time.perf_counter()
        made = translator(frames, seeds)
        seconds += time.perf_counter() - begin
        for k, frame, picture in zip(rows, frames, made, strict=True):
            _write(folder / _file(k), frame, picture)
    return seconds


def _write(path: Path, frame: Shown, picture: U8) -> None:
    if picture.shape != frame.rgb.shape or picture.dtype != np.uint8:
        raise ValueError(f"a translator made {picture.shape} {picture.dtype} of {frame.rgb.shape}")
    written, data = cv2.imencode(".png", picture[..., ::-1], _QUICK)
    if not written:
        raise ValueError(f"no PNG of shape {picture.shape}")
    path.write_bytes(data.tobytes())


def _file(index: int) -> str:
    return f"{index:06d}.png"


def _number(seed: int, record: str) -> int:
    return int(named_generator("compare refiners", seed, record).integers(2**31))


def parted(rendered: MappedSet) -> tuple[MappedSet, MappedSet]:
    """Part rendered frames by whole scenes: four in five to learn from, the others to refine.

    Scenes are taken in order, so each scenario gives its share. A set of fewer than five scenes
    gives its last one.

    Raises
    ------
    ValueError
        There are not two scenes.
    """
    scenes = list(dict.fromkeys(record.group for record in rendered.records))
    if len(scenes) < 2:
        raise ValueError("one scene can't be parted")
    held: Sequence[str] = scenes[4::5] or scenes[-1:]
    kept = frozenset(held)
    return (
        rendered.where(lambda record: record.group not in kept),
        rendered.where(lambda record: record.group in kept),
    )
