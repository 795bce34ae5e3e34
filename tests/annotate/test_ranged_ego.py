"""The ego's motion in the labels of sweeps: between control steps, and edits are found."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from scenegen import assets
from scenegen.annotate import RunFacts, with_motion
from scenegen.annotate.checks import SceneTruth, ranged_ego
from scenegen.records import CONTROLS, Actor, ConcreteScenario, Light, RoadSpec, Weather
from scenegen.records.labels import EgoLabel
from scenegen.simulate.coasting import coasting

ROWS, JERK = 9, 4.0


@pytest.fixture(scope="module")
def facts() -> RunFacts:
    """Return a run in which the ego's acceleration grows evenly, and controls count rows."""
    sedan = assets.get("vehicle.sedan")
    ego = Actor(
        instance_id=1,
        name="ego",
        asset_id=sedan.id,
        variant=0,
        category="car",
        size_m=sedan.size_m,
        position_m=(60.0, -1.75, 0.0),
        quaternion_wxyz=(1.0, 0.0, 0.0, 0.0),
        velocity_mps=(10.0, 0.0, 0.0),
        mass_kg=sedan.mass_kg,
    )
    run = coasting((ego,), ROWS)
    velocity = run.velocity_mps.copy()
    velocity[:, 0, 0] = 10.0 + 0.5 * JERK * run.time_s**2
    controls = np.zeros((ROWS, len(CONTROLS)))
    controls[:, CONTROLS.index("brake")] = np.arange(ROWS) / 10
    controls[1:, CONTROLS.index("gear")] = 1
    scenario = ConcreteScenario(
        name="ego",
        scenario_digest="0" * 64,
        seed=0,
        index=0,
        parameters={},
        log_weight=0.0,
        duration_s=float(run.time_s[-1]),
        road=RoadSpec(kind="straight", length_m=150, lane_width_m=3.5),
        weather=Weather(),
        light=Light(),
        actors=(ego,),
        sensors={},
    )
    return RunFacts(scenario, replace(run, velocity_mps=velocity, controls=controls))


def told(facts: RunFacts, time_s: float) -> EgoLabel:
    pose = np.eye(4).tolist()
    bare = EgoLabel(world_from_body=pose, velocity_mps=(0, 0, 0), angular_velocity_radps=(0, 0, 0))
    return with_motion(bare, facts, time_s)


def problems(facts: RunFacts, ego: EgoLabel, time_s: float) -> list[str]:
    return list(ranged_ego.problems(ego, SceneTruth(facts.scenario, facts.trajectory), time_s))


@pytest.mark.parametrize(("steps", "row"), [(0.0, 0), (2.0, 2), (2.4, 3), (5.9, 6), (6.0, 6)])
def test_controls_are_those_of_the_step_that_goes_on(
    facts: RunFacts, steps: float, row: int
) -> None:
    time_s = steps * float(facts.trajectory.time_s[1])
    ego = told(facts, time_s)
    assert ego.controls is not None
    assert ego.controls.brake == pytest.approx(row / 10)
    assert problems(facts, ego, time_s) == []


def test_accelerations_go_evenly_between_control_steps(facts: RunFacts) -> None:
    step = float(facts.trajectory.time_s[1])
    for steps in (1.0, 1.3, 4.75, 6.5):
        ego = told(facts, steps * step)
        assert ego.acceleration_world_mps2 == pytest.approx((JERK * steps * step, 0, 0), abs=1e-9)
        assert ego.lane == "forward_0"


def test_edits_are_found(facts: RunFacts) -> None:
    time_s = 2.5 * float(facts.trajectory.time_s[1])
    ego = told(facts, time_s)
    assert ego.controls is not None
    edits: list[dict[str, Any]] = [
        {"acceleration_world_mps2": (9.0, 0.0, 0.0)},
        {"controls": ego.controls.model_copy(update={"brake": 0.9})},
        {"lane": None},
        {"lane": "nowhere"},
    ]
    for edit, word in zip(edits, ("acceleration", "controls", "lane", "lane"), strict=True):
        (found,) = problems(facts, ego.model_copy(update=edit), time_s)
        assert word in found
    older = ego.model_copy(update={"acceleration_world_mps2": None, "controls": None})
    assert problems(facts, older, time_s) == []
