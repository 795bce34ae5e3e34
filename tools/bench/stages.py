"""What a frame costs from the scenario to the disk, by stage."""

from __future__ import annotations

import tempfile
import time
from collections import Counter
from statistics import median
from typing import Any

from bench.figures import Figure
from bench.rendering import Stock
from bench.scenes import SCENARIOS
from peak import peak_mib
from scenegen.pipeline.scene import SceneJob, make_scene
from scenegen.render import QualityName
from scenegen.scenario import load_scenario

DRAWING = ("prepare", "draw", "read", "silhouettes")


LEAST_PER_S = 5.0
"""Frames a second and core from the YAML to the disk with the fast preset."""


def run() -> list[Figure]:
    """Make a scene of every scenario of the library with each preset.

    Another scene of each is made before, so that what scenes share is there, as in a long run.
    After each scene, stock pyrender draws the reference street: its time says how fast the
    machine was meanwhile, and lets runs be compared whose milliseconds can't be.
    """
    with tempfile.TemporaryDirectory() as out:
        for name in _names():
            make_scene(SceneJob(load_scenario(name), 0, 1, out, quality="fast"))
    with Stock() as stock:
        rows = [*_measure("fast", LEAST_PER_S, stock), *_measure("full", None, stock)]
    return [*rows, Figure("stages", "peak memory", peak_mib(), "MB")]


def _names() -> list[str]:
    return list(SCENARIOS)


def _measure(quality: QualityName, least_per_s: float | None, stock: Stock) -> list[Figure]:
    total: Counter[str] = Counter()
    frames, cpu, wall = 0, 0.0, 0.0
    stock_ms = []
    with tempfile.TemporaryDirectory() as out:
        for name in _names():
            cpu, wall = cpu - time.process_time(), wall - time.monotonic()
            result = make_scene(SceneJob(load_scenario(name), 0, 0, out, quality=quality))
            cpu, wall = cpu + time.process_time(), wall + time.monotonic()
            total.update(result.cpu_s)
            frames += result.frames
            stock_ms.append(sum(stock.measure()))
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
        row("stock pyrender's RGB + depth + ids meanwhile", median(stock_ms), "ms/frame"),
        row("stock / end to end", median(stock_ms) / whole, "x"),
        row("frames a second and core", 1000 / whole, "1/s", least_per_s, "at least"),
        row("frames a second by the clock, one process", frames / wall, "1/s"),
        row("frames measured", frames, ""),
    ]
