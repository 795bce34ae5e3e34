"""Intervals against known truths, and an estimate of an agent's failures against plain draws.

Plain draws take hours, so they come from a journal: `python -m bench.plain_draws 20000 FILE` first,
and the file's name in ``SCENEGEN_PLAIN_DRAWS``. Without one, 200 are drawn, which hold little.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import numpy as np
from scipy.stats import binomtest, chi2, norm

from bench.figures import Figure
from bench.plain_draws import AGENT, SCENARIO, draw_plainly
from scenegen.pipeline.search_config import SearchConfig
from scenegen.pipeline.searching.search import search
from scenegen.search import Estimate, Problem, cross_entropy, splitting

REPEATS, LEAST = 100, 88
"""Of 100 intervals at 95 %, 88 or more hold the truth but once in a hundred times of chance."""
BUDGET, SEED = 1000, 3
FEW = 200
SAVING = 20.0


def run() -> list[Figure]:
    """Repeat estimates of known probabilities; then search once, and compare."""
    figures = []
    for name, truth, problem in _known():
        for method, size in ((cross_entropy, 4000), (splitting, 60)):
            held = sum(
                one.low <= truth <= one.high
                for one in (
                    method(problem(), size, np.random.default_rng(k)) for k in range(REPEATS)
                )
            )
            label = f"{name}, {truth:g}: {method.__name__}"
            figures.append(Figure("search", label, held, "of 100 hold it", LEAST, "at least"))
    return [*figures, *_driving()]


def _known() -> list[tuple[str, float, Callable[[], Problem]]]:
    far, ball = float(-norm.ppf(1e-4)), float(chi2.isf(1e-6, 5))
    side = np.full(10, 10**-0.5)
    return [
        ("half space in 10", 1e-4, lambda: Problem(10, lambda x: far - x @ side)),
        ("outside a ball in 5", 1e-6, lambda: Problem(5, lambda x: ball - (x * x).sum(axis=1))),
    ]


def _driving() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        name = os.environ.get("SCENEGEN_PLAIN_DRAWS")
        journal = Path(name) if name else Path(folder) / "plain.txt"
        if not name:
            draw_plainly(FEW, journal)
        rows = [line.split() for line in journal.read_text().splitlines()]
        count, failed = len(rows), sum(int(row[1]) for row in rows)
        plain = binomtest(failed, count).proportion_ci(method="exact")
        keys = {"scenario": str(SCENARIO), "agent": AGENT, "budget": BUDGET, "seed": SEED}
        asked = SearchConfig.parse({**keys, "minimise": 0, "out": f"{folder}/search"})
        found = search(asked, StringIO()).result.estimate
    assert isinstance(found, Estimate)
    agree = found.low <= plain.high and plain.low <= found.high
    # Plain draws whose error would be as small.
    p = found.probability
    worth = (1 - p) / p * max(found.effective, 1.0) if p > 0 else 0.0
    return [
        Figure("search", f"{AGENT}, plain draws", failed / count, f"of {count:,}"),
        Figure("search", f"{AGENT}, lower end", found.low, ""),
        Figure("search", f"{AGENT}, estimate", p, f"of {BUDGET:,}"),
        Figure("search", f"{AGENT}, upper end", found.high, ""),
        Figure("search", "intervals overlap", float(agree), "", 1.0, "at least"),
        Figure("search", "fewer simulations", worth / BUDGET, "x", SAVING, "at least"),
    ]
