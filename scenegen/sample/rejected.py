"""Draws that are rejected, made whole for whoever wants to see why."""

from __future__ import annotations

import copy
from dataclasses import dataclass

import numpy as np

from scenegen.errors import InputError, nearest
from scenegen.records import ConcreteScenario
from scenegen.sample.candidates import draw_candidates
from scenegen.sample.compose import Choice, compose
from scenegen.sample.designs import points_of
from scenegen.sample.judged import constraints_met
from scenegen.sample.looked import Sceneries
from scenegen.sample.placing import Sieve, on_map
from scenegen.sample.soft import constraints_of_scene, with_constraints
from scenegen.sample.validate import validate
from scenegen.scenario import LogicalScenario
from scenegen.scenario.syntax import evaluate
from scenegen.seeds import SceneKey

BATCH, BATCH_ON_MAP = 512, 8
BUDGET, BUDGET_ON_MAP = 20_000, 200
LOOK_BUDGET = 200
"""Draws that are made whole to see what scenery has a say in; of others that counts as met."""
OVERLAP = "no_overlap("


@dataclass(frozen=True)
class RejectedDraw:
    """A scene that would not have been made.

    Attributes
    ----------
    reasons : tuple of str
        Every constraint that it breaks of those that its scene is asked to meet, and which
        bodies were the first to overlap.
    """

    scenario: ConcreteScenario
    reasons: tuple[str, ...]


def rejected_draw(
    logical: LogicalScenario, seed: int, index: int, reason: str | None
) -> RejectedDraw:
    """Return the first draw of a scene that is rejected.

    Parameters
    ----------
    logical : LogicalScenario
    seed, index : int
        Those of the scene, whose coins say which soft constraints it is asked to meet; but one
        that is named as the reason it always is.
    reason : str or None
        A part of the text of a constraint or of such as ``no_overlap(ego, lead)`` that has to be
        among what rejects the draw; None for whatever does.

    Raises
    ------
    InputError
        There is no such constraint, or it rejects none of many draws; or bodies have no place at
        all, such as beyond the end of the road, so that nothing can be shown.
    ScenarioError
        A value makes no sense, with the place of its field.
    """
    validate(logical)
    key = SceneKey(logical.digest, seed, index)
    own = constraints_of_scene(logical, key)
    asked = [
        constraint
        for constraint in logical.constraints
        if constraint in own or (reason is not None and reason in constraint.text)
    ]
    _refuse_unknown(logical, reason)
    bare = Sieve(with_constraints(logical, ()))
    points, generator = points_of(logical, key), key.generator("rejected")
    batch, budget = (BATCH_ON_MAP, BUDGET_ON_MAP) if on_map(logical) else (BATCH, BUDGET)
    sceneries = Sceneries(logical, lambda: key, lambda _: copy.deepcopy(generator))
    nowhere, tried = "", 0
    while tried < budget:
        found = draw_candidates(logical, points.take(batch))
        n = len(found.log_weight)
        if not n:
            break
        layout, verdicts = bare.place_by_chance(found.columns, np.arange(n), generator)
        if (faults := verdicts.fault_rows()).size:
            raise verdicts.error(int(faults[0]))
        met = constraints_met(asked, logical, layout, found.columns, None)
        for number, constraint in enumerate(asked):
            if not constraint.spatial:
                met[:, number] = evaluate(constraint.node, found.columns)
        tried += n
        for row in range(n):
            first = int(verdicts.first[row])
            room = () if first < 0 else (str(verdicts.reasons[first]),)
            one = layout.take(np.array([row]))
            if not room and sceneries.made < LOOK_BUDGET:
                met[row] &= constraints_met(asked, logical, one, found.row(row), sceneries)[0]
            broken = (c.text for c, holds in zip(asked, met[row], strict=True) if not holds)
            reasons = (*room, *broken)
            if not any(reason is None or reason in text for text in reasons):
                continue
            if room and not room[0].startswith(OVERLAP):
                nowhere = room[0]
                continue
            choice = Choice(found.row(row), float(found.log_weight[row]))
            made = compose(logical, choice, one, key, generator, sceneries.number)
            return RejectedDraw(made, reasons)
    what = "rejected" if reason is None else f"rejected by {reason!r}"
    if nowhere:
        raise InputError(
            f"{logical.file}: {nowhere} rejects all of {tried:,} draws that are {what}, and a body "
            "without a place can't be shown; 'scenegen list what=lanes' tells how far lanes go"
        )
    raise InputError(f"{logical.file}: none of {tried:,} draws is {what}")


def _refuse_unknown(logical: LogicalScenario, reason: str | None) -> None:
    """Raise InputError for a reason that is no part of any constraint or placement."""
    texts = [constraint.text for constraint in logical.constraints]
    if reason is None or any(reason in text for text in texts) or reason.startswith(OVERLAP[:-1]):
        return
    raise InputError(
        f"rejected={reason!r}: {logical.name} has no such constraint"
        f"{nearest(reason, [*texts, 'true', 'no_overlap'])}"
    )
