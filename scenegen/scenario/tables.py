"""Reads one column of a CSV or Parquet file of logged values."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from scenegen.errors import nearest

MAX_BYTES = 1_000_000_000
SUFFIXES = (".csv", ".parquet")


class TableError(ValueError):
    """A file or a column of it can't be used; `key` says which of the two is wrong."""

    def __init__(self, message: str, key: str) -> None:
        super().__init__(message)
        self.key = key


def read_column(path: Path, column: str) -> list[float] | list[str]:
    """Return the values of a column, all numbers or all texts.

    Parameters
    ----------
    path : pathlib.Path
        A ``.csv`` file whose first row names its columns, or a ``.parquet`` file.
    column : str

    Raises
    ------
    TableError
        There is no such file or column, it holds neither numbers nor texts, or a value is
        missing or not finite.
    """
    values = _array(path, column)
    missing = [row for row, value in enumerate(values) if _is_missing(value)]
    if missing:
        raise TableError(
            f"{len(missing)} of {len(values)} values of {column!r} are missing or not finite, "
            f"the first in row {missing[0] + 1}; leave such rows out of the file",
            "column",
        )
    if not values:
        raise TableError(f"{column!r} of {path.name} has no values", "column")
    return values


def _is_missing(value: Any) -> bool:
    return value is None or value == "" or (isinstance(value, float) and not np.isfinite(value))


def _array(path: Path, column: str) -> list[Any]:
    import pyarrow as pa  # noqa: PLC0415 - a fifth of a second that most scenarios need not spend
    import pyarrow.csv as pc  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415

    if path.suffix not in SUFFIXES:
        raise TableError(f"{path.name!r} is no .csv and no .parquet file", "file")
    try:
        if not path.is_file():
            beside = [p.name for p in path.parent.glob("*") if p.suffix in SUFFIXES]
            raise TableError(f"there is no file {str(path)!r}{nearest(path.name, beside)}", "file")
        if path.stat().st_size > MAX_BYTES:
            raise TableError(f"{path.name!r} is larger than {MAX_BYTES:,} bytes", "file")
        if path.suffix == ".csv":
            with pc.open_csv(path) as reader:
                known = reader.schema.names
            _check_column(path, column, known)
            only = pc.ConvertOptions(include_columns=[column])
            array = pc.read_csv(path, convert_options=only)[column]
        else:
            known = pq.read_schema(path).names
            _check_column(path, column, known)
            array = pq.read_table(path, columns=[column])[column]
    except (OSError, ValueError, pa.ArrowException) as error:
        if isinstance(error, TableError):
            raise
        reason = " ".join(str(error).split())
        raise TableError(f"{path.name!r} can't be read: {reason}", "file") from error
    kind = array.type
    if pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind):
        return [None if value is None else float(value) for value in array.to_pylist()]
    if pa.types.is_string(kind) or pa.types.is_large_string(kind):
        return list(array.to_pylist())
    if pa.types.is_dictionary(kind) and pa.types.is_string(kind.value_type):
        return list(array.to_pylist())
    if pa.types.is_null(kind):
        return [None] * len(array)
    raise TableError(f"{column!r} of {path.name} holds {kind}, neither numbers nor texts", "column")


def _check_column(path: Path, column: str, known: list[str]) -> None:
    if known.count(column) != 1:
        many = "more than one column" if column in known else "no column"
        hint = "" if column in known else nearest(column, known[:200])
        raise TableError(f"{path.name} has {many} {column!r}{hint}", "column")
