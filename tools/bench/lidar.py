"""What a sweep of 32 x 1024 beams costs with every effect, on the reference street in rain."""

from __future__ import annotations

import time
from functools import partial

from bench.figures import Figure, cpu_ms_each
from bench.street import in_motion, reference_street
from scenegen.ranging import Lidar, RangingScene
from scenegen.records import ConcreteScenario, LidarSpec, Trajectory, Weather

ROUNDS = 3


def run() -> list[Figure]:
    """Sweep the street in rain and haze with beams that diverge, noise and losses.

    First as it stands, then with the ego and everybody on the street driving and walking.
    """
    scenario, trajectory = reference_street()
    weather = Weather(rain_mmph=10, wetness=0.8, visibility_m=1500)
    changes = {"sensors": {"roof": LidarSpec()}, "weather": weather}
    scenario = scenario.model_copy(update=changes)
    start = time.process_time()
    scene = RangingScene(scenario, trajectory)
    build = time.process_time() - start
    points = len(Lidar(scene, "roof").sweep(0).points)
    moving = _sweep_ms(scenario, in_motion(trajectory))
    what = "a sweep of 32 x 1024 with all effects"
    return [
        Figure("lidar", "triangles", scene.triangle_count, ""),
        Figure("lidar", "points of a sweep", points, ""),
        Figure("lidar", "building the scene, once, CPU", 1000 * build, "ms"),
        Figure("lidar", f"{what}, CPU", _sweep_ms(scenario, trajectory), "ms", 25.0),
        Figure("lidar", f"{what}, all in motion, CPU", moving, "ms", 25.0),
    ]


def _sweep_ms(scenario: ConcreteScenario, trajectory: Trajectory) -> float:
    lidar = Lidar(RangingScene(scenario, trajectory), "roof")
    lidar.sweep(0)
    return cpu_ms_each(
        [partial(lidar.sweep, i) for _ in range(ROUNDS) for i in range(lidar.sweep_count)]
    )
