"""Long JSON files, read entry by entry: a file of a gigabyte needs no gigabyte of memory."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import ijson

from scenegen.errors import DatasetError

Entry = tuple[int, dict[str, Any]]


def entries(path: Path, prefix: str) -> Iterator[Entry]:
    """Iterate over the objects of a list in a JSON file, with their positions from 0.

    Parameters
    ----------
    path : Path
    prefix : str
        The list's key, or ``""`` if the file itself is the list.

    Raises
    ------
    DatasetError
        The file is missing or no JSON, or an entry is no object.
    """
    where = f"{prefix}.item" if prefix else "item"
    try:
        with path.open("rb") as file:
            try:
                for number, entry in enumerate(ijson.items(file, where, use_float=True)):
                    if not isinstance(entry, dict):
                        raise DatasetError(f"{place(path, prefix, number)}: no JSON object")
                    yield number, entry
            except (ijson.JSONError, UnicodeDecodeError) as error:
                reason = str(error).splitlines()[0].strip()
                raise DatasetError(
                    f"{path}: no valid JSON up to byte {file.tell()} ({reason})"
                ) from error
    except OSError as error:
        raise DatasetError(f"{path}: can't be read ({error.strerror})") from error


def place(path: Path, prefix: str, number: int) -> str:
    """Return how messages call an entry of a list."""
    return f"{path}: {prefix or 'entry'}[{number}]"


@contextmanager
def explained(path: Path, prefix: str, number: int) -> Iterator[None]:
    """Turn a missing key or a value of the wrong kind in an entry into a DatasetError."""
    try:
        yield
    except DatasetError:
        raise
    except KeyError as error:
        raise DatasetError(f"{place(path, prefix, number)}: no {error.args[0]!r}") from error
    except (TypeError, ValueError, AttributeError) as error:
        raise DatasetError(f"{place(path, prefix, number)}: {error}") from error
