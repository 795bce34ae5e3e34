"""What a frame costs from the scenario to the disk, by stage."""

from __future__ import annotations

import resource
import tempfile
import time
from collections import Counter

from bench.figures import Figure
from scenegen.pipeline.scene import SceneJob, make_scene
from scenegen.scenario import list_scenarios, load_scenario

DRAWING = ("prepare", "draw", "read", "silhouettes")


def run() -> list[Figure]:
    """Make one scene of every scenario of the library, after one to warm up."""
    names = [name for name, _, _ in list_scenarios()]
    total: Counter[str] = Counter()
    frames = 0
    with tempfile.TemporaryDirectory() as out:
        make_scene(SceneJob(load_scenario(names[0]), 0, 99, out))
        cpu, wall = time.process_time(), time.monotonic()
        for name in names:
            result = make_scene(SceneJob(load_scenario(name), 0, 0, out))
            total.update(result.cpu_s)
            frames += result.frames
        cpu, wall = time.process_time() - cpu, time.monotonic() - wall
    per_frame = {name: 1000 * seconds / frames for name, seconds in total.items()}
    drawing = sum(per_frame[name] for name in DRAWING)
    rows = [Figure("stages", f"CPU {name}", value, "ms/frame") for name, value in per_frame.items()]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return [
        *rows,
        Figure("stages", "CPU drawing (with read-back and silhouettes)", drawing, "ms/frame"),
        Figure("stages", "CPU end to end", 1000 * cpu / frames, "ms/frame"),
        Figure("stages", "end to end / drawing", 1000 * cpu / frames / drawing, "x", 2.5),
        Figure("stages", "frames a second, one process", frames / wall, "1/s"),
        Figure("stages", "peak memory", peak, "MB"),
        Figure("stages", "frames measured", frames, ""),
    ]
