"""Disturbances from step to step: what they do, how they are drawn, searched and held."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest

from scenegen.dataset.canonical import canonical_json, trajectory_npz
from scenegen.drive import drive_episode, named_agent
from scenegen.drive.env import DriveEnv
from scenegen.errors import InputError, ScenarioError
from scenegen.pipeline.config import GenerateConfig
from scenegen.pipeline.drive import drive
from scenegen.pipeline.drive_config import DriveConfig
from scenegen.pipeline.requested import requested
from scenegen.pipeline.search_config import SearchConfig
from scenegen.pipeline.searching import system
from scenegen.pipeline.searching.outcome import Outcome, Simulation, drive_one, judged
from scenegen.pipeline.searching.search import search
from scenegen.pipeline.searching.stressed import stressed
from scenegen.records import ConcreteScenario
from scenegen.sample import draw
from scenegen.scenario import LogicalScenario, hold, parse_scenario
from scenegen.scenario.disturbances import Disturbed, usual
from scenegen.simulate import simulate

STREAMS = "ab" * 32
PLAIN = """
scenario: follow
description: A van behind a car that stands soon.
duration: 1.5 s
rates: {physics: 120, control: 20, camera: 10}
road: {kind: straight, length: 200 m, lanes_forward: 2, surroundings: motorway}
ego: {asset: vehicle.van, place: {lane: forward_0, s: 40 m}, speed: 20 m/s}
actors:
  lead:
    asset: vehicle.sedan
    place: {ahead_of: ego, gap: 8 m}
    speed: 17 m/s
    behaviour: [follow_lane]
"""
STEPS = """disturbances:
  gust: {channel: side_wind, every: 0.3 s, sd: 8 m/s, memory: 0 s}
  foot: {channel: acceleration, on: lead, sd: 3 m/s^2}
  hand: {channel: steering, sd: 0.3 deg}
"""
SEEN = """disturbances:
  off: {channel: perception_range, sd: 4 m}
  blind: {channel: perception_dropout, share: 20 %}
