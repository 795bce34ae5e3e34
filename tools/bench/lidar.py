"""What a sweep of 32 x 1024 beams costs with every effect, on the reference street in rain."""

from __future__ import annotations

import time

from bench.figures import Figure, cpu_ms_each
from bench.street import reference_street
from scenegen.ranging import Lidar, RangingScene
from scenegen.records import LidarSpec, Weather

ROUNDS = 3


def run() -> list[Figure]:
    """Sweep the reference street: rain and haze, beams that diverge, noise, an ego that moves."""
    scenario, trajectory = reference_street()
    weather = Weather(rain_mmph=10, wetness=0.8, visibility_m=1500)
    changes = {"sensors": {"roof": LidarSpec()}, "weather": weather}
    scenario = scenario.model_copy(update=changes)
    start = time.process_time()
    scene = RangingScene(scenario, trajectory)
    build = time.process_time() - start
    lidar = Lidar(scene, "roof")
    points = len(lidar.sweep(0).points)
    calls = [lambda i=i: lidar.sweep(i) for _ in range(ROUNDS) for i in range(lidar.sweep_count)]
    return [
        Figure("lidar", "triangles", scene.triangle_count, ""),
        Figure("lidar", "points of a sweep", points, ""),
        Figure("lidar", "building the scene, once, CPU", 1000 * build, "ms"),
        Figure(
            "lidar", "a sweep of 32 x 1024 with all effects, CPU", cpu_ms_each(calls), "ms", 25.0
        ),
    ]
