"""Runs that are kept by their monitors: which, how they are told, workers and resuming."""

from __future__ import annotations

import io
import math
import re
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from scenegen.dataset import digest, open_dataset
from scenegen.dataset.searched import SearchedDraw, read_searched, searched_bytes, summary
from scenegen.errors import DatasetError, InputError, OutputError, UnsatisfiableError
from scenegen.monitor import judge
from scenegen.pipeline.config import GenerateConfig, ReportConfig, VerifyConfig
from scenegen.pipeline.generate import generate
from scenegen.pipeline.report import report
from scenegen.pipeline.requested import requested
from scenegen.pipeline.scene import SceneJob
from scenegen.pipeline.search import judge_draw
from scenegen.pipeline.verify import verify
from scenegen.sample import draw
from scenegen.scenario import load_scenario, parse_keep_if, parse_scenario
from scenegen.simulate import simulate

TINY = Path(__file__).parents[1] / "data" / "tiny.yaml"
MONITORS = """
monitors:
  slow: always(speed(ego) < 50 km/h)
  there: always(in_lane(ego))
"""


@pytest.fixture(scope="module")
def watched(tmp_path_factory):
    text = TINY.read_text().replace("scenario: tiny", "scenario: watched")
    text = text.replace("duration: 0.5 s", "duration: 0.2 s")
    text = text.replace("width: 160, height: 96", "width: 64, height: 48")
    path = tmp_path_factory.mktemp("search") / "watched.yaml"
    path.write_text(text + MONITORS)
    return str(path)


def config(scenario, out="unused", **keys):
    given = {"scenario": scenario, "out": str(out), "quality": "fast", "num_scenes": 2}
    return GenerateConfig.parse({**given, "keep_if": "not slow", "budget": 40, **keys})


def made(*given, **keys):
    return generate(config(*given, **keys), io.StringIO())


@pytest.fixture(scope="module")
def one(watched, tmp_path_factory):
    out = tmp_path_factory.mktemp("one") / "set"
    return made(watched, out)


def test_scenes_are_the_first_draws_that_are_kept(watched, one, tmp_path):
    logical = load_scenario(watched)
    expected, runs = [], 0
    while len(expected) < 2:
        concrete = draw(logical, 0, runs)
        if judge(concrete, simulate(concrete))["slow"] < 0:
            expected.append(concrete.scene_id)
        runs += 1
    assert runs > 2
    data = open_dataset(one.path)
    assert list(data.scene_ids) == expected
    assert {scene.manifest.log_weight for scene in data} == {
        draw(logical, 0, int(name[-6:])).log_weight for name in expected
    }
    search = data.info.scenarios[0].search
    assert (search.keep_if, search.simulated, search.kept, search.failed) == (
        "not slow",
        runs,
        2,
        0,
    )
    assert search.share == 2 / runs
    assert data.info.config["keep_if"] == "not slow"
    table = pq.read_table(one.path / "searched.parquet").to_pylist()
    assert [row["index"] for row in table] == list(range(runs))
    assert [row["kept"] for row in table] == [row["monitor.slow"] < 0 for row in table]
    assert verify(VerifyConfig(dataset=str(one.path)), io.StringIO()).ok
    page = report(ReportConfig(dataset=str(one.path), out=str(tmp_path / "r.html"))).read_text()
    assert f"<code>not slow</code>: 2 of {runs} simulated" in page


def test_bytes_do_not_depend_on_workers_or_on_resuming(watched, one, tmp_path):
    made(watched, tmp_path / "s", num_scenes=1, workers=2)
    resumed = made(watched, tmp_path / "s", workers=2, resume=True)
    assert len(resumed.made) == 1
    assert digest(open_dataset(resumed.path)) == digest(open_dataset(one.path))
    assert (resumed.path / "searched.parquet").read_bytes() == (
        one.path / "searched.parquet"
    ).read_bytes()
    with pytest.raises(OutputError, match="keep_if"):
        made(watched, tmp_path / "s", keep_if="slow", resume=True)


def test_a_resumed_run_simulates_nothing_again(watched, one, monkeypatch):
    def refuse(_):
        raise AssertionError

    monkeypatch.setattr("scenegen.pipeline.search.judge_draw", refuse)
    assert made(watched, one.path, resume=True).made == ()


def test_a_search_that_finds_nothing_says_how_near_it_came_and_goes_on(watched, tmp_path):
    with pytest.raises(UnsatisfiableError, match="holds in none of 3 runs; the nearest is scene"):
        made(watched, tmp_path / "s", keep_if="not there", budget=3)
    assert [row.index for row in read_searched(tmp_path / "s")] == [0, 1, 2]
    assert not open_dataset(tmp_path / "s").info.complete
    few = made(watched, tmp_path / "few", num_scenes=30, budget=12)
    assert few.info.complete
    assert few.info.scenarios[0].search.simulated == 12
    assert few.info.counts.scenes == few.info.scenarios[0].search.kept < 12


