"""What a data set should be: shares of cells, read from YAML with the places of its errors."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, StrictInt, ValidationError

from scenegen.errors import nearest
from scenegen.records.base import F64
from scenegen.report.audit.factors import QUANTITIES, THINGS, Factor, factors
from scenegen.report.audit.sums import Unit
from scenegen.scenario.document import Section
from scenegen.scenario.files import read_text
from scenegen.scenario.problems import Problems
from scenegen.scenario.source import Path, Source, read_source
from scenegen.scenario.units import LENGTH, NUMBER, parse_quantity

Rule = Literal["uniform", "nominal", "independent", "shares"]
RULES: tuple[Rule, ...] = ("uniform", "nominal", "independent")
"""Those that are written by their names."""
EVEN = FilePath(__file__).with_name("even.yaml")
"""What a set is held against where nobody says."""
MOST_FACTORS = 3


@dataclass(frozen=True)
class Target:
    """Which share each cell of a factor, or of several together, should have.

    Attributes
    ----------
    of : tuple of str
    unit : str
        What shares are of: objects, tracks or scenes.
    classes : tuple of str
        Whose objects count; all, if empty.
    rule : str
        ``uniform``, ``nominal`` (what the set's weights lead to), ``independent`` (the product of
        the factors' own shares) or ``shares``.
    shares : (K1, …) float64 or None
        Of the rule ``shares``; adds up to 1.
    """

    of: tuple[str, ...]
    unit: Unit
    classes: tuple[str, ...]
    rule: Rule
    shares: F64 | None = None

    @property
    def name(self) -> str:
        """The factors, and the classes if they are few."""
        return " x ".join(self.of) + (f" of {', '.join(self.classes)}" if self.classes else "")


@dataclass(frozen=True)
class Spec:
    """What an audit asks.

    Attributes
    ----------
    independent : tuple of pairs of str
        Factors that ought not to depend on each other.
    thin : int
        A cell seen in fewer scenes is thin: an interval from them would mean little.
    """

    name: str
    factors: dict[str, Factor]
    targets: tuple[Target, ...]
    independent: tuple[tuple[str, str], ...]
    thin: int


class _Target(Section):
    of: str | tuple[str, ...]
    shares: Any
    unit: Unit | None = None
    classes: tuple[str, ...] = ()


class _Document(Section):
    audit: Annotated[str, Field(min_length=1, max_length=100)]
    edges: dict[str, Any] = Field(default_factory=dict)
    targets: Annotated[tuple[_Target, ...], Field(max_length=50)] = ()
    independent: Annotated[tuple[tuple[str, ...], ...], Field(max_length=50)] = ()
    thin: Annotated[StrictInt, Field(ge=1)] = 5


def load_target(path: str | FilePath | None = None) -> Spec:
    """Read a target; the even one that comes with scenegen, if none is named.

    Raises
    ------
    ScenarioError
        It is none, at a known place.
    """
    file = EVEN if path is None else FilePath(path)
    return parse_target(read_text(file, "target"), "even.yaml" if path is None else str(path))


def parse_target(text: str, filename: str) -> Spec:
    """Read a target from text; see docs/audit.md."""
    source = read_source(text, filename, "audit")
    problems = Problems(source)
    try:
        document = _Document.model_validate(source.data)
    except ValidationError as error:
        problems.add_validation(error)
        problems.raise_if_any()
        raise
    known = factors(_edges(document.edges, problems))
    reader = _Reader(source, problems, known)
    pairs = [reader.pair(i, names) for i, names in enumerate(document.independent)]
    targets = [reader.target(i, entry) for i, entry in enumerate(document.targets)]
    problems.raise_if_any()
    return Spec(
        document.audit,
        known,
        tuple(target for target in targets if target is not None),
        tuple(pair for pair in pairs if pair is not None),
        document.thin,
    )


def _edges(raw: Mapping[str, Any], problems: Problems) -> dict[str, list[float]]:
    """Return edges in the units of the factors: m, px and shares."""
    found = {}
    for name, values in raw.items():
        at: Path = ("edges", name)
        if name not in QUANTITIES:
            problems.add(at, f"{name!r} has no edges{nearest(name, QUANTITIES)}")
            continue
        if not isinstance(values, list) or not values:
            problems.add(at, f"{name!r} takes a list of its inner edges, such as {_example(name)}")
            continue
        numbers = [_edge(name, value, (*at, i), problems) for i, value in enumerate(values)]
        if None in numbers:
            continue
        ascending = [number for number in numbers if number is not None]
        if any(b <= a for a, b in pairwise(ascending)):
            problems.add(at, f"edges of {name!r} should ascend")
            continue
        found[name] = ascending
    return found


def _edge(name: str, value: Any, at: Path, problems: Problems) -> float | None:
    wanted = LENGTH if name == "distance" else NUMBER
    try:
        quantity = parse_quantity(str(value)) if not isinstance(value, bool) else None
    except ValueError as error:
        problems.add(at, str(error))
        return None
    if quantity is None or quantity.dimension != wanted:
        problems.add(at, f"an edge of {name!r} is {wanted}, such as {_example(name)}")
        return None
    return quantity.value


def _example(name: str) -> str:
    return {"size": "[25, 50]", "distance": "[10 m, 40 m]"}.get(name, "[5 %, 50 %]")


@dataclass(frozen=True)
class _Reader:
    """Turns entries into targets and notes what is wrong with them."""

    source: Source
    problems: Problems
    factors: Mapping[str, Factor]

    def pair(self, index: int, names: tuple[str, ...]) -> tuple[str, str] | None:
        at: Path = ("independent", index)
        known = self._known(names, at)
        if len(names) != 2 or len(set(names)) != 2:
            self.problems.add(at, "a pair of two factors, such as [skin_tone, light]")
            return None
        return (names[0], names[1]) if known else None

    def target(self, index: int, entry: _Target) -> Target | None:
        at: Path = ("targets", index)
        of = (entry.of,) if isinstance(entry.of, str) else entry.of
        if not self._known(of, (*at, "of")):
            return None
        if not 1 <= len(set(of)) == len(of) <= MOST_FACTORS:
            self.problems.add((*at, "of"), f"one to {MOST_FACTORS} different factors")
            return None
        for i, name in enumerate(entry.classes):
            if name not in THINGS:
                message = f"unknown class {name!r}{nearest(name, THINGS)}"
                self.problems.add((*at, "classes", i), message)
        shares = self._shares(entry.shares, of, (*at, "shares"))
        scenes = all(self.factors[name].level == "scene" for name in of) and not entry.classes
        unit: Unit = entry.unit or ("scenes" if scenes else "tracks")
        if shares is None:
            return None
        if isinstance(shares, str):
            return Target(of, unit, entry.classes, shares)
        return Target(of, unit, entry.classes, "shares", shares)

    def _known(self, names: tuple[str, ...], at: Path) -> bool:
        wrong = [(i, name) for i, name in enumerate(names) if name not in self.factors]
        for i, name in wrong:
            listed = (*at, i) in self.source.places
            message = f"unknown factor {name!r}{nearest(name, self.factors)}"
            self.problems.add((*at, i) if listed else at, message)
        return not wrong

    def _shares(self, raw: Any, of: tuple[str, ...], at: Path) -> F64 | Rule | None:
        if isinstance(raw, str):
            for rule in RULES:
                if raw == rule and (rule != "independent" or len(of) > 1):
                    return rule
            hint = nearest(raw, RULES if len(of) > 1 else RULES[:2])
            self.problems.add(at, f"shares can't be {raw!r}{hint}, or a mapping of cells to shares")
            return None
        found = np.zeros([len(self.factors[name].cells) for name in of])
        if not self._fill(raw, of, at, found):
            return None
        if found.sum() <= 0.0:
            self.problems.add(at, "all shares are zero")
            return None
        return np.asarray(found / found.sum())

    def _fill(self, raw: Any, of: tuple[str, ...], at: Path, into: F64) -> bool:
        """Write the shares of a mapping, of mappings for several factors; say whether all went."""
        cells = self.factors[of[0]].cells
        if not isinstance(raw, dict) or not raw:
            self.problems.add(at, f"a mapping of cells of {of[0]!r}, such as {{{cells[0]}: 1}}")
            return False
        fine = True
        for name, value in raw.items():
            if name not in cells:
                message = f"{of[0]!r} has no cell {name!r}{nearest(str(name), cells)}"
                self.problems.add_at(self.source.key_place((*at, name)), message)
                fine = False
            elif len(of) > 1:
                fine &= self._fill(value, of[1:], (*at, name), into[cells.index(name)])
            else:
                fine &= self._share(value, (*at, name), into, cells.index(name))
        return fine

    def _share(self, value: Any, at: Path, into: F64, index: int) -> bool:
        try:
            quantity = parse_quantity(str(value))
        except ValueError:
            quantity = None
        if quantity is None or quantity.dimension != NUMBER or quantity.value < 0.0:
            message = f"a share is a number or percentage of at least 0, not {value!r}"
            self.problems.add(at, message)
            return False
        into[index] = quantity.value
        return True
