"""A whole evaluation: 500 synthetic pictures against 100 of another set, training included."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from itertools import chain
from pathlib import Path

from bench.figures import Figure
from bench.scenes import SCENARIOS

SCENES = 2
"""Of each scenario, on either side; six scenarios of 70 frames give more than are taken."""


def run() -> list[Figure]:
    """Generate two sets with different seeds and judge one by the other; then resume.

    The second set stands for the real one: cut by scenes into train, val and test, with
    100 pictures of each at most.
    """
    names = ",".join(SCENARIOS)
    with tempfile.TemporaryDirectory() as folder:
        for out, seed in (("synthetic", 0), ("real", 1)):
            _scenegen("generate", f"scenario={names}", f"num_scenes={SCENES}", f"seed={seed}",
                      f"workers={os.cpu_count()}", f"out={folder}/{out}")  # fmt: skip
        keys = [
            f"dataset={folder}/synthetic",
            f"real={folder}/real",
            "limit=500",
            "limit_real=100",
            f"out={folder}/evaluation",
        ]
        whole = _scenegen("evaluate", *keys)
        first = (Path(folder) / "evaluation" / "evaluation.json").read_text()
        again = _scenegen("evaluate", *keys, "resume=true")
        second = (Path(folder) / "evaluation" / "evaluation.json").read_text()
    return [
        Figure("evaluation", "500 synthetic against 100 real, one seed", whole / 60, "min", 15.0),
        Figure("evaluation", "the same with everything kept", again / 60, "min"),
        Figure("evaluation", "figures that changed on resume", _changed(first, second), "", 0.0),
    ]


def _scenegen(*words: str) -> float:
    """Run the command with all cores and return its wall-clock seconds."""
    environment = {k: v for k, v in os.environ.items() if not k.startswith("OMP_NUM")}
    start = time.monotonic()
    subprocess.run([sys.executable, "-m", "scenegen", *words], check=True, env=environment)
    return time.monotonic() - start


def _changed(first: str, second: str) -> float:
    """Return the number of figures that differ between two evaluations."""
    one, other = (
        [
            section["results"]
            for part in (record["shared"], *(d["sections"] for d in record["datasets"]))
            for section in part
        ]
        for record in (json.loads(first), json.loads(second))
    )
    pairs = zip(chain(*one), chain(*other), strict=True)
    return float(sum(a != b for a, b in pairs))
