"""A run as a whole: determinism, triggers, drivers, signals, lamps, errors."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from dataclasses import fields
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from scenegen.errors import SimulationError
from scenegen.records import (
    ConcreteScenario,
    Lamp,
    Light,
    RoadSpec,
    SignalPlan,
    SignalState,
    Stand,
    Trajectory,
    Trigger,
)
from scenegen.simulate import World, simulate
from scenegen.simulate.triggers import fires, time_to_abreast, time_to_collision

HERE = Path(__file__).parent
IN_A_FRESH_PROCESS = """
import hashlib, sys
from dataclasses import fields
from scenegen.records import ConcreteScenario
from scenegen.simulate import simulate
trajectory = simulate(ConcreteScenario.model_validate_json(sys.stdin.read()))
digest = hashlib.sha256()
for f in fields(trajectory):
    if f.name != "termination":
        digest.update(getattr(trajectory, f.name).tobytes())
print(digest.hexdigest())
"""


def digest_of(trajectory: Trajectory) -> str:
    digest = hashlib.sha256()
    for f in fields(trajectory):
        if f.name != "termination":
            digest.update(getattr(trajectory, f.name).tobytes())
    return digest.hexdigest()


def busy_scene(build: SimpleNamespace) -> ConcreteScenario:
    path = build.straight(build.lane_y)
    actors = [
        build.actor(1, "vehicle.sedan", (40, build.lane_y), [build.drive(path, 14.0)], speed=14.0),
        build.actor(2, "vehicle.van", (80, -4.5), [build.stand]),
        build.actor(
            3,
            "person.child",
            (84, -5.0),
            [build.walk([(84, -5), (84, 3)], 2.5, Trigger(kind="gap_s", value=1.6, actor=1))],
            yaw=np.pi / 2,
        ),
        build.actor(4, "debris.barrel", (120, 0.5), z=1.0),
    ]
    return build.scene(actors, 3.0)


def test_fresh_processes_give_the_same_bytes(build: SimpleNamespace) -> None:
    scenario = busy_scene(build)
    simulate(scenario)
    own = digest_of(simulate(scenario))
    others = {
        subprocess.run(
            [sys.executable, "-c", IN_A_FRESH_PROCESS],
            input=scenario.model_dump_json(),
            capture_output=True,
            text=True,
            check=True,
            # OpenBLAS has kernels by processor, and its variables choose among them.
            env={
                "PYTHONHASHSEED": seed,
                "PATH": "",
                **{k: v for k, v in os.environ.items() if k.startswith("OPENBLAS_")},
            },
            cwd=HERE.parents[1],
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert others == {own}


def test_rows_and_steps(build: SimpleNamespace) -> None:
    scenario = busy_scene(build)
    trajectory = simulate(scenario)
    assert len(trajectory.time_s) == 61
    assert trajectory.step.tolist() == list(range(0, 721, 12))
    assert trajectory.time_s[-1] == pytest.approx(3.0)
    assert trajectory.position_m[0] == pytest.approx(
        np.array([a.position_m for a in scenario.actors]), abs=1e-12
    )
    norms = np.linalg.norm(trajectory.quaternion_wxyz, axis=-1)
    assert norms == pytest.approx(np.ones_like(norms), abs=1e-12)


def test_a_driver_cannot_react_at_once_to_what_runs_out(build: SimpleNamespace) -> None:
    scenario = busy_scene(build)
    trajectory = simulate(scenario)
    started = int(np.flatnonzero(trajectory.manoeuvre[:, 2] == 0)[0])
    braking = (trajectory.lamps[:, 0] & Lamp.BRAKE) > 0
    assert braking.any()
    assert np.flatnonzero(braking)[0] >= started + 16


def test_triggers_fire_by_their_definitions() -> None:
    zero = np.zeros(2)
    other = (np.array([30.0, 0.0]), np.array([-10.0, 0.0]), np.pi)
    assert time_to_collision(other[0], other[1]) == pytest.approx(3.0)
    assert time_to_collision(other[0], -other[1]) == np.inf
    assert time_to_abreast(-other[0], other[1], np.pi) == pytest.approx(3.0)
    for kind, below, above in (("distance", 29.9, 30.1), ("ttc", 2.9, 3.1), ("gap_s", 2.9, 3.1)):
        for value, expected in ((below, False), (above, True)):
            trigger = Trigger(kind=kind, value=value, actor=2)
            assert fires(trigger, 0.0, (zero, zero), other, False) is expected
    assert fires(Trigger(kind="time", value=0.3), 0.3, (zero, zero), None, False)
    assert not fires(Trigger(), 0.0, (zero, zero), None, False)
    with pytest.raises(ValueError, match="another actor"):
        fires(Trigger(kind="ttc", value=1.0), 0.0, (zero, zero), None, False)


def test_a_distance_trigger_fires_at_the_first_row_that_meets_it(build: SimpleNamespace) -> None:
    ego = build.actor(
        1, "vehicle.sedan", (40, -1.6), [build.drive(build.straight(-1.6), 10.0)], speed=10.0
    )
    trigger = Trigger(kind="distance", value=30.0, actor=1)
    person = build.actor(
        2, "person.adult", (90, -6), [build.walk([(90, -6), (99, -6)], 1, trigger)]
    )
    trajectory = simulate(build.scene([ego, person], 4.0))
    apart = np.linalg.norm(
        trajectory.position_m[:, 0, :2] - trajectory.position_m[:, 1, :2], axis=1
    )
    assert np.array_equal(trajectory.manoeuvre[:, 1] >= 0, np.minimum.accumulate(apart) <= 30.0)


@pytest.mark.parametrize("offset_s", [0.0, 18.0])
def test_red_is_obeyed_and_green_is_used(build: SimpleNamespace, offset_s: float) -> None:
    plan = SignalPlan(green_s=15.0, offset_s=offset_s)
    road = RoadSpec(kind="crossing", length_m=200.0, sidewalk_m=2.0, signals=plan)
    path = build.straight(build.lane_y)
    ego = build.actor(1, "vehicle.sedan", (30, build.lane_y), [build.drive(path, 12.0)], speed=12.0)
    trajectory = simulate(build.scene([ego], 9.0, road=road))
    world = World(build.scene([ego], 1.0, road=road))
    head = next(
        k
        for k, h in enumerate(world.network.signals)
        if h.group == "major" and h.stop_point_m[1] < 0
    )
    stop_x = world.network.signals[head].stop_point_m[0]
    world.close()
    front = trajectory.position_m[-1, 0, 0] + 0.5 * ego.size_m[0]
    if trajectory.signal_states[40, head] == SignalState.RED:
        assert stop_x - 2.0 < front < stop_x
        assert np.linalg.norm(trajectory.velocity_mps[-1, 0]) < 0.2
    else:
        assert front > stop_x + 10


def test_lamps_tell_what_vehicles_do(build: SimpleNamespace) -> None:
    path = build.straight(build.lane_y)
    ego = build.actor(
        1,
        "vehicle.sedan",
        (30, build.lane_y),
        [build.drive(path, 10.0, indicator="left"), build.brake(1.0, 4.0)],
        speed=10.0,
    )
    hazard = build.stand.model_copy(update={"action": Stand(hazard_lights=True)})
    wreck = build.actor(2, "vehicle.van", (200, build.lane_y), [hazard])
    lamps = simulate(build.scene([ego, wreck], 3.0, light=Light(headlights=True))).lamps
    dark = ego.model_copy(update={"lights": False})
    unlit = simulate(build.scene([dark, wreck], 3.0, light=Light(headlights=True))).lamps
    assert not (unlit[:, 0] & (Lamp.LOW_BEAM | Lamp.TAIL)).any()
    assert (lamps[:, 0] & Lamp.LOW_BEAM).all()
    assert lamps[2, 0] & Lamp.INDICATOR_LEFT
    assert not (lamps[:, 0] & Lamp.INDICATOR_RIGHT).any()
    assert not (lamps[:18, 0] & Lamp.BRAKE).any()
    assert (lamps[24:30, 0] & Lamp.BRAKE).all()
    assert not (lamps[:, 1] & Lamp.LOW_BEAM).any()
    blinking = (lamps[:, 1] & Lamp.INDICATOR_LEFT) > 0
    assert np.array_equal(blinking, (lamps[:, 1] & Lamp.INDICATOR_RIGHT) > 0)
    assert np.count_nonzero(np.diff(blinking.astype(int)) == 1) in (4, 5)


def test_a_body_that_leaves_the_world_is_named(build: SimpleNamespace) -> None:
    lost = build.actor(7, "debris.box", (100, 0), speed=90.0, z=5.0)
    world = World(build.scene([lost], 20.0))
    world.ground.high = np.array([-560.0, 0.0])
    with pytest.raises(
        SimulationError, match=r"actor 7 \(actor_7\) left the world at physics step"
    ):
        world.step()
    world.close()
