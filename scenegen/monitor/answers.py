"""What the questions that monitors ask come to at each step, in words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from scenegen.monitor.margins import symbol_of
from scenegen.monitor.questions import Run
from scenegen.records import ConcreteScenario, Trajectory
from scenegen.scenario.bound import read_bound
from scenegen.scenario.formulas import calls
from scenegen.scenario.functions import FUNCTIONS
from scenegen.scenario.syntax import Call, Column, Constant


@dataclass(frozen=True)
class Answers:
    """A question about a run.

    Attributes
    ----------
    question : str
        Such as ``gap(ego, child)``.
    values : ndarray, shape (T,)
        Numbers in SI units, truths or texts.
    unit : str
        Of numbers.
    """

    question: str
    values: Column
    unit: str = ""

    def at(self, row: int) -> str:
        """Return ``gap(ego, child) 3.2 m`` or ``occluded(ego.front, child) yes``."""
        value = self.values[row]
        if self.values.dtype == np.bool_:
            return f"{self.question} {'yes' if value else 'no'}"
        told = (
            f"{round(float(value), 3) + 0.0:.3g}" if self.values.dtype.kind == "f" else str(value)
        )
        return f"{self.question} {told} {self.unit}".rstrip()


def answers_of(concrete: ConcreteScenario, trajectory: Trajectory) -> tuple[Answers, ...]:
    """Return what all monitors of a scene ask, each question once, in their order."""
    return tuple(_answers(concrete, Run(concrete, trajectory)))


def _answers(concrete: ConcreteScenario, run: Run) -> Iterator[Answers]:
    seen = set()
    for monitor in concrete.monitors.values():
        formula = read_bound(monitor.formula)
        for call in calls(formula.node):
            if call.operation in FUNCTIONS and call not in seen:
                seen.add(call)
                unit = symbol_of(FUNCTIONS[call.operation].returns)
                yield Answers(_text(call), run.measure(call, formula.bodies), unit)


def _text(call: Call) -> str:
    given = (_argument(one) for one in call.arguments if isinstance(one, Constant))
    return f"{call.operation}({', '.join(given)})"


def _argument(constant: Constant) -> str:
    return f"{constant.value:g}" if isinstance(constant.value, float) else str(constant.value)
