"""A folder on any file system of fsspec, over a network that may fail for a while."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar
from urllib.parse import urlsplit

from pydantic import TypeAdapter
from tenacity import Retrying, retry_if_exception, stop_after_attempt, wait_exponential

from scenegen.errors import InputError, StorageError, nearest
from scenegen.pipeline.nightly.redaction import without_secrets

TRIES = 6
FIRST_WAIT_S, LONGEST_WAIT_S = 0.5, 30.0
SCHEMES = ("s3", "file", "gs", "gcs", "az", "abfs", "abfss", "hdfs")
"""File systems that are asked; others of fsspec's wrap others, fetch code, or forget."""
OPTIONS = (
    *("endpoint_url", "config_kwargs", "use_listings_cache", "use_ssl", "anon", "profile"),
    *("s3_additional_kwargs", "default_block_size", "max_concurrency", "project"),
    *("account_name", "host", "port"),
)
"""None of them is a credential, or names code."""
MOST_JSON = 256_000_000
"""Bytes of a JSON file that is read from there: some million scenes."""

_TEXTS = TypeAdapter(dict[str, str])
Result = TypeVar("Result")
log = logging.getLogger(__name__)


class Place:
    """A folder that is read and written, with tries and waits where the network fails.

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
        _check(url, parts.scheme, options or {})
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

    def _at(self, name: str) -> str:
        return f"{self._root}/{name}"

    def names(self, folder: str) -> set[str]:
        """Return the names in a folder; none if it isn't there."""

        def listed() -> set[str]:
            self._fs.invalidate_cache()
            try:
                found = self._fs.ls(self._at(folder), detail=False)
            except FileNotFoundError:
                return set()
            return {str(path).rstrip("/").rsplit("/", 1)[-1] for path in found} - {""}

        return self._do("list", listed)

    def read(self, name: str) -> bytes:
        """Return a file's content.

        Raises
        ------
        StorageError
            It isn't there, or can't be read after several tries.
        """
        return bytes(self._do("read", lambda: self._fs.cat_file(self._at(name))))

    def read_within(self, name: str, most_bytes: int) -> bytes:
        """Return a file's content; StorageError if it is larger than may be."""
        size = self._do("read", lambda: self._fs.size(self._at(name)))
        if size is None or size > most_bytes:
            raise StorageError(f"{self.url}: {name} has more than {most_bytes:,} bytes")
        return self.read(name)

    def read_json(self, name: str) -> dict[str, str]:
        """Return an object of texts; StorageError if it isn't one."""
        try:
            return _TEXTS.validate_json(self.read_within(name, MOST_JSON))
        except ValueError as error:
            raise StorageError(f"{self.url}: {name} is damaged") from error

    def write(self, name: str, data: bytes) -> None:
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

    def exists(self, name: str) -> bool:
        """Whether there is such a file."""
        return self._do("read", lambda: bool(self._fs.exists(self._at(name))))

    def find(self, pattern: str) -> list[str]:
        """Return the files whose names match a pattern."""
        found = self._do("list", lambda: self._fs.glob(self._at(pattern)))
        return [str(path).removeprefix(self._root).lstrip("/") for path in found]

    def remove(self, name: str) -> None:
        """Remove a file, or a folder with all in it."""
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
            told = without_secrets(str(error)) or type(error).__name__
            raise StorageError(f"{self.url}: can't {what} ({told})") from error
        raise AssertionError("unreachable")


def _check(url: str, scheme: str, options: dict[str, Any]) -> None:
    """Refuse what a plan of somebody else could do harm with, or give secrets away by."""
    if "::" in url or scheme not in SCHEMES:
        told = f"destination={without_secrets(url)}: begins with none of"
        raise InputError(f"{told} {', '.join(f'{name}://' for name in SCHEMES)}")
    for name in options:
        if name not in OPTIONS:
            more = nearest(name, OPTIONS)
            raise InputError(
                f"destination_options: {name!r} isn't taken{more}; credentials come from the "
                f"environment, and the rest is {', '.join(OPTIONS)}"
            )


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
