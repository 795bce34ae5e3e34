"""The frames of one camera as a film: noise and pictures go along with what they show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import torch

from scenegen.records.taxonomy import CLASS_BY_NAME
from scenegen.refine.motion import Backward, Truth, backward, change, surfaces
from scenegen.refine.records import Flicker
from scenegen.refine.refiner import Lead
from scenegen.refine.samplers import noise_like
from scenegen.refine.video import Drift
from scenegen.seeds import named_generator

if TYPE_CHECKING:
    from scenegen.dataset import FrameReader
    from scenegen.evaluate.images import U8
    from scenegen.refine.motion import F32, I32
    from scenegen.refine.protocol import Shown

_NEEDED = {"flow", "depth", "semantic", "instance"}
_SKY = CLASS_BY_NAME["sky"].id
_FAR_M = 1e7
"""The sky's distance, as far as a camera's motion between two frames goes."""

Size = tuple[int, int]


@dataclass(frozen=True)
class Step:
    """A frame that is about to be refined.

    Attributes
    ----------
    seed : int
        Of its fresh noise.
    drifts : mapping of (height, width) to Drift
        Its noise at each size that is needed.
    carried : float or None
        Share of the noise that came along; None where noise doesn't move.
    moved : Backward or None
        To the frame before; None for the first and without truth about motion.
    lead : Lead or None
    """

    reader: FrameReader
    shown: Shown
    seed: int
    drifts: Mapping[Size, Drift]
    carried: float | None = None
    moved: Backward | None = None
    lead: Lead | None = None

    def noise(self, height: int, width: int) -> torch.Tensor:
        """Return the frame's noise at a size; see `Noise`."""
        values = self.drifts[height, width].values
        return torch.from_numpy(values.transpose(2, 0, 1)[None].copy())

    @cached_property
    def surface(self) -> I32:
        """What the pixels show (H, W), see `surfaces`."""
        return surfaces(self.reader.semantic, self.reader.instance)

    def truth(self, following: FrameReader) -> Truth:
        """Return what is known of motion to the next frame; the sky turns with the camera."""
        flow, valid = self.reader.flow
        depth = self.reader.depth_m
        rows, columns = np.nonzero((self.reader.semantic == _SKY) & ~np.isfinite(depth))
        pixels = np.stack([columns, rows], axis=1) + 0.5
        far = self.reader.labels.moving_camera().unproject(pixels, np.full(len(pixels), _FAR_M))
        there = following.labels.moving_camera().project(far).pixels
        seen = np.isfinite(there).all(axis=1)
        flow[rows[seen], columns[seen]] = (there - pixels)[seen]
        valid[rows[seen], columns[seen]] = True
        return Truth(flow, valid, depth, self.surface)


class Film:
    """One camera's frames in the order of time, and how much they flicker.

    Parameters
    ----------
    scene, sensor : str
    seed : int
        Root seed of the noise.
    moving : bool
        Whether noise goes along; otherwise each frame has its own.
    carry : float
        Share of the last refined frame that the next one begins with, where it shows the same.
    """

    def __init__(self, scene: str, sensor: str, seed: int, moving: bool, carry: float) -> None:
        self._words = ("refine", seed, scene, sensor)
        self._moving, self._carry = moving, carry
        self._last: Step | None = None
        self._shown: tuple[U8, U8] | None = None
        self._pairs: list[tuple[float, float, float]] = []

    def step(self, reader: FrameReader, shown: Shown, sizes: set[Size]) -> Step:
        """Return what the next frame is refined with.

        Parameters
        ----------
        sizes : set of (height, width)
            At which noise is needed.
        """
        seed = int(named_generator(*self._words, reader.index).integers(2**62))
        fresh = {size: _fresh(size, seed) for size in sizes}
        first = Step(reader, shown, seed, {size: Drift.begun(v) for size, v in fresh.items()})
        found = first if self._last is None else self._after(self._last, first, fresh)
        self._last = found if self._moving else None
        return found

    def _after(self, last: Step, first: Step, fresh: Mapping[Size, F32]) -> Step:
        """Return a step whose noise and lead come from the last one, if its motion is known."""
        layers = set(last.reader.entry.layers) & set(first.reader.entry.layers)
        following = first.reader.index == last.reader.index + 1
        if not (following and layers >= _NEEDED and last.drifts.keys() == fresh.keys()):
            return first
        truth = last.truth(first.reader)
        pairs = {k: last.drifts[k].moved(truth, first.surface, fresh[k]) for k in fresh}
        step = replace(
            first,
            drifts={k: drift for k, (drift, _) in pairs.items()},
            carried=round(pairs[min(pairs)][1], 4) if pairs else None,
            moved=backward(truth, first.surface),
        )
        return replace(step, lead=self._lead(step))

    def _lead(self, step: Step) -> Lead | None:
        if not self._carry or self._shown is None or step.moved is None:
            return None
        share = self._carry * step.moved.known.astype(np.float32)
        return Lead(step.moved.carried(self._shown[1]), share)

    def keep(self, step: Step, refined: U8) -> None:
        """Take a refined frame as the one that the next is compared with."""
        now = step.shown.rgb, refined
        if step.moved is not None and self._shown is not None and step.moved.known.any():
            rendered, made = (
                change(a, b, step.moved) for a, b in zip(self._shown, now, strict=True)
            )
            self._pairs.append((float(step.moved.known.mean()), rendered, made))
        self._shown = now

    @property
    def flicker(self) -> Flicker:
        """How much the frames so far change beside their motion."""
        known, rendered, refined = np.array(self._pairs or [(0.0, 0.0, 0.0)]).T
        return Flicker(
            pairs=len(self._pairs),
            known=round(float(known.mean()), 4),
            rendered=round(float(np.sqrt((rendered**2).mean())), 3),
            refined=round(float(np.sqrt((refined**2).mean())), 3),
        )


def _fresh(size: Size, seed: int) -> F32:
    """Return new noise (h, w, 3): that of a `Translator` with this seed."""
    values: F32 = noise_like((1, 3, *size), seed)[0].numpy().transpose(1, 2, 0)
    return np.ascontiguousarray(values)
