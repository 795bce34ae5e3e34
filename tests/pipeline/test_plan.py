"""Plans: variants of scenarios in one data set, and what can be wrong with them."""

from __future__ import annotations

import io
import math
import shutil
from pathlib import Path

import pytest

from scenegen.cli import main
from scenegen.dataset import digest, open_dataset
from scenegen.errors import InputError, OutputError, ScenarioError, UnsatisfiableError
from scenegen.pipeline.config import GenerateConfig, ReplayConfig, VerifyConfig
from scenegen.pipeline.generate import generate, jobs_of
from scenegen.pipeline.replay import replay
from scenegen.pipeline.requested import requested
from scenegen.pipeline.verify import verify
from scenegen.scenario import load_plan, load_scenario, parse_plan

DATA = Path(__file__).parents[1] / "data"
TINY = DATA / "tiny.yaml"
GOOD = """\
plan: light_and_dark
generate:
  - scenario: ./tiny.yaml
    name: tiny_low
    num_scenes: 2
    override:
      light.sun_elevation: {uniform: [2 deg, 8 deg]}
      parameters.ego_speed: 36 km/h
  - scenario: ./tiny.yaml
    num_scenes: 1
    first: 3
"""


def write(folder: Path, text: str) -> str:
    shutil.copy(TINY, folder / "tiny.yaml")
    path = folder / "plan.yaml"
    path.write_text(text)
    return str(path)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("plan")
    config = GenerateConfig(plan=write(folder, GOOD), out=str(folder / "out"))
    generate(config, io.StringIO())
    return folder


def test_variants_are_scenarios_of_their_own(made: Path) -> None:
    data = open_dataset(made / "out")
    assert data.scene_ids == ("tiny-000003", "tiny_low-000000", "tiny_low-000001")
    low = data.scene("tiny_low-000000").scenario
    assert low.parameters["ego_speed"] == 10.0
    assert 2 <= math.degrees(float(low.parameters["light.sun_elevation"])) <= 8
    digests = {entry.name: entry.digest for entry in data.info.scenarios}
    assert digests["tiny"] == load_scenario(str(TINY)).digest
    assert digests["tiny_low"] != digests["tiny"]
    assert verify(VerifyConfig(dataset=str(made / "out")), io.StringIO()).ok


def test_the_data_set_says_what_its_variants_are(made: Path) -> None:
    config = open_dataset(made / "out").info.config
    assert config["scenario"] == "tiny_low,tiny"
    assert config["num_scenes"] == {"tiny_low": 2, "tiny": 1}
    assert config["first"] == {"tiny_low": 0, "tiny": 3}
    variant = config["plan"]["variants"]["tiny_low"]
    assert variant["scenario"] == "./tiny.yaml"
    assert variant["override"]["parameters.ego_speed"] == "36 km/h"


def test_an_entry_without_overrides_is_the_scenario_itself(made: Path, tmp_path: Path) -> None:
    config = GenerateConfig(scenario=str(TINY), num_scenes=1, first=3, out=str(tmp_path / "one"))
    generate(config, io.StringIO())
    alone, among = (p / "scenes/tiny-000003/files.json" for p in (tmp_path / "one", made / "out"))
    assert alone.read_bytes() == among.read_bytes()


