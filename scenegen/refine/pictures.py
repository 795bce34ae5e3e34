"""Training pictures of both domains with what they show, cut to random crops."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch

from scenegen.evaluate.images import U8
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.memo import Memo
from scenegen.evaluate.study import Tick, silent
from scenegen.evaluate.utility.prepared import Prepared, prepare
from scenegen.refine.conditions import I64, Condition, condition_of, joined, sketch_of, style_of
from scenegen.refine.planes import opponent
from scenegen.refine.spec import STYLES
from scenegen.seeds import named_generator

LONE_SKETCH = 0.5
"""How often a training picture's sketch is withheld."""
_NOTHING = 0.1
"""How often everything is, so that guidance has something to lead away from."""
_UNTOLD = 0.1
"""How often classes, or one word of style, are withheld by themselves."""
_JITTER = 6.0
"""Standard deviation of what is added to a sketch's colours, of 255."""


@dataclass(frozen=True)
class Pictures:
    """Pictures of one domain at one size.

    Attributes
    ----------
    prepared : Prepared
        Pictures and judged ids.
    sketches : (N, h, w, 3) uint8
    style : (N, len(STYLES)) int64
    """

    prepared: Prepared
    sketches: U8
    style: I64

    def __len__(self) -> int:
        return len(self.prepared)

    def condition(self, at: Sequence[int] | I64) -> Condition:
        """Return what whole pictures show, everything told."""
        rows = np.asarray(at, np.int64)
        semantic = self.prepared.semantic(rows)
        return condition_of(semantic, self.sketches[rows], self.style[rows])

    def words(self) -> dict[str, list[str]]:
        """Return the words of style that any of the pictures has, by key."""
        return {
            key: [word for k, word in enumerate(words) if (self.style[:, row] == k + 1).any()]
            for row, (key, words) in enumerate(STYLES.items())
            if key != "domain"
        }

    def told_as(self, others: Pictures) -> Pictures:
        """Return the same without words of style that no other picture has.

        Words that only one domain has tell a network which domain it is, whatever they mean.
        """
        style = self.style.copy()
        for row in range(1, style.shape[1]):
            style[~np.isin(style[:, row], others.style[:, row]), row] = 0
        return Pictures(self.prepared, self.sketches, style)

    def subset(self, at: Sequence[int] | I64) -> Pictures:
        """Return the pictures at the given positions."""
        rows = np.asarray(at, np.int64)
        return Pictures(self.prepared.subset(rows), self.sketches[rows], self.style[rows])


def open_pictures(
    mapped: MappedSet, domain: str, size: tuple[int, int], memo: Memo, tick: Tick = silent
) -> Pictures:
    """Bring a set to the size that a refiner is trained at, and draw its sketches.

    Parameters
    ----------
    domain : {"real", "rendered"}
    size : (width, height) px
    """
    prepared = prepare(mapped, "semantic", size, memo, tick)
    every = np.arange(len(prepared))

    def sketches() -> dict[str, U8]:
        found = [
            sketch_of(prepared.images([k])[0], prepared.semantic([k])[0]) for k in every.tolist()
        ]
        return {"sketches": np.stack(found)}

    drawn = memo.arrays("sketches", {"set": prepared.digest, "version": 1}, sketches)["sketches"]
    style = np.stack([style_of(domain, record.attributes) for record in mapped.records])
    return Pictures(prepared, drawn, style)


def crops(
    sets: Sequence[Pictures], count: int, side: tuple[int, int], *words: str | int
) -> tuple[U8, Condition]:
    """Return random crops (count, h, w, 3) and what they show; equal words, equal crops.

    Sets take turns, so that each domain has its share of every batch.

    Parameters
    ----------
    side : (width, height) px
    *words
        The name of the random stream.
    """
    rng = named_generator("refiner crops", *words)
    images, conditions = [], []
    for k in range(count):
        chosen = sets[k % len(sets)]
        row = int(rng.integers(len(chosen)))
        image, whole = chosen.prepared.images([row]), chosen.condition([row])
        width, height = (
            min(wanted, there) for wanted, there in zip(side, _size(image), strict=True)
        )
        left = int(rng.integers(image.shape[2] - width + 1))
        top = int(rng.integers(image.shape[1] - height + 1))
        part = image[:, top : top + height, left : left + width]
        shown = whole.window(top, left, height, width)
        if rng.random() < 0.5:
            part, shown = part[:, :, ::-1], _mirrored(shown)
        images.append(part)
        conditions.append(_told_in_part(shown, rng))
    return np.concatenate(images), joined(conditions)


def _size(images: U8) -> tuple[int, int]:
    return images.shape[2], images.shape[1]


def _mirrored(condition: Condition) -> Condition:
    """Return what mirrored pictures show."""
    return replace(
        condition,
        semantic=condition.semantic.flip(-1),
        sketch=condition.sketch.flip(-1),
        place=condition.place.flip(-1) * torch.tensor([-1.0, 1.0])[:, None, None],
    )


def _told_in_part(condition: Condition, rng: np.random.Generator) -> Condition:
    """Withhold some of what one picture shows, and change its sketch's colours a little."""
    nothing = rng.random() < _NOTHING
    told = [0.0 if nothing or rng.random() < share else 1.0 for share in (_UNTOLD, LONE_SKETCH)]
    style = condition.style.clone()
    for key in range(1, style.shape[1]):  # the domain is told whenever anything is
        if rng.random() < _UNTOLD:
            style[:, key] = 0
    shift = opponent(torch.from_numpy(rng.normal(0.0, _JITTER / 127.5, (1, 3, 1, 1))).float())
    return replace(
        condition,
        sketch=condition.sketch + shift,
        shown=torch.tensor([told]),
        style=torch.zeros_like(style) if nothing else style,
    )
