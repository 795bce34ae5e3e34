"""The test pictures that a model gets most right and most wrong, beside truth and prediction."""

from __future__ import annotations

import numpy as np

from scenegen.evaluate.images import I64, U8
from scenegen.evaluate.results import Grid, Picture
from scenegen.evaluate.thumbnails import boxed, colorize, write_thumbnail
from scenegen.evaluate.utility.findings import Findings
from scenegen.evaluate.utility.training import Predicted

SHOWN = 4
GAP_PX = 4
SURE = 0.3
"""Less sure detections are not drawn."""
NOTES = {
    "semantic": "Picture, truth, prediction. Ignored pixels are dark.",
    "boxes": f"Truth and detections surer than {SURE}, in the colours of their classes.",
}


def grids(found: Findings, predicted: Predicted | None) -> list[Grid]:
    """Return the worst and the best predictions of the first arm.

    For people to look at: nothing is chosen by them.
    """
    if predicted is None:
        return []
    first = next(iter(found.runs.values()))[0]
    scores = found.judge.by_picture(first.kept)
    known = np.flatnonzero(np.isfinite(scores))
    order = known[np.argsort(scores[known], kind="stable")]
    note = NOTES[found.judge.task]
    result = []
    for title, chosen in (("Worst", order), ("Best", order[::-1])):
        pictures = tuple(
            _picture(found, predicted, i, float(scores[i]), title.lower())
            for i in _apart(chosen, found.test.blocks)
        )
        arm = first.arm.title
        result.append(
            Grid(title=f"{title} predictions, {arm}", columns=1, pictures=pictures, note=note)
        )
    return result


def _apart(order: I64, blocks: I64) -> list[int]:
    """Return the first pictures of an order, one a block: neighbours look alike."""
    first: dict[int, int] = {}
    for index in order.tolist():
        first.setdefault(int(blocks[index]), index)
    return list(first.values())[:SHOWN]


def _picture(found: Findings, predicted: Predicted, index: int, score: float, kind: str) -> Picture:
    pictures = predicted.pictures
    draw = _boxes if pictures.task == "boxes" else _labels
    panes = draw(found, predicted, index)
    gap = np.full((panes[0].shape[0], GAP_PX, 3), 255, np.uint8)
    strip = np.concatenate([panes[0], *(p for pane in panes[1:] for p in (gap, pane))], axis=1)
    name = f"utility-{kind}-{found.synthetic.name}-{pictures.ids[index]}"
    path = write_thumbnail(found.study.out, name, strip, strip.shape[1])
    caption = f"{pictures.ids[index]}: {found.judge.metric} {score:.2f}"
    return Picture(path=path, caption=caption)


def _labels(found: Findings, predicted: Predicted, index: int) -> list[U8]:
    pictures, space = predicted.pictures, found.study.space
    return [
        pictures.images([index])[0],
        colorize(pictures.semantic([index])[0], space),
        colorize(np.asarray(predicted.semantic[index]), space),
    ]


def _boxes(found: Findings, predicted: Predicted, index: int) -> list[U8]:
    pictures, space = predicted.pictures, found.study.space
    picture, real = pictures.images([index])[0], pictures.boxes(index)
    said = predicted.detections()[index]
    sure = said.score >= SURE
    return [
        boxed(picture, real.xyxy, real.class_id, space),
        boxed(picture, said.xyxy[sure], said.class_id[sure], space),
    ]
