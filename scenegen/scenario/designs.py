"""Designs: in which pattern scenes are spread over the space of parameters."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StrictInt, model_validator

from scenegen.errors import nearest
from scenegen.scenario.arguments import DistributionError, Reading, read_expression
from scenegen.scenario.distributions import Distribution
from scenegen.scenario.document import Section, problem
from scenegen.scenario.source import Path
from scenegen.scenario.syntax import BOOLEAN, TEXT, Node, Type
from scenegen.scenario.units import NUMBER, Dimension, parse_quantity

DesignKind = Literal[
    "random",
    "sobol",
    "latin_hypercube",
    "grid",
    "pairwise",
    "t_way",
    "importance",
    "stratified",
]
KEYS: dict[str, tuple[str, ...]] = {
    "random": (),
    "sobol": (),
    "latin_hypercube": ("size",),
    "grid": ("of", "levels"),
    "pairwise": ("of", "levels"),
    "t_way": ("of", "levels", "t"),
    "importance": ("criticality", "share"),
    "stratified": ("strata",),
}
"""What each kind takes."""
PLANNED = frozenset({"grid", "pairwise", "t_way"})
"""Designs of a finite number of cells."""
MAX_STRATA = 1000


def _plain(raw: Any) -> Any:
    """Read a plain number that may be written as a percentage."""
    if not isinstance(raw, str):
        return raw
    try:
        quantity = parse_quantity(raw)
    except ValueError as error:
        raise problem(str(error)) from error
    if quantity.dimension != NUMBER:
        raise problem(f"a plain number such as '5 %', not {quantity.dimension}")
    return quantity.value


class DesignEntry(Section):
    """A design as it is written: its kind alone, or a mapping with its ``kind``.

    Attributes
    ----------
    size : int
        Points of a Latin hypercube; as many as there are scenes, if not given.
    t : int
        How many parameters' combinations a `t_way` design covers.
    levels : int
        Into how many parts of equal probability quantities are cut.
    of : list of str
        The parameters that are combined; if not given, all that vary and have a name under
        ``parameters``.
    criticality : str
        An expression that is higher for scenes worth more, or a condition.
    share : float
        Of draws that count as critical.
    strata
        Parameters with their values, or a list of conditions.
    """

    kind: DesignKind
    size: Annotated[StrictInt, Field(ge=1, le=1_000_000)] | None = None
    t: Annotated[StrictInt, Field(ge=1, le=6)] | None = None
    levels: Annotated[StrictInt, Field(ge=2, le=100)] | None = None
    of: tuple[str, ...] | None = None
    criticality: str | None = None
    share: Annotated[float, BeforeValidator(_plain), Field(gt=0.0, lt=1.0)] | None = None
    strata: Any = Field(None, json_schema_extra={"type": ["object", "array"]})

    @model_validator(mode="before")
    @classmethod
    def _kind_alone(cls, data: Any) -> Any:
        return {"kind": data} if isinstance(data, str) else data

    @model_validator(mode="after")
    def _own_keys(self) -> DesignEntry:
        for key in type(self).model_fields:
            if key != "kind" and getattr(self, key) is not None and key not in KEYS[self.kind]:
                takes = ", ".join(KEYS[self.kind]) or "nothing else"
                raise problem(f"{key!r} doesn't go with {self.kind} (takes {takes})")
        if self.kind == "stratified" and self.strata is None:
            raise problem("stratified needs 'strata', such as {wet: [dry, wet]}")
        return self


@dataclass(frozen=True)
class Stratum:
    """A part of the space that gets its own share of scenes."""

    text: str
    condition: Node


@dataclass(frozen=True)
class Design:
    """How points of the space of parameters are chosen; see `DesignEntry`.

    Attributes
    ----------
    of : tuple of str
        The parameters that a design of cells combines; empty for other designs.
    """

    kind: DesignKind = "random"
    size: int | None = None
    t: int = 2
    levels: int = 4
    of: tuple[str, ...] = ()
    criticality: Node | None = None
    share: float = 0.1
    strata: tuple[Stratum, ...] = ()

    @property
    def planned(self) -> bool:
        """Whether it consists of a finite number of cells."""
        return self.kind in PLANNED

    def sized(self, num_scenes: int) -> Design:
        """Return the design for a run of so many scenes; only a Latin hypercube depends on it."""
        if self.kind != "latin_hypercube" or self.size is not None:
            return self
        return replace(self, size=num_scenes)


RANDOM = Design()


class DesignError(ValueError):
    """A design makes no sense; `path` leads to what is wrong in it."""

    def __init__(self, message: str, *path: str | int) -> None:
        super().__init__(message)
        self.path: Path = path


def read_design(
    entry: DesignEntry, parameters: Mapping[str, Distribution], types: Mapping[str, Type]
) -> Design:
    """Work out what a design means.

    Parameters
    ----------
    entry : DesignEntry
    parameters : mapping of str to Distribution
    types : mapping of str to Type
        Of every parameter, drawn or derived.

    Raises
    ------
    DesignError
    """
    for index, name in enumerate(entry.of or ()):
        if name not in parameters:
            raise DesignError(f"unknown parameter {name!r}{nearest(name, parameters)}", "of", index)
        if not parameters[name].varied:
            raise DesignError(f"{name!r} takes one value only", "of", index)
    of = entry.of
    if of is None and entry.kind in PLANNED:
        # What is drawn where it stands has a name of its path: actors.NAME.place.s.
        of = tuple(name for name in parameters if "." not in name and parameters[name].varied)
    design = Design(
        entry.kind,
        entry.size,
        entry.t or RANDOM.t,
        entry.levels or RANDOM.levels,
        tuple(sorted(set(of or ()))),
        None if entry.criticality is None else _criticality(entry.criticality, types),
        entry.share or RANDOM.share,
        tuple(_strata(entry.strata, types)) if entry.kind == "stratified" else (),
    )
    least = 1 if entry.kind == "grid" else design.t
    if entry.kind in PLANNED and len(design.of) < least:
        there = f"; only {', '.join(design.of)} vary" if design.of else "; none varies"
        inline = sorted(name for name in parameters if "." in name and parameters[name].varied)
        others = f" there (name inline ones with 'of': {', '.join(inline)})" if inline else ""
        raise DesignError(
            f"combinations of {least} need as many parameters that vary under 'parameters'"
            f"{there}{others}",
            "of" if entry.of is not None else "t",
        )
    return design


def _criticality(text: str, types: Mapping[str, Type]) -> Node:
    node = _expression(text, types, "criticality")
    if node.type is TEXT:
        raise DesignError("'criticality' is a number or a condition, not a text", "criticality")
    return node


def _strata(raw: Any, types: Mapping[str, Type]) -> list[Stratum]:
    if isinstance(raw, dict) and raw:
        sets = [_values(name, values, types) for name, values in raw.items()]
        texts = [" and ".join(parts) for parts in product(*sets)]
        paths: list[Path] = [("strata",)] * len(texts)
    elif isinstance(raw, list) and raw and all(isinstance(text, str) for text in raw):
        texts = list(raw)
        paths = [("strata", index) for index in range(len(raw))]
    else:
        raise DesignError("takes {parameter: [value, value]} or a list of conditions", "strata")
    if len(texts) > MAX_STRATA:
        raise DesignError(f"at most {MAX_STRATA:,} strata, not {len(texts):,}", "strata")
    found = []
    for text, path in zip(texts, paths, strict=True):
        node = _expression(text, types, *path)
        if node.type is not BOOLEAN:
            raise DesignError(f"{text!r} is no condition such as 'rain > 2 mm/h'", *path)
        found.append(Stratum(text, node))
    return found


def _values(name: str, values: Any, types: Mapping[str, Type]) -> list[str]:
    """Return a condition for each value that a parameter is to have."""
    if name not in types:
        raise DesignError(f"unknown parameter {name!r}{nearest(name, types)}", "strata", name)
    if not isinstance(values, list) or not values:
        raise DesignError(f"{name!r} takes a list of its values", "strata", name)
    if types[name] is TEXT:
        return [f"{name} == '{value}'" for value in values]
    if isinstance(types[name], Dimension):
        return [f"{name} == {value}" for value in values]
    return [name if value is True else f"not {name}" for value in values]


def _expression(text: str, types: Mapping[str, Type], *path: str | int) -> Node:
    try:
        return read_expression(text, Reading(types), *path)
    except DistributionError as error:
        raise DesignError(str(error), *error.path) from error
