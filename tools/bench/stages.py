"""What a frame costs from the scenario to the disk, by stage."""

from __future__ import annotations

import resource
import tempfile
import time
from collections import Counter
from typing import Any

from bench.figures import Figure
from scenegen.pipeline.scene import SceneJob, make_scene
from scenegen.render import QualityName
from scenegen.scenario import list_scenarios, load_scenario

DRAWING = ("prepare", "draw", "read", "silhouettes")


LEAST_PER_S = 5.0
"""Frames a second and core from the YAML to the disk with the fast preset."""


def run() -> list[Figure]:
    """Make a scene of every scenario of the library with each preset.

    Another scene of each is made before, so that what scenes share is there, as in a long run.
    """
    with tempfile.TemporaryDirectory() as out:
        for name in _names():
            make_scene(SceneJob(load_scenario(name), 0, 1, out, quality="fast"))
    rows = [*_measure("fast", LEAST_PER_S), *_measure("full", None)]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [*rows, Figure("stages", "peak memory", peak, "MB")]


def _names() -> list[str]:
    return [name for name, _, _ in list_scenarios()]


def _measure(quality: QualityName, least_per_s: float | None) -> list[Figure]:
    total: Counter[str] = Counter()
    frames = 0
    with tempfile.TemporaryDirectory() as out:
        cpu, wall = time.process_time(), time.monotonic()
        for name in _names():
            result = make_scene(SceneJob(load_scenario(name), 0, 0, out, quality=quality))
            total.update(result.cpu_s)
            frames += result.frames
        cpu, wall = time.process_time() - cpu, time.monotonic() - wall
    per_frame = {name: 1000 * seconds / frames for name, seconds in total.items()}
    drawing = sum(per_frame[name] for name in DRAWING)
    whole = 1000 * cpu / frames

    def row(name: str, value: float, unit: str, *bar: Any) -> Figure:
        return Figure("stages", f"{quality}: {name}", value, unit, *bar)

    return [
        *[row(f"CPU {name}", value, "ms/frame") for name, value in per_frame.items()],
        row("CPU drawing (with read-back and silhouettes)", drawing, "ms/frame"),
        row("CPU end to end", whole, "ms/frame"),
        row("end to end / drawing", whole / drawing, "x", *((2.5,) if quality == "full" else ())),
        row("frames a second and core", 1000 / whole, "1/s", least_per_s, "at least"),
        row("frames a second by the clock, one process", frames / wall, "1/s"),
        row("frames measured", frames, ""),
    ]
