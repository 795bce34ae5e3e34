"""What becomes of a frame that fails: less strength, then ignored pixels, then the render."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import cv2
import numpy as np

from scenegen.evaluate.images import U8
from scenegen.records.taxonomy import IGNORE
from scenegen.refine.gate.bars import Bar
from scenegen.refine.gate.looks import Look
from scenegen.refine.gate.records import GateRecord, Rung, Verdict
from scenegen.refine.gate.things import Mask, Thing
from scenegen.refine.gate.verdicts import compare, moved

MOST_IGNORED = 0.1
"""Share of labelled pixels beyond which a frame is given up rather than ignored in part."""
_MARGIN_PX = 3
"""How far around moved pixels labels are ignored too: a border has no exact place."""


@dataclass(frozen=True)
class GateOutcome:
    """What is kept of a frame.

    Attributes
    ----------
    rgb : (H, W, 3) uint8
    ignore : (H, W) bool
        Pixels whose labels no longer hold and are to be set to ignore.
    record : GateRecord
    """

    rgb: U8
    ignore: Mask
    record: GateRecord


@dataclass(frozen=True)
class Climb:
    """One frame before the gate, and how pictures of it are seen.

    Attributes
    ----------
    gate : str
        Digest.
    rgb : (H, W, 3) uint8
        The render.
    semantic : (H, W) uint8
    things : tuple of Thing
    look : callable
        At a picture.
    bars : tuple of Bar
    """

    gate: str
    rgb: U8
    semantic: U8
    things: tuple[Thing, ...]
    look: Callable[[U8], Look]
    bars: tuple[Bar, ...]

    def __call__(self, refine_at: Callable[[float], U8], strengths: Sequence[float]) -> GateOutcome:
        """Go down the ladder; see `Gate.pass_through`."""
        if not strengths:
            raise ValueError("no strength to refine at")
        before = self.look(self.rgb)
        first: Verdict | None = None
        for tries, strength in enumerate(strengths, 1):
            picture = refine_at(strength)
            after = self.look(picture)
            verdict = compare(self.semantic, self.things, before, after, self.bars)
            first = first or verdict
            if verdict.passed:
                rung: Rung = "refined" if tries == 1 else "lowered"
                return self._outcome(picture, None, rung, tries, strength, first, verdict)
        assert first is not None
        ignore = self._untrue(verdict, before, after)
        known = self.semantic != IGNORE
        if (ignore & known).sum() <= MOST_IGNORED * known.sum():
            left = np.where(ignore, np.uint8(IGNORE), self.semantic)
            gone = self._lost(verdict)
            things = tuple(thing for thing in self.things if thing not in gone)
            final = compare(left, things, before, after, self.bars)
            if final.passed:
                return self._outcome(picture, ignore, "ignored", tries, strength, first, final)
        final = compare(self.semantic, self.things, before, before, self.bars)
        return self._outcome(self.rgb, None, "rendered", tries, 0.0, first, final)

    def _lost(self, verdict: Verdict) -> list[Thing]:
        names = {(score.instance, score.name, score.box) for score in verdict.lost}
        return [
            thing
            for thing in self.things
            if thing.class_id != IGNORE
            and (thing.instance, self.bars[thing.class_id].name, thing.box) in names
        ]

    def _untrue(self, verdict: Verdict, before: Look, after: Look) -> Mask:
        """Return the pixels (H, W) that moved, whole where an object was lost."""
        found = moved(self.semantic, before.ids, after.ids)
        for thing in self._lost(verdict):
            thing.paint(found)
        side = 2 * _MARGIN_PX + 1
        kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
        return np.asarray(cv2.dilate(found.astype(np.uint8), kernel), np.bool_)

    def _outcome(
        self,
        rgb: U8,
        ignore: Mask | None,
        rung: Rung,
        tries: int,
        strength: float,
        first: Verdict,
        final: Verdict,
    ) -> GateOutcome:
        mask = np.zeros(self.semantic.shape, np.bool_) if ignore is None else ignore
        gone = np.bincount(self.semantic[mask], minlength=len(self.bars))[: len(self.bars)]
        ignored = {bar.name: int(n) for bar, n in zip(self.bars, gone, strict=True) if n}
        record = GateRecord(
            gate=self.gate,
            rung=rung,
            tries=tries,
            strength=strength,
            first=first,
            final=final,
            ignored=ignored,
        )
        return GateOutcome(rgb, mask, record)
