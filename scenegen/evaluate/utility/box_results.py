"""What only detection has: precision at one overlap and by the size of objects."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from scenegen.evaluate.images import F64
from scenegen.evaluate.measures.detection import SIZES, Matches, summarize
from scenegen.evaluate.results import MetricResult
from scenegen.evaluate.utility.findings import Findings
from scenegen.evaluate.utility.training import Run

OVERLAPS = ("ap50", "ap75")


def box_results(found: Findings) -> list[MetricResult]:
    """Return ``ap50``, ``ap75`` and ``ap_size`` of the arms whose classes are shown.

    Those are the first arm, and real pictures with and without synthetic ones at the
    largest number. Intervals are of the same draws as the headline's.
    """
    most = max(found.counts, default=0)
    chosen = [found.arms[0].slice, found.find("real", most), found.find("mixture", most)]
    results = []
    for name in dict.fromkeys(filter(None, chosen)):
        columns = _summaries(found.runs[name], found)
        for column, overlap in zip(columns.T, OVERLAPS, strict=False):
            results.append(found.result(overlap, column, name))
        for column, size in zip(columns.T[len(OVERLAPS) :], SIZES[1:], strict=True):
            where = f"size={size}" if name == "all" else f"{name},size={size}"
            results.append(found.result("ap_size", column, where, _NOTE))
    return results


_NOTE = "sizes as COCO's, as shares of the picture's area: 1/300 and 3/100 divide them"


def _summaries(runs: Sequence[Run], found: Findings) -> F64:
    """Return `OVERLAPS` and sizes (1 + D, 5), mean over seeds."""
    each = []
    for run in runs:
        matches = Matches(**run.kept)
        made = [summarize(matches, weights) for weights in found.chance.weights]
        each.append([[s.ap50, s.ap75, *s.by_size] for s in made])
    return np.asarray(np.einsum("sdk,ds->dk", np.array(each), found.chance.seeds), np.float64)
