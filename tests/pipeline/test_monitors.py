"""Monitors from the scenario to the files, and back when they are verified."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from scenegen.dataset import open_dataset
from scenegen.dataset.canonical import canonical_json
from scenegen.errors import InputError
from scenegen.pipeline.check_runs import check_runs
from scenegen.pipeline.config import CheckConfig, GenerateConfig
from scenegen.pipeline.generate import generate
from scenegen.pipeline.kept_draws import asked_draws
from scenegen.pipeline.kept_runs import KeptRuns
from scenegen.pipeline.moments import moments_of
from scenegen.pipeline.verify_scene import check_monitors
from scenegen.sample import draw
from scenegen.scenario import load_scenario, parse_scenario
from scenegen.simulate import simulate
from scenegen.verbs import run_check

TINY = Path(__file__).parents[1] / "data" / "tiny.yaml"
MONITORS = """
monitors:
  clear: always(gap(ego, walker) > 1 m)
  untouched: always(not touches(ego))
"""


def two_runs(logical):
    asked = asked_draws(logical, "", None, 0, range(2))
    return check_runs(logical, KeptRuns(asked, None, 2), io.StringIO())


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    folder = tmp_path_factory.mktemp("monitors")
    watched = folder / "watched.yaml"
    watched.write_text(TINY.read_text().replace("scenario: tiny", "scenario: watched") + MONITORS)
    (folder / "plan.yaml").write_text(
        f"plan: both\ngenerate:\n  - {{scenario: {watched}, num_scenes: 2}}\n"
        f"  - {{scenario: {TINY}, num_scenes: 1}}\n"
    )
    config = {"plan": str(folder / "plan.yaml"), "out": str(folder / "out")}
    generate(GenerateConfig.parse(config), io.StringIO())
    return folder


def test_what_is_written(made):
    dataset = open_dataset(str(made / "out"))
    table = pq.read_table(made / "out" / "index.parquet").to_pylist()
    for scene in dataset:
        noted = scene.manifest.robustness
        rows = [row for row in table if row["scene"] == scene.id]
        assert noted.keys() == scene.scenario.monitors.keys()
        assert {row["monitor.clear"] for row in rows} == {noted.get("clear")}
        assert check_monitors(scene) == []
    assert noted == {"clear": pytest.approx(noted["clear"]), "untouched": float("inf")}
    texts = {entry.name: entry.monitors for entry in dataset.info.scenarios}
    assert texts == {
        "tiny": {},
        "watched": {
            "clear": "always(gap(ego, walker) > 1 m)",
            "untouched": "always(not touches(ego))",
        },
    }


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"clear": 99.0, "untouched": float("inf")}, "clear is noted as 99.0, the run gives"),
        ({"clear": 99.0}, r"\['clear'\] are noted, not \['clear', 'untouched'\]"),
    ],
)
def test_verify_judges_again(made, change, message):
    scene = open_dataset(str(made / "out")).scene("watched-000001")
    path = scene.path / "files.json"
    before = path.read_bytes()
    altered = scene.manifest.model_copy(update={"robustness": change})
    path.write_bytes(canonical_json(altered.model_dump(mode="json")))
    try:
        problems = check_monitors(open_dataset(str(made / "out")).scene("watched-000001"))
    finally:
        path.write_bytes(before)
    assert len(problems) == 1
    assert re.search(message, problems[0])


def test_resuming_with_other_monitors_is_refused(made):
    watched = made / "watched.yaml"
    before = watched.read_text()
    watched.write_text(before.replace("> 1 m", "> 2 m"))
    config = {"plan": str(made / "plan.yaml"), "out": str(made / "out"), "resume": True}
    try:
        with pytest.raises(InputError, match="monitors"):
            generate(GenerateConfig.parse(config), io.StringIO())
    finally:
        watched.write_text(before)


def test_check_simulates_a_few(made):
    logical = load_scenario(str(made / "watched.yaml"))
    runs = two_runs(logical)
    dataset = open_dataset(str(made / "out"))
    noted = [dataset.scene(f"watched-00000{i}").manifest.robustness["clear"] for i in (0, 1)]
    assert runs.robustness["clear"].tolist() == noted
    assert "clear" in str(runs)
    assert "of 2 runs" in str(runs) or "in 2 runs" in str(runs)


def test_draws_of_a_data_set_are_kept(made):
    text = (made / "watched.yaml").read_text()
    edited = parse_scenario(text + "  brisk: always(speed(ego) > 1 m/s)\n", "watched.yaml")
    asked = asked_draws(edited, "", str(made / "out"), 7, range(1, 3))
    assert [(one.seed, one.index, one.note) for one in asked] == [(0, 1, "kept")]
    scene = open_dataset(str(made / "out")).scene("watched-000001")
    again = draw(asked[0].logical, asked[0].seed, asked[0].index)
    assert again.actors == scene.scenario.actors
    assert asked_draws(edited, "", str(scene.path), 0, range(4))[0].index == 1
    for draws_of, message in (
        (str(made), "no data set"),
        (str(made / "watched.yaml"), "holds no draws"),
        (str(made / "out"), "no draw from number 5 on"),
    ):
        with pytest.raises(InputError, match=message):
            asked_draws(edited, "", draws_of, 0, range(5, 6))
    other = parse_scenario(text.replace("scenario: watched", "scenario: wached"), "t.yaml")
    with pytest.raises(InputError, match="did you mean 'watched'"):
        asked_draws(other, "", str(made / "out"), 0, range(1))


def test_keeping_draws_needs_runs(made):
    keys = {"scenario": str(made / "watched.yaml"), "draws_of": str(made / "out"), "samples": 10}
    with pytest.raises(InputError, match="runs=4"):
        run_check(CheckConfig.parse(keys))
    assert run_check(CheckConfig.parse({**keys, "runs": 1})) == 0


WAITING = """
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 20 m}, speed: 10 m/s}
actors:
  first:
    asset: person.child
    place: {lane: sidewalk_right, s: 90 m}
    behaviour:
      - {when: {time: 0.5 s}, do: walk_along, speed: 1 m/s}
      - {when: {distance: 4 m, to: ego}, do: dart_out, speed: 3 m/s}
