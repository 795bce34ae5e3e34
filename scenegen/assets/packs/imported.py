"""Imported assets by their ids, as the catalogue hands them out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from scenegen.assets.packs.assemble import bare_asset, coated
from scenegen.assets.packs.model import ModelPart
from scenegen.assets.packs.rows import (
    Listed,
    Row,
    SkyRow,
    allowed,
    allowed_skies,
    load_pack,
    pack_names,
)
from scenegen.assets.packs.skies import F32, read_sky
from scenegen.assets.packs.store import (
    PackManifest,
    SkyFact,
    assets_folder,
    read_manifest,
)
from scenegen.errors import AssetError, nearest
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


def imported_rows(assets_dir: str | None = None) -> tuple[Listed, ...]:
    """Return the rows of everything that was brought in on this machine."""
    folder = assets_folder(assets_dir)
    manifests = [read_manifest(folder, pack) for pack in pack_names()]
    return tuple(fact.row for m in manifests if m is not None for fact in m.facts.values())


def missing(asset_id: str) -> str | None:
    """Return what to run when an asset is of a pack that isn't on this machine; else None."""
    pack, row = _listed().get(asset_id, (None, None))
    if pack is None or row is None:
        return None
    manifest = read_manifest(assets_folder(), pack)
    if manifest is not None and asset_id in manifest.facts:
        return None
    flag = " --copyleft" if load_pack(pack).sources[row.source].copyleft else ""
    state = "isn't on this machine" if manifest is None else "was imported without it"
    return (
        f"{asset_id!r} is of the pack {pack!r}, which {state}; "
        f"run: scenegen assets import {pack}{flag}"
    )


def credit(asset_id: str) -> Credit | None:
    """Return the attribution of what was imported on this machine; None for all else."""
    # The manifests tell it at once; reading the allow-lists takes more than a second.
    if asset_id not in {row.id for row in imported_rows()}:
        return None
    _, manifest = _pack_of(asset_id)
    fact = manifest.facts[asset_id]
    if isinstance(fact, SkyFact):
        digest = fact.sha256
    else:
        digest = manifest.assets[asset_id].files[manifest.detail].sha256
    row = fact.row
    return Credit(
        row.id,
        row.what,
        row.licence,
        row.creator,
        row.url,
        manifest.packages[row.source][0],
        fact.changes,
        digest,
    )


def sky_picture(asset_id: str) -> F32:
    """Return an imported panorama (H, W, 3) of linear RGB radiance, as `skies.convert_sky` says.

    Raises
    ------
    AssetError
        It is no panorama, its pack isn't on this machine, or its file is damaged.
    """
    if asset_id not in allowed_skies():
        raise AssetError(f"no sky is called {asset_id!r}{nearest(asset_id, allowed_skies())}")
    folder, manifest = _pack_of(asset_id)
    fact = manifest.skies[asset_id]
    return read_sky(_checked(folder, fact.file, fact.sha256))


def get_imported(asset_id: str, variant: int) -> Asset:
    """Return an imported asset.

    Raises
    ------
    AssetError
        Its pack isn't on this machine, or its file is damaged.
    """
    folder, manifest = _pack_of(asset_id)
    digest = manifest.assets[asset_id].files[manifest.detail].sha256
    return _finished(folder, asset_id, digest, variant)


@lru_cache(maxsize=128)
def _finished(folder: Path, asset_id: str, sha256: str, variant: int) -> Asset:
    """Return an asset; the hash is there to make it anew after another import."""
    row = _pack_of(asset_id)[1].assets[asset_id].row
    return coated(_bare(folder, asset_id, sha256), row, variant)


@lru_cache(maxsize=64)
def _bare(folder: Path, asset_id: str, sha256: str) -> Asset:
    _, manifest = _pack_of(asset_id)
    fact = manifest.assets[asset_id]
    data = _checked(folder, fact.files[manifest.detail].file, sha256)
    from scenegen.assets.packs.glb import read_glb  # noqa: PLC0415 - trimesh takes its time

    parts = tuple(ModelPart(name, origin) for name, origin in fact.parts)
    return bare_asset(fact.row, fact.fact, read_glb(data, parts))


def _checked(folder: Path, file: str, sha256: str) -> bytes:
    """Return the bytes of a pack's file, which must be as it was imported."""
    path = folder / file
    again = f"run: scenegen assets import {folder.name} force=true"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise AssetError(f"{path}: {error.strerror}; {again}") from error
    if hashlib.sha256(data).hexdigest() != sha256:
        raise AssetError(f"{path}: damaged or edited; {again}")
    return data


def _listed() -> dict[str, tuple[str, Row] | tuple[str, SkyRow]]:
    """Return pack and row of everything that some pack can bring in, by id."""
    return {**allowed(), **allowed_skies()}


def _pack_of(asset_id: str) -> tuple[Path, PackManifest]:
    """Return the folder and the manifest of the pack that something was imported with."""
    text = missing(asset_id)
    if text is not None:
        raise AssetError(text)
    pack = _listed()[asset_id][0]
    folder = assets_folder()
    manifest = read_manifest(folder, pack)
    assert manifest is not None
    return folder / pack, manifest
