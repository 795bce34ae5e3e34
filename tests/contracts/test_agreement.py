"""Production and reference agree on real scenes of the library, to the pixel."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from scenegen.records import ConcreteScenario, Frame, Trajectory
from scenegen.render import build_scene, make_renderer
from scenegen.render.compare import Agreement, at_far_plane, compare_backends
from scenegen.sample import draw
from scenegen.scenario import load_scenario
from scenegen.simulate import simulate


@lru_cache(maxsize=2)
def drawn(name: str) -> tuple[ConcreteScenario, Trajectory, tuple[Frame, Frame]]:
    """Draw the middle of a scenario's first scene with both backends."""
    whole = draw(load_scenario(name), 0, 0)
    middle = whole.frame_count // 2
    # What comes after that is simulated for nothing.
    scenario = whole.model_copy(update={"duration_s": (middle + 1) / whole.rates.camera_hz})
    trajectory = simulate(scenario)
    frames = []
    for kind in ("opengl", "pyrender"):
        with make_renderer(kind) as renderer:
            renderer.load(scenario, trajectory)
            frames.append(renderer.draw("front", middle))
    return scenario, trajectory, (frames[0], frames[1])


def agreement(name: str, *, damage: bool = False) -> Agreement:
    """Compare what both backends draw, or one with a damaged picture of the other."""
    scenario, trajectory, (production, reference) = drawn(name)
    if damage:
        instance, depth = reference.instance.copy(), reference.depth_m.copy()
        instance[-5:, -5:] ^= 1
        depth[-5:, :5] += np.float32(0.01)
        reference = replace(reference, instance=instance, depth_m=depth)
    scene = build_scene(scenario, trajectory)
    return compare_backends(production, reference, scene, {scenario.ego.instance_id})


@pytest.mark.parametrize("name", ["night_jaywalk", "cargo_fall"])
def test_backends_agree(name: str) -> None:
    found = agreement(name)
    assert found.ok, found
    assert found.depth_worst_m <= 0.002
    assert found.depth_within > 0.999


@pytest.mark.slow
def test_damage_is_not_explained_away() -> None:
    found = agreement("night_jaywalk", damage=True)
    assert found.id_unexplained >= 20
    assert found.depth_unexplained >= 20
    assert found.depth_worst_m > 0.005


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["wet_cut_in", "red_light_cyclist", "deer_dusk_fog", "breakdown_crest"]
)
def test_backends_agree_on_the_rest(name: str) -> None:
    found = agreement(name)
    assert found.ok, found
    assert found.depth_worst_m <= 0.002


def test_only_the_far_plane_excuses_what_one_backend_lacks() -> None:
    here = np.array([[399.95, 399.5, 30.0, 399.95, np.inf]])
    there = np.array([[np.inf, np.inf, np.inf, 399.95, np.inf]])
    assert at_far_plane(here, there, 400.0).tolist() == [[True, False, False, False, False]]
    assert at_far_plane(there, here, 400.0).tolist() == [[True, False, False, False, False]]
