"""What a second worker adds: frames a second by the clock of one and of two processes."""

from __future__ import annotations

import os
import tempfile
import time

from bench.figures import Figure
from bench.scenes import SCENARIOS
from scenegen.pipeline.scene import SceneJob, make_scene
from scenegen.pipeline.workers import run_tasks
from scenegen.scenario import load_scenario

SCENES = 4
"""Of each scenario."""


def run() -> list[Figure]:
    """Make the same scenes with one worker and with two, each as `generate` runs it.

    One has a thread beside its own that draws; of several, each decides for itself.
    """
    rates = {workers: _frames_per_s(workers) for workers in (1, 2)}
    return [
        *[
            Figure("workers", f"{workers} of them: frames a second by the clock", rate, "1/s")
            for workers, rate in rates.items()
        ],
        Figure("workers", "two workers / one", rates[2] / rates[1], "x", 1.8, "at least"),
    ]


def _frames_per_s(workers: int) -> float:
    logicals = [load_scenario(name) for name in SCENARIOS]
    with tempfile.TemporaryDirectory() as out:
        jobs = [
            SceneJob(logical, 0, index, out, quality="fast")
            for index in range(SCENES)
            for logical in logicals
        ]
        if workers > 1:
            os.environ.pop("LP_NUM_THREADS", None)
        start = time.monotonic()
        frames = 0
        for _, result in run_tasks(make_scene, jobs, workers):
            if isinstance(result, Exception):
                raise result
            frames += result.frames
        return frames / (time.monotonic() - start)
