"""The label gate between a refiner and a data set: what is kept of each frame, and on record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from scenegen.errors import InputError
from scenegen.records.taxonomy import IGNORE
from scenegen.refine.gate import Gate, GateRecord

if TYPE_CHECKING:
    from scenegen.evaluate.images import U8
    from scenegen.pipeline.refine_video import Step
    from scenegen.refine.refiner import Refiner

_TRIES = (1.0, 0.6, 0.35)
"""Strengths that are tried, as shares of the one that is wanted."""


@dataclass(frozen=True)
class GateFile:
    """A gate on disk, as workers find it again.

    Attributes
    ----------
    digest : str
        sha256 of the file.
    """

    path: str
    digest: str
    device: str


@dataclass(frozen=True)
class Kept:
    """What is kept of a frame.

    Attributes
    ----------
    rgb : (H, W, 3) uint8
    semantic : (H, W) uint8 or None
        The data set's classes with ignored pixels; None if none is ignored.
    strength : float
        Of the picture; 0 for the render.
    record : GateRecord or None
    """

    rgb: U8
    semantic: U8 | None
    strength: float
    record: GateRecord | None


def find_gate(path: Path, classes: Sequence[str], device: str) -> GateFile:
    """Return a gate that judges a refiner's classes.

    Raises
    ------
    InputError
        There is no such gate, or it knows other classes.
    """
    gate = Gate.load(path, device)
    if gate.spec.names != tuple(classes):
        raise InputError(
            f"{path}: judges the classes {', '.join(gate.spec.names)}; the refiner knows "
            f"{', '.join(classes)}: train the gate on the same label space"
        )
    return GateFile(str(path), gate.digest, device)


@lru_cache(maxsize=1)
def gate_of(file: GateFile) -> Gate:
    """Return this process's gate; InputError if the file was replaced."""
    gate = Gate.load(Path(file.path), file.device)
    if gate.digest != file.digest:
        raise InputError(f"{file.path}: was replaced while frames are judged by it")
    return gate


def kept(file: GateFile | None, refiner: Refiner, step: Step, picture: U8) -> Kept:
    """Return what a gate leaves of a frame's refined picture; all of it without a gate."""
    wanted = refiner.settings.strength
    if file is None:
        return Kept(picture, None, wanted, None)

    def refine_at(strength: float) -> U8:
        if strength == wanted:
            return picture
        return refiner.at(strength).refined([step.shown], [step.noise], [step.lead])[0]

    strengths = [wanted * share for share in _TRIES]
    reader = step.reader
    instances = reader.instance if "instance" in reader.entry.layers else None
    found = gate_of(file).pass_through(step.shown, instances, refine_at, strengths)
    semantic = None
    if found.ignore.any():
        semantic = np.where(found.ignore, np.uint8(IGNORE), reader.semantic)
    return Kept(found.rgb, semantic, found.record.strength, found.record)