"""


def test_check_says_what_never_began():
    head = "scenario: t\ndescription: t\nduration: 2 s\n"
    road = "road: {kind: straight, length: 200 m, sidewalk: 3 m}"
    logical = parse_scenario(head + road + WAITING, "t.yaml")
    runs = two_runs(logical)
    assert [(f.shown.who, f.shown.what, f.runs) for f in runs.found] == [
        ("first", "dart_out never began", (0, 1))
    ]
    assert runs.robustness == {}
    assert "dart_out never began in 2 of 2 runs (waits for: distance 4 m to ego)" in str(runs)


TWICE = """
scenario: twice
description: A car changes its speed twice and brakes whenever it is fast; others wait for it.
duration: 9 s
road: {kind: straight, length: 400 m, lanes_forward: 2}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 60 m}, speed: 15 m/s}
actors:
  first:
    asset: vehicle.sedan
    place: {lane: forward_1, s: 90 m}
    speed: 10 m/s
    behaviour:
      - follow_lane
      - {when: {time: 1 s}, do: change_speed, speed: 12 m/s}
      - {when: {time: 7 s}, do: change_speed, speed: 9 m/s}
      - {when: {time: 8 s}, do: indicate, side: left}
      - interrupt: {when: {speed: {above: 11 m/s}}, do: hard_brake, speed: 8 m/s}
  second:
    asset: vehicle.van
    place: {lane: forward_1, s: 150 m}
    speed: 10 m/s
    behaviour:
      - cruise
      - {when: {any: [{actor: first, ends: WORD}, {time: 5 s}]}, do: indicate, side: right}
"""


@pytest.mark.parametrize(
    ("word", "told"),
    [
        ("change_speed", {"first: change_speed": 2}),
        ("hard_brake", {"first: hard_brake": 2}),
        ("follow_lane", {}),
    ],
)
def test_check_tells_what_began_again_though_others_wait_for_it(word, told):
    """What goes on after an interrupt doesn't begin anew."""
    logical = parse_scenario(TWICE.replace("WORD", word), "twice.yaml")
    runs = two_runs(logical)
    found = [(f.shown.who, f.shown.what, f.runs) for f in runs.found]
    assert ("first", "hard_brake never began", (0, 1)) not in found
    again = {f"{who}: {what.split()[0]}": len(n) for who, what, n in found if "than once" in what}
    assert again == told
    assert ("began more than once" in str(runs)) == bool(told)


def test_a_caption_says_that_there_are_more_beginnings():
    concrete = draw(parse_scenario(TWICE.replace("WORD", "change_speed"), "twice.yaml"), 0, 0)
    run = simulate(concrete)
    asked = "begin(first.change_speed), begin(first.indicate)"
    changed, indicated = moments_of(concrete, run, asked)
    assert changed.why == "begin(first.change_speed), the first of 2"
    assert changed.frame == 10
    assert indicated.why == "begin(first.indicate)"
