"""The journal of a search: a line a simulation, in their order, only ever added to."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from pydantic import Field, ValidationError

from scenegen.dataset.storage import storage_errors
from scenegen.errors import InputError
from scenegen.pipeline.searching.outcome import Outcome
from scenegen.records.base import F64, Record

SYNCED = 32
"""Lines after which the disk has them."""


class Line(Record):
    """One simulation.

    Attributes
    ----------
    number : int
    scene : int
        Number of what is random beside the point.
    point : list of float
        Standard normal coordinates, in the order of the head's names.
    values : dict
        Parameters, in SI units.
    disturbances : dict
        Values of disturbances that are searched, in SI units.
    """

    number: int
    scene: int
    point: tuple[float, ...]
    values: dict[str, float | str]
    disturbances: dict[str, tuple[float, ...]] = Field(
        default_factory=dict, exclude_if=lambda them: not them
    )
    outcome: Outcome

    @property
    def failed(self) -> bool:
        """Whether it is a failure."""
        return self.outcome.failed


class Journal:
    """An open journal, at whose end lines are added.

    What an earlier run left is kept; a last line that it didn't finish is cut off.

    Parameters
    ----------
    path : Path
    head : mapping
        What the search is: another one's journal is refused.

    Raises
    ------
    InputError
        It is another search's, or damaged before its last line.
    StorageError
        It can't be written.
    """

    def __init__(self, path: Path, head: Mapping[str, Any]) -> None:
        self._path = path
        first = (json.dumps(head, sort_keys=True) + "\n").encode()
        with storage_errors(path):
            data = path.read_bytes() if path.exists() else b""
            whole = data[: data.rfind(b"\n") + 1]
            if not whole:
                whole = first
                path.write_bytes(first)
            elif whole != data:
                os.truncate(path, len(whole))
        rows = whole.split(b"\n")[:-1]
        if rows[0] + b"\n" != first:
            raise InputError(
                f"{path}: of another search (scenario, agent, method, seed, budget, criteria or "
                "version); choose another out="
            )
        self.lines = [self._read(k, row) for k, row in enumerate(rows[1:])]
        self._unsynced = 0
        self._file = path.open("ab")

    def _read(self, number: int, row: bytes) -> Line:
        try:
            line = Line.model_validate_json(row)
        except ValidationError as error:
            raise InputError(f"{self._path}:{number + 2}: damaged; choose another out=") from error
        if line.number != number:
            raise InputError(f"{self._path}:{number + 2}: damaged; choose another out=")
        return line

    def known(self, number: int, scene: int, point: F64) -> Line | None:
        """Return the line of a number if there is one.

        Raises
        ------
        InputError
            It is of another point: something that the head doesn't tell has changed.
        """
        if number >= len(self.lines):
            return None
        line = self.lines[number]
        if line.scene != scene or line.point != tuple(point.tolist()):
            raise InputError(f"{self._path}:{number + 2}: of another point; choose another out=")
        return line

    def add(self, line: Line) -> None:
        """Write one more line, the next one."""
        assert line.number == len(self.lines)
        self.lines.append(line)
        with storage_errors(self._path):
            self._file.write(line.model_dump_json().encode() + b"\n")
            self._unsynced += 1
            if self._unsynced >= SYNCED:
                self.sync()

    def sync(self) -> None:
        """Have everything on the disk."""
        with storage_errors(self._path):
            self._file.flush()
            os.fsync(self._file.fileno())
        self._unsynced = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.sync()
        self._file.close()
