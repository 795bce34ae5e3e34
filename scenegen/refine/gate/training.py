"""Training a gate's segmenter, and measuring what it reaches on other photographs."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
from pydantic import BaseModel, ConfigDict, Field

from scenegen.errors import InputError
from scenegen.evaluate.images import I64
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.memo import Memo
from scenegen.evaluate.objects import thing_ids
from scenegen.evaluate.study import Tick
from scenegen.evaluate.utility.prepared import Prepared, prepare, working_size
from scenegen.evaluate.utility.protocol import Model, Part, TrainingData
from scenegen.evaluate.utility.segmenter import Segmenter, SegmenterSettings
from scenegen.refine.gate.bars import Bar, bars_of
from scenegen.refine.gate.files import GateSpec, write_gate
from scenegen.refine.gate.verdicts import LEAST_PX

VERSION = 1
"""Raised when a change of the code changes what training gives."""
_FULL_WIDTH = 480
"""Width of frames, px, at which objects of `LEAST_PX` count; narrower photographs count smaller
ones."""


class GateSettings(BaseModel):
    """How a gate's segmenter is trained.

    Attributes
    ----------
    width : int
        Of what it sees, px; wider frames are brought to it.
    steps : int
        Optimiser steps.
    seed : int
    device : str
        As torch names it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    width: int = Field(320, ge=32)
    steps: int = Field(240, ge=1)
    seed: int = 0
    device: str = "cpu"


def path_of(photographs: MappedSet, unseen: MappedSet, memo: Memo, settings: GateSettings) -> Path:
    """Return where a gate of these photographs is kept."""
    space = photographs.mapping.space
    start = Segmenter(space.names, settings.seed).digest
    parts = [VERSION, start, photographs.digest, unseen.digest, settings.model_dump_json()]
    key = hashlib.sha256(" ".join(map(str, parts)).encode()).hexdigest()[:20]
    return memo.folder / f"gate-{key}.safetensors"


def train_to(
    photographs: MappedSet,
    unseen: MappedSet,
    memo: Memo,
    settings: GateSettings,
    path: Path,
    tick: Tick,
) -> None:
    """Train a gate and write it; see `Gate.train`."""
    space = photographs.mapping.space
    size = working_size(photographs, settings.width)
    learned = prepare(photographs, "semantic", size, memo, tick)
    model = Segmenter(space.names, settings.seed, SegmenterSettings(device=settings.device))

    def watch(step: int) -> None:
        tick(step / settings.steps, f"label gate: step {step} of {settings.steps}")

    model.fit(TrainingData((Part(learned),), watch), settings.steps, settings.seed)
    things = thing_ids(space)
    judged = prepare(unseen, "semantic", size, memo, tick)
    spec = GateSpec(
        names=space.names,
        things=things,
        width=size[0],
        bars=_bars(model, judged, space.names, things),
        notes={"trained on": learned.digest, "bars from": judged.digest},
    )
    write_gate(path, spec, model.network.state_dict())


def _bars(
    model: Model, judged: Prepared, names: tuple[str, ...], things: tuple[int, ...]
) -> tuple[Bar, ...]:
    found = [model.predict(judged.images([k])) for k in range(len(judged))]
    predicted = np.concatenate([np.asarray(part) for part in found])
    semantic = judged.semantic(np.arange(len(judged)))
    least = LEAST_PX * (judged.size[0] / _FULL_WIDTH) ** 2
    return bars_of(predicted, semantic, judged.blocks, names, things, least)


def halves(mapped: MappedSet) -> tuple[MappedSet, MappedSet]:
    """Return the first and the second half of each drive, for a set without a spare split.

    Raises
    ------
    InputError
        No drive has two blocks.
    """
    first: list[int] = []
    second: list[int] = []
    groups = np.array([record.group for record in mapped.records])
    for group in dict.fromkeys(groups.tolist()):
        rows: I64 = np.flatnonzero(groups == group)
        names = np.unique(mapped.blocks[rows])
        early = np.isin(mapped.blocks[rows], names[: -(-len(names) // 2)])
        first += rows[early].tolist()
        second += rows[~early].tolist()
    if not second:
        raise InputError(
            f"{mapped.name}: no drive has at least two blocks of {mapped.block_length} pictures to "
            "hold one out; give a set with more"
        )
    return mapped.subset(first), mapped.subset(second)
