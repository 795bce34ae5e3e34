"""The logical scenario: what a YAML means, before anything is drawn."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from scenegen.errors import Place
from scenegen.records import Rates
from scenegen.scenario.actors import ActorEntry
from scenegen.scenario.correlations import Correlation
from scenegen.scenario.designs import RANDOM, Design, Stratum
from scenegen.scenario.distributions import Distribution
from scenegen.scenario.disturbances import Disturbed
from scenegen.scenario.document import (
    LightEntry,
    RoadEntry,
    SceneryEntry,
    Section,
    WeatherEntry,
)
from scenegen.scenario.map_file import MapFile
from scenegen.scenario.monitors import Formula
from scenegen.scenario.order import evaluation_order
from scenegen.scenario.resolve import possible_texts
from scenegen.scenario.sensors import SensorEntry
from scenegen.scenario.syntax import Node, is_spatial
from scenegen.scenario.units import Dimension
from scenegen.scenario.values import Value


@dataclass(frozen=True)
class Constraint:
    """A condition that every draw must meet, or some of them.

    Attributes
    ----------
    text : str
        As the user wrote it; it names the constraint in messages and results.
    node : Node
        Of type boolean.
    probability : float
        With which a scene has to meet it, above 0 to 1; see `sample.soft`.
    """

    text: str = field(compare=False)
    node: Node
    place: Place = field(default=Place(""), compare=False)
    probability: float = 1.0

    def canonical(self) -> Any:
        """Return a JSON value that is equal for equal meanings."""
        if self.probability == 1.0:
            return self.node.canonical()
        return {"that": self.node.canonical(), "probability": self.probability}

    @property
    def spatial(self) -> bool:
        """Whether it is about places, which are known once values are drawn."""
        return is_spatial(self.node)


@dataclass(frozen=True)
class LogicalScenario:
    """A scenario with parameter ranges and distributions, all units and names resolved.

    Attributes
    ----------
    source : str
        What typology, test protocol or record it was drawn from.
    parameters : dict
        Distribution of every parameter; inline ones by the path of their field.
    derived : dict
        Expressions over parameters, each after those it needs.
    actors : dict
        By name, the ego first.
    monitors : dict of str to Formula
        They watch and change no draw, so `canonical` and `digest` are without them.
    digest : str
        sha256 of `canonical`, 64 hex digits: the same for the same meaning, whatever
        the file's name, comments, units and formatting are.
    file : str
        Where it was read from, for messages.
    correlations : tuple of Correlation
        Parameters that go together; no parameter is in two of them.
    design : Design
        How scenes are spread over the space of parameters.
    map_file : MapFile or None
        The roads of kind ``opendrive``.
    design_place : Place
        Where the design is written, for messages.
    streams : str
        Of a draw that is kept while the scenario is edited: the digest as it was, which names
        the random streams; empty else.
    disturbances : dict of str to Disturbed
        What differs from step to step.
    """

    name: str
    description: str
    source: str
    odd: tuple[str, ...]
    duration: Value
    rates: Rates
    parameters: dict[str, Distribution]
    derived: dict[str, Node]
    road: RoadEntry
    weather: WeatherEntry
    scenery: SceneryEntry
    light: LightEntry
    sensors: dict[str, SensorEntry]
    actors: dict[str, ActorEntry]
    constraints: tuple[Constraint, ...]
    file: str = field(compare=False)
    correlations: tuple[Correlation, ...] = ()
    monitors: dict[str, Formula] = field(default_factory=dict)
    design: Design = RANDOM
    map_file: MapFile | None = None
    design_place: Place = field(default=Place(""), compare=False)
    streams: str = ""
    disturbances: dict[str, Disturbed] = field(default_factory=dict)

    @cached_property
    def digest(self) -> str:
        """Identity of the scenario's meaning, or of what it was when a draw was kept."""
        if self.streams:
            return self.streams
        text = json.dumps(self.canonical(), sort_keys=True, separators=(",", ":"), allow_nan=False)
        return hashlib.sha256(text.encode()).hexdigest()

    def canonical(self) -> dict[str, Any]:
        """Return everything that a draw depends on as JSON values.

        Actors are a list, because their order gives them their instance ids; the order of
        parameters means nothing.
        """
        return {
            "name": self.name,
            "odd": list(self.odd),
            "duration": _canonical(self.duration),
            "rates": self.rates.model_dump(),
            "parameters": {name: _canonical(drawn) for name, drawn in self.parameters.items()},
            "derived": {name: node.canonical() for name, node in self.derived.items()},
            "road": _canonical(self.road) | _file(self.map_file),
            "weather": _canonical(self.weather),
            "light": _canonical(self.light),
            "sensors": _canonical(self.sensors),
            "actors": [[name, _canonical(entry)] for name, entry in self.actors.items()],
            "constraints": [constraint.canonical() for constraint in self.constraints],
            **({"scenery": scenery} if (scenery := _canonical(self.scenery)) else {}),
            **({"correlations": _canonical(self.correlations)} if self.correlations else {}),
            **({"design": _canonical(self.design)} if self.design != RANDOM else {}),
            **({"disturbances": disturbed} if (disturbed := self._disturbed()) else {}),
        }

    def _disturbed(self) -> dict[str, Any]:
        return {name: one.canonical() for name, one in sorted(self.disturbances.items())}

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Every parameter, drawn or derived, after those it needs."""
        return evaluation_order(self.parameters, self.derived)

    def texts(self, value: Value) -> frozenset[str]:
        """Return every text that a text field can come to."""
        return possible_texts(value.expression, self.parameters, self.derived)


def _file(map_file: MapFile | None) -> dict[str, str]:
    return {} if map_file is None else {"file": map_file.digest}


def _canonical(item: Any) -> Any:  # noqa: PLR0911 - one for each type
    if isinstance(item, Value):
        return item.expression.canonical()
    if isinstance(item, Section):
        return {
            name: _canonical(getattr(item, name))
            for name in type(item).model_fields
            if getattr(item, name) is not None
        }
    if isinstance(item, Node):
        return item.canonical()
    if isinstance(item, float) and not math.isfinite(item):
        return str(item)
    if isinstance(item, Dimension):
        return [str(power) for power in (item.m, item.s, item.rad, item.kg)]
    if isinstance(item, Correlation | Design | Stratum):
        return {name: _canonical(value) for name, value in vars(item).items()}
    if isinstance(item, Distribution):
        fields = {name: _canonical(value) for name, value in vars(item).items()}
        return {"kind": item.kind, **fields}
    if isinstance(item, dict):
        return {key: _canonical(value) for key, value in item.items()}
    if isinstance(item, tuple):
        return [_canonical(value) for value in item]
    return item
