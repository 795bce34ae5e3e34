"""What a few simulated runs show, without drawing any picture: monitors, and what never began."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

import numpy as np

from scenegen.monitor import begun_again, judge, never_begun
from scenegen.pipeline.progress import RunProgress
from scenegen.sample import draw
from scenegen.simulate import simulate

if TYPE_CHECKING:
    from scenegen.records.base import F64
    from scenegen.scenario import LogicalScenario


@dataclass(frozen=True)
class MonitoredRuns:
    """What monitors came to in the scenes 0, 1, … of a seed.

    Attributes
    ----------
    robustness : dict of str to ndarray, shape (runs,)
        By name of the monitor; negative where the run breaks it.
    never_began : dict of str to int
        In how many runs a behaviour never began, by such as ``first: dart_out``.
    began_again : dict of str to int
        In how many runs one that a condition waits for began more than once.
    runs : int
    """

    robustness: dict[str, F64]
    never_began: dict[str, int]
    began_again: dict[str, int]
    runs: int

    def __str__(self) -> str:
        lines = []
        if self.robustness:
            lines.append("monitors: broken, least (scene), median and greatest robustness")
        for name, values in self.robustness.items():
            worst = int(values.argmin())
            lines.append(
                f"  {np.mean(values < 0):7.1%}  {name:<28} {values[worst]:8.3g} ({worst})"
                f" {np.sort(values)[len(values) // 2]:8.3g} {values.max():8.3g}"
            )
        lines.append(f"behaviours that never began, of {self.runs} runs")
        lines += self._listed(self.never_began)
        if not self.never_began:
            lines[-1] += ": none"
        if self.began_again:
            lines.append(
                "behaviours that began more than once, though a condition asks for 'does' or "
                "'ends', which means the first time"
            )
            lines += self._listed(self.began_again)
        return "\n".join(lines)

    def _listed(self, runs: dict[str, int]) -> list[str]:
        told = sorted(runs.items(), key=lambda item: (-item[1], item[0]))
        return [f"  {count / self.runs:7.1%}  {who}" for who, count in told]


def check_runs(
    logical: LogicalScenario, runs: int, seed: int, stream: TextIO = sys.stderr
) -> MonitoredRuns:
    """Simulate the first scenes of a seed and judge them.

    Raises
    ------
    InputError
        Its draws fail.
    """
    waited, again = Counter[str](), Counter[str]()
    judged: list[dict[str, float]] = []
    with RunProgress("check", runs, stream) as progress:
        for index in range(runs):
            concrete = draw(logical, seed, index)
            trajectory = simulate(concrete)
            judged.append(judge(concrete, trajectory))
            waited.update(set(never_begun(concrete, trajectory)))
            again.update(begun_again(concrete, trajectory))
            progress.advance(concrete.scene_id, None)
    return MonitoredRuns(
        {name: np.array([one[name] for one in judged]) for name in logical.monitors},
        dict(waited),
        dict(again),
        runs,
    )
