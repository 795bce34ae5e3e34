"""Where versions are published to: any file system of fsspec, such as an S3 bucket.

::

    URL/scenes/<sha256>.tar                 scenes by the digest of their archive
    URL/<plan>/versions/<id>/version.json   what a version is made of; never changes
    URL/<plan>/versions/<id>/<file>         dataset.json, index.parquet, changes.html, exports, …
    URL/<plan>/latest.json                  the one that counts: one write makes it visible
"""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pydantic import TypeAdapter
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential

from scenegen.dataset.canonical import readable_json
from scenegen.dataset.layout import DATASET, INDEX, MANIFEST, SCENES, scene_folders
from scenegen.dataset.schema import DatasetInfo
from scenegen.dataset.storage import storage_errors, write_atomic
from scenegen.errors import InputError, StorageError
from scenegen.pipeline.nightly.packs import pack, unpack
from scenegen.pipeline.nightly.version import DATA, LATEST, RENDERED, Version

TRIES = 6
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0
PACKS = "packs.json"
"""Digest of the archive of each scene of a version."""

_TEXTS = TypeAdapter(dict[str, str])
Result = TypeVar("Result")
log = logging.getLogger(__name__)


class Destination:
    """A place that versions are published to.

    Parameters
    ----------
    url : str
        As fsspec takes it: ``s3://bucket/folder``, ``file:///folder``. Credentials come from
        the environment or the provider's own files, never from the URL.
    options : dict, optional
        For the file system: ``{"endpoint_url": …}``.

    Raises
    ------
    InputError
        The URL holds credentials, or nobody knows its scheme.
    """

    def __init__(self, url: str, options: dict[str, Any] | None = None) -> None:
        parts = urlsplit(url)
        if parts.username or parts.password:
            raise InputError(
                f"destination: {parts.scheme}://…@{parts.hostname}: holds credentials; leave them "
                "to the environment (AWS_ACCESS_KEY_ID, …)"
            )
        try:
            from fsspec.core import url_to_fs  # noqa: PLC0415 - an extra

            self._fs, self._root = url_to_fs(url, **(options or {}))
        except ImportError as error:
            raise InputError(
                f"destination={url}: needs a package that isn't installed ({error}); "
                "pip install 'scenegen[storage]'"
            ) from None
        except ValueError as error:
            raise InputError(f"destination={url}: {error}") from error
        self._root = self._root.rstrip("/")
        self.url = url

    def publish(self, plan: str, version: Version, folder: Path) -> int:
        """Upload what isn't there and let the version be the latest; return the bytes sent.

        Parameters
        ----------
        folder : Path
            Of the version on this machine.

        Raises
        ------
        StorageError
            The place can't be reached or written, after several tries. What was the latest
            stays it.
        """
        sent = 0
        packs = self._packs(plan, version.id)
        known = self._names(SCENES)
        for scene in sorted(path.name for path in (folder / DATA / SCENES).iterdir()):
            digest = packs.get(scene, "")
            if f"{digest}.tar" in known:
                continue
            data = pack(folder / DATA / SCENES / scene)
            digest = hashlib.sha256(data).hexdigest()
            packs[scene] = digest
            if f"{digest}.tar" not in known:
                self._write(f"{SCENES}/{digest}.tar", data)
                sent += len(data)
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_file() and not name.startswith((f"{DATA}/{SCENES}/", f"{RENDERED}/")):
                data = path.read_bytes()
                self._write(f"{plan}/versions/{version.id}/{name}", data)
                sent += len(data)
        self._write(f"{plan}/versions/{version.id}/{PACKS}", readable_json(packs))
        self.point(plan, version.id)
        return sent

    def point(self, plan: str, version: str) -> None:
        """Make a version the latest, by one write."""
        self._write(f"{plan}/{LATEST}", readable_json({"version": version}))

    def latest(self, plan: str) -> str | None:
        """Return which version is the latest; None before the first."""
        if not self._do("read", lambda: self._fs.exists(self._at(f"{plan}/{LATEST}"))):
            return None
        return str(self._read_json(f"{plan}/{LATEST}").get("version", ""))

    def fetch(self, plan: str, version: str, out: Path) -> None:
        """Bring a version's data to this machine; scenes that are the same there stay.

        Every archive is held against its digest, and none writes outside of its scene.

        Raises
        ------
        StorageError
            Something can't be read, or isn't what it was when it was published.
        """
        home = f"{plan}/versions/{version}"
        packs = self._read_json(f"{home}/{PACKS}")
        described = self._read(f"{home}/{DATA}/{DATASET}")
        try:
            manifests = DatasetInfo.model_validate_json(described).manifests
        except ValueError as error:
            raise StorageError(f"{self.url}: {home}/{DATA}/{DATASET} is damaged") from error
        out.mkdir(parents=True, exist_ok=True)
        for scene, digest in packs.items():
            target = out / SCENES / scene
            if target.parent != out / SCENES or scene.startswith("."):
                raise StorageError(f"{self.url}: {scene!r} is no name of a scene")
            if _is_same(target, manifests.get(scene, "")):
                continue
            data = self._read(f"{SCENES}/{digest}.tar")
            if hashlib.sha256(data).hexdigest() != digest:
                raise StorageError(f"{self.url}: {digest}.tar is damaged (hash differs)")
            aside = target.with_name(f".tmp-{scene}")
            shutil.rmtree(aside, ignore_errors=True)
            unpack(data, aside)
            shutil.rmtree(target, ignore_errors=True)
            aside.rename(target)
        if (out / DATASET).is_file():  # an earlier version of it is brought up to date
            for folder in scene_folders(out):
                if folder.name not in packs:
                    shutil.rmtree(folder)
        with storage_errors(out):
            write_atomic(out / INDEX, self._read(f"{home}/{DATA}/{INDEX}"))
            write_atomic(out / DATASET, described)

    def retire(self, plan: str, keep: list[str]) -> int:
        """Remove versions that aren't kept, and archives that no version of any plan holds.

        The latest always stays. Returns how many files are gone.
        """
        kept = {*keep, self.latest(plan)}
        for name in self._names(f"{plan}/versions"):
            if name not in kept:
                self._remove(f"{plan}/versions/{name}")
        held: set[str] = set()
        for path in self._do("list", lambda: self._fs.glob(self._at(f"*/versions/*/{PACKS}"))):
            packs = self._read_json(str(path).removeprefix(self._root).lstrip("/"))
            held |= {f"{digest}.tar" for digest in packs.values()}
        gone = self._names(SCENES) - held
        for name in gone:
            self._remove(f"{SCENES}/{name}")
        return len(gone)

    def _packs(self, plan: str, version: str) -> dict[str, str]:
        """Return what an upload that was cut off has got to."""
        path = f"{plan}/versions/{version}/{PACKS}"
        if not self._do("read", lambda: self._fs.exists(self._at(path))):
            return {}
        return self._read_json(path)

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}"

    def _names(self, folder: str) -> set[str]:
        """Return the names in a folder; none if it isn't there."""

        def listed() -> set[str]:
            self._fs.invalidate_cache()
            try:
                found = self._fs.ls(self._at(folder), detail=False)
            except FileNotFoundError:
                return set()
            return {str(path).rstrip("/").rsplit("/", 1)[-1] for path in found} - {""}

        return self._do("list", listed)

    def _read(self, name: str) -> bytes:
        return bytes(self._do("read", lambda: self._fs.cat_file(self._at(name))))

    def _read_json(self, name: str) -> dict[str, str]:
        """Return an object of texts; StorageError if it isn't one."""
        try:
            return _TEXTS.validate_json(self._read(name))
        except ValueError as error:
            raise StorageError(f"{self.url}: {name} is damaged") from error

    def _write(self, name: str, data: bytes) -> None:
        """Write a file so that it is there whole or not, and look that it is."""
        path = self._at(name)

        def written() -> None:
            with self._fs.transaction:
                self._fs.makedirs(path.rsplit("/", 1)[0], exist_ok=True)
                with self._fs.open(path, "wb") as file:
                    file.write(data)
            self._fs.invalidate_cache()
            size = self._fs.size(path)
            if size != len(data):
                raise OSError(f"{path}: has {size} bytes, not {len(data)}")

        self._do("write", written)

    def _remove(self, name: str) -> None:
        self._do("remove", lambda: self._fs.rm(self._at(name), recursive=True))

    def _do(self, what: str, work: Callable[[], Result]) -> Result:
        """Do something over the network, again and again with longer and longer waits."""
        try:
            for attempt in Retrying(
                retry=retry_if_exception(_may_pass),
                wait=wait_exponential(FIRST_WAIT_S, LONGEST_WAIT_S),
                stop=stop_after_attempt(TRIES),
                before_sleep=lambda state: log.warning("%s: trying again", self.url),
                reraise=True,
            ):
                with attempt:
                    return work()
        except _network_errors() as error:
            told = str(error) or type(error).__name__
            raise StorageError(f"{self.url}: can't {what} ({told})") from error
        raise AssertionError("unreachable")


def _is_same(scene: Path, manifest: str) -> bool:
    """Whether a scene's ``files.json`` has a digest."""
    path = scene / MANIFEST
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == manifest


def _may_pass(error: BaseException) -> bool:
    """Whether an error is one of the network or the server, which another try may not meet."""
    lasting = (FileNotFoundError, PermissionError, FileExistsError)
    return isinstance(error, _network_errors()) and not isinstance(error, lasting)


@lru_cache
def _network_errors() -> tuple[type[Exception], ...]:
    """Return what file systems raise when the network or the server doesn't do as asked."""
    try:
        from botocore.exceptions import BotoCoreError, ClientError  # noqa: PLC0415 - an extra
    except ImportError:
        return (OSError,)
    return (OSError, BotoCoreError, ClientError)
