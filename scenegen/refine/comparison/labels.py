"""Whether a method's frames still show what their labels say, by a gate that knows photographs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from scenegen.evaluate.images import F64, I64
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.measures.confusion import confusions, iou, mean_over_classes, weighted
from scenegen.evaluate.memo import Memo
from scenegen.evaluate.study import Tick
from scenegen.refine.comparison.estimates import Chance, Estimate, of_draws
from scenegen.refine.gate import Gate
from scenegen.refine.gate.verdicts import compare

VERSION = 1
"""Raised when equal frames would be seen otherwise."""


@dataclass(frozen=True)
class Seen:
    """What a gate sees in versions of the same frames.

    Attributes
    ----------
    confusions : (runs, N, C, C + 1) int64
        Pixels by label and by what they are taken for.
    kept, lost : (runs, N) int64
        Objects that still show, and that don't, of those that show in the render.
    """

    confusions: I64
    kept: I64
    lost: I64

    def agreement(self, drawn: F64, shares: F64, classes: I64) -> Estimate:
        """Return the mIoU of labels and what is seen, over some classes (K,), mean over runs.

        Parameters
        ----------
        drawn, shares : (1 + D, N) and (1 + D, runs) float64
        """
        each = [mean_over_classes(iou(weighted(one, drawn))[:, classes]) for one in self.confusions]
        return of_draws((np.stack(each, axis=1) * shares).sum(axis=1))

    def objects(self, drawn: F64, shares: F64) -> Estimate | None:
        """Return the share of objects that still show; None if none ever did."""
        if not (self.kept + self.lost).sum(axis=1).all():
            return None
        with np.errstate(invalid="ignore"):  # a draw may hold no object
            each = (drawn @ self.kept.T) / (drawn @ (self.kept + self.lost).T)
        return of_draws((each * shares).sum(axis=1))

    def repeated(self, runs: int) -> Seen:
        """Return the same for so many runs, where seeds changed nothing."""
        return Seen(*(np.repeat(a, runs, axis=0) for a in (self.confusions, self.kept, self.lost)))


def seen(gate: Gate, held: MappedSet, runs: Sequence[MappedSet], memo: Memo, tick: Tick) -> Seen:
    """Look at frames as a method made them by each seed, at their full size; looked at once.

    Parameters
    ----------
    held : MappedSet
        The same frames as rendered.
    """

    def look() -> dict[str, I64]:
        count, classes = len(held), len(gate.spec.names)
        found = np.zeros((len(runs), count, classes, classes + 1), np.int64)
        kept, lost = np.zeros((2, len(runs), count), np.int64)
        for k in range(count):
            tick(k / count, f"label gate: {k} of {count} frames")
            before, ids = gate.look(held.image(k)), held.semantic(k)
            things = gate.things(ids, None)
            for r, run in enumerate(runs):
                after = gate.look(run.image(k))
                found[r, k] = confusions(after.ids[None], ids[None], classes)[0]
                states = [
                    o.state for o in compare(ids, things, before, after, gate.spec.bars).objects
                ]
                kept[r, k], lost[r, k] = states.count("kept"), states.count("lost")
        return {"confusions": found, "kept": kept, "lost": lost}

    inputs = {
        "version": VERSION,
        "gate": gate.digest,
        "held": held.digest,
        "runs": [run.digest for run in runs],
    }
    return Seen(**memo.arrays("labels", inputs, look))


def photographs_seen(gate: Gate, photos: MappedSet, memo: Memo) -> Seen:
    """Look at photographs; objects are not told."""

    def look() -> dict[str, I64]:
        found = [
            confusions(gate.see(photos.image(k))[None], photos.semantic(k)[None], classes)
            for k in range(len(photos))
        ]
        return {"confusions": np.stack(found, axis=1)}

    classes = len(gate.spec.names)
    inputs = {"version": VERSION, "gate": gate.digest, "photographs": photos.digest}
    none = np.zeros((1, len(photos)), np.int64)
    return Seen(memo.arrays("labels", inputs, look)["confusions"], none, none)


def common_classes(*sets: Seen) -> I64:
    """Return the classes (K,) that the truth of every set has pixels of."""
    there = [one.confusions.sum(axis=(0, 1, 3)) > 0 for one in sets]
    return np.flatnonzero(np.logical_and.reduce(there))


@dataclass(frozen=True)
class Drift:
    """Tells agreement of frames by what the gate reaches on test photographs.

    Attributes
    ----------
    chance : Chance
    held, test : (N,) int64
        Blocks of frames and photographs.
    raw, photos : Seen
        The frames as rendered, and the photographs.
    """

    chance: Chance
    held: I64
    test: I64
    raw: Seen
    photos: Seen

    def of(self, frames: Seen) -> dict[str, Estimate]:
        """Return the figures of a method's frames, by each seed or the same for all."""
        runs = self.chance.runs
        full = frames.repeated(runs) if len(frames.kept) < runs else frames
        drawn = self.chance.draws("frames", self.held)
        told = full.agreement(drawn.weights, drawn.seeds, self._classes)
        found = {"drift.miou": told, "drift.share": told.over(self.of_photographs())}
        objects = full.objects(drawn.weights, drawn.seeds)
        return found if objects is None else {**found, "drift.objects": objects}

    def of_photographs(self) -> Estimate:
        """Return the agreement that the gate reaches on photographs."""
        weights = self.chance.draws("test", self.test).weights
        return self.photos.agreement(weights, np.ones((len(weights), 1)), self._classes)

    @property
    def _classes(self) -> I64:
        return common_classes(self.raw, self.photos)
