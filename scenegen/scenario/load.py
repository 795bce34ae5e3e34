"""Reads scenarios: from text, from files, and from the library."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path as FilePath
from typing import Any, NamedTuple

from pydantic import ValidationError

from scenegen.records import Rates
from scenegen.scenario.actors import ActorEntry, Document
from scenegen.scenario.checks import check_actors
from scenegen.scenario.comparisons import check_comparisons
from scenegen.scenario.composition import composed, open_scenario
from scenegen.scenario.correlations import read_correlations
from scenegen.scenario.designs import RANDOM, Design, DesignEntry, DesignError, read_design
from scenegen.scenario.disturbances import read_disturbances
from scenegen.scenario.early import note_conditions
from scenegen.scenario.expressions import Cast, ExpressionError, parse_expression
from scenegen.scenario.held import read_held
from scenegen.scenario.layers import open_mixin
from scenegen.scenario.library import group_of, library_files
from scenegen.scenario.logical import Constraint, LogicalScenario
from scenegen.scenario.map_file import map_file_of
from scenegen.scenario.monitors import read_monitors
from scenegen.scenario.problems import Problems
from scenegen.scenario.requirements import Requirement
from scenegen.scenario.resolve import Scope, resolve, resolve_parameters
from scenegen.scenario.source import Path, Source, read_source
from scenegen.scenario.syntax import BOOLEAN
from scenegen.scenario.written_out import parameters_in


def load_scenario(name_or_path: str, library: FilePath | None = None) -> LogicalScenario:
    """Read a scenario of the library by name, or a YAML file by path.

    Parameters
    ----------
    name_or_path : str
        Anything with a slash or ending in ``.yaml`` or ``.yml`` is a path. Mix-ins may follow,
        each after a plus: ``night_jaywalk+rain_heavy``.
    library : pathlib.Path, optional
        The folder of the library in place of the one that comes with scenegen.

    Raises
    ------
    ScenarioError
        There is no such scenario, or it is wrong at a known place.
    """
    return build_scenario(open_scenario(name_or_path, library))


class ScenarioInfo(NamedTuple):
    """One line of the library.

    Attributes
    ----------
    group : str
        Its folder's name.
    source : str
        What it was drawn from.
    parameters : tuple of (str, str)
        Of mix-ins: what they draw, by name, as it is written.
    """

    name: str
    description: str
    odd: tuple[str, ...]
    group: str
    source: str
    parameters: tuple[tuple[str, str], ...] = ()


def list_scenarios(library: FilePath | None = None) -> list[ScenarioInfo]:
    """Return what every scenario of the library says of itself, by group and name."""
    found = [(path, load_scenario(str(path))) for path in library_files(library).values()]
    return [
        ScenarioInfo(logical.name, logical.description, logical.odd, group_of(path), logical.source)
        for path, logical in found
    ]


def list_mixins(library: FilePath | None = None) -> list[ScenarioInfo]:
    """Return what every mix-in of the library says of itself, by name."""
    opened = [open_mixin(name, library) for name in library_files(library, "mix-in")]
    return [
        ScenarioInfo(
            name,
            " ".join(data["description"].split()),
            _added_tags(data),
            "mix-ins",
            "",
            tuple(parameters_in(data)),
        )
        for name, data in opened
    ]


def _added_tags(data: dict[str, Any]) -> tuple[str, ...]:
    return tuple(tag for tag in data.get("odd", []) if not tag.startswith("-"))


def parse_scenario(text: str, filename: str) -> LogicalScenario:
    """Read a scenario from YAML text.

    Parameters
    ----------
    text : str
    filename : str
        What messages call the text; paths in it are relative to its folder.

    Raises
    ------
    ScenarioError
        At the first place that is wrong; the message names the further ones as well.
    """
    return build_scenario(composed(read_source(text, filename), FilePath(filename).parent))


def build_scenario(source: Source) -> LogicalScenario:
    """Work out what a document means; raises as `parse_scenario`."""
    problems = Problems(source)
    try:
        document = Document.model_validate(source.data)
    except ValidationError as error:
        problems.add_validation(error)
        note_conditions(source, problems)
        problems.raise_if_any()
        raise
    scope = Scope(problems, actors=frozenset({"ego", *document.actors}))
    resolve_parameters(document.parameters, scope)
    problems.raise_if_any()  # or each use of a parameter that is wrong would be wrong as well
    logical = _logical(document, scope, source)
    check_actors(logical, problems)
    check_comparisons(logical, problems)
    if document.held is not None:
        logical = read_held(document.held, logical, problems)
    problems.raise_if_any()
    return logical


def _logical(document: Document, scope: Scope, source: Source) -> LogicalScenario:
    road = resolve(document.road, ("road",), scope)
    weather = resolve(document.weather, ("weather",), scope)
    scenery = resolve(document.scenery, ("scenery",), scope)
    light = resolve(document.light, ("light",), scope)
    sensors = resolve(document.sensors, ("sensors",), scope)
    duration = resolve(document.duration, ("duration",), scope)
    actors: dict[str, ActorEntry] = {"ego": resolve(document.ego, ("ego",), scope)}
    actors.update(resolve(document.actors, ("actors",), scope))
    cast = Cast(actors, sensors=[f"ego.{name}" for name in sensors])
    map_file = map_file_of(road, scope) if road.kind.node is not None else None
    readable = not scope.problems.found
    constraints = (
        *_guards(scope),
        *_constraints(document.require, scope, cast),
        *_in_view(actors, scope, cast),
    )
    correlations = tuple(read_correlations(document.correlations, scope))
    monitors = dict(read_monitors(document.monitors, actors, cast.sensors, scope))
    disturbed = dict(read_disturbances(document.disturbances, actors, scope.types, scope.problems))
    design = _design(document.design, scope)
    if not readable:
        scope.problems.raise_if_any()  # else together with what names of actors are wrong
    return LogicalScenario(
        name=document.scenario,
        description=" ".join(document.description.split()),
        source=" ".join(document.source.split()),
        odd=document.odd,
        duration=duration,
        rates=Rates(
            physics_hz=document.rates.physics,
            control_hz=document.rates.control,
            camera_hz=document.rates.camera,
        ),
        parameters=dict(sorted(scope.parameters.items())),
        derived=scope.derived,
        road=road,
        weather=weather,
        scenery=scenery,
        light=light,
        sensors=sensors,
        actors=actors,
        constraints=constraints,
        monitors=monitors,
        file=source.file,
        correlations=correlations,
        design=design,
        map_file=map_file,
        design_place=source.place(("design",)),
        disturbances=disturbed,
    )


def _design(entry: DesignEntry | None, scope: Scope) -> Design:
    if entry is None:
        return RANDOM
    try:
        return read_design(entry, scope.parameters, scope.types)
    except DesignError as error:
        scope.problems.add(("design", *error.path), str(error))
        return RANDOM


def _guards(scope: Scope) -> Iterator[Constraint]:
    """Yield what arguments of distributions need that are expressions."""
    for guard, path in scope.guards:
        yield Constraint(guard.text, guard.node, scope.problems.source.place(path))


def _constraints(
    entries: tuple[Requirement, ...], scope: Scope, cast: Cast
) -> Iterator[Constraint]:
    for index, entry in enumerate(entries):
        text, path = entry.that, ("require", index, "that")
        try:
            node = parse_expression(text, scope.types, cast)
        except ExpressionError as error:
            scope.problems.add(path, str(error))
            continue
        if node.type is not BOOLEAN:
            scope.problems.add(
                path, f"a constraint is a condition such as 'a < b', not {node.type}"
            )
            continue
        share = entry.share
        text += f" (probability {share:.4g})" if share < 1.0 else ""
        yield Constraint(text, node, scope.problems.source.place(path), share)


def _in_view(actors: Mapping[str, ActorEntry], scope: Scope, cast: Cast) -> Iterator[Constraint]:
    """Yield what the ``visible_from`` of places asks for."""
    for name, entry in actors.items():
        eye = entry.place.visible_from
        if eye is None:
            continue
        base: Path = ("ego",) if name == "ego" else ("actors", name)
        path = (*base, "place", "visible_from")
        text = f"visible_from({eye}, {name})"
        try:
            node = parse_expression(text, {}, cast)
        except ExpressionError as error:
            scope.problems.add(path, str(error))
            continue
        yield Constraint(text, node, scope.problems.source.place(path))
