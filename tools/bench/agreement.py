"""How far the production backend and the pyrender reference agree, over the library."""

from __future__ import annotations

from bench.figures import Figure
from bench.scenes import SCENARIOS
from scenegen.render import build_scene, make_renderer
from scenegen.render.compare import compare_backends
from scenegen.sample import draw
from scenegen.scenario import load_scenario
from scenegen.simulate import simulate

FRAMES_A_SCENE = 3


def run() -> list[Figure]:
    """Compare three frames of one draw of every scenario."""
    compared = []
    with make_renderer("opengl") as production, make_renderer("pyrender") as reference:
        for name in SCENARIOS:
            scenario = draw(load_scenario(name), 1, 0)
            trajectory = simulate(scenario)
            scene = build_scene(scenario, trajectory)
            production.load(scenario, trajectory)
            reference.load(scenario, trajectory)
            hidden = {scenario.ego.instance_id}
            for part in range(FRAMES_A_SCENE):
                frame = scenario.frame_count * (2 * part + 1) // (2 * FRAMES_A_SCENE)
                pair = [backend.draw("front", frame) for backend in (production, reference)]
                compared.append(compare_backends(pair[0], pair[1], scene, hidden))
    unexplained = sum(a.id_unexplained for a in compared)
    return [
        Figure("agreement", "frames", len(compared), ""),
        Figure("agreement", "pixels", sum(a.pixels for a in compared), ""),
        Figure("agreement", "id mismatches", sum(a.id_mismatches for a in compared), "px"),
        Figure("agreement", "id mismatches off edges (> 0.01 px)", unexplained, "px", 0),
        Figure(
            "agreement",
            "depths apart off edges",
            sum(a.depth_unexplained for a in compared),
            "px",
            0,
        ),
        Figure(
            "agreement",
            "worst depth difference up to 50 m",
            1000 * max(a.depth_worst_m for a in compared),
            "mm",
            2.0,
        ),
    ]
