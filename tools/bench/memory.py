"""Resident size over many scenes in one process."""

from __future__ import annotations

import gc
import tempfile

import psutil

from bench.figures import Figure
from bench.scenes import SCENARIOS
from scenegen.pipeline.scene import SceneJob, make_scene
from scenegen.scenario import load_scenario

SCENES, EARLY = 200, 20


def run() -> list[Figure]:
    """Make 200 short scenes over the whole library; compare the size after 20 and after 200."""
    logicals = [load_scenario(name) for name in SCENARIOS]
    process = psutil.Process()
    sizes = []
    with tempfile.TemporaryDirectory() as out:
        for index in range(SCENES):
            make_scene(SceneJob(logicals[index % len(logicals)], 0, index, out, duration_s=0.2))
            gc.collect()
            sizes.append(process.memory_info().rss / 2**20)
    early = max(sizes[EARLY - 6 : EARLY])
    late = max(sizes[-6:])
    return [
        Figure("memory", f"resident after {EARLY} scenes", early, "MB"),
        Figure("memory", f"resident after {SCENES} scenes", late, "MB"),
        Figure("memory", "growth", 100 * (late / early - 1), "%", 5.0),
    ]
