"""What a few simulated runs show, without drawing any picture: monitors, and what happened."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

import numpy as np

from scenegen.monitor import Finding, findings_of
from scenegen.pipeline.found import Found, gathered, lines
from scenegen.pipeline.progress import RunProgress

if TYPE_CHECKING:
    from scenegen.pipeline.kept_runs import KeptRuns
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
    kept : str
        By what they were kept, and how many that were, in words; "" for all of them.
    """

    robustness: dict[str, F64]
    found: tuple[Found, ...]
    indices: tuple[int, ...]
    kept: str = ""

    @property
    def runs(self) -> int:
        """How many there are."""
        return len(self.indices)

    def __str__(self) -> str:
        told = [f"only runs that keep_if keeps: {self.kept}"] if self.kept else []
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
    logical: LogicalScenario, runs: KeptRuns, stream: TextIO = sys.stderr
) -> MonitoredRuns:
    """Simulate scenes and judge them.

    Parameters
    ----------
    logical : LogicalScenario
        What they are drawn from.
    runs : KeptRuns
        Of its draws.

    Raises
    ------
    InputError
        Its draws fail.
    UnsatisfiableError
        No run is one to keep.
    """
    findings: dict[int, tuple[Finding, ...]] = {}
    judged: list[dict[str, float]] = []
    with RunProgress("check", runs.most, stream) as progress:
        for run in runs:
            judged.append(run.robustness)
            findings[run.concrete.index] = findings_of(run.concrete, run.trajectory, run.holds)
            progress.advance(run.concrete.scene_id, None)
    return MonitoredRuns(
        {name: np.array([one[name] for one in judged]) for name in logical.monitors},
        gathered(findings, logical.actors),
        tuple(findings),
        runs.told,
    )
