"""Entries of ``require``: conditions that draws meet, always or with a probability."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema, field_validator

from scenegen.scenario.document import Section, problem
from scenegen.scenario.units import NUMBER, parse_quantity


class Requirement(Section):
    """A condition on draws, and with which probability a scene has to meet it.

    Attributes
    ----------
    that : str
        The condition.
    probability : number
        Above 0 to 1, such as ``0.8`` or ``80 %``.
    """

    that: Annotated[str, Field(min_length=1)]
    probability: Annotated[Any, WithJsonSchema({"type": ["number", "string"]})] = 1.0

    @field_validator("probability")
    @classmethod
    def _is_probability(cls, raw: Any) -> float:
        share = _number(raw)
        if share is None or not 0.0 < share <= 1.0:
            raise problem("it is a number above 0 to 1, such as 0.8 or 80 %")
        return share

    @property
    def share(self) -> float:
        """The probability as a number."""
        return float(self.probability)


def _number(raw: Any) -> float | None:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        return None
    try:
        quantity = parse_quantity(str(raw))
    except ValueError:
        return None
    return quantity.value if quantity.dimension == NUMBER else None


def _short_form(raw: Any) -> Any:
    return {"that": raw} if isinstance(raw, str) else raw


AnyRequirement = Annotated[Requirement, BeforeValidator(_short_form)]
"""A condition by itself, or a `Requirement`."""
