"""Logs of episodes, read back by MCAP's own reader and Foxglove's own messages."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from mcap.reader import make_reader
from mcap_protobuf.decoder import DecoderFactory

from scenegen.drive import Drive, Pedals, Target, drive_episode
from scenegen.drive.agents.rules import RuleKeeper
from scenegen.drive.course import Course
from scenegen.drive.episode_log import write_log
from scenegen.drive.timelines import timelines
from scenegen.records import ConcreteScenario
from tests.drive.scenes import at_signals, behind, driven, library, straight_on

Read = dict[str, list[tuple[float, Any]]]


def read(path: Path) -> Read:
    """Return the messages of a log by topic, with their times in s."""
    found: Read = defaultdict(list)
    factory = DecoderFactory()
    with path.open("rb") as file:
        for schema, channel, message in make_reader(file).iter_messages():
            decode = factory.decoder_for(channel.message_encoding, schema) or json.loads
            found[channel.topic].append((message.log_time / 1e9, decode(message.data)))
    return found


def metadata(path: Path) -> dict[str, dict[str, str]]:
    with path.open("rb") as file:
        return {record.name: record.metadata for record in make_reader(file).iter_metadata()}


def logged(scenario: ConcreteScenario, drive: Drive, path: Path) -> Read:
    write_log(path, scenario, drive, 1.0 / scenario.rates.control_hz)
    return read(path)


def test_everybody_is_where_the_trajectory_has_them(tmp_path: Path) -> None:
    scenario = library("wet_cut_in")
    made = driven(scenario, straight_on(25.0))
    found = logged(scenario, made, tmp_path / "log.mcap")
    assert len(found["/objects"]) == len(made.trajectory.time_s)
    for (time_s, update), row in zip(found["/objects"], range(999), strict=False):
        assert time_s == pytest.approx(float(made.trajectory.time_s[row]), abs=1e-9)
        assert len(update.entities) == len(scenario.actors)
        for actor, entity in zip(scenario.actors, update.entities, strict=True):
            at, size = entity.cubes[0].pose.position, entity.cubes[0].size
            where = made.trajectory.poses(actor.instance_id)[row]
            middle = where @ [0.0, 0.0, 0.5 * actor.size_m[2], 1.0]
            assert (at.x, at.y, at.z) == pytest.approx(middle[:3], abs=1e-9)
            assert (size.x, size.y, size.z) == pytest.approx(actor.size_m)
    poses = [(told.pose.position.x, told.pose.position.y) for _, told in found["/ego/pose"]]
    assert np.allclose(poses, made.trajectory.position_m[:, 0, :2])


def test_actions_and_controls_are_those_of_the_episode(tmp_path: Path) -> None:
    scenario = behind(40.0, 15.0)
    made = driven(scenario, lambda state: Pedals(0.0, -0.25))
    found = logged(scenario, made, tmp_path / "log.mcap")
    assert [told for _, told in found["/ego/action"]] == [
        {"steer": 0.0, "pedal": -0.25, "reverse": False}
    ] * len(made.actions)
    assert found["/ego/action"][2][0] == pytest.approx(0.1)
    brakes = [told["brake"] for _, told in found["/ego/controls"]]
    assert made.trajectory.controls is not None
    assert brakes == pytest.approx(made.trajectory.controls[:, 4], abs=1e-4)


def test_criteria_over_time_come_to_the_robustness(tmp_path: Path) -> None:
    scenario = behind(40.0, 15.0, 12.0)
    made = driven(scenario, straight_on(14.0))
    told = [row for _, row in logged(scenario, made, tmp_path / "log.mcap")["/criteria"]]
    criteria = made.record.criteria
    assert min(row["gap_m"] for row in told) == pytest.approx(criteria["collision"], abs=1e-3)
    assert min(row["ttc_s"] for row in told if "ttc_s" in row) - 1.5 == pytest.approx(
        criteria["ttc"], abs=1e-3
    )
    assert min(row["lane_m"] for row in told) == pytest.approx(criteria["lane"], abs=1e-3)
    assert min(row["headway_s"] for row in told) - 1.0 == pytest.approx(
        criteria["headway"], abs=1e-3
    )
    assert min(row["below_limit_mps"] for row in told) == pytest.approx(criteria["speed"], abs=1e-3)
    own = timelines(Course(scenario, made.trajectory))
    assert own["speed_mps"][-1] == pytest.approx(14.0, abs=0.3)


def test_signals_are_told_when_they_change(tmp_path: Path) -> None:
    scenario = at_signals("red")
    made = drive_episode(scenario, RuleKeeper(), "rules")
    found = logged(scenario, made, tmp_path / "log.mcap")
    first = {entity.id: entity for entity in found["/signals"][0][1].entities}
    states = made.trajectory.signal_states
    assert len(first) == states.shape[1]
    changes = int((np.diff(states.astype(int), axis=0) != 0).any(axis=1).sum())
    assert len(found["/signals"]) == 1 + changes
    assert len(found["/road"]) == 1
    assert "forward_0" in {entity.id for entity in found["/road"][0][1].entities}


def test_what_is_said_of_the_whole(tmp_path: Path) -> None:
    scenario = behind(10.0, 15.0)
    made = driven(scenario, lambda state: Target(15.0, 0.0))
    found = logged(scenario, made, tmp_path / "log.mcap")
    said = metadata(tmp_path / "log.mcap")
    assert said["scenegen"]["termination"] == "collision"
    assert said["scenegen"]["violated"] == "collision"
    assert float(said["criteria"]["collision"]) == made.record.criteria["collision"]
    assert any("touches" in told.message for _, told in found["/events"])


def test_equal_episodes_give_equal_bytes_and_small_files(tmp_path: Path) -> None:
    scenario = library("red_light_cyclist")
    for name in "ab":
        made = drive_episode(scenario, RuleKeeper(), "rules")
        write_log(tmp_path / name, scenario, made, 0.05)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    actors_s = len(scenario.actors) * made.record.duration_s
    assert (tmp_path / "a").stat().st_size < 100_000 + 6_000 * actors_s
