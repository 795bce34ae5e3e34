"""Who has the right of way over the ego, what it asks of its car, and what is switched on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from scenegen.records import CONTROLS, Lamp, Trajectory
from scenegen.sample import draw
from scenegen.scenario import load_scenario
from scenegen.simulate import simulate
from scenegen.simulate.lamps import BEACON_HZ, BLINK_HZ, lit

T_JUNCTION = """
scenario: at_t
description: Two ways meet at a side road.
odd: [urban]
duration: 8 s
road: {{kind: t_junction, length: 260 m}}
ego:
  asset: vehicle.sedan
  place: {{lane: {ego}, s: {ego_s} m}}
  speed: 30 km/h
  behaviour: [{{do: follow_lane, turn: {ego_turn}}}]
actors:
  other:
    asset: vehicle.suv
    place: {{lane: {other}, s: {other_s} m}}
    speed: 30 km/h
    behaviour: [{{do: follow_lane, turn: {other_turn}}}]
"""
MAIN = ("forward_0", 80, "straight")
SIDE = ("side_backward_0", 45, "left")


def at_t(tmp_path: Path, ego: tuple, other: tuple) -> Trajectory:
    words = dict(zip(("ego", "ego_s", "ego_turn"), ego, strict=True))
    words |= dict(zip(("other", "other_s", "other_turn"), other, strict=True))
    file = tmp_path / "scene.yaml"
    file.write_text(T_JUNCTION.format(**words))
    return simulate(draw(load_scenario(str(file)), 3, 0))


def library(name: str) -> tuple[Trajectory, list[str]]:
    scene = draw(load_scenario(name), 0, 0)
    return simulate(scene), [actor.name for actor in scene.actors]


def test_who_comes_from_a_side_road_gives_way(tmp_path: Path) -> None:
    ways = at_t(tmp_path, SIDE, MAIN).right_of_way
    assert ways is not None
    assert set(ways[:, 1].tolist()) == {0, 1}
    assert (ways[:, 0] == 0).all()
    ways = at_t(tmp_path, MAIN, SIDE).right_of_way
    assert ways is not None
    assert set(ways[:, 1].tolist()) == {0, -1}


def test_ways_that_do_not_meet_give_nobody_a_right(tmp_path: Path) -> None:
    ways = at_t(tmp_path, MAIN, ("backward_0", 210, "straight")).right_of_way
    assert ways is not None
    assert not ways.any()


@pytest.mark.parametrize(
    ("lane", "expected"), [("cross_forward_0", 1), ("cross_backward_0", -1), ("backward_0", 0)]
)
def test_without_signs_those_from_the_right_go_first(
    tmp_path: Path, lane: str, expected: int
) -> None:
    file = tmp_path / "scene.yaml"
    s = 70 if "forward" in lane else 170
    file.write_text(
        f"""
scenario: unsigned
description: Two meet where no sign says who goes first.
odd: [urban]
duration: 4 s
road: {{kind: crossing, length: 240 m, priority: none}}
ego:
  asset: vehicle.sedan
  place: {{lane: forward_0, s: 70 m}}
  speed: 30 km/h
  behaviour: [{{do: follow_lane}}]
actors:
  other:
    asset: vehicle.suv
    place: {{lane: {lane}, s: {s} m}}
    speed: 30 km/h
    behaviour: [{{do: follow_lane}}]
"""
    )
    ways = simulate(draw(load_scenario(str(file)), 3, 0)).right_of_way
    assert ways is not None
    assert set(ways[:, 1].tolist()) - {0} == {expected} - {0}


@pytest.mark.parametrize("name", ["ignores_give_way", "runs_the_red"])
def test_rules_hold_for_those_who_ignore_them(name: str) -> None:
    trajectory, names = library(name)
    ways = trajectory.right_of_way
    assert ways is not None
    offender = names.index("pushing" if name == "ignores_give_way" else "running")
    assert set(ways[:, offender].tolist()) == {0, -1}


def test_what_flashes_is_on_all_the_time() -> None:
    trajectory, names = library("crash_scene")
    assert trajectory.lamps_on is not None
    hazard = Lamp.INDICATOR_LEFT | Lamp.INDICATOR_RIGHT
    stopped = names.index("stopped")
    assert (trajectory.lamps_on[:, stopped] & hazard == hazard).all()
    shown = set((trajectory.lamps[:, stopped] & hazard).tolist())
    assert shown == {0, int(hazard)}
    assert not (trajectory.lamps & ~trajectory.lamps_on).any()


def test_lamps_flash_at_their_rates() -> None:
    on = Lamp.LOW_BEAM | Lamp.INDICATOR_LEFT | Lamp.BEACON
    assert lit(on, 0.0) == on
    assert lit(on, 0.75 / BLINK_HZ) & Lamp.INDICATOR_LEFT == 0
    assert lit(on, 0.75 / BEACON_HZ) & Lamp.BEACON == 0
    assert all(lit(on, t) & Lamp.LOW_BEAM for t in np.linspace(0, 3, 50))


def test_controls_are_what_the_ego_asks_for() -> None:
    trajectory, _ = library("left_across_path")
    controls = trajectory.controls
    assert controls is not None
    assert controls.shape == (len(trajectory.step), len(CONTROLS))
    told = dict(zip(CONTROLS, controls.T, strict=True))
    assert not controls[0].any()
    assert ((told["throttle"] >= 0) & (told["throttle"] <= 1)).all()
    assert ((told["brake"] >= 0) & (told["brake"] <= 1)).all()
    # Nobody pulls and brakes at once but for what a lag leaves over.
    assert np.minimum(told["throttle"], told["brake"]).max() < 0.2
    assert set(told["gear"][1:].tolist()) == {1.0}
    assert np.abs(told["steer_rad"] - trajectory.articulation[:, 0, 0]).max() < 1e-9
