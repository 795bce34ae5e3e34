"""Reads parameters of OpenSCENARIO files: declarations, and distributions of their values."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from scenegen.errors import InputError, nearest
from scenegen.interchange.openscenario.distributions import KINDS, Drawn, LogNormal
from scenegen.interchange.parameters import (
    ImportedParameters,
    Value,
    fixed,
    parameter_name,
    sets,
)
from scenegen.roads.opendrive.element import Element, parse

_NUMBERS = ("double", "integer", "int", "unsignedInt", "unsignedShort")
_RULES = {
    "greaterThan": ">",
    "lessThan": "<",
    "greaterOrEqual": ">=",
    "lessOrEqual": "<=",
    "equalTo": "==",
    "notEqualTo": "!=",
}


@dataclass(frozen=True)
class _Declared:
    """A parameter declaration: its type, its value, and its place in the file."""

    kind: str
    value: Value
    element: Element


def read_parameters(
    content: bytes,
    file: str,
    mixin: str,
    units: Mapping[str, str],
    declarations: bytes | None = None,
    log_normal: LogNormal = "logarithm",
) -> ImportedParameters:
    """Read the parameters of a scenario file, or of a file of distributions.

    Parameters
    ----------
    content : bytes
    file : str
        What messages call it.
    mixin : str
        Name of the mix-in that they become.
    units : mapping of str to str
        Unit of each parameter that has one, by its name in the file; OpenSCENARIO knows none.
    declarations : bytes, optional
        The scenario file that distributions belong to: it says types, fixed values and limits.
    log_normal : str
        Whether the expected value and the variance of a log-normal distribution are those of
        the ``logarithm``, or of the ``value`` itself.

    Raises
    ------
    MapError
        It is no such file, with the place of what is wrong.
    InputError
        A unit is of no parameter.
    """
    root = parse(content, file)
    reader = _Reader(mixin, units, log_normal)
    if declarations is not None:
        reader.declare(parse(declarations, f"the scenario of {file}"))
    reader.declare(root)
    found = root.child("ParameterValueDistribution")
    if found is not None:
        reader.distribute(found)
    if not reader.names:
        raise root.error("declares no parameters and has no distributions of any")
    return reader.imported()


class _Reader:
    def __init__(self, mixin: str, units: Mapping[str, str], log_normal: LogNormal) -> None:
        self.mixin = mixin
        self.units, self.log_normal = units, log_normal
        self.declared: dict[str, _Declared] = {}
        self.drawn: dict[str, dict[str, str]] = {}
        self.together: list[dict[str, str]] = []
        self.names: dict[str, str] = {}
        self.notes: list[str] = []

    def declare(self, root: Element) -> None:
        """Take in the declarations of a file."""
        declarations = root.child("ParameterDeclarations")
        for element in declarations.all("ParameterDeclaration") if declarations else []:
            name, kind = element.text("name"), element.text("parameterType")
            self._own(name, element)
            text = element.text("value")
            self.declared[name] = _Declared(kind, self._value(text, kind, element), element)

    def distribute(self, root: Element) -> None:
        """Take in the distributions of a file."""
        deterministic, stochastic = root.child("Deterministic"), root.child("Stochastic")
        if deterministic is None and stochastic is None:
            raise root.error("has neither <Deterministic> nor <Stochastic> distributions")
        for element in deterministic.children if deterministic else []:
            if element.tag == "DeterministicMultiParameterDistribution":
                self._sets(element.need("ValueSetDistribution"))
            else:
                self._single(element)
        for element in stochastic.all("StochasticDistribution") if stochastic else []:
            self._single(element)
        if stochastic is not None:
            runs = stochastic.integer("numberOfTestRuns")
            self.notes.append(f"The file asks for {runs} test runs: num_scenes={runs}")

    def imported(self) -> ImportedParameters:
        """Return all that was read."""
        unknown = [name for name in self.units if name not in self.names]
        if unknown:
            raise InputError(f"units: no parameter {unknown[0]!r}{nearest(unknown[0], self.names)}")
        parameters: dict[str, str] = {}
        for name, own in self.names.items():
            if name in self.drawn:
                parameters |= self.drawn[name]
            elif not any(own in group for group in self.together):
                declared = self.declared[name]
                parameters[own] = fixed(declared.value, self._unit(name))
        for group in self.together:
            parameters |= group
        require = [text for name in self.declared for text in self._limits(name)]
        return ImportedParameters(self.mixin, parameters, tuple(require), tuple(self.notes))

    def _own(self, name: str, element: Element) -> str:
        own = parameter_name(self.mixin, name)
        other = next((n for n, o in self.names.items() if o == own and n != name), None)
        if other is not None:
            raise element.error(f"{name!r} and {other!r} would both be called {own!r}; rename one")
        self.names[name] = own
        return own

    def _unit(self, name: str) -> str:
        return self.units.get(name, "")

    def _value(self, text: str, kind: str, element: Element) -> Value:
        if text.startswith("$"):
            raise element.error(
                f"{text!r} is worked out from other parameters; write its value, or derive it in "
                "the scenario that takes these parameters in"
            )
        if kind == "boolean":
            if text not in {"true", "false", "1", "0"}:
                raise element.error(f"{text!r} is neither true nor false")
            return text in {"true", "1"}
        if kind in _NUMBERS:
            return _number(text, element)
        return text

    def _values(self, name: str, texts: list[str], element: Element) -> list[Value]:
        """Return values in the declared type, or in the one that all of them have."""
        if name in self.declared:
            return [self._value(text, self.declared[name].kind, element) for text in texts]
        if all(text in {"true", "false"} for text in texts):
            return [text == "true" for text in texts]
        if all(re.fullmatch(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", text) for text in texts):
            return [float(text) for text in texts]
        return [self._value(text, "string", element) for text in texts]

    def _sets(self, element: Element) -> None:
        rows: list[dict[str, str]] = [
            {a.text("parameterRef"): a.text("value") for a in row.all("ParameterAssignment")}
            for row in element.all("ParameterValueSet")
        ]
        names = sorted({name for row in rows for name in row})
        if not rows or any(set(row) != set(names) for row in rows) or not names:
            raise element.error("every value set gives a value to the same parameters")
        columns = {
            self._own(name, element): self._values(name, [row[name] for row in rows], element)
            for name in names
        }
        units = {self.names[name]: self._unit(name) for name in names}
        key = f"{self.mixin}_set_{len(self.together) + 1}"
        self.together.append(_checked(element, lambda: sets(key, columns, units)))

    def _single(self, element: Element) -> None:
        name = element.text("parameterName")
        own = self._own(name, element)
        kind = element.children[0] if element.children else None
        if kind is None:
            raise element.error(f"no distribution of {name!r}")
        kind.seen = True
        make = KINDS.get(kind.tag)
        if kind.tag == "UserDefinedDistribution":
            self.notes.append(f"{name}: a user-defined distribution ({kind.get('type')}), left out")
            if name not in self.declared:
                del self.names[name]
            return
        if make is None:
            raise kind.error(f"unknown distribution <{kind.tag}>{nearest(kind.tag, KINDS)}")

        def values(texts: list[str]) -> list[Value]:
            return self._values(name, texts, kind)

        drawn = Drawn(own, self._unit(name), kind, values, self.log_normal)
        self.drawn[name] = _checked(kind, lambda: make(drawn))

    def _limits(self, name: str) -> list[str]:
        """Return the conditions of a declaration's constraint groups, of which one is to hold."""
        declared, own = self.declared[name], self.names[name]
        groups = []
        for group in declared.element.all("ConstraintGroup"):
            parts = []
            for rule in group.all("ValueConstraint"):
                value = self._value(rule.text("value"), declared.kind, rule)
                shown = f"'{value}'" if isinstance(value, str) else fixed(value, self._unit(name))
                parts.append(f"{own} {rule.choice('rule', _RULES)} {shown.strip(chr(34))}")
            groups.append(" and ".join(parts))
        if len(groups) > 1:
            groups = [f"({group})" for group in groups]
        return [" or ".join(groups)] if groups else []


def _number(text: str, element: Element) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise element.error(f"{text!r} is no finite number")
    return value


def _checked(element: Element, make: Callable[[], dict[str, str]]) -> dict[str, str]:
    try:
        return make()
    except ValueError as error:
        raise element.error(str(error)) from error
