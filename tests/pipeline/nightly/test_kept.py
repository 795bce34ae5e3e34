"""Draws are searched without waiting, and those that are kept are the first that may be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.errors import UnsatisfiableError
from scenegen.pipeline.nightly import kept
from scenegen.pipeline.nightly.kept import Keeper
from scenegen.scenario import parse_keep_if
from scenegen.scenario.plan import PlanEntry


@dataclass
class Processes:
    """Ends draws in any order, and sees that no process is idle while there is work.

    Attributes
    ----------
    margins : mapping of str to (sequence of (float or None))
        What each scenario's draws come to; None for those that can't be simulated.
    wanted : int
        Scenes of each scenario.
    pick : callable
        Says which of so many draws ends first.
    """

    margins: Mapping[str, Sequence[float | None]]
    wanted: int
    workers: int
    pick: Callable[[int], int]
    failed: dict[str, str] = field(default_factory=dict)
    made: dict[str, float] = field(default_factory=dict)

    def search(self, draws: Any, most: int) -> None:
        assert most == sum(map(len, self.margins.values()))
        flying: list[Any] = []
        given = Counter[str]()
        while True:
            while len(flying) < self.workers:
                task = draws.next()
                if task is None:
                    break
                assert task.scene_id not in self.made
                flying.append(task)
                given[task.name] += 1
            if len(flying) < self.workers:
                for name, margins in self.margins.items():
                    assert given[name] == len(margins) or self.kept(name) >= self.wanted
            if not flying:
                return
            task = flying.pop(self.pick(len(flying)))
            margin = self.margins[task.name][task.index]
            if margin is None:
                self.failed[task.scene_id] = "fails"
            else:
                self.made[task.scene_id] = margin
            draws.came(task)

    def kept(self, name: str) -> int:
        return sum(made >= 0 for scene, made in self.made.items() if scene.startswith(name))

    def gave_up(self, task: Any) -> bool:
        return task.scene_id in self.failed

    def state_of(self, task: Any) -> Any:
        if task.scene_id not in self.made:
            return SimpleNamespace(simulated=None)
        robustness = {"moves": self.made[task.scene_id]}
        return SimpleNamespace(simulated=SimpleNamespace(robustness=robustness, log_weight=0.0))


def keeper(processes: Processes, dry_run: bool = False) -> Keeper:
    """Return a keeper whose draws the processes simulate."""

    def task(entry: Any, number: int) -> Any:
        name = entry.logical.name
        scene = f"{name}-{number:06d}"
        return SimpleNamespace(scene_id=scene, name=name, index=number, simulate_key=scene)

    config = SimpleNamespace(workers=processes.workers, dry_run=dry_run)
    return Keeper(config, processes, task, SimpleNamespace(reason=""))  # type: ignore[arg-type]


def entries(processes: Processes) -> list[PlanEntry]:
    return [
        PlanEntry(
            SimpleNamespace(name=name),  # type: ignore[arg-type]
            name,
            processes.wanted,
            keep_if=parse_keep_if("moves", ["moves"]),
            budget=len(margins),
        )
        for name, margins in processes.margins.items()
    ]


MARGINS = st.lists(st.sampled_from([1.0, -1.0, -1.0, None]), min_size=1, max_size=20)


@given(st.lists(MARGINS, min_size=1, max_size=3), st.integers(1, 4), st.integers(1, 5), st.data())
def test_first_that_hold(drawn: list[list[float | None]], wanted: int, workers: int, data) -> None:
    margins = {name: [*own, 1.0] for name, own in zip("abc", drawn, strict=False)}
    processes = Processes(
        margins, wanted, workers, lambda count: data.draw(st.integers(0, count - 1))
    )
    asked = keeper(processes)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kept, "state_of", processes.state_of)
        found = asked.search(entries(processes))
    looked = []
    for name, own in margins.items():
        holding = [number for number, margin in enumerate(own) if margin == 1.0][:wanted]
        assert found[name] == holding
        last = holding[-1] + 1 if len(holding) == wanted else len(own)
        looked += [(name, number, own[number] is None) for number in range(last)]
    assert [(draw.scenario, draw.index, bool(draw.error)) for draw in asked.searched] == looked
    assert processes.failed == {}  # those that fail are no scenes of the plan


def test_none_holds(monkeypatch) -> None:
    processes = Processes({"a": [-1.0, None, -0.5]}, 1, 2, lambda count: count - 1)
    monkeypatch.setattr(kept, "state_of", processes.state_of)
    with pytest.raises(UnsatisfiableError, match="'moves' holds in none of 3 runs of a"):
        keeper(processes).search(entries(processes))


def test_dry_run_tells_how_many_are_missing(monkeypatch) -> None:
    processes = Processes({"a": [1.0, -1.0, 1.0], "b": [1.0]}, 2, 1, lambda count: 0)
    processes.made = {"a-000000": 1.0, "a-000001": -1.0}
    monkeypatch.setattr(kept, "state_of", processes.state_of)
    asked = keeper(processes, dry_run=True)
    assert asked.search(entries(processes)) == {"a": [0], "b": []}
    assert asked.unsearched == {"a": 1, "b": 2}
