"""Plans: which scenarios, with which values overridden, and how many scenes of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Annotated, Any

from pydantic import Field, StrictInt, ValidationError

from scenegen.errors import Place, ScenarioError, nearest
from scenegen.scenario.actors import IDENTIFIER, MAX_NAME
from scenegen.scenario.composition import open_scenario
from scenegen.scenario.document import Section
from scenegen.scenario.expressions import ExpressionError
from scenegen.scenario.files import is_path, read_text
from scenegen.scenario.keep_if import KeepIf, parse_keep_if
from scenegen.scenario.library import library_files
from scenegen.scenario.load import build_scenario
from scenegen.scenario.logical import LogicalScenario
from scenegen.scenario.override import override
from scenegen.scenario.problems import Problems
from scenegen.scenario.source import Path, Source, read_source

Name = Annotated[str, Field(pattern=IDENTIFIER, max_length=MAX_NAME)]
MAX_ENTRIES = 1000
MAX_BUDGET = 1_000_000


@dataclass(frozen=True)
class PlanEntry:
    """Some scenes of one scenario or of a variant of it.

    Attributes
    ----------
    logical : LogicalScenario
        Under the variant's name, with the overrides in it.
    base : str
        The scenario that it is a variant of, as it was named.
    num_scenes, first : int
        How many scenes, and the index of the first one.
    override : dict
        Values by dotted path, as they were written.
    place : Place
        Of the entry, for messages.
    keep_if : KeepIf or None
        Which runs are kept; then `num_scenes` are so many.
    budget : int or None
        Draws that are simulated at most, to find them; None where nobody has said.
    """

    logical: LogicalScenario
    base: str
    num_scenes: int
    first: int = 0
    override: dict[str, Any] = field(default_factory=dict)
    place: Place = field(default=Place(""), compare=False)
    keep_if: KeepIf | None = None
    budget: int | None = None


@dataclass(frozen=True)
class Plan:
    """What to generate; names of scenarios are unique in it."""

    name: str
    entries: tuple[PlanEntry, ...]


class EntrySection(Section):
    """An entry as it is written."""

    scenario: Annotated[str, Field(min_length=1)]
    name: Name | None = None
    num_scenes: Annotated[StrictInt, Field(ge=1, le=1_000_000)]
    first: Annotated[StrictInt, Field(ge=0, le=1_000_000_000)] = 0
    keep_if: str | None = None
    budget: Annotated[StrictInt, Field(ge=1, le=MAX_BUDGET)] | None = None
    override: dict[str, Any] = Field(default_factory=dict)


class _Document(Section):
    plan: Name
    generate: Annotated[tuple[EntrySection, ...], Field(min_length=1, max_length=MAX_ENTRIES)]


def load_plan(path: str | FilePath, library: FilePath | None = None) -> Plan:
    """Read a plan.

    Parameters
    ----------
    path : path
        A YAML file; paths of scenarios in it are relative to its folder.
    library : pathlib.Path, optional
        The folder of the library in place of the one that comes with scenegen.

    Raises
    ------
    ScenarioError
        It is no plan, or a scenario or an override in it is wrong, at a known place.
    """
    file = FilePath(path)
    return parse_plan(read_text(file, "plan"), str(path), file.parent, library)


def load_suite(name_or_path: str) -> Plan:
    """Read a plan by its path, or one of the library's suites by its name.

    Raises
    ------
    ScenarioError
        There is none of that name, or it is wrong, at a known place.
    """
    if is_path(name_or_path):
        return load_plan(name_or_path)
    known = library_files(what="suite")
    if name_or_path not in known:
        told = f"no such suite in the library{nearest(name_or_path, known)}"
        raise ScenarioError(told, Place(name_or_path))
    return load_plan(known[name_or_path])


def parse_plan(text: str, filename: str, folder: FilePath, library: FilePath | None = None) -> Plan:
    """Read a plan from text; paths of scenarios in it are relative to `folder`."""
    source = read_source(text, filename, "plan")
    problems = Problems(source)
    try:
        document = _Document.model_validate(source.data)
    except ValidationError as error:
        problems.add_validation(error)
        problems.raise_if_any()
        raise
    return Plan(document.plan, plan_entries(source, document.generate, problems, folder, library))


def plan_entries(
    source: Source,
    sections: Sequence[EntrySection],
    problems: Problems,
    folder: FilePath,
    library: FilePath | None = None,
) -> tuple[PlanEntry, ...]:
    """Return the entries below ``generate`` of a document.

    Parameters
    ----------
    source : Source
        Where places are looked up.
    sections : sequence of EntrySection
        As they stand there.
    problems : Problems
        Takes what is wrong, and is raised before any scenario is built.
    folder : pathlib.Path
        That paths of scenarios are relative to.

    Raises
    ------
    ScenarioError
        A scenario, an override or a name is wrong, at a known place.
    """
    bases = [_open(source, i, e, folder, library) for i, e in enumerate(sections)]
    names = _names(sections, bases, problems)
    problems.raise_if_any()
    built = [
        _build(source, i, base, name)
        for i, (base, name) in enumerate(zip(bases, names, strict=True))
    ]
    return tuple(
        PlanEntry(
            logical,
            entry.scenario,
            entry.num_scenes,
            entry.first,
            dict(entry.override),
            source.place(("generate", i)),
            _keep_if(source, i, entry, logical),
            entry.budget,
        )
        for i, (entry, logical) in enumerate(zip(sections, built, strict=True))
    )


def _open(
    source: Source, index: int, entry: EntrySection, folder: FilePath, library: FilePath | None
) -> Source:
    """Return the document of the scenario that an entry is based on."""
    try:
        return open_scenario(entry.scenario, library, folder)
    except ScenarioError as error:
        place = source.place(("generate", index, "scenario"))
        raise ScenarioError(str(error), place) from error


def _keep_if(
    source: Source, index: int, entry: EntrySection, logical: LogicalScenario
) -> KeepIf | None:
    """Return which of an entry's runs are kept, None for all."""
    at: Path = ("generate", index)
    if entry.keep_if is None:
        if entry.budget is not None:
            raise ScenarioError("budget goes with keep_if", source.place((*at, "budget")))
        return None
    try:
        return parse_keep_if(entry.keep_if, logical.monitors)
    except ExpressionError as error:
        raise ScenarioError(str(error), source.place((*at, "keep_if"))) from error


