"""Culling leaves out nothing that a ray meets."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from scenegen.ranging import Lidar, RangingScene
from scenegen.ranging import lidar as lidar_module
from scenegen.ranging.sight import Bundles, Sight, Spheres, Watch
from scenegen.records import LidarSpec

PATTERNS: dict[str, dict[str, Any]] = {
    "spinning": {"channels": 17, "columns": 301},
    "raster": {"pattern": "raster", "channels": 12, "columns": 50, "hfov_rad": 2.0},
    "rosette": {"pattern": "rosette", "channels": 3, "columns": 500, "hfov_rad": 1.5},
    "few columns": {"pattern": "raster", "channels": 64, "columns": 16, "rate_hz": 2.0},
}


def crowd(thing: Any) -> list[Any]:
    """Return things that drive, turn and come close, all around."""
    generator = np.random.default_rng(3)
    things = []
    for name in ("cube", "mill", "ball", "cube", "mill", "ball") * 12:
        angle, away = generator.uniform(-np.pi, np.pi), generator.uniform(4, 30)
        place = (away * np.cos(angle), away * np.sin(angle), generator.uniform(-2, 2))
        velocity = (*generator.uniform(-20, 20, 2).tolist(), 0.0)
        turn = 6.0 if name == "mill" else 0.0
        things.append(thing(name, place, angle, velocity, turn))
    return things


def everything(watch: Watch, parts: Any) -> Sight:
    """Return a sight in which every bundle may meet every part, wherever it is."""
    bundles = len(watch._row)
    count = len(parts.owner)
    part = np.tile(np.arange(count), bundles)
    none = np.zeros((bundles * count, 3), np.float32)
    spheres = Spheres.around(none, np.full(bundles * count, np.inf, np.float32))
    return Sight(part, spheres, np.arange(bundles + 1) * count)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_culling_changes_no_point(
    world: Any, thing: Any, pattern: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    spec = LidarSpec(position_m=(0.0, 0.0, 0.0), divergence_rad=0.02, **PATTERNS[pattern])
    scene = world(*crowd(thing), sensors={"roof": spec}, ego_speed_mps=30.0, ego_turn_radps=6.0)
    sensor = Lidar(RangingScene(*scene), "roof")
    culled = sensor.sweep(0)
    assert len(set(culled.instance.tolist())) > 2
    with monkeypatch.context() as patch:
        patch.setattr(Watch, "look", everything)
        whole = sensor.sweep(0)
    np.testing.assert_array_equal(culled.points, whole.points)
    np.testing.assert_array_equal(culled.instance, whole.instance)


def test_rays_at_one_moment_meet_what_a_sweep_meets(world: Any, thing: Any) -> None:
    spec = LidarSpec(position_m=(0.0, 0.0, 0.0), noise_m=0.0, dropout=0.0, divergence_rad=0.0)
    scene = RangingScene(*world(*crowd(thing), sensors={"roof": spec}))
    sweep = Lidar(scene, "roof").sweep(3)
    column = np.bincount(sweep.beam // spec.channels).argmax()
    own = sweep.beam // spec.channels == column
    directions = spec.directions(3)[column, sweep.beam[own] % spec.channels].astype(np.float32)
    moment = (3 + (column + 0.5) / spec.columns) / spec.rate_hz
    hits = scene.cast_from(np.zeros(3, np.float32), directions, moment, 100.0)
    assert own.sum() > 5
    np.testing.assert_array_equal(hits.instance, sweep.instance[own])
    found = np.linalg.norm(sweep.points[own, :3], axis=1)
    np.testing.assert_allclose(hits.distance_m, found, atol=1e-4)


def test_bundles_hold_their_beams() -> None:
    beams = LidarSpec(channels=13, columns=101).directions(0).astype(np.float32)
    bundles = Bundles.of_grid(beams)
    off = np.einsum("ij,ij->i", beams.reshape(-1, 3), bundles.axis[bundles.of])
    assert np.all(np.arccos(np.minimum(off, 1)) <= bundles.angle[bundles.of] + 1e-3)
    assert np.bincount(bundles.of).max() <= 32


def test_parked_things_are_cast_with_the_scenery(world: Any, thing: Any) -> None:
    spec = LidarSpec(position_m=(0.0, 0.0, 0.0), noise_m=0.0, dropout=0.0)
    standing, moving = thing("cube", (8.0, 0, 0)), thing("cube", (8.0, 0, 0), 0.0, (1e-3, 0, 0))
    sweeps = []
    for one in (standing, moving):
        scene = RangingScene(*world(one, sensors={"roof": spec}))
        assert len(scene._parts.owner) == (one is moving)
        sweeps.append(lidar_module.Lidar(scene, "roof").sweep(0))
    np.testing.assert_array_equal(sweeps[0].instance, sweeps[1].instance)
    np.testing.assert_allclose(sweeps[0].points, sweeps[1].points, atol=1e-3)
    assert set(sweeps[0].instance.tolist()) == {2}
