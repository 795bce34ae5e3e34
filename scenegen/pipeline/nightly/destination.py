"""Where versions are published to: any file system of fsspec, such as an S3 bucket.

::

    URL/scenes/<sha256>.tar                 scenes by the digest of their archive
    URL/<plan>/versions/<id>/version.json   what a version is made of; never changes
    URL/<plan>/versions/<id>/<file>         dataset.json, index.parquet, changes.html, exports, …
    URL/<plan>/latest.json                  the one that counts: one write makes it visible
"""

from __future__ import annotations

import hashlib
import re
import shutil
from pathlib import Path
from typing import Any

from scenegen.dataset.canonical import readable_json
from scenegen.dataset.layout import DATASET, INDEX, MANIFEST, SCENES, scene_folders
from scenegen.dataset.schema import DatasetInfo
from scenegen.dataset.storage import storage_errors, write_atomic
from scenegen.errors import DatasetError, StorageError
from scenegen.pipeline.nightly.packs import MOST_BYTES, pack, unpack
from scenegen.pipeline.nightly.place import MOST_JSON, Place
from scenegen.pipeline.nightly.soundness import scene_damage, sound_manifests
from scenegen.pipeline.nightly.version import DATA, LATEST, RENDERED, SHORT, Version

PACKS = "packs.json"
"""Digest of the archive of each scene of a version."""
_SCENE = re.compile(r"[A-Za-z][A-Za-z0-9_]*-\d{6,}")
_DIGEST = re.compile(r"[0-9a-f]{64}")
_ARCHIVE = re.compile(r"[0-9a-f]{64}\.tar")
_VERSION = re.compile(rf"[0-9a-f]{{{SHORT}}}")
"""What names from a place that others write to have to look like."""


class Destination:
    """A place that versions are published to.

    Parameters
    ----------
    url, options
        As `Place` takes them.

    Raises
    ------
    InputError
        The URL holds credentials, or nobody knows its scheme.
    """

    def __init__(self, url: str, options: dict[str, Any] | None = None) -> None:
        self._place = Place(url, options)
        self.url = url

    def publish(self, plan: str, version: Version, folder: Path) -> int:
        """Upload what isn't there and let the version be the latest; return the bytes sent.

        Parameters
        ----------
        folder : Path
            Of the version on this machine.

        Raises
        ------
        DatasetError
            What would be sent isn't what was written.
        StorageError
            The place can't be reached or written, after several tries. What was the latest
            stays it.
        """
        sent, source = 0, folder / DATA
        manifests = sound_manifests(folder, version)[str(source)]
        packs = self._packs(plan, version.id)
        known = self._place.names(SCENES)
        for scene in sorted(manifests):
            digest = packs.get(scene, "")
            if f"{digest}.tar" in known:
                continue
            if problem := scene_damage(source, scene, manifests[scene]):
                raise DatasetError(f"{source}: {scene}: {problem}")
            data = pack(source / SCENES / scene)
            digest = hashlib.sha256(data).hexdigest()
            packs[scene] = digest
            if f"{digest}.tar" not in known:
                self._place.write(f"{SCENES}/{digest}.tar", data)
                sent += len(data)
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and not name.startswith((f"{DATA}/{SCENES}/", f"{RENDERED}/")):
                data = path.read_bytes()
                self._place.write(f"{plan}/versions/{version.id}/{name}", data)
                sent += len(data)
        self._place.write(f"{plan}/versions/{version.id}/{PACKS}", readable_json(packs))
        self.point(plan, version.id)
        return sent

    def point(self, plan: str, version: str) -> None:
        """Make a version the latest, by one write."""
        self._place.write(f"{plan}/{LATEST}", readable_json({"version": version}))

    def latest(self, plan: str) -> str | None:
        """Return which version is the latest; None before the first."""
        if not self._place.exists(f"{plan}/{LATEST}"):
            return None
        version = self._place.read_json(f"{plan}/{LATEST}").get("version", "")
        if not _VERSION.fullmatch(version):
            raise StorageError(f"{self.url}: {plan}/{LATEST} is damaged")
        return version

    def fetch(self, plan: str, version: str, out: Path) -> None:
        """Bring a version's data to this machine; scenes that are the same there stay.

        Every archive is held against its digest, and none writes outside of its scene.

        Raises
        ------
        StorageError
            Something can't be read, or isn't what it was when it was published.
        """
        home = f"{plan}/versions/{version}"
        packs = self._place.read_json(f"{home}/{PACKS}")
        described = self._place.read_within(f"{home}/{DATA}/{DATASET}", MOST_JSON)
        try:
            manifests = DatasetInfo.model_validate_json(described).manifests
        except ValueError as error:
            raise StorageError(f"{self.url}: {home}/{DATA}/{DATASET} is damaged") from error
        out.mkdir(parents=True, exist_ok=True)
        for scene, digest in packs.items():
            if not _SCENE.fullmatch(scene) or scene not in manifests:
                raise StorageError(f"{self.url}: {scene!r} is no name of a scene")
            if not _DIGEST.fullmatch(digest):
                raise StorageError(f"{self.url}: {digest[:80]!r} is no digest")
            target = out / SCENES / scene
            if _is_same(target, manifests.get(scene, "")):
                continue
            data = self._place.read_within(f"{SCENES}/{digest}.tar", MOST_BYTES)
            if hashlib.sha256(data).hexdigest() != digest:
                raise StorageError(f"{self.url}: {digest}.tar is damaged (hash differs)")
            aside = target.with_name(f".tmp-{scene}")
            shutil.rmtree(aside, ignore_errors=True)
            unpack(data, aside)
            if not _is_same(aside, manifests[scene]):
                shutil.rmtree(aside)
                raise StorageError(f"{self.url}: {digest}.tar is damaged (not {scene})")
            shutil.rmtree(target, ignore_errors=True)
            aside.rename(target)
        if (out / DATASET).is_file():  # an earlier version of it is brought up to date
            for folder in scene_folders(out):
                if folder.name not in packs:
                    shutil.rmtree(folder)
        with storage_errors(out):
            write_atomic(out / INDEX, self._place.read(f"{home}/{DATA}/{INDEX}"))
            write_atomic(out / DATASET, described)

    def retire(self, plan: str, keep: list[str]) -> int:
        """Remove versions that aren't kept, and archives that no version of any plan holds.

        The latest always stays. Returns how many files are gone.
        """
        kept = {*keep, self.latest(plan)}
        for name in self._place.names(f"{plan}/versions"):
            if name not in kept:
                self._place.remove(f"{plan}/versions/{name}")
        held: set[str] = set()
        for path in self._place.find(f"*/versions/*/{PACKS}"):
            packs = self._place.read_json(path)
            held |= {f"{digest}.tar" for digest in packs.values()}
        ours = {name for name in self._place.names(SCENES) if _ARCHIVE.fullmatch(name)}
        gone = ours - held
        for name in gone:
            self._place.remove(f"{SCENES}/{name}")
        return len(gone)

    def _packs(self, plan: str, version: str) -> dict[str, str]:
        """Return what an upload that was cut off has got to."""
        path = f"{plan}/versions/{version}/{PACKS}"
        if not self._place.exists(path):
            return {}
        return self._place.read_json(path)


def _is_same(scene: Path, manifest: str) -> bool:
    """Whether a scene's ``files.json`` has a digest."""
    path = scene / MANIFEST
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == manifest