def _names(sections: Sequence[EntrySection], bases: list[Source], problems: Problems) -> list[str]:
    """Return what each entry's scenario is called; problems are noted where two are alike."""
    own = [str(base.data.get("scenario")) for base in bases]
    entries = list(zip(sections, own, strict=True))
    taken = {e.name or name for e, name in entries if e.name or not e.override}
    names: list[str] = []
    for index, (entry, base) in enumerate(entries):
        name = entry.name or base
        if entry.override and entry.name == base:
            problems.add(
                ("generate", index, "name"),
                f"with overrides it is another scenario than {base!r}; give it another name",
            )
        if entry.override and not entry.name:
            numbered = (f"{base}_{k}" for k in range(1, MAX_ENTRIES + 2))
            name = next(candidate for candidate in numbered if candidate not in taken)
            taken.add(name)
        if name in names:
            problems.add(
                ("generate", index),
                f"two entries are called {name!r}; name one of them, or add up their num_scenes",
            )
        names.append(name)
    return names


def _build(source: Source, index: int, base: Source, name: str) -> LogicalScenario:
    """Return an entry's scenario; what is wrong outside of the plan is said with its place."""
    at: Path = ("generate", index)
    entry = source.data["generate"][index]
    varied = bool(entry.get("name") or entry.get("override"))
    try:
        return build_scenario(override(base, name, source, at) if varied else base)
    except ScenarioError as error:
        if error.place.file == source.file:
            raise
        raise ScenarioError(f"{name}: {error}", source.place(at)) from error
