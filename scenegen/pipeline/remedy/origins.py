"""From the scenarios of a data set back to the documents that they were made from."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from scenegen.errors import ScenarioError
from scenegen.sample.candidates import draw_candidates
from scenegen.sample.placing import Sieve
from scenegen.sample.points import UniformPoints
from scenegen.scenario.composition import open_scenario
from scenegen.scenario.expressions import ExpressionError, parse_expression
from scenegen.scenario.files import is_path
from scenegen.scenario.load import build_scenario
from scenegen.scenario.logical import LogicalScenario
from scenegen.scenario.override import override
from scenegen.scenario.source import Source, read_source
from scenegen.scenario.syntax import Column, evaluate
from scenegen.seeds import named_generator

if TYPE_CHECKING:
    from scenegen.dataset import Dataset

POINTS = 4096
"""Draws by which a scenario tells what it can come to."""


@dataclass(frozen=True)
class Origin:
    """A scenario of a data set as a plan can name it.

    Attributes
    ----------
    name : str
        In the data set.
    reference : str
        In the library, or a path from where the program runs; mix-ins with it.
    override : dict
        What an earlier plan changed.
    source : Source
        The document with that in it.
    columns : dict of str to ndarray, shape (n,)
        Draws that meet what is asked of values.
    """

    name: str
    reference: str
    override: dict[str, Any]
    source: Source
    logical: LogicalScenario
    columns: dict[str, Column]

    @property
    def draws(self) -> int:
        """How many there are."""
        return len(next(iter(self.columns.values()))) if self.columns else 0

    def share_of(self, condition: str) -> float:
        """Return in which share of its draws a condition on its parameters holds.

        0 for what is none: what can't be asked for can't be drawn.
        """
        drawn = {name: d.type for name, d in self.logical.parameters.items()}
        derived = {name: node.type for name, node in self.logical.derived.items()}
        try:
            node = parse_expression(condition, drawn | derived)
        except ExpressionError:
            return 0.0
        met = np.broadcast_to(np.asarray(evaluate(node, self.columns)), (self.draws,))
        return float(met.mean()) if self.draws else 0.0

    def raw(self, path: str) -> Any:
        """Return what stands at a dotted path of its document; None for nothing."""
        node: Any = self.source.data
        for step in path.split("."):
            node = node.get(step) if isinstance(node, dict) else None
        return node

    def text(self, path: str, default: str) -> str:
        """Return an expression for the value of a field: its own, or the name of what it draws."""
        if path in self.logical.parameters:
            return path
        raw = self.raw(path)
        if isinstance(raw, bool):
            return str(raw).lower()
        return default if raw is None or isinstance(raw, dict | list) else f"({raw})"

    def reference_from(self, folder: Path) -> str:
        """Return the reference as a plan in a folder has to write it."""
        if not is_path(self.reference.partition("+")[0]):
            return self.reference
        first, plus, rest = self.reference.partition("+")
        return os.path.relpath(first, folder) + plus + rest


def origins_of(
    dataset: Dataset, given: Sequence[str] = ()
) -> tuple[dict[str, Origin], tuple[str, ...]]:
    """Find the scenarios of a data set.

    A data set knows their names only, so that it is the same wherever they lie.

    Parameters
    ----------
    given : sequence of str
        References of those that aren't in the library under their names.

    Returns
    -------
    dict
        By name in the data set.
    tuple of str
        Why others are not among them, and which have changed since.
    """
    found, notes = dict[str, Origin](), list[str]()
    variants, named = _references(dataset), _named(given)
    for entry in dataset.info.scenarios:
        reference, changes = variants.get(entry.name, (entry.name, {}))
        reference = named.get(reference, named.get(Path(reference).name, reference))
        try:
            found[entry.name] = origin = origin_of(reference, changes, entry.name)
        except ScenarioError as error:
            notes.append(f"{entry.name} isn't found again, scenario= names it: {error}")
            continue
        if origin.logical.digest != entry.digest and not dataset.info.config.get("design"):
            notes.append(f"{entry.name} has changed since {dataset.path.name} was made")
    return found, tuple(notes)


def _references(dataset: Dataset) -> dict[str, tuple[str, dict[str, Any]]]:
    """Return by name what a plan made variants of, and the overrides in it."""
    variants: Mapping[str, Any] = (dataset.info.config.get("plan") or {}).get("variants", {})
    return {name: (str(v["scenario"]), _in_order(v["override"])) for name, v in variants.items()}


def _in_order(value: Any) -> Any:
    """Return what was written with numbers as keys, which JSON sorts as texts, in their order."""
    if isinstance(value, list):
        return [_in_order(item) for item in value]
    if not isinstance(value, dict):
        return value
    if value and all(key.isdecimal() for key in value):
        return {key: value[key] for key in sorted(value, key=int)}
    return {key: _in_order(item) for key, item in value.items()}


def _named(given: Sequence[str]) -> dict[str, str]:
    """Return references by their scenarios' names, and by the files they lead to."""
    found: dict[str, str] = {}
    for reference in given:
        found[str(open_scenario(reference).data.get("scenario"))] = reference
        if is_path(reference):
            found[Path(reference).name] = reference
    return found


def origin_of(
    reference: str, changes: Mapping[str, Any] | None = None, name: str | None = None
) -> Origin:
    """Return a scenario by its reference, with values overridden.

    Parameters
    ----------
    changes : mapping, optional
        Values by dotted path.
    name : str, optional
        What it is called in the data set, if not as it calls itself.

    Raises
    ------
    ScenarioError
        There is none, or it is wrong.
    """
    source, given = open_scenario(reference), dict(changes or {})
    own = str(source.data.get("scenario"))
    if given or (name or own) != own:
        source = with_changes(source, name or own, given)
    return _origin(name or own, reference, given, source)


def varied(origin: Origin, changes: Mapping[str, Any]) -> Origin:
    """Return a scenario with further values overridden."""
    if not changes:
        return origin
    together = {**origin.override, **changes}
    source = with_changes(origin.source, f"{origin.name}_varied", dict(changes))
    return _origin(origin.name, origin.reference, together, source)


def with_changes(source: Source, name: str, changes: dict[str, Any]) -> Source:
    """Return a document under another name with values replaced."""
    text = json.dumps({"name": name, "override": changes})
    return override(source, name, read_source(text, f"changes to {name}"), ())


def _origin(name: str, reference: str, changes: dict[str, Any], source: Source) -> Origin:
    logical = build_scenario(source)
    generator = named_generator("remedy", logical.digest)
    points = UniformPoints(generator, len(logical.parameters)).take(POINTS)
    columns = draw_candidates(logical, points).columns
    rows = Sieve(logical).passing(columns, POINTS)
    kept = {column: values[rows] for column, values in columns.items()}
    return Origin(name, reference, changes, source, logical, kept)
