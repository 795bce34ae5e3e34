"""The gate: a segmenter of real photographs, what it reaches on them, and its verdicts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import cv2
import numpy as np

from scenegen.errors import InputError
from scenegen.evaluate.images import F64, U8
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.measures.confusion import confusions, iou
from scenegen.evaluate.memo import Memo
from scenegen.evaluate.study import Tick, silent
from scenegen.evaluate.utility.protocol import Model
from scenegen.evaluate.utility.segmenter import Segmenter, SegmenterSettings
from scenegen.refine.gate.files import GateSpec, read_gate
from scenegen.refine.gate.ladder import Climb, GateOutcome
from scenegen.refine.gate.looks import Look, edges_of
from scenegen.refine.gate.records import Verdict
from scenegen.refine.gate.things import U16, Thing, things_in
from scenegen.refine.gate.tiny import with_tiny
from scenegen.refine.gate.training import GateSettings, path_of, train_to
from scenegen.refine.gate.verdicts import compare, drift_of
from scenegen.refine.protocol import Shown
from scenegen.refine.sizes import at_width


@dataclass(frozen=True)
class Agreement:
    """How well pictures show what their labels say, all together.

    Attributes
    ----------
    mean_iou : float
        Over the classes that labels give.
    drift : float or None
        Share by which that is below the same classes' on real photographs.
    classes : dict of str to float
        Intersection over union by class.
    """

    mean_iou: float
    drift: float | None
    classes: dict[str, float]


@dataclass(frozen=True)
class Gate:
    """Says whether refined frames still show what their labels say.

    Attributes
    ----------
    model : Model
        Segments pictures; trained on photographs that no refiner saw.
    spec : GateSpec
    digest : str
        sha256 of the file that it is from.
    """

    model: Model
    spec: GateSpec
    digest: str

    @classmethod
    def load(cls, path: Path, device: str = "cpu") -> Self:
        """Read a gate; InputError if the file is none of this version."""
        spec, tensors, digest = read_gate(path)
        model = Segmenter(spec.names, 0, SegmenterSettings(device=device))
        try:
            model.network.load_state_dict(tensors)
        except RuntimeError as error:
            message = f"{path}: weights and description don't fit: {str(error)[:200]}"
            raise InputError(message) from None
        return cls(model, spec, digest)

    @classmethod
    def train(
        cls,
        photographs: MappedSet,
        unseen: MappedSet,
        memo: Memo,
        settings: GateSettings | None = None,
        tick: Tick = silent,
    ) -> Self:
        """Train a gate, or find the one that an earlier call made of the same files.

        Parameters
        ----------
        photographs : MappedSet
            What the segmenter learns from. Nothing else may have learned from it.
        unseen : MappedSet
            Other photographs in the same classes: what it reaches on them is the bar.
        memo : Memo
            The gate lies below its folder, `path_of` says where.
        """
        settings = settings or GateSettings()
        path = path_of(photographs, unseen, memo, settings)
        if not path.is_file():
            train_to(photographs, unseen, memo, settings, path, tick)
        return cls.load(path, settings.device)

    def see(self, rgb: U8) -> U8:
        """Return the judged ids (H, W) uint8 that the segmenter sees in a picture (H, W, 3)."""
        small, _ = at_width(rgb, np.zeros(rgb.shape[:2], np.uint8), self.spec.width)
        found = np.asarray(self.model.predict(small[None]))[0]
        size = rgb.shape[1], rgb.shape[0]
        return np.asarray(cv2.resize(found, size, interpolation=cv2.INTER_NEAREST_EXACT), np.uint8)

    def look(self, rgb: U8) -> Look:
        """Return what is looked at in a picture (H, W, 3)."""
        return Look(self.see(rgb), edges_of(rgb))

    def things(self, semantic: U8, instances: U16 | None) -> tuple[Thing, ...]:
        """Return the objects of a frame."""
        return things_in(semantic, instances, self.spec.things)

    def judge(self, frame: Shown, refined: U8, instances: U16 | None = None) -> Verdict:
        """Return whether a refined picture still shows what a frame's labels say.

        Parameters
        ----------
        frame : Shown
            The render, with judged ids in the gate's classes.
        refined : (H, W, 3) uint8
        instances : (H, W) uint16, optional
            0 = none; without, objects are connected regions of a class.
        """
        things = self.things(frame.semantic, instances)
        before, after = self.look(frame.rgb), self.look(refined)
        return compare(frame.semantic, things, before, after, self.spec.bars)

    def pass_through(
        self,
        frame: Shown,
        instances: U16 | None,
        refine_at: Callable[[float], U8],
        strengths: Sequence[float],
    ) -> GateOutcome:
        """Refine a frame as far as its labels allow.

        Tiny objects are blended back to the render first. The strengths are tried in turn; if
        none passes, moved pixels of the last picture are ignored; if too many are, the render
        is kept.

        Parameters
        ----------
        frame, instances
            As for `judge`.
        refine_at : callable
            From a strength to the refined picture (H, W, 3) uint8.
        strengths : sequence of float
            Falling; the first is what is wanted.
        """
        things = self.things(frame.semantic, instances)
        climb = Climb(self.digest, frame.rgb, frame.semantic, things, self.look, self.spec.bars)
        return climb(lambda s: with_tiny(frame.rgb, refine_at(s), things), strengths)

    def agreement(self, images: U8 | Sequence[U8], semantic: U8 | Sequence[U8]) -> Agreement:
        """Return how well pictures (N, H, W, 3) show their labels (N, H, W), all together."""
        names = self.spec.names
        counts = sum(
            confusions(self.see(rgb)[None], ids[None], len(names))[0]
            for rgb, ids in zip(images, semantic, strict=True)
        )
        scores: F64 = iou(np.asarray(counts))
        there = np.isfinite(scores)
        by_class = {n: float(s) for n, s in zip(names, scores, strict=True) if np.isfinite(s)}
        mean = float(scores[there].mean()) if there.any() else float("nan")
        return Agreement(mean, drift_of(scores, there, self.spec.bars), by_class)
