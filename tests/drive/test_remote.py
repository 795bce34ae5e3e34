"""Agents over ZeroMQ: real second processes on loopback, and what becomes of those that fail."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from scenegen.drive import Target, drive_episode
from scenegen.drive.agents.remote import Remote
from tests.drive.scenes import alone, driven
from tests.drive.test_sensors import rigged

LISTENING = """
import json, os, sys, time
import numpy as np
import zmq
socket = zmq.Context().socket(zmq.REP)
port = socket.bind_to_random_port("tcp://127.0.0.1")
print(port, flush=True)
def say(text):
    socket.send(text.encode() if isinstance(text, str) else text)
while True:
    first, *frames = socket.recv_multipart()
    told = json.loads(first)
    if told["type"] == "begin":
        say(BEGIN)
    elif told["time_s"] < 0.5:
        say('{"speed_mps": 10, "curvature_1pm": 0}')
    else:
        MISCHIEF
"""
GOOD = 'say(\'{"speed_mps": 10, "curvature_1pm": 0}\')'
MISCHIEF = {
    "dies": ("sys.exit()", "has gone"),
    "is killed": ("os.kill(os.getpid(), 9)", "has gone"),
    "hangs": ("time.sleep(60)", "no answer within 1 s"),
    "is late": ("time.sleep(1.5); say('{}')", "no answer within 1 s"),
    "answers nan": ('say(\'{"steer": NaN, "pedal": 0}\')', "isn't finite"),
    "answers prose": ("say('turn left')", "no JSON: b'turn left'"),
    "answers bytes": ("say(bytes(range(256)))", "no JSON"),
    "answers two frames": ("socket.send_multipart([b'{}', b'{}'])", "an answer of 3 frames"),
    "answers a wrong shape": ("say('{\"points_m\": [1, 2, 3]}')", "waypoints are"),
    "answers too much": ("say('x' * 2_000_000)", "more than 1,000,000 bytes"),
}


@contextmanager
def listening(tmp_path: Path, mischief: str, begin: str = "'{}'") -> Iterator[str]:
    """Start an agent of its own process, and give its endpoint."""
    path = tmp_path / "agent.py"
    path.write_text(LISTENING.replace("MISCHIEF", mischief).replace("BEGIN", begin))
    process = subprocess.Popen([sys.executable, str(path)], stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        yield f"tcp://127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.communicate()


def test_a_remote_agent_drives_as_what_it_answers_does(tmp_path: Path) -> None:
    with listening(tmp_path, GOOD) as endpoint:
        agent = Remote(endpoint)
        made = [drive_episode(alone(), agent, "test") for _ in range(2)]
        agent.close()
        agent.close()
    same = driven(alone(), lambda state: Target(10.0, 0.0))
    for drive in made:
        assert drive.record.termination == "completed"
        assert np.array_equal(drive.trajectory.position_m, same.trajectory.position_m)


@pytest.mark.parametrize("what", MISCHIEF)
def test_a_remote_agent_that_fails_ends_its_episode_with_the_reason(
    what: str, tmp_path: Path
) -> None:
    mischief, reason = MISCHIEF[what]
    with listening(tmp_path, mischief) as endpoint:
        agent = Remote(endpoint, begin_s=20.0, act_s=1.0)
        made = drive_episode(alone(), agent, "test")
        agent.close()
    assert made.record.termination.startswith("agent: ")
    assert reason in made.record.termination
    assert len(made.trajectory.step) == 11


def test_an_answer_that_comes_too_late_is_no_answer_to_the_next_episode(tmp_path: Path) -> None:
    with listening(tmp_path, "time.sleep(1.5); say('{\"turn\": 1}')") as endpoint:
        agent = Remote(endpoint, begin_s=20.0, act_s=1.0)
        told = [drive_episode(alone(), agent, "test").record.termination for _ in range(2)]
        agent.close()
    assert told == ["agent: no answer within 1 s"] * 2


def test_where_nobody_listens() -> None:
    agent = Remote("tcp://127.0.0.1:1", connect_s=0.5)
    made = drive_episode(alone(), agent, "test")
    agent.close()
    assert made.record.termination.startswith("agent: nobody listens at tcp://127.0.0.1:1 within")


def test_what_is_no_place_to_connect_to() -> None:
    agent = Remote("tcp://127.0.0.1:port")
    made = drive_episode(alone(), agent, "test")
    assert "is no endpoint" in made.record.termination


@pytest.mark.parametrize("form", ["png", "raw"])
def test_pictures_and_sweeps_are_frames(form: str, tmp_path: Path) -> None:
    begin = f"""'{{"sensors": ["front", "top"], "pictures": "{form}"}}'"""
    answer = """
        front, top = told["sensors"]["front"], told["sensors"]["top"]
        data = frames[front["frame"] - 1]
        if front["form"] == "png":
            assert data[1:4] == b"PNG"
        else:
            assert np.frombuffer(data, np.uint8).reshape(front["shape"]).shape == (64, 96, 3)
        points = np.frombuffer(frames[top["frame"] - 1], top["form"]).reshape(top["shape"])
        say(json.dumps({"speed_mps": float(len(points)), "curvature_1pm": 0}))"""
    with listening(tmp_path, answer.strip(), begin) as endpoint:
        agent = Remote(endpoint)
        made = drive_episode(rigged(alone(), 1.0), agent, "test", decision_hz=10)
        agent.close()
    assert made.record.termination == "completed"
    last = made.actions[-1]
    assert isinstance(last, Target)
    assert last.speed_mps > 100.0
