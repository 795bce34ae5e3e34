"""Imported assets by their ids, as the catalogue hands them out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from scenegen.assets.packs.assemble import bare_asset, coated
from scenegen.assets.packs.model import ModelPart
from scenegen.assets.packs.rows import Row, allowed, load_pack, pack_names
from scenegen.assets.packs.store import AssetFact, Detail, assets_folder, read_manifest
from scenegen.errors import AssetError
from scenegen.records.mesh import Asset


@dataclass(frozen=True)
class Credit:
    """What an attribution has to say of an imported asset.

    Attributes
    ----------
    sha256 : str
        Of the file that the asset is made from.
    """

    id: str
    what: str
    licence: str
    creator: str
    url: str
    package: str
    changes: str
    sha256: str


def imported_rows(assets_dir: str | None = None) -> tuple[Row, ...]:
    """Return the rows of all assets that were brought in on this machine."""
    folder = assets_folder(assets_dir)
    manifests = [read_manifest(folder, pack) for pack in pack_names()]
    return tuple(fact.row for m in manifests if m is not None for fact in m.assets.values())


def missing(asset_id: str) -> str | None:
    """Return what to run when an asset is of a pack that isn't on this machine; else None."""
    pack, row = allowed().get(asset_id, (None, None))
    if pack is None or row is None:
        return None
    manifest = read_manifest(assets_folder(), pack)
    if manifest is not None and asset_id in manifest.assets:
        return None
    flag = " --copyleft" if load_pack(pack).sources[row.source].copyleft else ""
    state = "isn't on this machine" if manifest is None else "was imported without it"
    return (
        f"{asset_id!r} is of the pack {pack!r}, which {state}; "
        f"run: scenegen assets import {pack}{flag}"
    )


def credit(asset_id: str) -> Credit | None:
    """Return the attribution of an imported asset; None for the catalogue's own."""
    if asset_id not in allowed():
        return None
    _, fact, package, detail = _fact(asset_id)
    row = fact.row
    return Credit(
        row.id,
        row.what,
        row.licence,
        row.creator,
        row.url,
        package,
        fact.changes,
        fact.files[detail].sha256,
    )


def get_imported(asset_id: str, variant: int) -> Asset:
    """Return an imported asset.

    Raises
    ------
    AssetError
        Its pack isn't on this machine, or its file is damaged.
    """
    folder, fact, _, detail = _fact(asset_id)
    return _finished(folder, asset_id, fact.files[detail].sha256, variant)


@lru_cache(maxsize=128)
def _finished(folder: Path, asset_id: str, sha256: str, variant: int) -> Asset:
    """Return an asset; the hash is there to make it anew after another import."""
    return coated(_bare(folder, asset_id, sha256), _fact(asset_id)[1].row, variant)


@lru_cache(maxsize=64)
def _bare(folder: Path, asset_id: str, sha256: str) -> Asset:
    _, fact, _, detail = _fact(asset_id)
    path = folder / fact.files[detail].file
    try:
        data = path.read_bytes()
    except OSError as error:
        raise AssetError(f"{path}: {error.strerror}; {_again(folder)}") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise AssetError(f"{path}: damaged or edited; {_again(folder)}")
    from scenegen.assets.packs.glb import read_glb  # noqa: PLC0415 - trimesh takes its time

    parts = tuple(ModelPart(name, origin) for name, origin in fact.parts)
    return bare_asset(fact.row, fact.fact, read_glb(data, parts))


def _again(folder: Path) -> str:
    return f"run: scenegen assets import {folder.name} force=true"


def _fact(asset_id: str) -> tuple[Path, AssetFact, str, Detail]:
    text = missing(asset_id)
    if text is not None:
        raise AssetError(text)
    pack, _ = allowed()[asset_id]
    folder = assets_folder()
    manifest = read_manifest(folder, pack)
    assert manifest is not None
    fact = manifest.assets[asset_id]
    package = manifest.packages[fact.row.source][0]
    return folder / pack, fact, package, manifest.detail
