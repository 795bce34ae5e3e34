"""From the scenarios of a data set back to the library, and the values its scenes drew."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scenegen.dataset import open_dataset
from scenegen.dataset.layout import DATASET
from scenegen.errors import ScenarioError
from scenegen.evaluate.results import Flag
from scenegen.scenario import LogicalScenario, list_scenarios, parse_plan


@dataclass(frozen=True)
class Origin:
    """A scenario of a data set as a plan can name it.

    Attributes
    ----------
    name : str
        In the data set.
    base : str
        In the library.
    override : mapping
        What it changes in that, as written.
    logical : LogicalScenario
    draws : mapping
        By parameter, the value of each scene.
    """

    name: str
    base: str
    override: Mapping[str, Any]
    logical: LogicalScenario
    draws: Mapping[str, Mapping[str, float | str]]


def origins_of(
    roots: Sequence[Path], library: Path | None = None
) -> tuple[dict[str, Origin], tuple[Flag, ...]]:
    """Find the scenarios of one or several data sets in the library.

    Scenes are keyed as the set of all folders groups its pictures: with the folder's
    number in front if there are several.

    Returns
    -------
    dict
        By the scenario's name in the data set; empty if it is none of scenegen's.
    tuple of Flag
        Of scenarios that can't be proposed, or aren't any more what they were.
    """
    if not any((root / DATASET).is_file() for root in roots):
        note = f"{roots[0].name} was not made by scenegen: there are no scenarios to propose"
        return {}, (_flag("note", note),)
    found: dict[str, Origin] = {}
    flags: list[Flag] = []
    for number, root in enumerate(roots):
        prefix = f"{number}:" if len(roots) > 1 else ""
        if not (root / DATASET).is_file():
            continue
        for origin in _of_folder(root, prefix, library, flags):
            before = found.get(origin.name)
            found[origin.name] = origin if before is None else _with_draws(before, origin.draws)
    bases = {origin.base for origin in found.values()}
    unseen = [info.name for info in list_scenarios(library) if info.name not in bases]
    if unseen:
        where = " and ".join(root.name for root in roots)
        text = f"{where} holds no scenes of {', '.join(unseen)}, so these can't be proposed"
        flags.append(_flag("note", text))
    return found, tuple(flags)


def _of_folder(
    root: Path, prefix: str, library: Path | None, flags: list[Flag]
) -> Iterator[Origin]:
    """Give the scenarios of one data set; adds flags on those that can't be found again."""
    data = open_dataset(root)
    variants = (data.info.config.get("plan") or {}).get("variants", {})
    draws = _draws(data.index.to_pydict(), prefix)
    for entry in data.info.scenarios:
        variant = variants.get(entry.name, {"scenario": entry.name, "override": {}})
        base, override = variant["scenario"], variant["override"]
        try:
            logical = _variant(base, override, entry.name, library)
        except ScenarioError as error:
            text = f"{entry.name} is not proposed, since the library has no such scenario: {error}"
            flags.append(_flag("warning", text))
            continue
        if logical.digest != entry.digest:
            text = f"{entry.name} has changed since {root.name} was made; its figures are the old"
            flags.append(_flag("warning", text))
        yield Origin(entry.name, base, override, logical, draws.get(entry.name, {}))


def _with_draws(origin: Origin, more: Mapping[str, Mapping[str, float | str]]) -> Origin:
    together = {
        name: {**origin.draws.get(name, {}), **more.get(name, {})}
        for name in {**origin.draws, **more}
    }
    return replace(origin, draws=together)


def _variant(
    base: str, override: Mapping[str, Any], name: str, library: Path | None
) -> LogicalScenario:
    entry: dict[str, Any] = {"scenario": base, "num_scenes": 1, "name": name}
    if override:
        entry["override"] = override
    text = json.dumps({"plan": "again", "generate": [entry]})
    return parse_plan(text, DATASET, Path(), library).entries[0].logical


def _draws(
    index: Mapping[str, list[Any]], prefix: str
) -> dict[str, dict[str, dict[str, float | str]]]:
    """Return numbers and texts by scenario, parameter and scene."""
    draws: dict[str, dict[str, dict[str, float | str]]] = {}
    for column, values in index.items():
        if not column.startswith("param."):
            continue
        name = column.removeprefix("param.")
        for scenario, scene, value in zip(index["scenario"], index["scene"], values, strict=True):
            if isinstance(value, int | float | str) and not isinstance(value, bool):
                draws.setdefault(scenario, {}).setdefault(name, {})[prefix + scene] = value
    return draws


def _flag(severity: Any, message: str) -> Flag:
    return Flag(severity=severity, kind="proposal", message=message)
