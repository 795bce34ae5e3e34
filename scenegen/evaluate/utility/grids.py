"""The test pictures that a model gets most right and most wrong, beside truth and prediction."""

from __future__ import annotations

import numpy as np

from scenegen.evaluate.results import Grid, Picture
from scenegen.evaluate.thumbnails import colorize, write_thumbnail
from scenegen.evaluate.utility.findings import Findings
from scenegen.evaluate.utility.training import Predicted

SHOWN = 4
GAP_PX = 4


def grids(found: Findings, predicted: Predicted | None) -> list[Grid]:
    """Return the worst and the best label pictures of the first arm.

    For people to look at: nothing is chosen by them.
    """
    if predicted is None or found.judge.task != "semantic":
        return []
    first = next(iter(found.runs.values()))[0]
    scores = found.judge.by_picture(first.kept)
    known = np.flatnonzero(np.isfinite(scores))
    order = known[np.argsort(scores[known], kind="stable")]
    note = "Picture, truth, prediction. Ignored pixels are dark."
    result = []
    for title, chosen in (("Worst", order[:SHOWN]), ("Best", order[::-1][:SHOWN])):
        pictures = tuple(
            _picture(found, predicted, int(i), float(scores[i]), title.lower()) for i in chosen
        )
        arm = first.arm.title
        result.append(
            Grid(title=f"{title} predictions, {arm}", columns=1, pictures=pictures, note=note)
        )
    return result


def _picture(found: Findings, predicted: Predicted, index: int, score: float, kind: str) -> Picture:
    pictures, space = predicted.pictures, found.study.space
    at = [index]
    panes = [
        pictures.images(at)[0],
        colorize(pictures.semantic(at)[0], space),
        colorize(np.asarray(predicted.semantic[index]), space),
    ]
    gap = np.full((panes[0].shape[0], GAP_PX, 3), 255, np.uint8)
    strip = np.concatenate([panes[0], gap, panes[1], gap, panes[2]], axis=1)
    name = f"utility-{kind}-{found.synthetic.name}-{pictures.ids[index]}"
    path = write_thumbnail(found.study.out, name, strip, strip.shape[1])
    caption = f"{pictures.ids[index]}: {found.judge.metric} {score:.2f}"
    return Picture(path=path, caption=caption)
