"""Reads scenarios: from text, from files, and from the library."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import NamedTuple

from pydantic import ValidationError

from scenegen.errors import Place, ScenarioError, nearest
from scenegen.records import SWEPT, Rates
from scenegen.resources import resource_folder
from scenegen.scenario.actors import IDENTIFIER, ActorEntry, Document
from scenegen.scenario.expressions import ExpressionError, parse_expression
from scenegen.scenario.logical import Constraint, LogicalScenario
from scenegen.scenario.problems import Problems
from scenegen.scenario.resolve import Scope, resolve, resolve_parameters
from scenegen.scenario.source import MAX_CHARACTERS, Path, Source, read_source
from scenegen.scenario.syntax import BOOLEAN

_LANE = re.compile(
    r"(cross_)?((forward|backward)_\d|(shoulder|parking|sidewalk|verge)_(left|right)"
    r"|parking_(left|right)_far)|crosswalk\w*"
)


def load_scenario(name_or_path: str, library: FilePath | None = None) -> LogicalScenario:
    """Read a scenario of the library by name, or a YAML file by path.

    Parameters
    ----------
    name_or_path : str
        Anything with a slash or ending in ``.yaml`` or ``.yml`` is a path.
    library : pathlib.Path, optional
        The folder of the library in place of the one that comes with scenegen.

    Raises
    ------
    ScenarioError
        There is no such scenario, or it is wrong at a known place.
    """
    return build_scenario(open_scenario(name_or_path, library))


def open_scenario(name_or_path: str, library: FilePath | None = None) -> Source:
    """Return the document of a scenario, its meaning not yet worked out; as `load_scenario`."""
    if "/" in name_or_path or name_or_path.endswith((".yaml", ".yml")):
        path = FilePath(name_or_path)
    else:
        folder = library or resource_folder("scenarios")
        path = folder / f"{name_or_path}.yaml"
        if not path.is_file():
            known = [file.stem for file in folder.glob("*.yaml")]
            raise ScenarioError(
                f"no such scenario in the library{nearest(name_or_path, known)}",
                Place(name_or_path),
            )
    return read_source(read_text(path), str(path))


def read_text(path: FilePath, what: str = "scenario") -> str:
    """Return the text of a document that people wrote; ScenarioError if it can't be read."""
    try:
        if path.stat().st_size > 4 * MAX_CHARACTERS:
            raise ScenarioError(
                f"a {what} has at most {MAX_CHARACTERS:,} characters", Place(str(path))
            )
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ScenarioError("not a text file in UTF-8", Place(str(path))) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ScenarioError(f"cannot be read: {reason.lower()}", Place(str(path))) from error


class ScenarioInfo(NamedTuple):
    """One line of the library."""

    name: str
    description: str
    odd: tuple[str, ...]


def list_scenarios(library: FilePath | None = None) -> list[ScenarioInfo]:
    """Return name, description and ODD tags of every scenario of the library, by name."""
    folder = library or resource_folder("scenarios")
    loaded = [load_scenario(str(path)) for path in sorted(folder.glob("*.yaml"))]
    return [ScenarioInfo(logical.name, logical.description, logical.odd) for logical in loaded]


def parse_scenario(text: str, filename: str) -> LogicalScenario:
    """Read a scenario from YAML text.

    Parameters
    ----------
    text : str
    filename : str
        What messages call the text.

    Raises
    ------
    ScenarioError
        At the first place that is wrong; the message names the further ones as well.
    """
    return build_scenario(read_source(text, filename))


def build_scenario(source: Source) -> LogicalScenario:
    """Work out what a document means; raises as `parse_scenario`."""
    problems = Problems(source)
    try:
        document = Document.model_validate(source.data)
    except ValidationError as error:
        problems.add_validation(error)
        problems.raise_if_any()
        raise
    scope = Scope(problems)
    resolve_parameters(document.parameters, scope)
    logical = _logical(document, scope, source)
    _check_actors(logical, problems)
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
    constraints = tuple(_constraints(document.require, scope))
    scope.problems.raise_if_any()
    return LogicalScenario(
        name=document.scenario,
        description=" ".join(document.description.split()),
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
        file=source.file,
    )


def _constraints(texts: tuple[str, ...], scope: Scope) -> Iterator[Constraint]:
    for index, text in enumerate(texts):
        path = ("require", index)
        try:
            node = parse_expression(text, scope.types)
        except ExpressionError as error:
            scope.problems.add(path, str(error))
            continue
        if node.type is not BOOLEAN:
            scope.problems.add(
                path, f"a constraint is a condition such as 'a < b', not {node.type}"
            )
            continue
        yield Constraint(text, node, scope.problems.source.place(path))


def _check_actors(logical: LogicalScenario, problems: Problems) -> None:
    """Check names: of actors, of who they refer to, and of lanes."""
    if not logical.sensors:
        problems.add(("sensors",), "there is at least one sensor, such as 'front: {}'")
    for name in logical.sensors:
        if not re.fullmatch(IDENTIFIER, name):
            problems.add(("sensors", name), f"{name!r} can't name a sensor: letters, digits and _")
    order = list(logical.actors)
    for index, (name, entry) in enumerate(logical.actors.items()):
        base: Path = ("ego",) if index == 0 else ("actors", name)
        if not re.fullmatch(IDENTIFIER, name) or (index and name == "ego"):
            problems.add(base, f"{name!r} can't name an actor: letters, digits and _")
        _check_place(logical, entry, base, order[:index], problems)
        for step, behaviour in enumerate(entry.behaviour):
            path: Path = (*base, "behaviour", step)
            if behaviour.when.kind in {"distance", "ttc", "gap"}:
                to = behaviour.when.to
                if to not in order:
                    problems.add((*path, "when", "to"), f"unknown actor {to!r}{nearest(to, order)}")
                elif to == name:
                    problems.add(
                        (*path, "when"), f"{name!r} waits for itself; name another actor with 'to'"
                    )
            lane = getattr(behaviour, "lane", None)
            if lane is not None:
                _check_lane(logical.texts(lane), (*path, "lane"), problems)


def _check_place(
    logical: LogicalScenario,
    entry: ActorEntry,
    base: Path,
    before: list[str],
    problems: Problems,
) -> None:
    place = entry.place
    for key in ("ahead_of", "behind", "beside", "attached_to", "on_top_of"):
        other = getattr(place, key)
        if other is not None and other not in before:
            known = ", ".join(before) or "none before the ego"
            hint = "" if other in logical.actors else nearest(other, before)
            problems.add(
                (*base, "place", key),
                f"{other!r} is no actor above this one{hint or f' ({known})'}",
            )
    # Lanes of maps are known once those are built.
    if place.lane is not None and logical.texts(logical.road.kind) <= SWEPT:
        _check_lane(logical.texts(place.lane), (*base, "place", "lane"), problems)


def _check_lane(names: frozenset[str], path: Path, problems: Problems) -> None:
    examples = ["forward_0", "backward_0", "parking_right", "sidewalk_left", "shoulder_right"]
    for name in sorted(names):
        if not _LANE.fullmatch(name):
            problems.add(path, f"unknown lane {name!r}{nearest(name, examples)}")
