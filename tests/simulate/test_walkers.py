"""People and animals: feet that don't skate, bodies that obey mechanics when hit."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest

from scenegen import assets
from scenegen.assets import JOINT_RANGES
from scenegen.geometry import matrix_from_quaternion
from scenegen.records import Intent, Manoeuvre, Stand, Trigger, Walk
from scenegen.records.taxonomy import BIPED_JOINTS, QUADRUPED_JOINTS
from scenegen.simulate import simulate
from scenegen.simulate.biped import biped_gait

NOW = Trigger()


@pytest.mark.parametrize(("asset", "speed"), [("person.adult", 3.5), ("person.child", 3.0)])
def test_runners_leave_the_ground_and_walkers_do_not(asset: str, speed: float) -> None:
    leg = next(p for p in assets.get(asset, 0).parts if p.name == "pelvis").origin_m[2]
    assert biped_gait(speed, leg).duty < 0.5
    assert biped_gait(0.5 * np.sqrt(leg / 0.9), leg).duty > 0.5


def test_the_step_of_an_adult_is_as_long_as_people_step() -> None:
    gait = biped_gait(1.4, 0.9)
    assert 1.4 / gait.stride_hz / 2 == pytest.approx(0.74, abs=0.02)
    assert 2 * gait.stride_hz == pytest.approx(1.9, abs=0.05)


@pytest.mark.parametrize(
    ("asset", "joints", "speed"),
    [
        ("person.child", BIPED_JOINTS, 3.0),
        ("person.elder", BIPED_JOINTS, 0.8),
        ("animal.deer", QUADRUPED_JOINTS, 8.0),
        ("animal.dog", QUADRUPED_JOINTS, 2.0),
        ("animal.boar", QUADRUPED_JOINTS, 1.0),
    ],
)
def test_joints_stay_in_range_and_come_to_rest(
    build: SimpleNamespace, asset: str, joints: tuple[str, ...], speed: float
) -> None:
    goer = build.actor(1, asset, (20, 0), [build.walk([(20, 0), (26, 0)], speed, NOW)])
    trajectory = simulate(build.scene([goer], 11.0))
    values = trajectory.articulation[:, 0, : len(joints)]
    for channel, name in enumerate(joints):
        low, high = JOINT_RANGES[joints][name]
        assert low - 1e-9 <= values[:, channel].min()
        assert values[:, channel].max() <= high + 1e-9
    assert np.ptp(values[:60], axis=0).max() > 0.3
    assert trajectory.position_m[-1, 0, 0] == pytest.approx(26.0, abs=0.05)
    assert np.abs(trajectory.velocity_mps[-1, 0]).max() < 1e-6


def test_acceleration_keeps_to_its_limit(build: SimpleNamespace) -> None:
    person = build.actor(1, "person.adult", (20, 0), [build.walk([(20, 0), (60, 0)], 4.0, NOW)])
    trajectory = simulate(build.scene([person], 3.0))
    speed = trajectory.velocity_mps[:, 0, 0]
    assert np.diff(speed).max() * 20 <= 2.5 + 1e-6
    assert speed.max() == pytest.approx(4.0, abs=0.01)


def test_a_struck_pedestrian_is_thrown_and_lies_down(build: SimpleNamespace) -> None:
    car = build.actor(
        1,
        "vehicle.sedan",
        (60, build.lane_y),
        [build.drive(build.straight(build.lane_y), 12.0, follow=False), build.brake(2.4, 8.0)],
        speed=12.0,
    )
    person = build.actor(2, "person.adult", (90, build.lane_y + 0.3), yaw=np.pi / 2)
    trajectory = simulate(build.scene([car, person], 8.0))
    assert Intent.STRUCK in trajectory.intent[:, 1]
    hit = trajectory.contacts[0]
    assert (hit["actor_a"], hit["actor_b"]) == (1, 2)
    assert hit["closing_speed_mps"] == pytest.approx(12.0, abs=1.0)
    row = int(hit["step"]) // 12 + 1
    assert trajectory.intent[row, 1] == Intent.STRUCK
    assert trajectory.intent[row - 2, 1] != Intent.STRUCK
    assert trajectory.velocity_mps[row : row + 20, 1, 0].max() > 5.0
    up = matrix_from_quaternion(trajectory.quaternion_wxyz[-1, 1])[2, 2]
    assert abs(up) < 0.5
    assert np.linalg.norm(trajectory.velocity_mps[-1, 1]) < 0.3
    assert np.abs(trajectory.articulation[-1, 1]).max() > 0.3


@pytest.mark.parametrize("moving", [False, True])
def test_hands_and_eyes_do_what_the_gait_says(build: SimpleNamespace, moving: bool) -> None:
    def values(gait: str) -> np.ndarray:
        action = (
            Walk(path=((20, 0), (40, 0)), speed_mps=1.3, gait=gait) if moving else Stand(gait=gait)
        )
        person = build.actor(1, "person.adult", (20, 0), [Manoeuvre(action=action)])
        return simulate(build.scene([person], 3.0)).articulation[:, 0]

    channel = {name: k for k, name in enumerate(BIPED_JOINTS)}
    plain, phone, push = (values(gait) for gait in ("auto", "phone", "push"))
    assert phone[30:, channel["neck_pitch"]].min() > 0.3 + plain[30:, channel["neck_pitch"]].max()
    assert phone[30:, channel["elbow_right"]].min() > 1.3
    assert phone[30:, channel["elbow_left"]].max() < 0.6
    for side in ("left", "right"):
        assert push[30:, channel[f"shoulder_{side}"]].min() > 0.5
        assert np.ptp(push[30:, channel[f"shoulder_{side}"]]) < 0.02
    legs = [channel["hip_left"], channel["knee_left"]]
    assert push[:, legs] == pytest.approx(plain[:, legs])


def test_who_is_told_to_run_runs_at_any_speed() -> None:
    assert biped_gait(1.8, 0.9).duty > 0.5
    assert biped_gait(1.8, 0.9, "run").duty < 0.5
    assert biped_gait(2.2, 0.9, "walk").duty > 0.5


def test_a_crossing_is_announced_exactly_before_it_starts(build: SimpleNamespace) -> None:
    at_s = 2.35
    trigger = Trigger(kind="time", value=at_s)
    person = build.actor(
        1, "person.adult", (20, -5), [build.walk([(20, -5), (20, 0)], 1.4, trigger)]
    )
    trajectory = simulate(build.scene([person], 4.0))
    start = int(np.flatnonzero(trajectory.manoeuvre[:, 0] == 0)[0])
    assert trajectory.time_s[start] == pytest.approx(2.35)
    intent = trajectory.intent[:, 0]
    assert (intent[: start - 30] == Intent.WAITING).all()
    assert (intent[start - 30 : start] == Intent.WILL_CROSS).all()
    assert (intent[start : start + 20] == Intent.CROSSING).all()
