"""Agents, and what becomes of an episode whose agent fails."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pytest

from scenegen.drive import AgentError, Drive, Pedals, Target, Waypoints, drive_episode, named_agent
from scenegen.drive.agents.child import Child
from scenegen.drive.agents.follower import Follower
from scenegen.drive.agents.messages import MAX_ANSWER, action_of, answer_of, read_answer
from scenegen.drive.agents.plain import Constant, Replay
from scenegen.drive.agents.rules import RuleKeeper
from scenegen.errors import InputError
from scenegen.records import ConcreteScenario
from tests.drive.scenes import alone, at_signals, behind, driven, library

TALKING = """
import json, sys, time
def say(text):
    print(text, flush=True)
for line in sys.stdin:
    told = json.loads(line)
    if told["type"] == "begin":
        say("{}")
    elif told["time_s"] < 0.5:
        say('{"speed_mps": 10, "curvature_1pm": 0}')
    else:
        MISCHIEF
"""
MISCHIEF = {
    "dies": ("sys.exit('my wheels came off')", "exit code 1: my wheels came off"),
    "is killed": ("import os; os.kill(os.getpid(), 9)", "ended with signal 9"),
    "hangs": ("time.sleep(60)", "no answer within 2 s"),
    "dawdles": ("[time.sleep(0.1) or print('.', end='', flush=True) for _ in range(99)]",
                "no answer within 2 s"),
    "answers nan": ("say('{\"steer\": NaN, \"pedal\": 0}')", "isn't finite"),
    "answers prose": ("say('turn left')", "no JSON: b'turn left'"),
    "answers a list": ("say('[1, 2]')", "no JSON object"),
    "answers words": ("say('{\"steer\": \"left\", \"pedal\": 0}')", "wrong values"),
    "answers what is no action": ("say('{\"turn\": 1}')", "'turn': no action"),
    "answers a wrong shape": ("say('{\"points_m\": [1, 2, 3]}')", "waypoints are"),
    "answers a ragged shape": ("say('{\"points_m\": [[1, 2], [3]]}')", "wrong values"),
    "answers without end": ("[sys.stdout.write('x' * 9999) for _ in range(999)]", "more than"),
    "hangs up": ("import os; os.close(1); time.sleep(60)", "has closed its output"),
}  # fmt: skip


def program(tmp_path: Path, mischief: str) -> Child:
    path = tmp_path / "agent.py"
    path.write_text(TALKING.replace("MISCHIEF", mischief))
    return Child([sys.executable, str(path)], begin_s=30.0, act_s=2.0)


def run(scenario: ConcreteScenario, name: str) -> Drive:
    agent = named_agent(name)
    try:
        return drive_episode(scenario, agent, name)
    finally:
        agent.close()


@pytest.mark.parametrize("what", MISCHIEF)
def test_an_agent_that_fails_ends_its_episode_with_the_reason(what: str, tmp_path: Path) -> None:
    mischief, reason = MISCHIEF[what]
    agent = program(tmp_path, mischief)
    first = drive_episode(alone(), agent, "test")
    assert first.record.termination.startswith("agent: ")
    assert reason in first.record.termination
    assert first.record.failed
    assert len(first.trajectory.step) == 11
    again = drive_episode(alone(), agent, "test")
    assert again.record.termination == first.record.termination
    agent.close()
    agent.close()


def test_programs_drive_as_what_they_answer_does(tmp_path: Path) -> None:
    agent = program(tmp_path, 'say(\'{"speed_mps": 10, "curvature_1pm": 0}\')')
    made = drive_episode(alone(), agent, "test")
    same = driven(alone(), lambda state: Target(10.0, 0.0))
    assert made.record.termination == "completed"
    assert np.array_equal(made.trajectory.position_m, same.trajectory.position_m)
    agent.close()


def test_a_program_that_is_not_there() -> None:
    """It is told before any work, and ends the episode where it goes away later."""
    with pytest.raises(InputError, match="no program that can be run"):
        named_agent("process:/no/such/program --fast")
    gone = Child(["/no/such/program"])
    made = drive_episode(alone(), gone, "test")
    gone.close()
    assert "can't be started" in made.record.termination


def test_python_callables_drive(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(
        "class Agent:\n"
        "    def __init__(self):\n"
        "        self.n = 0\n"
        "    def __call__(self, told):\n"
        "        print('what is printed is no answer')\n"
        "        self.n += 1\n"
        "        return {'steer': 0, 'pedal': -0.1} if told['type'] == 'step' else None\n"
    )
    made = run(alone(), f"python:{path}:Agent")
    same = driven(alone(), lambda state: Pedals(0.0, -0.1))
    assert np.array_equal(made.trajectory.position_m, same.trajectory.position_m)
    missing = run(alone(), f"python:{path}:Nobody")
    assert "has no attribute 'Nobody'" in missing.record.termination


def test_a_follower_keeps_its_distance_and_stops_behind_what_stands() -> None:
    for other, gap in ((10.0, 40.0), (0.0, 60.0)):
        made = drive_episode(behind(gap, 16.0, other), Follower(), "idm")
        assert made.record.impacts == ()
        assert made.record.criteria["collision"] is not None
        assert made.record.criteria["collision"] > 1.0


def test_a_follower_puts_on_its_brakes_where_comfort_is_too_late() -> None:
    """16 m/s and 16 m: at 8 m/s² it stops just in time, at 3 m/s² it would strike at 12 m/s."""
    made = drive_episode(behind(18.0, 16.0), Follower(), "idm")
    speed = np.linalg.norm(made.trajectory.velocity_mps[:, 0, :2], axis=1)
    assert (np.diff(speed) * 20).min() < -7.0
    assert all(impact.closing_mps < 4.0 for impact in made.record.impacts)


def test_a_rule_keeper_stops_at_red_and_a_follower_does_not() -> None:
    scenario = at_signals("red")
    kept = drive_episode(scenario, RuleKeeper(), "rules")
    assert kept.record.criteria["red_light"] == pytest.approx(0.7, abs=0.7)
    assert np.linalg.norm(kept.trajectory.velocity_mps[-1, 0]) < 0.5
    ran = drive_episode(scenario, Follower(), "idm")
    assert ran.record.criteria["red_light"] is not None
    assert ran.record.criteria["red_light"] < -3.0
    assert ran.record.violated == ("red_light",)
    free = drive_episode(at_signals("green"), RuleKeeper(), "rules")
    assert free.record.way_m > 100.0


def test_a_rule_keeper_slows_down_to_the_limit() -> None:
    scenario = alone(22.0, 12.0)
    limit = scenario.road.speed_limit_mps
    made = drive_episode(scenario, RuleKeeper(22.0), "rules")
    assert limit < 20.0
    assert np.linalg.norm(made.trajectory.velocity_mps[-1, 0]) < limit + 0.5


def test_a_constant_agent_holds_its_course() -> None:
    made = drive_episode(behind(200.0, 12.0), Constant(), "constant")
    speed = np.linalg.norm(made.trajectory.velocity_mps[:, 0, :2], axis=1)
    assert speed == pytest.approx(12.0, abs=0.3)
    assert np.ptp(made.trajectory.position_m[:, 0, 1]) < 0.05


def test_actions_repeat_an_episode() -> None:
    scenario = library("wet_cut_in", 1)
    made = drive_episode(scenario, Follower(), "idm")
    again = drive_episode(scenario, Replay(made.actions), "replay")
    assert np.array_equal(made.trajectory.position_m, again.trajectory.position_m)
    short = drive_episode(scenario, Replay(made.actions[:5]), "replay")
    assert short.record.termination == "agent: the log has 5 actions, and one more is asked for"


@pytest.mark.parametrize(
    "action",
    [Pedals(0.1, -0.2, True), Target(3.0, 0.01), None, Waypoints(np.array([[1.0, 0.5]]), 0.2)],
)
def test_actions_survive_the_log(action) -> None:  # type: ignore[no-untyped-def]
    again = action_of(answer_of(action))
    if isinstance(action, Waypoints):
        assert isinstance(again, Waypoints)
        assert np.array_equal(again.points_m, action.points_m)
        assert again.every_s == action.every_s
    else:
        assert again == action


def test_long_answers_are_refused() -> None:
    with pytest.raises(AgentError, match="at most"):
        read_answer(b" " * (MAX_ANSWER + 1))
    with pytest.raises(AgentError, match="no JSON"):
        read_answer(b"[" * 100_000)


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("idn", "did you mean 'idm'"),
        ("zqm:tcp://x", "zmq:tcp://127.0.0.1:5555"),
        ("zmq:127.0.0.1:5555", "an endpoint is such as"),
        ("process:", "names no program"),
        ("process:'open", "No closing quotation"),
        ("replay:/no/such", "no log of actions"),
    ],
)
def test_what_is_no_agent(name: str, told: str) -> None:
    with pytest.raises(InputError, match=told):
        named_agent(name)
