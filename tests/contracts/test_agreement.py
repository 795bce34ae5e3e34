"""Production and reference agree on real scenes of the library, to the pixel."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from scenegen.render import build_scene, make_renderer
from scenegen.render.compare import Agreement, at_far_plane, compare_backends
from scenegen.sample import draw
from scenegen.scenario import load_scenario
from scenegen.simulate import simulate


def agreement(name: str, *, damage: bool = False) -> Agreement:
    """Draw the middle of a scenario's first scene with both backends and compare."""
    scenario = draw(load_scenario(name), 0, 0)
    trajectory = simulate(scenario)
    frames = []
    for kind in ("opengl", "pyrender"):
        with make_renderer(kind) as renderer:
            renderer.load(scenario, trajectory)
            frames.append(renderer.draw("front", scenario.frame_count // 2))
    if damage:
        instance, depth = frames[1].instance.copy(), frames[1].depth_m.copy()
        instance[-5:, -5:] ^= 1
        depth[-5:, :5] += np.float32(0.01)
        frames[1] = replace(frames[1], instance=instance, depth_m=depth)
    scene = build_scene(scenario, trajectory)
    return compare_backends(frames[0], frames[1], scene, {scenario.ego.instance_id})


@pytest.mark.parametrize("name", ["night_jaywalk", "cargo_fall"])
def test_backends_agree(name: str) -> None:
    found = agreement(name)
    assert found.ok, found
    assert found.depth_worst_m <= 0.002
    assert found.depth_within > 0.999


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["wet_cut_in", "red_light_cyclist", "deer_dusk_fog", "breakdown_crest"]
)
def test_backends_agree_on_the_rest(name: str) -> None:
    found = agreement(name)
    assert found.ok, found
    assert found.depth_worst_m <= 0.002


@pytest.mark.slow
def test_damage_is_not_explained_away() -> None:
    found = agreement("night_jaywalk", damage=True)
    assert found.id_unexplained >= 20
    assert found.depth_unexplained >= 20
    assert found.depth_worst_m > 0.005


def test_only_the_far_plane_excuses_what_one_backend_lacks() -> None:
    here = np.array([[399.95, 399.5, 30.0, 399.95, np.inf]])
    there = np.array([[np.inf, np.inf, np.inf, 399.95, np.inf]])
    assert at_far_plane(here, there, 400.0).tolist() == [[True, False, False, False, False]]
    assert at_far_plane(there, here, 400.0).tolist() == [[True, False, False, False, False]]
