"""`scenegen search`: estimates, failures that happen again, and journals that go on."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from io import StringIO
from pathlib import Path

import numpy as np
import pytest

from scenegen.cli import main
from scenegen.dataset.canonical import trajectory_npz
from scenegen.drive import drive_episode, named_agent
from scenegen.errors import InputError, UnsatisfiableError
from scenegen.pipeline.drive import drive
from scenegen.pipeline.drive_config import DriveConfig
from scenegen.pipeline.search_config import SearchConfig
from scenegen.pipeline.searching.outcome import AGENT, Simulation, drive_one
from scenegen.pipeline.searching.search import search
from scenegen.sample import Nominal, draw, sample_many
from scenegen.scenario import load_scenario, parse_scenario

TEXT = """
scenario: standing_car
description: A car stands ahead, nearer than it should.
duration: 1.2 s
rates: {physics: 120, control: 20, camera: 10}
parameters:
  v:
    uniform: [5 m/s, 25 m/s]
    nominal: {truncated_normal: {mean: 12 m/s, sd: 3 m/s, low: 1 m/s, high: 25 m/s}}
  gap: {uniform: [1 m, 60 m], nominal: {exponential: {mean: 12 m, low: 4 m}}}
  look: {categorical: [vehicle.sedan, vehicle.suv]}
correlations: [{of: [v, gap], rank: 0.4, nominal: 0.6}]
road: {kind: straight, length: 200 m, surroundings: motorway}
ego: {asset: look, place: {lane: forward_0, s: 40 m}, speed: v}
actors:
  standing:
    asset: vehicle.van
    place: {ahead_of: ego, gap: gap}
    behaviour: [stand]
require:
  - gap < 60 m
  - {that: gap > 6 m, probability: 50 %}
monitors:
  clear: always(gap(ego, standing) > 0.5 m)
