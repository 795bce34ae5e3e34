"""Drivers slow down for bends, whether or not they react to others."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from scenegen.records import Drive
from tests.simulate.conftest import Played

T = "{kind: t_junction, length: 200 m, priority: none}"
TURN = """ego: {{asset: vehicle.sedan, place: {{lane: forward_0, s: 40 m}}, speed: 38 km/h,
      behaviour: [{{do: follow_lane, turn: right, {keys}}}]}}"""


def turning(play: Callable[..., Played], keys: str) -> float:
    """Return the least speed of who turns right, m/s."""
    return float(play(TURN.format(keys=keys), "9 s", T).speed("ego").min())


def test_who_does_not_react_slows_down_for_a_bend_all_the_same(play: Callable[..., Played]) -> None:
    heedless = turning(play, "react: false")
    assert heedless == pytest.approx(turning(play, "react: true"), abs=0.05)
    # The middle of the lane has a radius of 8 m to the kerb and half a lane.
    assert heedless < 1.15 * np.sqrt(3.5 * (8.0 + 1.625))


def test_who_shall_not_slow_down_goes_as_fast_as_asked(play: Callable[..., Played]) -> None:
    fast = play(TURN.format(keys="speed: 26 km/h, slow_for_bends: false"), "9 s", T)
    slow = play(TURN.format(keys="speed: 26 km/h"), "9 s", T)
    assert fast.speed("ego").min() > 6.8
    assert slow.speed("ego").min() < 6.2


@pytest.mark.parametrize(
    "do", ["swerve, lateral: 1.6 m, over: 1 s", "cut_in, lane: forward_0, over: 1.2 s"]
)
def test_who_swerves_does_not_brake_for_its_own_way(play: Callable[..., Played], do: str) -> None:
    """Its way has bends tighter than the speed allows; they are no bends of the lane."""
    ego = f"""ego: {{asset: vehicle.sedan, place: {{lane: forward_1, s: 40 m}}, speed: 15 m/s,
      behaviour: [cruise, {{when: {{time: 1 s}}, do: {do}, react: false}}]}}"""
    assert play(ego, "4 s").speed("ego").min() > 14.4


def test_files_do_not_say_what_all_drivers_do() -> None:
    path = ((0.0, 0.0), (9.0, 0.0))
    assert "bends" not in Drive(path=path, speed_mps=3.0).model_dump()
    lane = Drive(path=path, speed_mps=3.0, bends="lane")
    assert Drive.model_validate_json(lane.model_dump_json()) == lane
