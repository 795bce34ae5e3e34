"""The weight of a draw under the nominal distributions."""

from __future__ import annotations

import math

from scenegen.errors import Place, ScenarioError
from scenegen.scenario import LogicalScenario
from scenegen.scenario.distributions import Proposal


def nominal_log_weight(log_weight: float, logical: LogicalScenario) -> float:
    """Return ln nominal - ln sampling density of a draw that can happen nominally.

    Raises
    ------
    ScenarioError
        The nominal distributions exclude what was drawn, so that it counts for nothing.
    """
    if math.isfinite(log_weight):
        return log_weight
    named = [
        name
        for name, drawn in logical.parameters.items()
        if any(isinstance(leaf, Proposal) for leaf in drawn.leaves)
    ]
    raise ScenarioError(
        f"what was drawn never happens nominally; let each 'nominal' (of {', '.join(named)}) "
        "cover all that is drawn",
        Place(logical.file),
    )
