"""Whether a refined frame still shows what its labels say, and what to do if it doesn't."""

from scenegen.refine.gate.gate import Agreement, Gate
from scenegen.refine.gate.ladder import GateOutcome
from scenegen.refine.gate.records import GateRecord, Verdict
from scenegen.refine.gate.rejection import Rejection, rejection
from scenegen.refine.gate.training import GateSettings, halves

__all__ = [
    "Agreement",
    "Gate",
    "GateOutcome",
    "GateRecord",
    "GateSettings",
    "Rejection",
    "Verdict",
    "halves",
    "rejection",
]
