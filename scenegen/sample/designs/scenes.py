"""The draws that scenes start from, bodies aside: what a design covers before it is made."""

from __future__ import annotations

import numpy as np

from scenegen.records.base import F64
from scenegen.sample.candidates import draw_candidates
from scenegen.sample.designs.choose import points_of
from scenegen.scenario import LogicalScenario
from scenegen.scenario.syntax import Column
from scenegen.seeds import SceneKey

FIRST_BATCH = 32
BATCHES = 4


def scene_draws(logical: LogicalScenario, seed: int, count: int) -> tuple[dict[str, Column], F64]:
    """Return the first draw of each of some scenes that meets all constraints on values.

    Returns
    -------
    columns : dict of str to ndarray, shape (n,)
        Every parameter; n is `count`, or less where scenes found no draw.
    log_weight : ndarray, shape (n,)
    """
    rows: list[dict[str, Column]] = []
    weights: list[float] = []
    for index in range(count):
        points = points_of(logical, SceneKey(logical.digest, seed, index))
        batch = FIRST_BATCH
        for _ in range(BATCHES):
            candidates = draw_candidates(logical, points.take(batch))
            if candidates.accepted.size:
                row = int(candidates.accepted[0])
                rows.append(candidates.row(row))
                weights.append(float(candidates.log_weight[row]))
                break
            batch *= 8
    names = rows[0] if rows else ()
    return {name: np.concatenate([row[name] for row in rows]) for name in names}, np.array(weights)