def test_a_plan_resumes_to_the_same_bytes_and_may_grow(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    plan = write(tmp_path, GOOD.replace("num_scenes: 2", "num_scenes: 1"))
    generate(GenerateConfig(plan=plan, out=str(out)), io.StringIO())
    assert len(open_dataset(out)) == 2
    config = GenerateConfig(plan=write(tmp_path, GOOD), out=str(out), resume=True)
    assert len(generate(config, io.StringIO()).made) == 1
    assert digest(open_dataset(out)) == digest(open_dataset(made / "out"))
    other = write(tmp_path, GOOD.replace("36 km/h", "37 km/h"))
    with pytest.raises(OutputError, match="tiny_low"):
        generate(GenerateConfig(plan=other, out=str(out), resume=True), io.StringIO())


def test_a_variant_replays(made: Path) -> None:
    result = replay(ReplayConfig(dataset=str(made / "out"), scene="tiny_low-000001"))
    assert result.different == ()
    assert result.compared > 30


def test_scenes_are_interleaved(made: Path) -> None:
    config = GenerateConfig(plan=str(made / "plan.yaml"), out="o")
    jobs = jobs_of(config, load_plan(made / "plan.yaml"))
    scenes = [(job.logical.name, job.index) for job in jobs]
    assert scenes == [("tiny_low", 0), ("tiny", 3), ("tiny_low", 1)]


def edited(old: str, new: str) -> str:
    assert old in GOOD
    return GOOD.replace(old, new, 1)


BAD = {
    "no list": (edited("generate:", "genrate:"), "plan.yaml:2:1", "'generate'"),
    "nothing to do": ("plan: empty\ngenerate: []\n", "plan.yaml:2:11", "generate"),
    "unknown key": (edited("num_scenes: 2", "num_scene: 2"), "plan.yaml:5:5", "'num_scenes'"),
    "no count": (edited("    num_scenes: 2\n", ""), "plan.yaml:3:5", "'num_scenes' is missing"),
    "a count of none": (edited("num_scenes: 2", "num_scenes: 0"), "plan.yaml:5:17", "num_scenes"),
    "a scenario": (TINY.read_text(), "plan.yaml:2:1", "known: generate, plan"),
    "no such file": (edited("./tiny.yaml", "./tini.yaml"), "plan.yaml:3:15", "tini.yaml"),
    "no such scenario": (
        edited("./tiny.yaml", "night_jaywlk"),
        "plan.yaml:3:15",
        "did you mean 'night_jaywalk'",
    ),
    "its own name": (edited("tiny_low", "tiny"), "plan.yaml:4:11", "another name"),
    "unknown section": (edited("light.sun_", "lihgt.sun_"), "plan.yaml:7:7", "'light'"),
    "unknown field": (
        edited("light.sun_elevation", "light.sun_elevaton"),
        "plan.yaml:7:7",
        "'sun_elevation'",
    ),
    "unknown parameter": (
        edited("parameters.ego_speed", "parameters.ego_sped"),
        "plan.yaml:8:7",
        "did you mean 'ego_speed'",
    ),
    "unknown actor": (
        edited("parameters.ego_speed: 36 km/h", "actors.waker.speed: 5 km/h"),
        "plan.yaml:8:7",
        "did you mean 'walker'",
    ),
    "beyond a list": (
        edited("parameters.ego_speed: 36 km/h", "ego.behaviour.4.speed: 5 km/h"),
        "plan.yaml:8:7",
        "list of 1",
    ),
    "below a number": (
        edited("parameters.ego_speed: 36 km/h", "duration.long: 5 s"),
        "plan.yaml:8:7",
        "nothing is below",
    ),
    "no path": (edited("light.sun_elevation", "light..sun"), "plan.yaml:7:7", "path"),
    "the name": (edited("light.sun_elevation", "scenario"), "plan.yaml:7:7", "'name'"),
    "wrong unit": (edited("2 deg, 8 deg", "2 m, 8 m"), "plan.yaml:7:28", "an angle"),
    "reversed range": (edited("2 deg, 8 deg", "8 deg, 2 deg"), "plan.yaml:7:38", "reversed"),
    "no longer fits": (edited("36 km/h", "36 m"), "plan.yaml:3:5", "tiny.yaml:"),
    "impossible": (edited("36 km/h", "360 km/h"), "plan.yaml:3:5", "gap > ego_speed"),
    "no YAML": ("plan: [", "plan.yaml", "not valid YAML"),
    "no mapping": ("- a", "plan.yaml:1:1", "a plan is a mapping"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_wrong_plan_is_answered_with_its_place(
    case: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, place, said = BAD[case]
    path = write(tmp_path, text)
    with pytest.raises(SystemExit) as end:
        main(["generate", f"plan={path}", f"out={tmp_path / 'out'}"])
    err = capsys.readouterr().err
    assert end.value.code == 2, err
    assert err.startswith(f"scenegen: {tmp_path}/{place}"), err
    assert said in err
    assert "Traceback" not in err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({}, "scenario=… or plan=…"),
        ({"scenario": "night_jaywalk", "plan": "p.yaml"}, "exclude each other"),
        ({"plan": "p.yaml", "num_scenes": 3}, "num_scenes= goes with scenario="),
        ({"plan": "p.yaml", "first": 3}, "first= goes with scenario="),
        ({"plan": "/no/such.yaml"}, "/no/such.yaml"),
    ],
)
def test_scenario_or_plan(keys: dict[str, object], said: str) -> None:
    with pytest.raises(InputError, match=said):
        requested(GenerateConfig.parse({"out": "o", **keys}))


def test_variants_without_a_name_are_numbered_around_those_with_one() -> None:
    entry = "  - {scenario: wet_cut_in, num_scenes: 1, override: {light.moon: 0.5}"
    text = f"plan: p\ngenerate:\n{entry}}}\n{entry}, name: wet_cut_in_2}}\n{entry}}}\n"
    names = [e.logical.name for e in parse_plan(text, "p.yaml", Path()).entries]
    assert names == ["wet_cut_in_1", "wet_cut_in_2", "wet_cut_in_3"]


def test_two_entries_of_one_name_are_refused() -> None:
    entry = "  - {scenario: wet_cut_in, num_scenes: 1}\n"
    with pytest.raises(ScenarioError, match=r"p.yaml:4:5: two entries are called 'wet_cut_in'"):
        parse_plan(f"plan: p\ngenerate:\n{entry}{entry}", "p.yaml", Path())


def test_an_override_may_fill_a_section_that_the_scenario_leaves_out() -> None:
    entry = "{scenario: wet_cut_in, num_scenes: 1, override: {sensors.front.width: 320}}"
    plan = parse_plan(f"plan: p\ngenerate: [{entry}]\n", "p.yaml", Path())
    assert plan.entries[0].logical.sensors["front"].width is not None


def test_an_impossible_variant_names_its_entry(tmp_path: Path) -> None:
    path = write(tmp_path, edited("36 km/h", "360 km/h"))
    with pytest.raises(UnsatisfiableError, match="tiny_low"):
        requested(GenerateConfig(plan=path, out="o"))
