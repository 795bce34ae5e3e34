"""The cost model's scheduler: against formulas, and against what a log says of a night."""

from __future__ import annotations

import json
import math
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).parents[3] / "tools"))

from bench.costs import play
from bench.schedule import compare


def test_without_faults_cores_are_busy_but_for_the_last_scenes() -> None:
    lengths = np.random.default_rng(1).uniform(10.0, 20.0, 1000)
    played = play(lengths, 16, np.random.default_rng(0), life_h=math.inf)
    least = lengths.sum() / 16
    assert least <= 3600.0 * played.hours <= least + 20.0
    assert (played.lost, played.again) == (0.0, 0)


def test_one_core_takes_the_sum() -> None:
    played = play(np.array([3.0, 4.0, 5.0]), 1, np.random.default_rng(0), life_h=math.inf)
    assert 3600.0 * played.hours == pytest.approx(12.0)
    assert played.busy == pytest.approx(1.0)


@pytest.mark.parametrize("life_h", [1.0, 2.0, 8.0])
@pytest.mark.parametrize("node_cores", [1, 16])
def test_work_that_dies_with_nodes(life_h: float, node_cores: int) -> None:
    """A scene of s hours on nodes of exponential life L is begun e^(s/L) times on average.

    Each beginning lasts L (1 - e^(-s/L)) on average, so the work in all is L (e^(s/L) - 1).
    """
    lengths = np.full(20_000, 3600.0)
    played = play(
        lengths, 64, np.random.default_rng(7), node_cores=node_cores, life_h=life_h, back_h=0.01
    )
    ratio = 1.0 / life_h
    deaths = played.hours / life_h * 64 / node_cores
    few = 3.0 / math.sqrt(deaths)  # three standard deviations of their number
    assert played.lost == pytest.approx(1.0 - ratio / math.expm1(ratio), rel=few)
    assert played.again == pytest.approx(20_000 * math.expm1(ratio), rel=few)


def test_a_night_from_its_log(tmp_path: Path) -> None:
    begin = datetime(2026, 1, 1, tzinfo=UTC)
    rows = []
    for worker, scene, start, seconds in [
        ("a", "s-0", 0.0, 4.0),
        ("b", "s-1", 0.5, 2.0),
        ("b", "s-2", 2.5, 3.0),
    ]:
        end = begin + timedelta(seconds=start + seconds)
        for stage in ("simulate", "draw"):
            row = {"event": "stage", "run": "r", "scene": scene, "stage": stage}
            row |= {"worker": worker, "seconds": seconds / 2, "time": end.isoformat()}
            rows.append(json.dumps(row))
    (tmp_path / "log.jsonl").write_text("\n".join(rows) + "\n")
    found = compare(tmp_path / "log.jsonl")
    assert (found.scenes, found.workers) == (3, 2)
    assert found.real_s == pytest.approx(5.5)
    assert found.played_s == pytest.approx(5.0)
