"""Cameras and LiDARs while an episode goes on: what they show is what the data set would hold."""

from __future__ import annotations

import base64
import subprocess
import sys
import warnings
from pathlib import Path

import cv2
import gymnasium as gym
import numpy as np
import pytest
from gymnasium.utils.env_checker import check_env

from scenegen.drive import Episode, drive_episode
from scenegen.drive.agents.child import python_agent
from scenegen.drive.agents.packing import as_frame, as_text
from scenegen.drive.env import DriveEnv
from scenegen.drive.sensed import Cloud, Picture
from scenegen.errors import InputError
from scenegen.ranging import Lidar, RangingScene
from scenegen.records import ConcreteScenario
from scenegen.render import process_renderer
from scenegen.sample.rig import parse_rig
from scenegen.simulate import simulate
from tests.drive.scenes import behind, library

RIG = {
    "front": {"width": 96, "height": 64},
    "top": {"kind": "lidar", "channels": 8, "columns": 128, "divergence": "0 rad"},
}


def rigged(scenario: ConcreteScenario, duration_s: float = 1.0) -> ConcreteScenario:
    update = {"sensors": parse_rig(RIG, "sensors="), "duration_s": duration_s}
    return scenario.model_copy(update=update)


def sensed(scenario: ConcreteScenario, hz: int) -> list[dict[str, Picture | Cloud]]:
    """Return what is sensed at every decision where the scenario drives itself."""
    with Episode(scenario, hz) as episode:
        episode.sense(tuple(scenario.sensors))
        found = [dict(episode.state.sensed)]
        while not episode.over:
            found.append(dict(episode.step(None).sensed))
    return found


@pytest.mark.parametrize("name", ["night_jaywalk", "red_light_cyclist"])
def test_pictures_are_those_of_the_whole_run(name: str) -> None:
    scenario = rigged(library(name))
    renderer = process_renderer("opengl")
    found = sensed(scenario, 10)
    renderer.load(scenario, simulate(scenario))
    assert len(found) == 11
    for frame in range(scenario.frame_count):
        picture = found[frame]["front"]
        assert isinstance(picture, Picture)
        assert picture.time_s == pytest.approx(frame / 10)
        assert np.array_equal(picture.rgb, renderer.draw("front", frame).rgb), frame


def test_rain_falls_as_the_ego_moves_until_the_next_frame_which_is_foreseen() -> None:
    """Streaks differ by the speed that the ego takes up meanwhile; nothing else does."""
    scenario = rigged(library("wet_cut_in"))
    found = sensed(scenario, 10)
    renderer = process_renderer("opengl")
    renderer.load(scenario, simulate(scenario))
    for frame in range(scenario.frame_count):
        picture = found[frame]["front"]
        assert isinstance(picture, Picture)
        off = np.abs(picture.rgb.astype(int) - renderer.draw("front", frame).rgb).max(axis=2)
        assert (off > 0).mean() < 0.02
        assert (off > 16).mean() < 0.001


def test_sweeps_are_those_of_the_whole_run() -> None:
    scenario = rigged(library("wet_cut_in"))
    found = sensed(scenario, 20)
    whole = Lidar(RangingScene(scenario, simulate(scenario)), "top")
    assert "top" not in found[1]
    for index in range(whole.sweep_count):
        cloud, sweep = found[2 * index + 2]["top"], whole.sweep(index)
        assert isinstance(cloud, Cloud)
        assert cloud.time_s == pytest.approx((index + 1) / 10)
        assert np.array_equal(cloud.points, sweep.points)
        assert np.array_equal(cloud.beam, sweep.beam)
    assert found[5]["top"] is found[4]["top"]


def test_sensors_keep_their_own_rates() -> None:
    times = [
        (seen["front"].time_s, seen["top"].time_s if "top" in seen else None)
        for seen in sensed(rigged(library("wet_cut_in"), 0.4), 20)
    ]
    expected = [0.0, 0.0, 0.1, 0.1, 0.2, 0.2, 0.3, 0.3, 0.3]
    assert [front for front, _ in times] == pytest.approx(expected)
    tops = [None, None, 0.1, 0.1, 0.2, 0.2, 0.3, 0.3, 0.4]
    assert [top for _, top in times] == pytest.approx(tops)


def test_two_episodes_share_the_renderer_of_the_process() -> None:
    scenarios = [rigged(library("wet_cut_in", k), 0.5) for k in (0, 1)]
    alone = [sensed(scenario, 10) for scenario in scenarios]
    with Episode(scenarios[0], 10) as first, Episode(scenarios[1], 10) as second:
        both = (first, second)
        for episode in both:
            episode.sense(["front"])
        for step in range(3):
            for episode, told in zip(both, alone, strict=True):
                here, there = episode.state.sensed["front"], told[step]["front"]
                assert isinstance(here, Picture)
                assert isinstance(there, Picture)
                assert np.array_equal(here.rgb, there.rgb)
                episode.step(None)


@pytest.mark.parametrize(
    "observations",
    [("camera.front",), ("lidar.top",), ("state", "camera.front", "lidar.top", "raster")],
)
def test_gymnasium_finds_nothing_wrong(observations: tuple[str, ...]) -> None:
    env = gym.make("scenegen/Drive-v0", observations=observations, sensors=RIG, quality="fast")
    with warnings.catch_warnings():
        warnings.filterwarnings("error", module="gymnasium")
        warnings.filterwarnings("ignore", message=".*symmetric and normalized.*")
        check_env(env.unwrapped, skip_render_check=True)
    env.close()


