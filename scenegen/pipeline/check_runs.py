"""What a few simulated runs show, without drawing any picture: monitors, and what never began."""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

import numpy as np

from scenegen.monitor import judge, never_begun
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
    runs : int
    """

    robustness: dict[str, F64]
    never_began: dict[str, int]
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
        told = sorted(self.never_began.items(), key=lambda item: (-item[1], item[0]))
        lines += [f"  {count / self.runs:7.1%}  {who}" for who, count in told]
        if not told:
            lines[-1] += ": none"
        return "\n".join(lines)


def check_runs(
    logical: LogicalScenario, runs: int, seed: int, stream: TextIO = sys.stderr
) -> MonitoredRuns:
    """Simulate the first scenes of a seed and judge them.

    Raises
    ------
    InputError
        Its draws fail.
    """
    waited: Counter[str] = Counter()
    judged: list[dict[str, float]] = []
    with RunProgress("check", runs, stream) as progress:
        for index in range(runs):
            concrete = draw(logical, seed, index)
            trajectory = simulate(concrete)
            judged.append(judge(concrete, trajectory))
            waited.update(set(never_begun(concrete, trajectory)))
            progress.advance(concrete.scene_id, None)
    return MonitoredRuns(
        {name: np.array([one[name] for one in judged]) for name in logical.monitors},
        dict(waited),
        runs,
    )