"""
TRUTH_DRAWS = 20_000


@pytest.fixture(scope="module")
def path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("scenario") / "standing_car.yaml"
    file.write_text(TEXT)
    return file


def config(path: Path, out: Path, **keys: object) -> SearchConfig:
    asked = {"agent": "constant", "method": "random", "budget": 24, "minimise": 24, "modes": 2}
    return SearchConfig.parse({"scenario": str(path), "out": str(out), **asked, **keys})


def files_of(folder: Path) -> dict[str, bytes]:
    """Return all files by path, but for those that name the folder they are in."""
    name = str(folder).encode()
    return {
        str(file.relative_to(folder)): file.read_bytes().replace(name, b"")
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.name.startswith(".")
    }


@pytest.fixture(scope="module")
def done(path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("search") / "whole"
    search(config(path, out), StringIO())
    return out


def test_points_give_nominal_draws(path: Path) -> None:
    """Those of `sample_many`, asked for the nominal distributions: another way to the same."""
    logical = load_scenario(str(path))
    nominal = Nominal.of(logical)
    assert nominal.names == ("gap", "look", "v")
    points = np.random.default_rng(0).standard_normal((TRUTH_DRAWS, 3))
    found = nominal.candidates(points)
    kept = nominal.possible(found)
    assert not found.log_weight.any()
    bare = replace(nominal.logical, constraints=tuple(logical.constraints[:1]))
    other = sample_many(bare, 0, TRUTH_DRAWS).columns
    for name in ("v", "gap"):
        own = found.columns[name][kept]
        edges = np.quantile(other[name], np.linspace(0, 1, 11))
        shares = np.histogram(own, edges)[0] / len(own)
        np.testing.assert_allclose(shares, 0.1, atol=0.012)
    ranks = [np.argsort(np.argsort(found.columns[name])) for name in ("v", "gap")]
    assert np.corrcoef(ranks)[0, 1] == pytest.approx(0.6, abs=0.02)
    assert np.mean(found.columns["look"] == "vehicle.suv") == pytest.approx(0.5, abs=0.02)


def test_a_search_says_how_often(done: Path) -> None:
    told = json.loads((done / "search.json").read_text())
    estimate = told["estimate"]
    assert estimate["evaluations"] == 24
    assert 0 < estimate["low"] <= estimate["probability"] <= estimate["high"] <= 1
    lines = [json.loads(row) for row in (done / "journal.jsonl").read_text().splitlines()[1:]]
    assert [line["number"] for line in lines] == list(range(len(lines)))
    failed = sum(line["outcome"]["robustness"] < 0 for line in lines[:24])
    assert estimate["probability"] == failed / 24 == told["failures"] / 24
    assert told["simulations"] == len(lines) <= 48
    page = (done / "search.html").read_text()
    assert "Probability of failure" in page
    assert "failure_1" in page


def test_soft_constraints_have_scenes_in_their_shares(done: Path) -> None:
    """Half of all scenes ask for a gap of 6 m; the others have the share below that is left."""
    lines = [json.loads(row) for row in (done / "journal.jsonl").read_text().splitlines()[1:25]]
    below = np.mean([line["values"]["gap"] < 6 for line in lines])
    assert below < 0.3


@pytest.mark.parametrize("suite", [False, True])
def test_failures_happen_again_to_the_byte(done: Path, tmp_path: Path, suite: bool) -> None:
    file = done / "failures" / ("suite.yaml" if suite else "failure_1.yaml")
    key = {"suite" if suite else "scenario": str(file)}
    asked = {"agent": "constant", "criteria": "collision", "film": "none", "num_scenes": 1}
    result = drive(DriveConfig.parse({**key, **asked, "out": str(tmp_path / "d")}), StringIO())
    assert all(record.failed for record in result.episodes)
    modes = json.loads((done / "search.json").read_text())["modes"]
    record = result.episodes[0]
    assert record.scenario == modes[0]["scenario"]
    lines = [json.loads(row) for row in (done / "journal.jsonl").read_text().splitlines()[1:]]
    assert record.criteria in [line["outcome"]["criteria"] for line in lines]


def test_the_trajectory_is_that_of_the_search(path: Path, tmp_path: Path) -> None:
    found = search(config(path, tmp_path / "s"), StringIO())
    line = found.modes[0].line
    nominal = Nominal.of(load_scenario(str(path)))
    file = load_scenario(str(tmp_path / "s" / "failures" / "failure_1.yaml"))
    task = Simulation(
        0, nominal.logical, line.values, file.digest, "constant", ("collision",), None, True
    )
    _, searched = drive_one(task)
    agent = named_agent("constant")
    driven = drive_episode(draw(file, 0, 0), agent, "constant", counted=("collision",))
    assert trajectory_npz(driven.trajectory) == trajectory_npz(searched.trajectory)


def test_a_search_goes_on_after_a_crash_to_the_same_bytes(
    path: Path, done: Path, tmp_path: Path
) -> None:
    out = tmp_path / "cut"
    shutil.copytree(done, out)
    for file in ("search.json", "search.html"):
        (out / file).unlink()
    shutil.rmtree(out / "failures")
    journal = (out / "journal.jsonl").read_bytes()
    (out / "journal.jsonl").write_bytes(journal[: int(0.6 * len(journal))])
    with pytest.raises(InputError, match="resume=true"):
        search(config(path, out), StringIO())
    with pytest.raises(InputError, match="another search"):
        search(config(path, out, resume=True, seed=1), StringIO())
    search(config(path, out, resume=True), StringIO())
    assert files_of(out) == files_of(done)


@pytest.mark.slow
def test_bytes_do_not_depend_on_workers(path: Path, done: Path, tmp_path: Path) -> None:
    search(config(path, tmp_path / "two", workers=2), StringIO())
    assert files_of(tmp_path / "two") == files_of(done)


@pytest.mark.slow
@pytest.mark.parametrize("method", ["sobol", "cross_entropy", "splitting", "cma_es", "bayesian"])
def test_every_method_keeps_to_its_budget(path: Path, tmp_path: Path, method: str) -> None:
    asked = config(path, tmp_path / method, method=method, budget=60, minimise=0)
    found = search(asked, StringIO()).result
    assert found.simulations <= 60
    assert (found.estimate is None) == (method in {"cma_es", "bayesian"})
    assert "doesn't estimate" in found.told or found.estimate is not None
    assert found.failures > 0


@pytest.mark.slow
def test_an_agent_that_dies_is_a_failure_of_its_own_kind(path: Path, tmp_path: Path) -> None:
    (tmp_path / "dies.py").write_text("def agent(told):\n    raise SystemExit(3)\n")
    agent = f"python:{tmp_path / 'dies.py'}:agent"
    asked = config(path, tmp_path / "s", agent=agent, budget=16, minimise=0, modes=1)
    found = search(asked, StringIO())
    assert found.result.agent_failures == found.result.failures == 16
    assert found.modes[0].line.outcome.broke == AGENT


def test_slips_are_told(path: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    def fails(*words: str) -> str:
        with pytest.raises(SystemExit) as caught:
            main(["search", f"scenario={path}", f"out={tmp_path / 'never'}", *words])
        assert caught.value.code == 2
        return capsys.readouterr().err

    assert "method='annealing'" in fails("method=annealing")
    assert "budget=0" in fails("budget=0")
    assert "no agent 'idn' (did you mean 'idm'?)" in fails("agent=idn")
    assert "standing_car has no 'colision'" in fails("criteria=colision")
    assert "criteria= is empty" in fails("criteria=")
    assert "has no key 'buget'" in fails("buget=10")
    assert not (tmp_path / "never").exists()


def test_what_can_not_be_searched_is_told(tmp_path: Path) -> None:
    fixed = tmp_path / "fixed.yaml"
    text = TEXT[: TEXT.index("parameters:")] + TEXT[TEXT.index("road:") : TEXT.index("require:")]
    text = text.replace("asset: look", "asset: vehicle.suv").replace("speed: v", "speed: 5 m/s")
    fixed.write_text(text.replace("gap: gap", "gap: 9 m"))
    with pytest.raises(InputError, match="no parameter varies"):
        search(config(fixed, tmp_path / "a"), StringIO())
    never = tmp_path / "never.yaml"
    never.write_text(TEXT.replace("gap < 60 m", "gap < 3 m"))
    parse_scenario(never.read_text(), "never.yaml")
    with pytest.raises(UnsatisfiableError, match="none of 100,000 nominal draws"):
        search(config(never, tmp_path / "b"), StringIO())
