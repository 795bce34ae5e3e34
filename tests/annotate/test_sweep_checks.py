"""Labels of single points that were changed are found, in columns that aren't cast again too."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache

import numpy as np
import pytest

from scenegen import assets
from scenegen.annotate.checks import SceneTruth, check_sweep
from scenegen.annotate.checks.airlight import loudest
from scenegen.geometry import quaternion_from_yaw
from scenegen.ranging import Lidar, RangingScene, sweep_labels
from scenegen.records import (
    Actor,
    ConcreteScenario,
    LidarSpec,
    Light,
    RoadSpec,
    Sweep,
    SweepLabels,
    Weather,
)
from scenegen.simulate.coasting import coasting

ROWS = 9
SPEC = LidarSpec(channels=24, columns=480)
CLEAR, SNOW = Weather(), Weather(snow_mmph=2, visibility_m=1000)
CAR, ROAD, SIDEWALK, TRUCK = 26, 7, 8, 27
CAST = (
    ("ego", "vehicle.sedan", 60.0, 0.0, (10.0, 0.0, 0.0)),
    ("lead", "vehicle.estate", 72.0, 0.1, (7.0, 0.0, 0.0)),
    ("walker", "person.adult", 66.0, 1.6, (0.0, 1.2, 0.0)),
)


@lru_cache
def made(weather: Weather) -> tuple[SceneTruth, Sweep, SweepLabels]:
    """Return a street on which a car and a walker go, and one sweep of it."""
    actors = tuple(_actor(number, *what) for number, what in enumerate(CAST, start=1))
    trajectory = coasting(actors, ROWS)
    scenario = ConcreteScenario(
        name="sweeps",
        scenario_digest="0" * 64,
        seed=0,
        index=0,
        parameters={},
        log_weight=0.0,
        duration_s=0.4,
        road=RoadSpec(kind="straight", length_m=150, lane_width_m=3.5, sidewalk_m=3.0),
        weather=weather,
        light=Light(),
        actors=actors,
        sensors={"roof": SPEC},
    )
    truth = SceneTruth(scenario, trajectory)
    lidar = Lidar(RangingScene(scenario, trajectory), "roof")
    sweep = lidar.sweep(1)
    return truth, sweep, sweep_labels(lidar.mount, 1, sweep, truth.bounds)


def _actor(
    number: int, name: str, asset_id: str, x: float, yaw: float, velocity: tuple[float, ...]
) -> Actor:
    asset = assets.get(asset_id)
    return Actor(
        instance_id=number,
        name=name,
        asset_id=asset_id,
        category=asset.category,
        size_m=asset.size_m,
        position_m=(x, -1.75, 0.0),
        quaternion_wxyz=tuple(quaternion_from_yaw(yaw).tolist()),
        velocity_mps=velocity,
        mass_kg=asset.mass_kg,
    )


@pytest.mark.parametrize("weather", [CLEAR, SNOW], ids=["clear", "snow"])
def test_a_sweep_holds(weather: Weather) -> None:
    truth, sweep, labels = made(weather)
    assert {o.name for o in labels.objects} == {"lead", "walker"}
    assert (weather is SNOW) == bool((sweep.semantic == 0).sum() > 50)
    assert check_sweep(labels, sweep, truth) == []


def _aside(sweep: Sweep) -> np.ndarray:
    """Return which points (N,) are in no column that is cast again."""
    step = SPEC.columns // 12
    return np.asarray((sweep.beam // SPEC.channels) % step != 7 % step)


def _car_into(class_id: int, instance: int) -> Callable[[Sweep], Sweep]:
    def change(sweep: Sweep) -> Sweep:
        semantic, ids = sweep.semantic.copy(), sweep.instance.copy()
        some = np.flatnonzero(_aside(sweep) & (ids == 2))[::3]
        semantic[some], ids[some] = class_id, instance
        return replace(sweep, semantic=semantic, instance=ids)

    return change


def _ground_into(class_id: int) -> Callable[[Sweep], Sweep]:
    def change(sweep: Sweep) -> Sweep:
        semantic = sweep.semantic.copy()
        semantic[np.flatnonzero(_aside(sweep) & (semantic == ROAD))[:3]] = class_id
        return replace(sweep, semantic=semantic)

    return change


def _air_farther(sweep: Sweep) -> Sweep:
    points = sweep.points.copy()
    low = _aside(sweep) & (sweep.semantic == 0) & (sweep.beam % SPEC.channels < 10)
    points[low, :3] *= np.float32(30.0) / np.linalg.norm(points[low, :3], axis=1, keepdims=True)
    return replace(sweep, points=points)


def _whole_car_into_air(sweep: Sweep) -> Sweep:
    semantic, ids = sweep.semantic.copy(), sweep.instance.copy()
    semantic[ids == 2], ids[ids == 2] = 0, 0
    return replace(sweep, semantic=semantic, instance=ids)


@pytest.mark.parametrize(
    ("weather", "change", "check"),
    [
        (CLEAR, _car_into(TRUCK, 2), "sweep classes"),
        (CLEAR, _ground_into(CAR), "sweep classes"),
        (CLEAR, _car_into(ROAD, 0), "sweep scenery"),
        (CLEAR, _ground_into(SIDEWALK), "sweep scenery"),
        (CLEAR, _ground_into(0), "sweep air"),
        (CLEAR, _car_into(0, 0), "sweep air"),
        (SNOW, _air_farther, "sweep scenery"),
        (SNOW, _whole_car_into_air, "sweep air"),
    ],
)
def test_changed_labels_are_found(
    weather: Weather, change: Callable[[Sweep], Sweep], check: str
) -> None:
    truth, sweep, labels = made(weather)
    changed = change(sweep)
    ids, counts = np.unique(changed.instance, return_counts=True)
    known = dict(zip(ids.tolist(), counts.tolist(), strict=True))
    # Whoever changes points may well count them anew.
    objects = [
        one.model_copy(update={"num_points": known[one.instance_id]})
        for one in labels.objects
        if one.instance_id in known
    ]
    found = check_sweep(labels.model_copy(update={"objects": objects}), changed, truth)
    assert check in {violation.check for violation in found}


def test_only_thick_air_answers() -> None:
    reach = np.linspace(1, 100, 200)
    limit = 0.1 / SPEC.reach_m**2
    assert np.all(loudest(CLEAR, SPEC, reach) < limit)
    fog = loudest(Weather(visibility_m=50), SPEC, reach) > limit
    assert fog[reach < 20].any()
    assert not fog[reach > 60].any()
    rain = loudest(Weather(rain_mmph=100, visibility_m=2000), SPEC, reach) > limit
    assert rain[reach < 8].any()
    assert not rain[reach > 20].any()