def test_a_plan_says_it_for_each_of_its_entries(watched, tmp_path):
    path = tmp_path / "plan.yaml"
    path.write_text(
        f"plan: both\ngenerate:\n"
        f"  - {{scenario: {watched}, name: fast, num_scenes: 1, keep_if: not slow, budget: 30}}\n"
        f"  - {{scenario: {watched}, num_scenes: 1}}\n"
    )
    given = GenerateConfig.parse({"plan": str(path), "out": str(tmp_path / "out")})
    data = open_dataset(generate(given, io.StringIO()).path)
    assert data.scene_ids[1] == "watched-000000"
    fast, plain = data.info.scenarios
    assert fast.search.keep_if == data.info.config["plan"]["variants"]["fast"]["keep_if"]
    assert plain.search is None
    path.write_text(path.read_text().replace("not slow", "not slo"))
    with pytest.raises(InputError, match=r"plan.yaml:3:\d+: unknown monitor 'slo'"):
        requested(given)


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"keep_if": "not slo"}, "keep_if='not slo': watched: unknown monitor 'slo'"),
        ({"keep_if": None}, "budget= goes with keep_if="),
        ({"until_coverage": 0.5}, "exclude each other"),
    ],
)
def test_what_is_refused(watched, keys, message):
    with pytest.raises(InputError, match=message):
        requested(config(watched, **keys))


def test_a_design_without_a_count_is_looked_through_once(watched):
    given = config(watched, design={"kind": "pairwise", "levels": 2}, num_scenes=None, budget=None)
    entry = requested(given).entries[0]
    assert entry.budget == entry.num_scenes
    assert requested(config(watched, budget=None)).entries[0].budget == 200
    cube = requested(config(watched, design="latin_hypercube", first=3)).entries[0]
    assert cube.logical.design.size == 43


def test_damage_is_found(watched, tmp_path):
    path = made(watched, tmp_path / "s", num_scenes=1).path
    table = path / "searched.parquet"
    before = table.read_bytes()
    rows = read_searched(path)
    table.write_bytes(searched_bytes(rows[:-1]))
    found = "\n".join(verify(VerifyConfig(dataset=str(path)), io.StringIO()).violations)
    assert "searched.parquet: edited" in found
    assert "is not among the draws that were kept" in found
    assert re.search(r"dataset.json: watched: its draws say .*kept=0", found)
    table.write_bytes(before[:50])
    with pytest.raises(DatasetError, match=r"searched.parquet: damaged"):
        read_searched(path)


def test_shares_are_those_of_draws_and_of_the_nominal_distribution():
    """Of two kinds of draws the weights say how often each happens."""
    kept = [True, True, False, False, False]
    ratio = np.log([0.1, 0.1, 1.0, 1.0, 1.0])
    draws = [
        SearchedDraw("s", i, float(w), {"a": -1.0 if k else math.inf}, k)
        for i, (k, w) in enumerate(zip(kept, ratio, strict=True))
    ]
    broken = SearchedDraw("s", 5, 0.0, {}, kept=False, error="fell over")
    told = summary("not a", [*draws, broken])
    assert (told.simulated, told.kept, told.failed, told.share) == (5, 2, 1, 0.4)
    assert told.nominal_share == pytest.approx(0.2 / 3.2)
    assert summary("not a", []).share == 0.0
    assert searched_bytes(draws) == searched_bytes(draws[::-1])


@pytest.mark.slow
def test_shares_are_what_the_ranges_say(watched):
    """The ego keeps its speed, so how often it is fast is a share of a range, weighted or not."""
    ranges = (
        "{uniform: [30 km/h, 60 km/h], nominal: {mixture: "
        "[{weight: 3, uniform: [30 km/h, 45 km/h]}, {uniform: [30 km/h, 60 km/h]}]}}"
    )
    text = Path(watched).read_text().split("require:")[0]
    text = text.replace("{uniform: [30 km/h, 60 km/h]}", ranges) + MONITORS
    logical, keep_if = parse_scenario(text, "watched.yaml"), parse_keep_if("not slow", ["slow"])
    draws = []
    for index in range(300):
        log_weight, robustness = judge_draw(SceneJob(logical, 0, index, "unused"))
        kept = keep_if.holds(robustness)
        draws.append(SearchedDraw("watched", index, log_weight, robustness, kept))
    told = summary("not slow", draws)
    assert told.share == pytest.approx(1 / 3, abs=3 * math.sqrt(2 / 9 / 300))
    # A quarter of a third; a draw weighs 7/4 below 45 km/h and 1/4 above it, which gives the error.
    assert told.nominal_share == pytest.approx(1 / 12, abs=3 * math.sqrt(0.028 / 300))