def test_the_lidar_sees_the_car_ahead() -> None:
    env = DriveEnv(observations=("lidar.top",), sensors=RIG)
    seen, _ = env.reset(options={"scenario": behind(10.0, 0.0)})
    assert not seen.any()
    seen, *_ = env.step(np.zeros(2, np.float32))
    assert seen.shape == (8, 128, 4)
    ahead = seen[(np.abs(seen[..., 1]) < 0.8) & (seen[..., 0] > 0) & (seen[..., 2] > -1.2)]
    front = 0.5 * env.episode.scenario.ego.size_m[0] + 10.0
    assert ahead[:, 0].min() == pytest.approx(front, abs=1.5)
    env.close()


def test_what_is_no_sensor() -> None:
    with pytest.raises(InputError, match=r"did you mean 'camera\.front'"):
        DriveEnv(observations=("camera.frnt",))
    with pytest.raises(InputError, match=r"no observation 'lidar\.front'"):
        DriveEnv(observations=("lidar.front",))
    env = DriveEnv(observations=("camera.front",))
    with pytest.raises(InputError, match=r"the environment's\s+is \(384, 640, 3\)"):
        env.reset(options={"scenario": rigged(library("wet_cut_in"))})


def test_steps_of_states_load_no_opengl() -> None:
    code = """
import sys
from scenegen.drive.env import DriveEnv
env = DriveEnv("wet_cut_in", observations=("state", "raster"), render_mode="rgb_array")
env.reset(seed=0)
env.step(env.action_space.sample())
env.render()
env.close()
loaded = {name.split(".")[0] for name in sys.modules}
assert not loaded & {"moderngl", "OpenGL", "pyrender", "torch", "glcontext"}, loaded
"""
    subprocess.run([sys.executable, "-c", code], check=True)


SEEING = """
import base64, json
import cv2, numpy as np

class Agent:
    def __call__(self, told):
        if told["type"] == "begin":
            assert told["sensors"]["front"]["width"] == 96
            return ANSWER
        front, top = told["sensors"]["front"], told["sensors"].get("top")
        data = front.get("png") or front["data"]
        flat = np.frombuffer(base64.b64decode(data), np.uint8)
        if "png" in front:
            rgb = cv2.imdecode(flat, cv2.IMREAD_COLOR)[..., ::-1]
        else:
            rgb = flat.reshape(front["shape"])
        assert (top is None) == (told["time_s"] < 0.1)
        if top is not None:
            points = np.frombuffer(base64.b64decode(top["data"]), "<f4").reshape(top["shape"])
            assert points.shape[1] == 4 and abs(points).max() > 1
        return {"steer": 0, "pedal": float(rgb[40].mean()) / 255}
"""


@pytest.mark.parametrize("form", ["png", "raw"])
def test_programs_get_what_they_ask_for(form: str, tmp_path: Path) -> None:
    path = tmp_path / "seeing.py"
    answer = {"sensors": ["front", "top"], "pictures": form}
    path.write_text(SEEING.replace("ANSWER", repr(answer)))
    scenario = rigged(library("wet_cut_in"), 0.5)
    agent = python_agent(f"{path}:Agent")
    made = drive_episode(scenario, agent, "seeing", decision_hz=10)
    agent.close()
    assert made.record.termination == "completed"
    pedals = [action.pedal for action in made.actions]  # type: ignore[union-attr]
    with Episode(scenario, 10) as episode:
        episode.sense(["front"])
        first = episode.state.sensed["front"]
        assert isinstance(first, Picture)
        assert pedals[0] == pytest.approx(float(first.rgb[40].mean()) / 255)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"sensors": ["frnt"]}, "did you mean 'front'"),
        ({"sensors": "front"}, "no list of names"),
        ({"sensors": ["front"], "pictures": "gif"}, "there are png, raw"),
    ],
)
def test_wrong_wishes_end_the_episode(answer: dict, told: str, tmp_path: Path) -> None:
    path = tmp_path / "wishing.py"
    path.write_text(f"def agent(told):\n    return {answer!r}\n")
    agent = python_agent(f"{path}:agent")
    made = drive_episode(rigged(library("wet_cut_in"), 0.5), agent, "wishing")
    agent.close()
    assert told in made.record.termination
    assert made.record.failed


def test_pictures_and_points_survive_packing() -> None:
    rgb = np.random.default_rng(0).integers(0, 256, (16, 24, 3), dtype=np.uint8)
    points = np.arange(12, dtype=np.float32).reshape(3, 4)
    picture, cloud = Picture(0.1, rgb), Cloud(0.2, points, np.arange(3, dtype=np.uint32), (1, 3))
    packed = np.frombuffer(base64.b64decode(as_text(picture, "png")["png"]), np.uint8)
    assert np.array_equal(cv2.imdecode(packed, cv2.IMREAD_COLOR)[..., ::-1], rgb)
    frames: list[bytes] = []
    told = [as_frame(found, "raw", frames) for found in (picture, cloud)]
    assert [one["frame"] for one in told] == [1, 2]
    assert np.array_equal(np.frombuffer(frames[0], np.uint8).reshape(told[0]["shape"]), rgb)
    again = np.frombuffer(frames[1], told[1]["form"]).reshape(told[1]["shape"])
    assert np.array_equal(again, points)
