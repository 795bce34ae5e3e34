"""How fast scenes are simulated, against bare stepping of the same engine."""

from __future__ import annotations

import time

from bench.figures import Figure
from bench.scenes import SCENARIOS
from scenegen.sample import draw
from scenegen.scenario import load_scenario
from scenegen.simulate import simulate


def run() -> list[Figure]:
    """Simulate one draw of every scenario."""
    figures = []
    for name in SCENARIOS:
        scenario = draw(load_scenario(name), 1, 0)
        simulate(scenario.model_copy(update={"duration_s": 0.2}))
        start = time.process_time()
        simulate(scenario)
        speed = scenario.duration_s / (time.process_time() - start)
        label = f"{name}, {len(scenario.actors)} actors"
        figures.append(Figure("simulation", label, speed, "x real time"))
    return figures