"""


def scene(text: str, **steps: tuple[float, ...]) -> ConcreteScenario:
    return draw(hold(parse_scenario(text, "follow.yaml"), {}, STREAMS, steps), 0, 0)


def bytes_of(concrete: ConcreteScenario) -> bytes:
    return trajectory_npz(simulate(concrete))


def test_disturbances_of_zero_change_no_byte() -> None:
    still = {"gust": (0.0,) * 5, "foot": (0.0,) * 3, "hand": (0.0,) * 3}
    assert bytes_of(scene(PLAIN + STEPS, **still)) == bytes_of(scene(PLAIN))
    assert bytes_of(scene(PLAIN + STEPS)) != bytes_of(scene(PLAIN))
    assert b"disturbances" not in canonical_json(scene(PLAIN).model_dump(mode="json"))


def test_wind_pushes_by_its_pressure() -> None:
    """By force times time in the first control step, less what tyres and roll take of it."""
    zero = {"foot": (0.0,), "hand": (0.0,)}
    plain, blown = (simulate(scene(PLAIN + STEPS, gust=(v,) * 5, **zero)) for v in (0.0, 20.0))
    aside = blown.velocity_mps[1, 0, 1] - plain.velocity_mps[1, 0, 1]
    ego = scene(PLAIN).ego
    length, _, height = ego.size_m
    push = 0.5 * 1.225 * length * height * 20.0**2 / ego.mass_kg * 0.05
    assert 0.2 * push < aside < push
    assert blown.position_m[-1, 0, 1] > plain.position_m[-1, 0, 1] + 0.01
    other = simulate(scene(PLAIN + STEPS, gust=(-20.0,) * 5, **zero))
    assert other.position_m[-1, 0, 1] < plain.position_m[-1, 0, 1] - 0.01


def test_a_foot_moves_the_other_car() -> None:
    zero = {"gust": (0.0,), "hand": (0.0,)}
    plain, pushed = (simulate(scene(PLAIN + STEPS, foot=(a,) * 3, **zero)) for a in (0.0, -2.0))
    slower = plain.velocity_mps[-1, 1, 0] - pushed.velocity_mps[-1, 1, 0]
    assert slower == pytest.approx(2.0 * 1.5, rel=0.35)


def test_an_agent_is_told_what_seems() -> None:
    text = PLAIN + SEEN
    with_env = DriveEnv(parse_scenario(PLAIN, "f.yaml"))
    with_env.reset(options={"scenario": scene(text, off=(5.0,) * 3, blind=(0.0, 1.0, 0.0))})
    episode = with_env.episode
    away = [
        np.hypot(*(s.position_m[1] - s.position_m[0])[:2]) for s in (episode.state, episode.told)
    ]
    assert away[1] == pytest.approx(away[0] + 5.0)
    told = []
    while not episode.over:
        episode.step(None)
        told.append(episode.told)
    blind = [s for s in told if 0.5 <= s.time_s < 0.999]
    assert len(blind) == 5
    assert len({s.velocity_mps[1, 0] for s in blind}) == 1
    gone = np.diff([s.position_m[1, 0] for s in blind])
    np.testing.assert_allclose(gone, blind[0].velocity_mps[1, 0] * episode.step_s)
    assert len({s.velocity_mps[1, 0] for s in told}) > 5
    with_env.close()


def test_what_is_seen_differs_in_kinematics_too() -> None:
    text = PLAIN + SEEN
    runs = [
        drive_episode(
            scene(text, off=(v,) * 3, blind=(0.0,) * 3), named_agent("idm"), "idm",
            physics="kinematic",
        ).trajectory
        for v in (0.0, -6.0)
    ]  # fmt: skip
    assert runs[1].position_m[-1, 0, 0] < runs[0].position_m[-1, 0, 0]


def test_values_are_a_stationary_normal_process() -> None:
    one = replace(usual("side_wind"), every_s=0.5, memory_s=1.0, size=3.0)
    normal = np.random.default_rng(0).standard_normal((20_000, 6))
    found = np.array([one.values(row) for row in normal])
    np.testing.assert_allclose(found.std(axis=0), 3.0, rtol=0.03)
    corr = np.corrcoef(found.T)
    np.testing.assert_allclose(np.diag(corr, 1), np.exp(-0.5), atol=0.02)
    np.testing.assert_allclose(np.diag(corr, 3), np.exp(-1.5), atol=0.02)
    blind = Disturbed("perception_dropout", "ego", 0.5, 0.1, 1.0)
    assert np.mean([blind.values(row) for row in normal]) == pytest.approx(0.1, abs=0.005)


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("scenario") / "follow.yaml"
    file.write_text(
        PLAIN + "disturbances:\n  foot: {channel: acceleration, on: lead, sd: 6 m/s^2}\n"
    )
    return file


def config(path: Path, out: Path, **keys: object) -> SearchConfig:
    asked = {"agent": "constant", "method": "random", "budget": 16, "minimise": 16, "modes": 1}
    drawn = {"scenario": str(path), "out": str(out), "disturb": ["foot", "side_wind"]}
    return SearchConfig.parse({**drawn, "workers": 1, **asked, **keys})


def test_failures_hold_what_disturbed_them(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found by search, written, driven again and resumed to the same bytes."""
    out, searched = tmp_path / "s", {}

    def remembered(task: Simulation) -> Outcome:
        driven = drive_one(task)[1]
        searched[task.number] = trajectory_npz(driven.trajectory)
        return judged(driven.record, task.counted)

    monkeypatch.setattr(system, "simulate_one", remembered)
    found = search(config(path, out), StringIO())
    assert found.result.dimension == 6
    assert found.modes, "a constant driver meets a car whose driver brakes"
    mode = found.modes[0]
    assert set(mode.line.disturbances) == {"foot", "side_wind"}
    assert mode.off[0] == "foot"
    file = out / "failures" / "failure_1.yaml"
    keys = {"agent": "constant", "criteria": "collision", "film": "none", "num_scenes": 1}
    again = drive(
        DriveConfig.parse({"scenario": str(file), **keys, "out": str(tmp_path / "d")}), StringIO()
    ).episodes[0]
    assert again.criteria == mode.line.outcome.criteria
    (stored,) = (tmp_path / "d").glob("episodes/*/trajectory.npz")
    assert stored.read_bytes() == searched[mode.line.number]
    requested(GenerateConfig.parse({"scenario": str(file), "num_scenes": 1, "out": "unused"}))
    journal = (out / "journal.jsonl").read_bytes()
    rows = journal.splitlines(keepends=True)
    assert "disturbances" in json.loads(rows[1])
    (out / "journal.jsonl").write_bytes(b"".join(rows[:9]) + b'{"number": 8, "sc')
    search(config(path, out, resume=True), StringIO())
    assert (out / "journal.jsonl").read_bytes() == journal


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("x: {channel: side_wnd}", r"follow.yaml:\d+:\d+: no channel 'side_wnd' \(did you mean"),
        ("x: {channel: steering, on: leed}", "no actor 'leed'"),
        ("x: {channel: perception_range, on: lead}", "is on ego, not lead"),
        ("x: {channel: side_wind, sd: 3 m}", "'sd' is a speed such as"),
        ("x: {channel: side_wind, share: 0.2}", "has no 'share'; it has 'sd'"),
        ("x: {channel: perception_dropout, share: 2}", "'share' is 2; it is above 0 and below 1"),
        ("x: {channel: side_wind, every: 1 ms}", "from 0.01 s to 120 s"),
        ("x: {channel: side_wind, memory: -1 s}", "from 0 s on"),
    ],
)
def test_wrong_entries_are_told_at_their_place(line: str, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        parse_scenario(PLAIN + f"disturbances:\n  {line}\n", "follow.yaml")


def test_what_cannot_be_disturbed_is_refused(path: Path, tmp_path: Path) -> None:
    walker = "  walker: {asset: person.adult, place: {lane: forward_1, s: 100 m}}\n"
    text = PLAIN + walker + "disturbances:\n  x: {channel: acceleration, on: walker}\n"
    with pytest.raises(ScenarioError, match="'x' is on walker, a person"):
        scene(text)
    with pytest.raises(InputError, match="of what an agent is told"):
        simulate(scene(PLAIN + SEEN))
    with pytest.raises(InputError, match="side_wind, which physics=kinematic leaves out"):
        drive_episode(
            scene(PLAIN + STEPS.replace("  foot", "  #").replace("  hand", "  #")),
            named_agent("idm"), "idm", physics="kinematic",
        )  # fmt: skip
    with pytest.raises(InputError, match=r"disturb: follow has no 'side_wnd' \(did you mean"):
        search(config(path, tmp_path / "s", disturb=["side_wnd"]), StringIO())
    with pytest.raises(InputError, match="nothing to search; disturb= varies"):
        search(config(path, tmp_path / "s", disturb=""), StringIO())
    held = f"held: {{streams: {STREAMS}, disturbances: {{x: [1.0]}}}}\n"
    with pytest.raises(ScenarioError, match="there is no disturbance 'x'"):
        parse_scenario(PLAIN + held, "follow.yaml")
    varies = PLAIN.replace("1.5 s", "{uniform: [1 s, 2 s]}") + STEPS
    with pytest.raises(InputError, match="duration varies"):
        stressed(logical(varies), ["gust"])


def logical(text: str) -> LogicalScenario:
    return parse_scenario(text, "follow.yaml")
