"""One simulation of a search: a point in, robustness and what broke out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from scenegen.drive import Drive, EpisodeRecord, drive_episode, named_agent
from scenegen.records import ConcreteScenario
from scenegen.records.base import Record
from scenegen.sample import draw
from scenegen.scenario import LogicalScenario, hold

SCALES = {
    "collision": 2.0,
    "ttc": 1.0,
    "pet": 1.0,
    "headway": 1.0,
    "off_road": 1.0,
    "lane": 0.5,
    "red_light": 2.0,
    "stop_line": 1.0,
    "speed": 2.0,
    "comfort": 0.5,
    "progress": 0.2,
}
"""What of each criterion's unit is as far from failing as that of another; monitors have 1."""
FAR = 100.0
"""Robustness of what a criterion never came to the question of."""
AGENT_FAILED = -1.0
"""Robustness where the agent died, hung or answered nonsense: a failure of its own kind."""
AGENT = "agent"


class Outcome(Record):
    """What came of a simulation.

    Attributes
    ----------
    robustness : float
        Least margin over what counts, by `SCALES`; negative exactly where the episode failed.
    broke : str
        The criterion with the least margin if that is negative; ``agent``; empty if none broke.
    struck : str
        Who the ego came into contact with first: a name, or a category; empty for nobody.
    termination : str
    criteria : dict
        As of `EpisodeRecord`.
    """

    robustness: float
    broke: str
    struck: str
    termination: str
    criteria: dict[str, float | None]

    @property
    def failed(self) -> bool:
        """Whether it is a failure."""
        return self.robustness < 0

    @property
    def kind(self) -> tuple[str, str]:
        """What tells kinds of failure apart before anything is measured."""
        return self.broke, self.struck


@dataclass(frozen=True)
class Simulation:
    """Everything that a process needs to drive one point.

    Attributes
    ----------
    number : int
        In the order of the journal.
    logical : LogicalScenario
        Nominal.
    disturbances : mapping
        Values of those that are searched.
    """

    number: int
    logical: LogicalScenario
    values: Mapping[str, float | str]
    streams: str
    agent: str
    counted: tuple[str, ...]
    decision_hz: int | None
    stop_at_collision: bool
    disturbances: Mapping[str, tuple[float, ...]] = field(default_factory=dict)


def streams_of(digest: str, seed: int, scene: int) -> str:
    """Return the name of the streams of one of a search's scenes."""
    return hashlib.sha256(f"search {digest} {seed} {scene}".encode()).hexdigest()


def simulate_one(task: Simulation) -> Outcome:
    """Drive one point and judge it."""
    return judged(drive_one(task)[1].record, task.counted)


def drive_one(task: Simulation) -> tuple[ConcreteScenario, Drive]:
    """Drive one point, as `drive` drives the scenario that is written of it."""
    scenario = draw(hold(task.logical, task.values, task.streams, task.disturbances), 0, 0)
    agent = named_agent(task.agent)
    try:
        driven = drive_episode(
            scenario,
            agent,
            task.agent,
            decision_hz=task.decision_hz,
            counted=task.counted,
            stop_at_collision=task.stop_at_collision,
        )
    finally:
        agent.close()
    return scenario, driven


def judged(record: EpisodeRecord, counted: tuple[str, ...]) -> Outcome:
    """Return what an episode's record comes to."""
    margins = {name: _margin(name, record.criteria[name]) for name in counted}
    least = min(margins, key=lambda name: margins[name])
    robustness, broke = margins[least], least
    if record.termination.startswith("agent: "):
        robustness, broke = min(robustness, AGENT_FAILED), AGENT
    first = record.impacts[0] if record.impacts else None
    return Outcome(
        robustness=robustness,
        broke=broke if robustness < 0 else "",
        struck="" if first is None else first.name or first.category,
        termination=record.termination,
        criteria=record.criteria,
    )


def _margin(name: str, value: float | None) -> float:
    return FAR if value is None else max(min(value / SCALES.get(name, 1.0), FAR), -FAR)
