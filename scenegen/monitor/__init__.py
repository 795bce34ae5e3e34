"""Monitors: how far a simulated run is from breaking formulas of signal temporal logic.

`judge` takes a concrete scenario, whose monitors have every value fixed, and a trajectory.
It knows nothing of how the run came about, so a closed loop can use it as well. `findings_of`
says what happened beside them.
"""

from scenegen.monitor.answers import Answers, answers_of
from scenegen.monitor.begun import Beginning, beginnings, begun_again, never_begun, times_begun
from scenegen.monitor.brakings import Braking, brakings_of
from scenegen.monitor.decisive import Verdict, verdicts
from scenegen.monitor.findings import Finding, findings_of, happenings
from scenegen.monitor.halts import waits_now
from scenegen.monitor.judge import judge, robustness
from scenegen.monitor.margins import margin_told, unit_of
from scenegen.monitor.nearness import Nearness, nearest_of
from scenegen.monitor.red_lights import Fronts, at_red
from scenegen.monitor.sight import first_sights

__all__ = [
    "Answers",
    "Beginning",
    "Braking",
    "Finding",
    "Fronts",
    "Nearness",
    "Verdict",
    "answers_of",
    "at_red",
    "beginnings",
    "begun_again",
    "brakings_of",
    "findings_of",
    "first_sights",
    "happenings",
    "judge",
    "margin_told",
    "nearest_of",
    "never_begun",
    "robustness",
    "times_begun",
    "unit_of",
    "verdicts",
    "waits_now",
]
