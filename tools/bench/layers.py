"""What all ground truth costs beside the drawing of the frames: labels, optional layers, files."""

from __future__ import annotations

import tempfile
from collections import Counter

from bench.figures import Figure
from bench.scenes import SCENARIOS
from bench.stages import DRAWING
from scenegen.pipeline.scene import SceneJob, make_scene
from scenegen.records.pixels import OPTIONAL_LAYERS
from scenegen.scenario import load_scenario

TRUTH = ("annotate", "layers", "encode", "write")
"""Stages that make and write truth; encoding and writing take the colours along."""


def run() -> list[Figure]:
    """Make a scene of every measured scenario with all layers; another of each warms up."""
    total: Counter[str] = Counter()
    frames = 0
    with tempfile.TemporaryDirectory() as out:
        for name in SCENARIOS:
            job = SceneJob(load_scenario(name), 0, 1, out, duration_s=0.5, layers=OPTIONAL_LAYERS)
            make_scene(job)
            job = SceneJob(load_scenario(name), 0, 0, out, layers=OPTIONAL_LAYERS)
            result = make_scene(job)
            total.update(result.cpu_s)
            frames += result.frames
    per_frame = {name: 1000 * seconds / frames for name, seconds in total.items()}
    drawing = sum(per_frame[name] for name in DRAWING)
    truth = sum(per_frame[name] for name in TRUTH)

    def row(name: str, value: float, unit: str = "ms/frame", bar: float | None = None) -> Figure:
        return Figure("layers", name, value, unit, bar)

    return [
        *[row(f"CPU {name}", per_frame[name]) for name in TRUTH],
        row("CPU all ground truth", truth),
        row("CPU drawing (with read-back and silhouettes)", drawing),
        row("all ground truth / drawing", truth / drawing, "x", 1.0),
        row("frames measured", frames, ""),
    ]
