"""A pack brought in: fetched, unpacked, converted, credited, put in its place."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from scenegen.assets.packs.attribution import attribution
from scenegen.assets.packs.convert import changes, convert, convert_walker
from scenegen.assets.packs.fetch import fetch
from scenegen.assets.packs.glb import write_glb
from scenegen.assets.packs.rows import Pack, Row, SkyRow, load_pack
from scenegen.assets.packs.skies import SKY_CHANGES, convert_sky
from scenegen.assets.packs.store import (
    MANIFEST,
    AssetFact,
    Detail,
    FileFact,
    PackManifest,
    SkyFact,
    publish,
    read_manifest,
    recipe,
    tidy,
)
from scenegen.assets.packs.unpack import files_of, unpack
from scenegen.errors import AssetError

ATTRIBUTION = "ATTRIBUTION.md"


@dataclass(frozen=True)
class ImportResult:
    """What an import did: where the pack lies, what it holds, and whether it was made anew."""

    folder: Path
    manifest: PackManifest
    made: bool


def import_pack(
    name: str,
    folder: Path,
    given: Mapping[str, str],
    *,
    detail: Detail = "fine",
    copyleft: bool = False,
    force: bool = False,
    say: Callable[[str], None] = print,
) -> ImportResult:
    """Bring a pack in, unless it is there already.

    Parameters
    ----------
    name : str
        One of `rows.pack_names`.
    folder : Path
        See `store.assets_folder`.
    given : mapping
        Files, folders or addresses by `Source.key`, in place of apt, pip and npm.
    detail : str
        The level of detail that the catalogue is to hand out; all are kept.
    copyleft : bool
        Whether sources whose terms pass on to what is made of them may be used.
    force : bool
        Import again what is there.
    say : callable
        Takes lines of progress.

    Raises
    ------
    AssetError
        A package can't be had, is damaged, or lacks a model, or one is given that the pack has no
        use for. Nothing has changed then.
    StorageError
        No room, or no right to write. Nothing has changed then.
    """
    pack = load_pack(name)
    keys = sorted({source.key for source in pack.sources.values()})
    for key in given:
        if key not in keys:
            own = ", ".join(f"{known}=" for known in keys)
            raise AssetError(f"pack {name!r} takes no {key}=; its packages are {own}")
    closed = sorted(k for k, source in pack.sources.items() if source.copyleft)
    if closed and not copyleft:
        raise AssetError(
            f"pack {name!r} is under copyleft terms, which pass on to meshes made of it; "
            f"if you accept that, run: scenegen assets import {name} --copyleft"
        )
    tidy(folder, name)
    there = None if force else read_manifest(folder, name)
    if there is not None and there.recipe == recipe(name) and not given:
        if there.detail == detail:
            return ImportResult(folder / name, there, False)
        return _at_detail(folder, name, there, detail)
    with tempfile.TemporaryDirectory(prefix="scenegen-import-") as temporary:
        files, manifest = _converted(pack, given, detail, Path(temporary), say)
    publish(folder, name, files)
    return ImportResult(folder / name, manifest, True)


def _at_detail(folder: Path, name: str, there: PackManifest, detail: Detail) -> ImportResult:
    """Hand out another level of detail of what is there already."""
    manifest = there.model_copy(update={"detail": detail})
    place = folder / name
    files = {path.name: path.read_bytes() for path in place.iterdir()}
    publish(folder, name, files | _texts(manifest))
    return ImportResult(place, manifest, True)


def _converted(
    pack: Pack,
    given: Mapping[str, str],
    detail: Detail,
    temporary: Path,
    say: Callable[[str], None],
) -> tuple[dict[str, bytes], PackManifest]:
    files: dict[str, bytes] = {}
    facts: dict[str, AssetFact] = {}
    skies: dict[str, SkyFact] = {}
    packages: dict[str, tuple[str, str]] = {}
    for key, source in pack.sources.items():
        rows = [row for row in pack.assets if row.source == key]
        pictures = [row for row in pack.skies if row.source == key]
        say(f"{source.package}: " + given.get(source.key, f"from {source.kind}"))
        work = temporary / key
        work.mkdir()
        package = fetch(source, given.get(source.key), work)
        packages[key] = (f"{source.package} ({package.name})", _sha256(package))
        found = unpack(source, package, [*rows, *pictures], work)
        for number, row in enumerate(rows, start=1):
            made, facts[row.id] = _asset(row, found)
            files |= made
            say(f"  {number:>3}/{len(rows)} {row.id}")
        for picture in pictures:
            data, skies[picture.id] = _sky(picture, found)
            files[skies[picture.id].file] = data
            say(f"  {picture.id}")
    manifest = PackManifest(
        pack=pack.name,
        recipe=recipe(pack.name),
        detail=detail,
        packages=packages,
        assets=facts,
        skies=skies,
    )
    return files | _texts(manifest), manifest


def _texts(manifest: PackManifest) -> dict[str, bytes]:
    return {
        MANIFEST: manifest.model_dump_json(indent=1).encode(),
        ATTRIBUTION: attribution(manifest).encode(),
    }


def _sky(row: SkyRow, found: dict[str, Path]) -> tuple[bytes, SkyFact]:
    data = convert_sky(row, found[row.model].read_bytes())
    digest = hashlib.sha256(data).hexdigest()
    name = f"{row.id.partition('.')[2]}.npy"
    return data, SkyFact(row=row, file=name, sha256=digest, changes=SKY_CHANGES)


def _asset(row: Row, found: dict[str, Path]) -> tuple[dict[str, bytes], AssetFact]:
    if row.kind == "walker":
        converted = convert_walker(row, found[row.archive])
    else:
        converted = convert(row, files_of(row, found))
    files: dict[str, bytes] = {}
    levels: dict[Detail, FileFact] = {}
    for level in get_args(Detail):
        model = converted.models[level]
        name, data = f"{row.id.partition('.')[2]}.{level}.glb", write_glb(model)
        files[name] = data
        levels[level] = FileFact(
            file=name,
            sha256=hashlib.sha256(data).hexdigest(),
            triangles=sum(len(piece.faces) for piece in model.pieces),
        )
    parts = tuple((part.name, part.origin_m) for part in converted.models["fine"].parts)
    fact = AssetFact(row=row, fact=converted.fact, parts=parts, files=levels, changes=changes(row))
    return files, fact


def _sha256(path: Path) -> str:
    """Return the hash of a package; of a folder, that of its files' names and lengths."""
    if path.is_dir():
        listing = sorted((p.name, p.stat().st_size) for p in path.rglob("*") if p.is_file())
        return hashlib.sha256(repr(listing).encode()).hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
