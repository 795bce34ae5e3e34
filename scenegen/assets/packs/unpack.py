"""What rows need of a package."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scenegen.assets.packs.archives import from_deb, from_tgz, read_zip, wanted_name
from scenegen.assets.packs.rows import Listed, Row, Source
from scenegen.errors import AssetError


def unpack(source: Source, package: Path, rows: Sequence[Listed], work: Path) -> dict[str, Path]:
    """Return the files that rows name, by those names.

    Parameters
    ----------
    source : Source
    package : Path
        A package, or a folder with what it holds. A wheel is read as it is: its name is "".
    rows : sequence of Listed
    work : Path
        Where files go.

    Raises
    ------
    AssetError
        A file is missing, or the package is damaged.
    """
    if source.kind == "wheel":
        return {"": package}
    wanted = sorted({name for row in rows for name in _needed(row)})
    if package.is_dir():
        return _from_folder(package, wanted)
    reader = from_tgz if source.kind == "npm" else from_deb
    return reader(package, wanted, work)


def files_of(row: Row, found: dict[str, Path]) -> dict[str, bytes]:
    """Return a model's files by name: those of its folder in an archive, or those it names."""
    if row.archive:
        return read_zip(found[row.archive], row.model.rpartition("/")[0] + "/")
    return {name: found[name].read_bytes() for name in _needed(row)}


def _needed(row: Listed) -> tuple[str, ...]:
    if row.archive:
        return (row.archive,)
    return (row.model, *(row.pictures if isinstance(row, Row) else ()))


def _from_folder(folder: Path, wanted: list[str]) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in sorted(folder.rglob("*")):
        name = wanted_name(path.relative_to(folder).as_posix(), wanted)
        if name is not None and path.is_file():
            found.setdefault(name, path)
    missing = [name for name in wanted if name not in found]
    if missing:
        raise AssetError(f"{folder}: holds no {', '.join(missing)}")
    return found
