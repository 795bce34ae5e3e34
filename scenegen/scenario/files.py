"""Finds and reads the documents that people write: scenarios, mix-ins and plans."""

from __future__ import annotations

import stat
from collections.abc import Collection
from pathlib import Path as FilePath

from scenegen.errors import Place, ScenarioError, nearest
from scenegen.scenario.library import library_files
from scenegen.scenario.source import MAX_CHARACTERS

_ENDINGS = (".yaml", ".yml")


def is_path(reference: str) -> bool:
    """Say whether a scenario or a mix-in is named by its file rather than by the library."""
    return "/" in reference or reference.endswith(_ENDINGS)


def find_document(
    reference: str, what: str, folder: FilePath, library: FilePath | None
) -> FilePath:
    """Return the file of a scenario or a mix-in.

    Parameters
    ----------
    reference : str
        A path, relative to `folder`, or a name of the library.
    what : str
        ``"scenario"`` or ``"mix-in"``.
    library : pathlib.Path or None
        The folder of the library in place of the one that comes with scenegen.

    Raises
    ------
    ScenarioError
        The library has no such name.
    """
    if is_path(reference):
        return folder / reference
    known = library_files(library, what)
    if reference not in known:
        raise ScenarioError(
            f"no such {what} in the library{_elsewhere(reference, what, library, known)}",
            Place(reference),
        )
    return known[reference]


def _elsewhere(reference: str, what: str, library: FilePath | None, known: Collection[str]) -> str:
    """Return the nearest name, or that the library has such a thing of the other kind."""
    other, key = ("mix-in", "with") if what == "scenario" else ("scenario", "extends")
    if reference in library_files(library, other):
        return f"; it is a {other}, which is named under {key!r}"
    hint = nearest(reference, known)
    command = "scenegen list" if what == "scenario" else "scenegen list what=mixins"
    return hint if "did you mean" in hint else f"; {command!r} lists them, and a path has a '/'"


def read_text(path: FilePath, what: str = "scenario") -> str:
    """Return the text of a document that people wrote; ScenarioError if it can't be read."""
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            # A device or a pipe might never end.
            kind = "a folder" if stat.S_ISDIR(found.st_mode) else "no ordinary file"
            raise ScenarioError(f"cannot be read: it is {kind}", Place(str(path)))
        if found.st_size > 4 * MAX_CHARACTERS:
            raise ScenarioError(
                f"a {what} has at most {MAX_CHARACTERS:,} characters", Place(str(path))
            )
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ScenarioError("not a text file in UTF-8", Place(str(path))) from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ScenarioError(f"cannot be read: {reason.lower()}", Place(str(path))) from error
