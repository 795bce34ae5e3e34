"""Suites of the library, and two agents over the same scenes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import scenegen
from scenegen.drive.comparison import compare
from scenegen.drive.record import EpisodeRecord
from scenegen.errors import InputError, ScenarioError
from scenegen.scenario import load_suite
from scenegen.scenario.library import library_files

SUITES = library_files(what="suite")


def record(scene: int, failed: bool, ttc: float | None) -> EpisodeRecord:
    return EpisodeRecord(
        scene_id=f"s-{scene:06d}",
        scenario="s",
        seed=0,
        index=scene,
        agent="a",
        termination="completed",
        duration_s=1.0,
        way_m=1.0,
        log_weight=0.0,
        criteria={"ttc": ttc},
        violated=("collision",) if failed else (),
        impacts=(),
    )


@pytest.mark.parametrize("name", SUITES)
def test_suites_of_the_library_load_and_are_no_scenarios(name: str) -> None:
    plan = load_suite(name)
    assert plan.name == name
    assert sum(entry.num_scenes for entry in plan.entries) >= 60
    assert name not in library_files()


def test_the_counts_and_the_test_of_mcnemar() -> None:
    """9 of 10 discordant pairs on one side: 2 (1 + 10) / 2^10."""
    here = [record(k, k < 1 or 20 <= k < 23, float(k)) for k in range(40)]
    there = [record(k, 1 <= k < 10 or 20 <= k < 23, k - 0.5) for k in range(40)]
    found = compare(here, there)
    assert (found.only_here, found.only_there, found.both) == (1, 9, 3)
    assert found.p_value == pytest.approx(22 / 1024)
    (change,) = found.changes
    assert (change.episodes, change.mean, change.low, change.high) == (40, 0.5, 0.5, 0.5)


def test_only_scenes_of_both_count_and_values_that_are_there() -> None:
    here = [record(0, True, None), record(1, False, 2.0), record(2, False, 1.0)]
    there = [record(0, True, 1.0), record(1, True, 1.0)]
    found = compare(here, there)
    assert (found.episodes, found.only_there, found.both, found.p_value) == (2, 1, 1, 1.0)
    assert found.changes == ()


def test_intervals_hold_the_mean_nineteen_times_of_twenty() -> None:
    import numpy as np

    generator = np.random.default_rng(0)
    held = 0
    for trial in range(100):
        shifts = generator.normal(0.3, 1.0, 60 + trial)
        here = [record(k, False, float(v)) for k, v in enumerate(shifts)]
        there = [record(k, False, 0.0) for k in range(len(shifts))]
        (change,) = compare(here, there).changes
        held += change.low <= 0.3 <= change.high
    assert 88 <= held <= 99


def test_a_suite_is_driven_and_compared(tmp_path: Path) -> None:
    plan = tmp_path / "mine.yaml"
    plan.write_text(
        "plan: mine\n"
        "generate:\n"
        "  - {scenario: red_light_cyclist, num_scenes: 2}\n"
        "  - {scenario: wet_cut_in, name: later, num_scenes: 3, first: 5}\n"
    )
    other = scenegen.drive(suite=str(plan), agent="constant", out=str(tmp_path / "a"), film="none")
    assert [r.scene_id for r in other.episodes] == [
        *(f"red_light_cyclist-{k:06d}" for k in range(2)),
        *(f"later-{k:06d}" for k in (5, 6, 7)),
    ]
    result = scenegen.drive(
        suite=str(plan),
        agent="idm",
        out=str(tmp_path / "b"),
        against=str(tmp_path / "a"),
        film="none",
    )
    assert result.compared is not None
    assert result.compared.other == "constant"
    assert result.compared.episodes == 5
    assert result.compared.only_there >= 2
    assert result.compared.only_here == 0
    assert "against constant, the same 5 scenes" in str(result)
    summary = json.loads((tmp_path / "b" / "drive.json").read_text())
    assert summary["compared"]["only_there"] == result.compared.only_there
    assert "McNemar" in (tmp_path / "b" / "drive.html").read_text()
    with pytest.raises(InputError, match="of seed=0"):
        scenegen.drive(
            suite=str(plan), seed=1, out=str(tmp_path / "c"), against=str(tmp_path / "a")
        )
    with pytest.raises(InputError, match="none of the scenarios"):
        scenegen.drive(scenario="dooring", out=str(tmp_path / "c"), against=str(tmp_path / "a"))
    (tmp_path / "a" / "drive.json").write_text('{"episodes": []}')
    with pytest.raises(InputError, match="no summary of drive"):
        scenegen.drive(suite=str(plan), out=str(tmp_path / "c"), against=str(tmp_path / "a"))


def test_what_is_asked_is_one_of_both(tmp_path: Path) -> None:
    for keys in ({}, {"scenario": "dooring", "suite": "un_r157"}):
        with pytest.raises(InputError, match="one of scenario=… and suite=…"):
            scenegen.drive(out=str(tmp_path / "out"), **keys)
    with pytest.raises(ScenarioError, match="did you mean 'un_r157'"):
        scenegen.drive(suite="un_r175", out=str(tmp_path / "out"))
