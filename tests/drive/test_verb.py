"""`scenegen drive`: folders of episodes, a summary, JUnit XML, and going on after an end."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import scenegen
from scenegen.drive import EpisodeRecord
from scenegen.errors import InputError, OutputError, ScenarioError
from scenegen.records import ConcreteScenario
from scenegen.sample import draw
from scenegen.scenario import load_scenario


def digests(path: Path) -> dict[str, str]:
    files = (f for f in sorted(path.rglob("*")) if f.is_file() and not f.name.startswith("."))
    return {
        f.relative_to(path).as_posix(): hashlib.sha256(f.read_bytes()).hexdigest() for f in files
    }


def drive(out: Path, **keys: object):  # type: ignore[no-untyped-def]
    asked = {"scenario": "wet_cut_in", "agent": "constant", "num_scenes": 3, "out": str(out)}
    return scenegen.drive(**{**asked, **keys})


@pytest.fixture(scope="module")
def driven(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("drive") / "out"
    drive(out, scenario="wet_cut_in,red_light_cyclist")
    return out


def test_what_is_written(driven: Path) -> None:
    summary = json.loads((driven / "drive.json").read_text())
    records = [EpisodeRecord.model_validate(row) for row in summary["episodes"]]
    assert [r.scene_id for r in records] == [
        f"{name}-{n:06d}" for name in ("wet_cut_in", "red_light_cyclist") for n in range(3)
    ]
    for record in records:
        folder = driven / "episodes" / record.scene_id
        own = EpisodeRecord.model_validate_json((folder / "episode.json").read_bytes())
        assert own == record
        scenario = ConcreteScenario.model_validate_json((folder / "scenario.json").read_bytes())
        assert scenario == draw(load_scenario(record.scenario), 0, record.index)
        actions = (folder / "actions.jsonl").read_text().splitlines()
        assert len(actions) == round(record.duration_s * scenario.rates.control_hz)
    counts = summary["scenarios"]["wet_cut_in"]
    assert counts["failed"] == sum(r.failed for r in records[:3])
    assert counts["low"] <= counts["rate"] <= counts["high"]


def test_junit_xml_says_the_same(driven: Path) -> None:
    summary = json.loads((driven / "drive.json").read_text())
    root = ET.parse(driven / "junit.xml").getroot()
    cases = {case.get("name"): case for case in root.iter("testcase")}
    assert len(cases) == 6
    for row in summary["episodes"]:
        failure = cases[row["scene_id"]].find("failure")
        assert (failure is not None) == bool(row["violated"])
    assert [suite.get("tests") for suite in root] == ["3", "3"]


def test_workers_change_no_byte(driven: Path, tmp_path: Path) -> None:
    drive(tmp_path / "two", scenario="wet_cut_in,red_light_cyclist", workers=2)
    assert digests(tmp_path / "two") == digests(driven)


def test_going_on_keeps_what_is_there(driven: Path, tmp_path: Path) -> None:
    shutil.copytree(driven, tmp_path / "part")
    kept = tmp_path / "part" / "episodes" / "wet_cut_in-000000" / "episode.json"
    for name in ("wet_cut_in-000001", "red_light_cyclist-000002"):
        shutil.rmtree(tmp_path / "part" / "episodes" / name)
    (tmp_path / "part" / "episodes" / ".wet_cut_in-000001.tmp").mkdir()
    (tmp_path / "part" / "drive.json").unlink()
    before = kept.stat().st_mtime_ns
    both = "wet_cut_in,red_light_cyclist"
    with pytest.raises(OutputError, match="resume=true"):
        drive(tmp_path / "part", scenario=both)
    drive(tmp_path / "part", scenario=both, resume=True)
    assert kept.stat().st_mtime_ns == before
    assert digests(tmp_path / "part") == digests(driven)
    with pytest.raises(InputError, match="another agent"):
        drive(tmp_path / "part", scenario=both, resume=True, agent="idm")


def test_an_episode_replays_byte_for_byte(driven: Path, tmp_path: Path) -> None:
    folder = driven / "episodes" / "red_light_cyclist-000001"
    drive(
        tmp_path / "again",
        scenario="red_light_cyclist",
        first=1,
        num_scenes=1,
        agent=f"replay:{folder}",
    )
    again = tmp_path / "again" / "episodes" / "red_light_cyclist-000001"
    for name in ("trajectory.npz", "actions.jsonl", "scenario.json"):
        assert (again / name).read_bytes() == (folder / name).read_bytes()


def test_an_agent_that_dies_fails_its_episodes_and_no_others(tmp_path: Path) -> None:
    path = tmp_path / "mine.py"
    path.write_text(
        "def agent(told):\n"
        "    if told.get('scene') == 'wet_cut_in-000001':\n"
        "        raise RuntimeError('not this one\\x07')\n"
        "    return {}\n"
    )
    result = drive(tmp_path / "out", agent=f"python:{path}:agent", num_scenes=3)
    ended = [record.termination for record in result.episodes]
    assert ["RuntimeError: not this one" in why for why in ended] == [False, True, False]
    root = ET.parse(tmp_path / "out" / "junit.xml").getroot()
    assert [c.get("name") for c in root.iter("testcase") if c.find("error") is not None] == [
        "wet_cut_in-000001"
    ]


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"agent": "idn"}, "did you mean 'idm'"),
        ({"criteria": "colision"}, "did you mean 'collision'"),
        ({"criteria": "monitor.nothing"}, "has no 'monitor.nothing'"),
        ({"scenario": "wet_cutin"}, "did you mean 'wet_cut_in'"),
        ({"decision_hz": 7}, None),
    ],
)
def test_what_is_wrong_is_told_before_any_work(
    keys: dict, told: str | None, tmp_path: Path
) -> None:
    if told is None:
        result = drive(tmp_path / "out", **keys)
        assert all("decision_hz=7 doesn't divide" in why for why in result.errors.values())
        assert len(result.errors) == 3
        return
    with pytest.raises(InputError, match=told):
        drive(tmp_path / "out", **keys)
    assert not (tmp_path / "out").exists()


def test_the_command_line_and_its_exit_code(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "scenegen", "drive", "scenario=red_light_cyclist", "first=1"]
    for most, code in (("0", 1), ("1", 0)):
        keys = ["agent=constant", f"out={tmp_path / most}", f"max_failures={most}"]
        done = subprocess.run([*command, *keys], capture_output=True, text=True, check=False)
        assert done.returncode == code, done.stderr
        assert "1 of 1 failed" in done.stdout
        assert "red_light_cyclist-000001       collision" in done.stdout


def test_sensors_in_place_of_the_scenarios(tmp_path: Path) -> None:
    agent = tmp_path / "mine.py"
    agent.write_text(
        "def agent(told):\n"
        "    if told['type'] == 'begin':\n"
        "        return {'sensors': list(told['sensors'])}\n"
        "    assert list(told['sensors']) == ['left']\n"
        "    return {'steer': 0, 'pedal': 0}\n"
    )
    rig = {"left": {"width": 64, "height": 32, "yaw": "90 deg"}}
    keys = {"agent": f"python:{agent}:agent", "num_scenes": 1, "sensors": rig}
    result = drive(tmp_path / "out", **keys, decision_hz=10)
    assert result.episodes[0].termination in {"completed", "collision"}
    with pytest.raises(InputError, match="holds episodes of another agent"):
        drive(tmp_path / "out", **{**keys, "sensors": None}, decision_hz=10, resume=True)
    with pytest.raises(ScenarioError, match="wdth"):
        drive(tmp_path / "other", **{**keys, "sensors": {"left": {"wdth": 64}}})
