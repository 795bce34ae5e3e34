"""Monitors: how far a simulated run is from breaking formulas of signal temporal logic.

`judge` takes a concrete scenario, whose monitors have every value fixed, and a trajectory.
It knows nothing of how the run came about, so a closed loop can use it as well. `findings_of`
says what happened beside them.
"""

from scenegen.monitor.begun import Beginning, beginnings, begun_again, never_begun, times_begun
from scenegen.monitor.findings import Finding, findings_of
from scenegen.monitor.halts import waits_now
from scenegen.monitor.judge import judge, robustness

__all__ = [
    "Beginning",
    "Finding",
    "beginnings",
    "begun_again",
    "findings_of",
    "judge",
    "never_begun",
    "robustness",
    "times_begun",
    "waits_now",
]
