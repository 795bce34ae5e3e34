"""Pictures of an evaluation as data URIs, so that its page needs no other file."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path

from scenegen.errors import DatasetError
from scenegen.evaluate.images import read_rgb
from scenegen.evaluate.thumbnails import fitted
from scenegen.report.pictures import data_uri

BUDGET = 5_000_000
"""Bytes that all pictures of a page may take, as base64."""
_WIDTHS = (320, 240, 160, 96)
_SIGNS = {b"\xff\xd8\xff": "jpeg", b"\x89PNG": "png"}


def embed(folder: Path, paths: Iterable[str], budget: int = BUDGET) -> dict[str, str]:
    """Return the data URI of each picture by its path.

    Files go in as they are; if they are too large together, all are made narrower by the
    same measure until they fit, and at the narrowest they stay as large as they are.

    Parameters
    ----------
    folder : Path
        The evaluation's own; nothing outside is read.
    paths : iterable of str
        Relative to it.

    Raises
    ------
    DatasetError
        A picture is missing, is none, or lies outside the folder.
    """
    files = {path: _inside(folder, path) for path in dict.fromkeys(paths)}
    uris = {path: _as_it_is(file) for path, file in files.items()}
    for width in _WIDTHS:
        if sum(map(len, uris.values())) <= budget:
            break
        uris = {path: data_uri(fitted(read_rgb(file), width)) for path, file in files.items()}
    return uris


def _inside(folder: Path, path: str) -> Path:
    file = (folder / path).resolve()
    if not file.is_relative_to(folder.resolve()):
        raise DatasetError(f"{folder}: picture {path!r} lies outside the evaluation's folder")
    return file


def _as_it_is(file: Path) -> str:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise DatasetError(f"{file}: can't be read ({error.strerror})") from error
    for sign, kind in _SIGNS.items():
        if data.startswith(sign):
            return f"data:image/{kind};base64," + base64.b64encode(data).decode()
    raise DatasetError(f"{file}: is no JPEG and no PNG picture")
