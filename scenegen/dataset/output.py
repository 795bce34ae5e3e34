"""The folder a run writes to: opened, locked, cleaned, and finished with an index."""

from __future__ import annotations

import hashlib
import os
import shutil
from pathlib import Path
from types import TracebackType

from scenegen.dataset.aside import TEMPORARY
from scenegen.dataset.canonical import readable_json
from scenegen.dataset.index import IndexBuilder
from scenegen.dataset.layout import (
    DATASET,
    INDEX,
    MANIFEST,
    SCENES,
    SEARCHED,
    read_info,
    read_manifest,
    scene_folders,
)
from scenegen.dataset.schema import DatasetInfo
from scenegen.dataset.searched import SearchedDraw, searched_bytes, summary
from scenegen.dataset.storage import FolderLock, make_folder, storage_errors, write_atomic
from scenegen.dataset.summary import Summary
from scenegen.errors import DatasetError, OutputError

_OURS = {
    *(DATASET, INDEX, SEARCHED, SCENES, FolderLock.NAME),
    *("report.html", "verify.json", "c2pa"),
}


class Output:
    """A data set that is being written, held by this process; see `open_output`."""

    def __init__(self, path: Path, info: DatasetInfo, lock: FolderLock) -> None:
        self.path = path
        self.info = info
        self._lock = lock

    def __enter__(self) -> Output:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def done(self) -> set[str]:
        """Return the ids of the scenes that are there, each of them whole."""
        return {folder.name for folder in scene_folders(self.path)}

    def note_searched(self, draws: list[SearchedDraw]) -> None:
        """Write ``searched.parquet``, and what it comes to for each scenario that has a search."""
        table = searched_bytes(draws)
        with storage_errors(self.path):
            write_atomic(self.path / SEARCHED, table)
        scenarios = tuple(
            entry
            if entry.search is None
            else entry.model_copy(
                update={
                    "search": summary(
                        entry.search.keep_if, [d for d in draws if d.scenario == entry.name]
                    )
                }
            )
            for entry in self.info.scenarios
        )
        sha256 = hashlib.sha256(table).hexdigest()
        self.info = self.info.model_copy(update={"scenarios": scenarios, "searched_sha256": sha256})

    def finish(self, complete: bool = True) -> DatasetInfo:
        """Write ``index.parquet`` and ``dataset.json`` from the scenes' own manifests.

        Parameters
        ----------
        complete : bool
            False after an interrupt: what is there is whole, but more was asked for.
        """
        rows, summary = IndexBuilder(), Summary()
        for folder in scene_folders(self.path):
            manifest = read_manifest(folder)
            rows.add(manifest)
            summary.add(manifest, hashlib.sha256((folder / MANIFEST).read_bytes()).hexdigest())
        with storage_errors(self.path):
            index = rows.content()
            write_atomic(self.path / INDEX, index)
            found = {
                **summary.found(self.info.licences),
                "index_sha256": hashlib.sha256(index).hexdigest(),
                "complete": complete,
            }
            self.info = self.info.model_copy(update=found)
            write_info(self.path, self.info)
        return self.info

    def close(self) -> None:
        """Let go of the folder."""
        self._lock.release()


def open_output(out: str | os.PathLike[str], info: DatasetInfo, *, resume: bool = False) -> Output:
    """Take a folder for writing a data set and lock it.

    A new or empty folder gets a ``dataset.json`` at once. With `resume` the folder may
    hold the same data set: scenes whose files are all there stay, others go.

    Parameters
    ----------
    out : path
    info : DatasetInfo
        What is going to be written; counts, sensors and hashes may be missing.
    resume : bool

    Raises
    ------
    OutputError
        The folder holds another data set, the same one without `resume`, other files,
        or another living run writes to it.
    StorageError
        It can't be created or written.
    """
    path = Path(out)
    with storage_errors(path):
        if path.exists() and not path.is_dir():
            raise OutputError(f"{path}: a file stands where the data set's folder should be")
        make_folder(path)
        _refuse_foreign(path)
        lock = FolderLock(path)
        try:
            if (path / DATASET).exists():
                _refuse_other(path, read_info(path), info, resume)
            (path / SCENES).mkdir(exist_ok=True)
            _remove_leftovers(path)
            write_info(path, info)
        except BaseException:
            lock.release()
            raise
    return Output(path, info, lock)


def write_info(path: Path, info: DatasetInfo) -> None:
    """Replace ``dataset.json``."""
    write_atomic(path / DATASET, readable_json(info.model_dump(mode="json")))


def _refuse_foreign(path: Path) -> None:
    names = {entry.name for entry in path.iterdir()}
    foreign = sorted(n for n in names - _OURS if not _is_leftover(n))
    if foreign:
        raise OutputError(
            f"{path}: holds {foreign[0]!r}, which is no part of a data set; "
            "choose an empty or new folder for out="
        )
    scenes = list((path / SCENES).iterdir()) if SCENES in names else []
    for entry in scenes:
        if entry.is_symlink() or not entry.is_dir():
            raise OutputError(f"{entry}: is no scene; move it away or choose another out=")
    if scenes and DATASET not in names:
        raise OutputError(f"{path}: holds scenes but no {DATASET}; choose another out=")


def _refuse_other(path: Path, old: DatasetInfo, new: DatasetInfo, resume: bool) -> None:
    before, after = old.identity(), new.identity()
    for key, value in before.items():
        if value != after[key]:
            what = f"{key} {value!r}, not {after[key]!r}"
            if isinstance(value, dict):
                keys = sorted(
                    k for k in value.keys() | after[key].keys() if value.get(k) != after[key].get(k)
                )
                what = f"other {key}: {', '.join(keys)}"
            raise OutputError(
                f"{path}: holds another data set ({what}); choose another out= or remove it"
            )
    if not resume:
        raise OutputError(
            f"{path}: holds this data set already; continue it with resume=true "
            "or choose another out="
        )


def _is_leftover(name: str) -> bool:
    """Tell files that a killed run left beside ``dataset.json`` and the tables."""
    return name.startswith(tuple(f".{own}.tmp-" for own in (DATASET, INDEX, SEARCHED)))


def _remove_leftovers(path: Path) -> None:
    """Remove what killed runs left; this process holds the lock, so no one writes them."""
    for entry in path.iterdir():
        if _is_leftover(entry.name):
            entry.unlink()
    for entry in (path / SCENES).iterdir():
        if entry.name.startswith(TEMPORARY) or not _is_whole(entry):
            shutil.rmtree(entry)


def _is_whole(scene: Path) -> bool:
    """Whether a scene has all files that its manifest lists, in full length."""
    try:
        files = read_manifest(scene).files
        return all((scene / name).stat().st_size == entry.bytes for name, entry in files.items())
    except (DatasetError, FileNotFoundError):
        return False
