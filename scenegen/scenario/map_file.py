"""The road map that a scenario names: its content is part of what the scenario means."""

from __future__ import annotations

import hashlib
import stat
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path as FilePath

from scenegen.errors import MapError, Place
from scenegen.scenario.document import RoadEntry
from scenegen.scenario.resolve import Scope, possible_texts

MAX_MAP_BYTES = 200_000_000


@dataclass(frozen=True)
class MapFile:
    """An OpenDRIVE file as it was when the scenario was read.

    Attributes
    ----------
    content : bytes
    file : str
        Where it was read from, for messages.
    """

    content: bytes = field(repr=False)
    file: str = field(compare=False)

    @cached_property
    def digest(self) -> str:
        """sha256 of the content, 64 hex digits."""
        return hashlib.sha256(self.content).hexdigest()


def read_map_bytes(path: FilePath) -> bytes:
    """Return the content of a map's file; MapError if it can't be read or is too large."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            # A device or a pipe might never end.
            kind = "a folder" if stat.S_ISDIR(found.st_mode) else "no ordinary file"
            raise MapError(f"cannot be read: it is {kind}", Place(str(path)))
        if found.st_size > MAX_MAP_BYTES:
            raise MapError(f"a map has at most {MAX_MAP_BYTES:,} bytes", Place(str(path)))
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise MapError(f"cannot be read: {reason.lower()}", Place(str(path))) from error


def map_file_of(road: RoadEntry, scope: Scope) -> MapFile | None:
    """Return the map of a resolved road section, or None; problems are noted in the scope.

    Its path is relative to the folder of the document that names it.
    """
    kinds = possible_texts(road.kind.expression, scope.parameters, scope.derived)
    if road.file is None:
        if "opendrive" in kinds:
            scope.problems.add(
                ("road", "kind"), "a road of kind 'opendrive' needs 'file', such as maps/town.xodr"
            )
        return None
    path = ("road", "file")
    if "opendrive" not in kinds:
        scope.problems.add(path, "'file' is for roads of kind 'opendrive'; change 'kind'")
        return None
    named = FilePath(scope.problems.source.place(path).file).parent / road.file
    try:
        return MapFile(read_map_bytes(named), str(named))
    except MapError as error:
        scope.problems.add(path, f"{error} (its path is relative to this document's folder)")
        return None
