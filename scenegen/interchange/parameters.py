"""Parameters of other formats as a mix-in of the scenario language."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

MOST_VALUES = 1000
MOST_BRANCHES = 40
"""Of a mixture, or of a choice among value sets."""

Value = float | str | bool
Weighted = Sequence[tuple[Value, float]]


@dataclass(frozen=True)
class ImportedParameters:
    """What was read, as a mix-in.

    Attributes
    ----------
    name : str
        Of the mix-in.
    parameters : dict of str to str
        Names and values, as YAML has them in a flow style.
    require : tuple of str
        Conditions on them.
    notes : tuple of str
        What was read and has no place in the language.
    """

    name: str
    parameters: dict[str, str]
    require: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def mixin(self, description: str) -> str:
        """Return a YAML file that scenarios take in by ``with:``."""
        lines = [f"# {note}" for note in self.notes]
        lines += [f"mixin: {self.name}", f"description: {json.dumps(description)}"]
        return "\n".join(lines) + "\n" + self.sections()

    def sections(self) -> str:
        """Return the sections of the YAML file."""
        lines = ["parameters:", *(f"  {key}: {text}" for key, text in self.parameters.items())]
        if self.require:
            lines += ["require:", *(f"  - {json.dumps(text)}" for text in self.require)]
        return "\n".join(lines) + "\n"


def parameter_name(mixin: str, foreign: str) -> str:
    """Return what a parameter of another format is called: mix-ins name theirs after them."""
    return f"{mixin}_{re.sub(r'[^A-Za-z0-9_]', '_', foreign)}"


def quantity(value: float, unit: str) -> str:
    """Return a number with its unit."""
    if not math.isfinite(value):
        raise ValueError(f"{value} is no finite number")
    text = repr(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return f"{text} {unit}".strip()


def fixed(value: Value, unit: str) -> str:
    """Return a single value."""
    if isinstance(value, bool):
        return '"true"' if value else '"false"'
    if isinstance(value, str):
        return f"{{categorical: [{json.dumps(value)}]}}"
    return quantity(value, unit)


def choice(name: str, values: Weighted, unit: str) -> dict[str, str]:
    """Return the parameters of a choice among values with weights.

    Raises
    ------
    ValueError
        There are too many.
    """
    if all(isinstance(value, bool) for value, _ in values):
        # A truth can't be drawn, but a text that says it can.
        texts = [("true" if value else "false", weight) for value, weight in values]
        drawn = choice(f"{name}_choice", texts, "")
        return {**drawn, name: json.dumps(f"{name}_choice == 'true'")}
    if all(isinstance(value, str) for value, _ in values):
        _at_most(len(values), MOST_VALUES)
        return {name: f"{{categorical: {{{_weights((json.dumps(v), w) for v, w in values)}}}}}"}
    numbers = [(float(value), weight) for value, weight in values]
    if all(value.is_integer() for value, _ in numbers):
        _at_most(len(values), MOST_VALUES)
        drawn_text = f"{{discrete: {{{_weights((str(int(v)), w) for v, w in numbers)}}}}}"
        if not unit:
            return {name: drawn_text}
        return {f"{name}_count": drawn_text, name: json.dumps(f"{name}_count * 1 {unit}")}
    _at_most(len(values), MOST_BRANCHES)
    return {name: mixture([(f"fixed: {quantity(v, unit)}", w) for v, w in numbers])}


def mixture(parts: Sequence[tuple[str, float]]) -> str:
    """Return a mixture of distributions with weights."""
    _at_most(len(parts), MOST_BRANCHES)
    entries = (f"{{weight: {quantity(weight, '')}, {part}}}" for part, weight in parts)
    return f"{{mixture: [{', '.join(entries)}]}}"


def steps(name: str, low: float, step: float, count: int, unit: str) -> dict[str, str]:
    """Return the parameters of evenly spaced values, each as likely."""
    _at_most(count, MOST_VALUES)
    whole = not unit and low.is_integer() and step.is_integer()
    first, between = (int(low), int(step)) if whole else (0, 1)
    numbers = ", ".join(str(first + between * k) for k in range(count))
    if whole:
        return {name: f"{{discrete: [{numbers}]}}"}
    formula = f"{quantity(low, unit)} + {name}_step * {quantity(step, unit)}"
    return {f"{name}_step": f"{{discrete: [{numbers}]}}", name: json.dumps(formula)}


def sets(
    name: str, columns: Mapping[str, Sequence[Value]], units: Mapping[str, str]
) -> dict[str, str]:
    """Return the parameters of values that are chosen together, a row at a time.

    Parameters
    ----------
    name : str
        Of the choice.
    columns : mapping of str to sequence
        Values of each parameter by row.
    """
    count = len(next(iter(columns.values())))
    _at_most(count, MOST_BRANCHES)
    result = {name: f"{{discrete: [{', '.join(map(str, range(count)))}]}}"}
    for key, values in columns.items():
        if isinstance(values[0], bool):
            chosen = [f"{name} == {k}" for k, value in enumerate(values) if value]
            result[key] = json.dumps(" or ".join(chosen) or "false")
            continue
        branches = [_branch(value, units.get(key, "")) for value in values]
        cases = [f'"{name} == {k}": {branch}' for k, branch in enumerate(branches[:-1])]
        result[key] = f"{{when: {{{', '.join([*cases, f'else: {branches[-1]}'])}}}}}"
        if count == 1:
            result[key] = branches[0]
    return result


def _branch(value: Value, unit: str) -> str:
    return fixed(value, unit) if isinstance(value, str) else f"{{fixed: {fixed(value, unit)}}}"


def _weights(values: Iterable[tuple[str, float]]) -> str:
    return ", ".join(f"{value}: {quantity(weight, '')}" for value, weight in values)


def _at_most(count: int, most: int) -> None:
    if count > most:
        raise ValueError(f"a choice among {count:,} values; at most {most:,} are possible here")
