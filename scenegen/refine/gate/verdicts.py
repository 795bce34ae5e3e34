"""From what a segmenter says of a render and of its refined picture to a verdict."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scenegen.evaluate.images import F64, U8
from scenegen.evaluate.measures.confusion import confusions, iou
from scenegen.records.taxonomy import IGNORE
from scenegen.refine.gate.bars import Bar, Measured
from scenegen.refine.gate.looks import Look, outline
from scenegen.refine.gate.records import ObjectScore, Score, State, Verdict
from scenegen.refine.gate.things import Mask, Thing

LEAST_PX = 400
"""Classes and objects of fewer pixels of a frame are not judged."""
SEEN = 0.4
"""What the segmenter sees less than this in the render it can't judge: below, noise, blur and other
colours alone take away half of it now and then."""
KNOWN = 0.1
"""The same for what it reaches on real photographs."""
SHARE = 0.6
"""What passes has so much of what is reached on real photographs or in the render, whichever is
less."""
OUTLINE = 0.5
"""An object's outline passes from this on. In 48 renders, 98 of 100 objects had at least
0.84 under noise, blur and other colours, and 95 of 100 painted away or moved at most 0.42."""


def compare(
    semantic: U8, things: Sequence[Thing], before: Look, after: Look, bars: Sequence[Bar]
) -> Verdict:
    """Hold a render and its refined picture against the labels.

    Parameters
    ----------
    semantic : (H, W) uint8
        What labels say.
    things : sequence of Thing
    before, after : Look
        At the render and at the refined picture.
    bars : sequence of Bar
        By class id.
    """
    seen = np.stack([before.ids, after.ids])
    counts = confusions(seen, np.stack([semantic, semantic]), len(bars))
    rendered, refined = iou(counts)
    pixels = counts[0].sum(axis=1)
    classes = tuple(
        _class_score(bars[k], int(pixels[k]), refined[k], rendered[k])
        for k in np.flatnonzero(pixels >= LEAST_PX).tolist()
    )
    objects = tuple(
        _object_score(bars[thing.class_id], thing, semantic, before, after)
        for thing in things
        if thing.class_id != IGNORE and thing.pixels >= LEAST_PX
    )
    return Verdict(
        passed=all(score.state != "lost" for score in (*classes, *objects)),
        classes=classes,
        objects=objects,
        agreement=_mean([score.refined for score in classes]),
        drift=drift_of(refined, pixels >= LEAST_PX, bars),
        moved=round(float(moved(semantic, before.ids, after.ids).sum() / max(pixels.sum(), 1)), 4),
    )


def moved(semantic: U8, before: U8, after: U8) -> Mask:
    """Return the pixels (H, W) that are confirmed in the render and no longer afterwards."""
    return np.asarray((semantic != IGNORE) & (before == semantic) & (after != semantic))


def drift_of(scores: F64, chosen: Mask, bars: Sequence[Bar]) -> float | None:
    """Return by what share class scores (C,) are below those on real photographs, on average.

    Parameters
    ----------
    chosen : (C,) bool
        Classes that count, if photographs show them.
    """
    pairs = [
        (float(scores[k]), bar.iou.value)
        for k, bar in enumerate(bars)
        if chosen[k] and bar.iou is not None and bar.iou.value > 0
    ]
    if not pairs:
        return None
    here, real = np.array(pairs).sum(axis=0)
    return round(float(1.0 - here / real), 4)


def _class_score(bar: Bar, pixels: int, refined: float, rendered: float) -> Score:
    needed = _needed(bar.iou, rendered)
    return Score(
        name=bar.name,
        pixels=pixels,
        refined=round(float(refined), 4),
        rendered=round(float(rendered), 4),
        needed=needed,
        state=_state(refined, needed),
    )


def _object_score(bar: Bar, thing: Thing, semantic: U8, before: Look, after: Look) -> ObjectScore:
    rendered, refined = (thing.agreement(look.ids, semantic) for look in (before, after))
    needed = _needed(bar.object, rendered)
    state = _state(refined, needed)
    alike = outline(thing, before.edges, after.edges)
    if alike is not None and state != "lost":
        state = "kept" if alike >= OUTLINE else "lost"
    return ObjectScore(
        name=bar.name,
        pixels=thing.pixels,
        refined=round(refined, 4),
        rendered=round(rendered, 4),
        needed=needed,
        state=state,
        instance=thing.instance,
        box=thing.box,
        outline=None if alike is None else round(alike, 4),
    )


def _needed(real: Measured | None, rendered: float) -> float | None:
    """Return what a refined picture must reach; None where the segmenter can't tell."""
    reached = 1.0 if real is None else real.value
    if rendered < SEEN or reached < KNOWN:
        return None
    return round(SHARE * min(float(rendered), reached), 4)


def _state(refined: float, needed: float | None) -> State:
    if needed is None:
        return "unseen"
    return "kept" if refined >= needed else "lost"


def _mean(values: Sequence[float]) -> float | None:
    return round(float(np.mean(values)), 4) if values else None
