"""Versions of a data set, each in a folder of its own that never changes; one is the latest."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
import pyarrow.parquet as pq
from pydantic import Field

from scenegen.dataset.canonical import readable_json
from scenegen.dataset.layout import read_content, read_model
from scenegen.dataset.parquet import read_table
from scenegen.dataset.storage import storage_errors, write_atomic
from scenegen.errors import DatasetError, InputError, nearest
from scenegen.records.base import Record

VERSION, LATEST = "version.json", "latest.json"
KEYS = "keys.parquet"
"""A row for each scene: its name, and the keys of its stages in the store."""
DATA, RENDERED, EXPORTS, GATES = "data", "rendered", "exports", "gates"
SHORT = 16


class GateResult(Record):
    """What a gate says of a version.

    Attributes
    ----------
    told : str
        For people, in one line.
    """

    name: str
    passed: bool
    told: str
    seconds: float = 0.0


class Version(Record):
    """What a version is made of.

    Attributes
    ----------
    id : str
        Begins the digest of everything in it, by which equal versions are one.
    state : str
        Published versions met all gates; a candidate didn't, and `gates` say why.
    before : str
        The version that was the latest when this one was made; empty for the first.
    digest : str
        As ``scenegen digest`` gives it of the data.
    heads : dict of str to str
        Digests of ``dataset.json`` by the data set's folder.
    grounds : dict
        What all scenes depend on: code of the stages, packages, assets, sensors.
    scenarios : dict of str to str
        Digests.
    objects : dict of str to int
        Labels by class.
    looked_at : tuple of str
        Keys of the runs that were simulated to find scenes.
    exports : dict of str to str
        Keys of the exports by format.
    gates_asked : str
        Digest of what the gates were asked.
    quarantined : dict of str to str
        Scenes that couldn't be made, and why.
    """

    id: str
    plan: str
    state: Literal["published", "candidate"]
    before: str = ""
    digest: str = ""
    heads: dict[str, str] = Field(default_factory=dict)
    grounds: dict[str, Any] = Field(default_factory=dict)
    scenarios: dict[str, str] = Field(default_factory=dict)
    objects: dict[str, int] = Field(default_factory=dict)
    looked_at: tuple[str, ...] = ()
    exports: dict[str, str] = Field(default_factory=dict)
    gates: tuple[GateResult, ...] = ()
    gates_asked: str = ""
    quarantined: dict[str, str] = Field(default_factory=dict)


def all_versions(out: Path) -> list[Version]:
    """Return every version of every plan below a folder."""
    return [read_model(path, Version) for path in sorted(out.glob(f"*/versions/*/{VERSION}"))]


class Shelf:
    """The versions of one plan.

    Parameters
    ----------
    root : Path
        Holds ``latest.json`` and ``versions/``.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def folder(self, version: str) -> Path:
        """Return where a version is, or would be."""
        return self.root / "versions" / version

    def latest(self) -> Version | None:
        """Return the version that is published; None before the first.

        Raises
        ------
        DatasetError
            What says which one it is is damaged, or names one that is gone.
        """
        path = self.root / LATEST
        if not path.is_file():
            return None
        try:
            name = str(json.loads(path.read_bytes())["version"])
        except (ValueError, KeyError, TypeError) as error:
            raise DatasetError(f"{path}: damaged; rollback=VERSION writes it anew") from error
        if name not in (known := self.names()):
            others = [each for each in known if self.read(each).state == "published"]
            mend = f"rollback={others[-1]}" if others else "remove it: no other is published"
            raise DatasetError(f"{path}: names version {name}, which isn't there; {mend}")
        return self.read(name)

    def read(self, version: str) -> Version:
        """Return what a version is made of.

        Raises
        ------
        InputError
            There is no such version.
        """
        known = self.names()
        if version not in known:
            raise InputError(f"{self.root}: has no version {version!r}{nearest(version, known)}")
        return read_model(self.folder(version) / VERSION, Version)

    def keys(self, version: str) -> pa.Table:
        """Return the keys of a version's scenes: ``scene``, and each stage up to ``refine``."""
        return read_content(self.folder(version) / KEYS, read_table)

    def write_keys(self, version: str, rows: Mapping[str, Sequence[str]]) -> None:
        """Say which stored stages a version's scenes are; by column, as `keys` returns them."""
        path, buffer = self.folder(version) / KEYS, BytesIO()
        pq.write_table(pa.table(dict(rows)), buffer)
        with storage_errors(path):
            write_atomic(path, buffer.getvalue())

    def find(self, version: str) -> Version | None:
        """Return a version, or None."""
        return self.read(version) if version in self.names() else None

    def names(self) -> list[str]:
        """Return the versions that are there, published and candidates."""
        return sorted(path.parent.name for path in self.root.glob(f"versions/*/{VERSION}"))

    def write(self, version: Version) -> None:
        """Say in a version's folder what it is."""
        path = self.folder(version.id) / VERSION
        with storage_errors(path):
            write_atomic(path, readable_json(version.model_dump(mode="json")))

    def point(self, version: str) -> None:
        """Make a version the latest, by one write.

        Raises
        ------
        InputError
            There is none, or it is a candidate.
        """
        if self.read(version).state != "published":
            raise InputError(f"version {version} is a candidate: it has not met its gates")
        with storage_errors(self.root):
            write_atomic(self.root / LATEST, readable_json({"version": version}))

    def history(self) -> list[str]:
        """Return the published versions that led to the latest, newest first."""
        found: list[str] = []
        at = self.latest()
        while at is not None and at.id not in found:
            found.append(at.id)
            at = self.find(at.before) if at.before else None
        return found

    def retire(self, keep: int) -> list[str]:
        """Remove candidates and all but some published versions; return what is gone.

        The latest and those that led to it last stay, `keep` of them in all.
        """
        held = self.history()[:keep]
        gone = [name for name in self.names() if name not in held]
        for name in gone:
            (self.folder(name) / VERSION).unlink()
        for folder in self.root.glob("versions/*"):
            if not (folder / VERSION).is_file():
                shutil.rmtree(folder)
        return gone
