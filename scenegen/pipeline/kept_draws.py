"""Draws that an author keeps while they edit: as previews and data sets leave them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scenegen.errors import InputError, StorageError, nearest
from scenegen.records import ConcreteScenario
from scenegen.sample import keeping, setting
from scenegen.scenario import LogicalScenario

_Value = float | str | bool


class KeptDraw(BaseModel):
    """What says which draw a scene was; a scene's ``scenario.json`` holds more."""

    model_config = ConfigDict(frozen=True)

    name: str
    scenario_digest: str
    seed: int = Field(ge=0)
    index: int = Field(ge=0)
    parameters: dict[str, _Value]


@dataclass(frozen=True)
class Asked:
    """A scene to draw.

    Attributes
    ----------
    note : str
        What became of the draw that it keeps, for people; "" without one.
    """

    logical: LogicalScenario
    seed: int
    index: int
    note: str = ""


def asked_draws(
    logical: LogicalScenario, settings: str, draws_of: str | None, seed: int, indices: range
) -> tuple[Asked, ...]:
    """Return the scenes to draw: those of a seed, or those that are kept, with what is set.

    Parameters
    ----------
    settings : str
        As of `setting`.
    draws_of : str or None
        As of `read_draws`; their first so many from the first index on are asked for.
    indices : range
        Of the scenes, from one on.

    Raises
    ------
    InputError
        What is set or kept makes no sense, or there are fewer.
    """
    if draws_of is None:
        changed = setting(logical, settings)
        return tuple(Asked(changed, seed, index) for index in indices)
    draws = [one for one in read_draws(draws_of, logical.name) if one.index >= indices.start]
    if not draws:
        raise InputError(f"draws_of={draws_of}: has no draw from number {indices.start} on")
    return tuple(_kept(logical, settings, one) for one in draws[: len(indices)])


def _kept(logical: LogicalScenario, settings: str, one: KeptDraw) -> Asked:
    kept = keeping(logical, one.parameters, one.scenario_digest)
    notes = [("drawn anew", kept.anew), ("moved into the range", kept.moved)]
    told = "; ".join(f"{what}: {', '.join(names)}" for what, names in notes if names)
    changed = setting(kept.logical, settings)
    return Asked(changed, one.seed, one.index, f"kept{f' ({told})' if told else ''}")


class _Sheet(BaseModel):
    """What lies beside a preview."""

    draws: list[KeptDraw]


def read_draws(path: str, scenario: str) -> tuple[KeptDraw, ...]:
    """Return the draws of a scenario that a file or a folder holds, by index.

    Parameters
    ----------
    path : str
        What `write_draws` wrote, a ``scenario.json``, the folder of a scene, or a data set.
    scenario : str
        Its name.

    Raises
    ------
    InputError
        There is nothing there, or nothing of that scenario.
    """
    files = _files(Path(path))
    found = [draw for file in files for draw in _read(file, path)]
    mine = sorted((one for one in found if one.name == scenario), key=lambda one: one.index)
    if not mine:
        others = sorted({one.name for one in found})
        raise InputError(f"draws_of={path}: has no draw of {scenario!r}{nearest(scenario, others)}")
    return tuple(mine)


def write_draws(path: Path, scenes: Sequence[ConcreteScenario]) -> None:
    """Write which draws some scenes are, for `read_draws`; StorageError if that can't be."""
    sheet = _Sheet(draws=[KeptDraw.model_validate(scene.model_dump()) for scene in scenes])
    try:
        path.write_text(json.dumps(sheet.model_dump(), indent=1, ensure_ascii=False) + "\n")
    except OSError as error:
        raise StorageError(f"{path}: can't be written ({error.strerror})") from error


def _files(path: Path) -> list[Path]:
    """Return the files to read: of a folder, those of a scene or of all scenes below it."""
    if path.is_file():
        return [path]
    own = path / "scenario.json"
    found = [own] if own.is_file() else sorted(path.glob("scenes/*/scenario.json"))
    if not found:
        raise InputError(
            f"draws_of={path}: is no draws that preview wrote (such as outputs/preview.json), no "
            "scenario.json, no folder of a scene and no data set"
        )
    return found


def _read(file: Path, path: str) -> list[KeptDraw]:
    try:
        content = json.loads(file.read_text())
        one = isinstance(content, dict) and "draws" not in content
        return [KeptDraw.model_validate(content)] if one else _Sheet.model_validate(content).draws
    except (OSError, ValueError, ValidationError) as error:
        raise InputError(f"draws_of={path}: {file.name} holds no draws") from error
