"""What a few simulated runs show, without drawing any picture: monitors, and what happened."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

import numpy as np

from scenegen.monitor import Finding, findings_of, margin_told, nearest_of, unit_of
from scenegen.pipeline.account import account_of
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
    units : dict of str to str
        Of these; "" where a monitor's conditions have several units, or none.
    found : tuple of Found
        What happened that may not be meant: who stands and for whom, what never began, contacts,
        falls, who left the road or was never seen.
    indices : tuple of int
        Numbers of the scenes.
    account : tuple of str
        The first of them, in words.
    nearest : tuple of (float, str)
        Of each, the least distance in m between the outlines of the ego and of somebody who
        moves, and whose; without those in which there is nobody.
    kept : str
        By what they were kept, and how many that were, in words; "" for all of them.
    """

    robustness: dict[str, F64]
    units: dict[str, str]
    found: tuple[Found, ...]
    indices: tuple[int, ...]
    account: tuple[str, ...]
    nearest: tuple[tuple[float, str], ...]
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
            worst, median = int(values.argmin()), np.sort(values)[len(values) // 2]
            least, middle, most = map(margin_told, (values[worst], median, values.max()))
            unit = f"{name} ({self.units[name]})" if self.units[name] else name
            told.append(
                f"  {np.mean(values < 0):7.1%}  {unit:<28} {least:>8}"
                f" ({self.indices[worst]}) {middle:>8} {most:>8}"
            )
        if self.found:
            told.append(f"what you may not have meant, in {self.runs} runs")
            told += [f"  {line}" for line in lines(self.found, self.runs)]
        else:
            told.append(f"nothing that you may not have meant, in {self.runs} runs")
        if self.nearest:
            told.append(self._nearness())
        told.append(f"run {self.indices[0]}, in order of time")
        return "\n".join([*told, *(f"  {line}" for line in self.account or ("nothing happens",))])

    def _nearness(self) -> str:
        gap_m, name = min(self.nearest)
        middle_m = sorted(gap for gap, _ in self.nearest)[len(self.nearest) // 2]
        return f"nearest to the ego: {gap_m:.2f} m ({name}), in the median run {middle_m:.2f} m"


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
    account: tuple[str, ...] = ()
    nearest: list[tuple[float, str]] = []
    with RunProgress("check", runs.most, stream) as progress:
        for run in runs:
            if not judged:
                told = account_of(run.concrete, run.trajectory, run.holds)
                account = tuple(map(str, told))
            judged.append(run.robustness)
            near = nearest_of(run.concrete, run.trajectory)
            if near is not None:
                nearest.append((near.gap_m, near.name))
            findings[run.concrete.index] = findings_of(run.concrete, run.trajectory, run.holds)
            progress.advance(run.concrete.scene_id, None)
    return MonitoredRuns(
        {name: np.array([one[name] for one in judged]) for name in logical.monitors},
        {name: unit_of(monitor.node) for name, monitor in logical.monitors.items()},
        gathered(findings, logical.actors),
        tuple(findings),
        account,
        tuple(nearest),
        runs.told,
    )
