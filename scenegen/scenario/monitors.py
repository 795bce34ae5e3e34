"""The ``monitors`` section: formulas by name, and what they come to in one scene."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from scenegen.errors import Place, ScenarioError
from scenegen.records import Monitor
from scenegen.scenario.bound import Value, bind, value_of
from scenegen.scenario.expressions import ExpressionError
from scenegen.scenario.formulas import TEMPORAL, calls, check_interval, interval, parse_formula
from scenegen.scenario.functions import FUNCTIONS
from scenegen.scenario.lane_names import no_lane
from scenegen.scenario.resolve import Scope
from scenegen.scenario.syntax import Call, Node

_NAME = re.compile(r"[A-Za-z]\w*", re.ASCII)


@dataclass(frozen=True)
class Formula:
    """A formula over the run of every scene.

    Attributes
    ----------
    text : str
        As the user wrote it.
    node : Node
        Of type boolean.
    """

    text: str = field(compare=False)
    node: Node
    place: Place = field(default=Place(""), compare=False)

    def bind(
        self,
        parameters: Mapping[str, Value],
        bodies: Mapping[str, Sequence[int]],
        lanes: Collection[str],
    ) -> Monitor:
        """Return the monitor of one scene.

        Parameters
        ----------
        parameters : mapping
            Every value drawn.
        bodies : mapping of str to sequence of int
            Instance ids of each actor: of a row several, or none.
        lanes : collection of str
            Ids of the lanes that the road has.

        Raises
        ------
        ScenarioError
            There is no such lane, an interval ends before it begins, or a value is not finite.
        """
        try:
            for call in calls(self.node):
                _check_call(call, parameters, lanes)
            return Monitor(text=self.text, formula=bind(self.node, parameters, bodies))
        except ExpressionError as error:
            raise ScenarioError(str(error), self.place) from error


def read_monitors(
    texts: Mapping[str, str], actors: Collection[str], sensors: Collection[str], scope: Scope
) -> Iterator[tuple[str, Formula]]:
    """Read the section; problems are noted in the scope."""
    for name, text in texts.items():
        path = ("monitors", name)
        if not _NAME.fullmatch(name):
            place = scope.problems.source.key_place(path)
            scope.problems.add_at(place, f"{name!r} can't name a monitor: letters, digits and _")
            continue
        try:
            node = parse_formula(text, scope.types, actors, sensors)
        except ExpressionError as error:
            scope.problems.add(path, str(error))
            continue
        yield name, Formula(" ".join(text.split()), node, scope.problems.source.place(path))


def _check_call(call: Call, parameters: Mapping[str, Value], lanes: Collection[str]) -> None:
    """Raise ExpressionError for an interval that is none, or a lane that the road hasn't."""
    if call.operation in TEMPORAL:
        bounds = interval(call) or ()
        check_interval(call.operation, *(value_of(bound, parameters) for bound in bounds))
    kinds = FUNCTIONS[call.operation].arguments if call.operation in FUNCTIONS else ()
    for kind, argument in zip(kinds, call.arguments, strict=False):
        lane = value_of(argument, parameters) if kind == "lane" else None
        if lane is not None and lane not in lanes:
            raise ExpressionError(no_lane(str(lane), lanes))
