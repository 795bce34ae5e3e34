"""Fields of the YAML that may be a literal, an expression or an inline distribution.

Pydantic checks the structure of the document; a field of one of the types below keeps
what the user wrote as a `Value`, whose meaning is worked out once all parameters are known.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Annotated, Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from scenegen.errors import Place
from scenegen.scenario.syntax import BOOLEAN, TEXT, Node, Type
from scenegen.scenario.units import ACCELERATION, ANGLE, LENGTH, NUMBER, SPEED, TIME, Dimension

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
    """

    type: Type
    integer: bool = False
    choices: tuple[str, ...] = ()
    example: str = ""

    def __str__(self) -> str:
        if self.integer:
            return "a whole number such as '2'"
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
        distribution = {"$comment": DISTRIBUTION}
        if self.type is BOOLEAN:
            return {"anyOf": [{"type": "boolean"}, {"type": "string"}]}
        if self.type is TEXT:
            literal: dict[str, Any] = {"type": "string", "description": f"Takes {self}."}
            if self.choices:
                literal["examples"] = list(self.choices)
            several = {"type": "array", "items": {"type": "string"}, "minItems": 1}
            return {"anyOf": [literal, several, distribution]}
        text = {
            "type": "string",
            "description": f"Takes {self}, or an expression over parameters.",
        }
        plain = [{"type": "integer" if self.integer else "number"}] if self.type == NUMBER else []
        return {"anyOf": [*plain, text, distribution]}


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
