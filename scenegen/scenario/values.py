"""Fields of the YAML that may be a literal, an expression or an inline distribution.

Pydantic checks the structure of the document; a field of one of the types below keeps
what the user wrote as a `Value`, whose meaning is worked out once all parameters are known.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from scenegen.errors import Place
from scenegen.scenario.syntax import BOOLEAN, TEXT, Node, Type
from scenegen.scenario.units import (
    ACCELERATION,
    ANGLE,
    LENGTH,
    NUMBER,
    NUMBER_PATTERN,
    SPEED,
    TIME,
    UNITS,
    Dimension,
)

DISTRIBUTION = "distribution"
"""Marks where the JSON Schema takes a distribution."""


@dataclass(frozen=True)
class Expects:
    """What a field takes.

    Attributes
    ----------
    type : Type
    integer : bool
        Whether only whole numbers will do.
    choices : tuple of str
        The texts that will do; empty where any may.
    example : str
        What users would write here, where their dimension's own example would puzzle them.
    names : bool
        Whether the name of an actor, or ``lane``, will do as well.
    steps : bool
        Whether a step to another lane, such as ``+1``, will do as well.
    """

    type: Type
    integer: bool = False
    choices: tuple[str, ...] = ()
    example: str = ""
    names: bool = False
    steps: bool = False

    def __str__(self) -> str:
        if self.integer:
            return "a whole number such as '2'"
        if self.names:
            return f"the name of an actor, 'lane', or {self.type} such as '30 deg'"
        if isinstance(self.type, Dimension):
            return f"{self.type} such as '{self.example or self.type.example}'"
        if self.choices:
            return "one of " + ", ".join(self.choices)
        return str(self.type)

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        def keep(raw: Any) -> Value:
            return Value(raw, self)

        return core_schema.no_info_plain_validator_function(keep)

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        return {"anyOf": [*schema_of(self), {"$comment": DISTRIBUTION}]}


def schema_of(expects: Expects) -> list[dict[str, Any]]:
    """Return JSON Schemas of what may stand in a field beside a distribution."""
    expression = {"type": "string", "description": f"Takes {expects}, or an expression."}
    if expects.type is BOOLEAN:
        return [{"type": "boolean"}, expression]
    if expects.type is TEXT:
        several = {"type": "array", "items": {"type": "string"}, "minItems": 1}
        several["description"] = "One of them is drawn."
        known: list[dict[str, Any]] = []
        known += [{"enum": list(expects.choices)}] if expects.choices else []
        known += [{"type": "integer"}] if expects.steps else []
        return [*known, expression, several]
    if not isinstance(expects.type, Dimension):
        return [expression]
    if expects.names:
        return [expression]
    plain = [{"type": "integer" if expects.integer else "number"}]
    text = {
        **expression,
        "pattern": quantity_pattern(expects.type),
        "patternErrorMessage": f"It needs {expects}, with its unit.",
        "examples": [expects.example or expects.type.example],
    }
    return [*(plain if expects.type == NUMBER else []), text]


def quantity_pattern(dimension: Dimension) -> str:
    """Return a pattern of texts that may be of a dimension: of numbers, those with its units.

    What is no plain number with a unit is left to the expressions' own types.
    """
    units = sorted((u for u, (_, its) in UNITS.items() if its == dimension), key=len, reverse=True)
    number = rf"\s*[+-]?{NUMBER_PATTERN}\s*"
    fitting = "|".join(re.escape(unit) for unit in units)
    foreign = rf"(?!{number}(?![eE]\d)(?!(?:{fitting})\s*$)[A-Za-z%][\w/^%]*\s*$)"
    without = "" if dimension == NUMBER else rf"(?!{number}$)"
    return f"^{foreign}{without}"


@dataclass(frozen=True)
class Value:
    """What stands in one field: as written, and, once resolved, as a typed expression.

    Equal values mean the same, wherever and however they are written.
    """

    raw: Any = field(compare=False)
    expects: Expects
    node: Node | None = None
    place: Place = field(default=Place(""), compare=False)
    name: str = field(default="", compare=False)

    @property
    def expression(self) -> Node:
        """The typed expression; ValueError before `resolve`."""
        if self.node is None:
            raise ValueError(f"the field {self.name!r} has not been resolved")
        return self.node


Number = Annotated[Value, Expects(NUMBER)]
Count = Annotated[Value, Expects(NUMBER, integer=True)]
Length = Annotated[Value, Expects(LENGTH)]
Duration = Annotated[Value, Expects(TIME)]
Speed = Annotated[Value, Expects(SPEED)]
Precipitation = Annotated[Value, Expects(SPEED, example="4 mm/h")]
Acceleration = Annotated[Value, Expects(ACCELERATION)]
Angle = Annotated[Value, Expects(ANGLE)]
Flag = Annotated[Value, Expects(BOOLEAN)]
Text = Annotated[Value, Expects(TEXT)]
