"""The synthetic pictures that look most and least like photographs, with those beside them."""

from __future__ import annotations

import numpy as np

from scenegen.evaluate.comparison import MOST, Comparison, nearest_frames
from scenegen.evaluate.feature_store import spread
from scenegen.evaluate.images import I64
from scenegen.evaluate.measures.prdc import Neighbours
from scenegen.evaluate.results import Grid, Picture
from scenegen.evaluate.thumbnails import write_thumbnail

SHOWN = 6


def nearest_grids(both: Comparison) -> tuple[Grid, ...]:
    """Return the nearest and the farthest synthetic frames, each above its nearest real one.

    Of one bootstrap block at most one frame is shown; the files go below `study.out`.
    """
    frames = both.synthetic.frames.evenly(MOST)
    found = nearest_frames(both.test, frames)
    if found is None:
        return ()
    order = np.argsort(found.distance, kind="stable")
    rows = (("best", "Most like photographs", order), ("worst", "Least like them", order[::-1]))
    return tuple(
        _grid(both, word, title, _one_a_block(ranked, frames.blocks), frames.pictures, found)
        for word, title, ranked in rows
    )


def _one_a_block(ranked: I64, blocks: I64) -> I64:
    """Return the first positions of a ranking, no two of one block."""
    _, first = np.unique(blocks[ranked], return_index=True)
    return np.asarray(ranked[np.sort(first)[:SHOWN]], np.int64)


def _grid(
    both: Comparison, word: str, title: str, chosen: I64, pictures: I64, found: Neighbours
) -> Grid:
    synthetic, test = both.synthetic.mapped, both.test.mapped
    real = spread(len(test), MOST)[found.nearest_real[chosen]]
    above = [
        Picture(
            path=write_thumbnail(
                both.study.out,
                f"{synthetic.name}-fidelity-{word}-{synthetic.records[index].id}",
                synthetic.image(index),
            ),
            caption=f"{synthetic.records[index].id}, distance {distance:.1f}",
        )
        for index, distance in zip(
            pictures[chosen].tolist(), found.distance[chosen].tolist(), strict=True
        )
    ]
    below = [
        Picture(
            path=write_thumbnail(
                both.study.out,
                f"{test.name}-real-{test.records[index].id}",
                test.image(index),
            ),
            caption=f"nearest real: {test.records[index].id}",
        )
        for index in real.tolist()
    ]
    return Grid(
        title=title,
        columns=len(above),
        pictures=(*above, *below),
        note="Above, synthetic frames; below each, the real test frame nearest in features.",
    )
