"""Parameters of OpenSCENARIO files as a mix-in that scenarios take in."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from scenegen.errors import InputError, StorageError
from scenegen.interchange.openscenario import read_parameters
from scenegen.interchange.parameters import ImportedParameters
from scenegen.pipeline.config import ImportParametersConfig
from scenegen.roads.opendrive.element import parse
from scenegen.scenario import parse_scenario
from scenegen.scenario.actors import IDENTIFIER
from scenegen.scenario.units import UNITS

_SCENARIO = """
scenario: trial
description: What is imported, in a scenario that does not use it.
duration: 1 s
road: {kind: straight, length: 100 m}
ego: {asset: vehicle.sedan, place: {lane: forward_0, s: 20 m}}
"""


@dataclass(frozen=True)
class ImportResult:
    """The file that was written, and what it came from."""

    path: Path
    imported: ImportedParameters


def import_parameters(config: ImportParametersConfig) -> ImportResult:
    """Read a file's parameters and write them as a mix-in.

    Raises
    ------
    InputError
        There is no such file, it holds no parameters, or the language has no place for one.
    StorageError
        The mix-in can't be written.
    """
    content = _read(Path(config.file))
    declarations = _scenario_of(Path(config.file), content)
    out = Path(config.out)
    if not re.fullmatch(IDENTIFIER, out.stem):
        raise InputError(
            f"{out}: the mix-in is called like its file: letters, digits and _, such as values.yaml"
        )
    imported = read_parameters(
        content, config.file, out.stem, _units(config.units), declarations, config.log_normal
    )
    text = imported.mixin(f"Parameters of {Path(config.file).name}.")
    _try(imported, str(out))
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        out.write_text(text)
    except OSError as error:
        raise StorageError(f"{out}: can't be written ({error.strerror})") from error
    return ImportResult(out, imported)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: can't be read ({error.strerror})") from error


def _scenario_of(path: Path, content: bytes) -> bytes | None:
    """Return the scenario that distributions belong to, if it is where they say."""
    found = parse(content, str(path)).child("ParameterValueDistribution")
    scenario = found.child("ScenarioFile") if found is not None else None
    if scenario is None:
        return None
    beside = path.parent / scenario.text("filepath")
    return _read(beside) if beside.is_file() else None


def _units(text: str) -> dict[str, str]:
    """Read ``speed:m/s,gap:m``."""
    units = {}
    for entry in filter(None, (part.strip() for part in text.split(","))):
        name, colon, unit = (part.strip() for part in entry.partition(":"))
        if not colon or unit not in UNITS:
            raise InputError(f"units: {entry!r} is no 'name:unit' such as 'speed:m/s'")
        units[name] = unit
    return units


def _try(imported: ImportedParameters, file: str) -> None:
    """Raise ScenarioError if the language doesn't take what was imported."""
    parse_scenario(_SCENARIO + imported.sections(), file)
