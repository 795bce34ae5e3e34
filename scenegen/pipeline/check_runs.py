"""What a scenario's monitors say of a few simulated runs, without drawing any picture."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

import numpy as np

from scenegen.errors import InputError
from scenegen.monitor import judge
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
    """

    robustness: dict[str, F64]

    def __str__(self) -> str:
        lines = ["monitors: broken, least (scene), median and greatest robustness"]
        for name, values in self.robustness.items():
            worst = int(values.argmin())
            lines.append(
                f"  {np.mean(values < 0):7.1%}  {name:<28} {values[worst]:8.3g} ({worst})"
                f" {np.sort(values)[len(values) // 2]:8.3g} {values.max():8.3g}"
            )
        return "\n".join(lines)


def check_runs(
    logical: LogicalScenario, runs: int, seed: int, stream: TextIO = sys.stderr
) -> MonitoredRuns:
    """Simulate the first scenes of a seed and judge them.

    Raises
    ------
    InputError
        The scenario has no monitors, or its draws fail.
    """
    if not logical.monitors:
        raise InputError(f"{logical.file}: runs= simulates for 'monitors', and there are none")
    judged: list[dict[str, float]] = []
    with RunProgress("check", runs, stream) as progress:
        for index in range(runs):
            concrete = draw(logical, seed, index)
            judged.append(judge(concrete, simulate(concrete)))
            progress.advance(concrete.scene_id, None)
    return MonitoredRuns(
        {name: np.array([one[name] for one in judged]) for name in logical.monitors}
    )
