"""What a few simulated runs show, without drawing any picture: monitors, and what happened."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

import numpy as np

from scenegen.monitor import Finding, findings_of, judge
from scenegen.pipeline.found import Found, gathered, lines
from scenegen.pipeline.progress import RunProgress
from scenegen.sample import draw
from scenegen.simulate import simulate_told

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenegen.pipeline.kept_draws import Asked
    from scenegen.records.base import F64
    from scenegen.scenario import LogicalScenario


@dataclass(frozen=True)
class MonitoredRuns:
    """What monitors came to in some scenes, and what happened there.

    Attributes
    ----------
    robustness : dict of str to ndarray, shape (runs,)
        By name of the monitor; negative where the run breaks it.
    found : tuple of Found
        What happened that may not be meant: who stands and for whom, what never began, contacts,
        falls, who left the road or was never seen.
    indices : tuple of int
        Numbers of the scenes.
    """

    robustness: dict[str, F64]
    found: tuple[Found, ...]
    indices: tuple[int, ...]

    @property
    def runs(self) -> int:
        """How many there are."""
        return len(self.indices)

    def __str__(self) -> str:
        told = []
        if self.robustness:
            told.append("monitors: broken, least (scene), median and greatest robustness")
        for name, values in self.robustness.items():
            worst = int(values.argmin())
            told.append(
                f"  {np.mean(values < 0):7.1%}  {name:<28} {values[worst]:8.3g}"
                f" ({self.indices[worst]})"
                f" {np.sort(values)[len(values) // 2]:8.3g} {values.max():8.3g}"
            )
        if not self.found:
            return "\n".join([*told, f"nothing to tell of {self.runs} runs"])
        told.append(f"what happened in {self.runs} runs")
        return "\n".join([*told, *(f"  {line}" for line in lines(self.found, self.runs))])


def check_runs(
    logical: LogicalScenario, asked: Sequence[Asked], stream: TextIO = sys.stderr
) -> MonitoredRuns:
    """Simulate scenes and judge them.

    Parameters
    ----------
    logical : LogicalScenario
        What they are drawn from.
    asked : sequence of Asked
        Which of its draws.

    Raises
    ------
    InputError
        Its draws fail.
    """
    findings: dict[int, tuple[Finding, ...]] = {}
    judged: list[dict[str, float]] = []
    with RunProgress("check", len(asked), stream) as progress:
        for one in asked:
            concrete = draw(one.logical, one.seed, one.index)
            trajectory, holds = simulate_told(concrete)
            judged.append(judge(concrete, trajectory))
            findings[concrete.index] = findings_of(concrete, trajectory, holds)
            progress.advance(concrete.scene_id, None)
    return MonitoredRuns(
        {name: np.array([one[name] for one in judged]) for name in logical.monitors},
        gathered(findings, logical.actors),
        tuple(one.index for one in asked),
    )
