"""A folder for the files of one run: taken and held, so that two runs never write to one."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from scenegen.dataset.storage import FolderLock, make_folder, storage_errors
from scenegen.errors import OutputError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator


@contextmanager
def held_folder(
    out: str, what: str, ours: Collection[str], begun: Collection[str], resume: bool
) -> Iterator[Path]:
    """Take a folder and hold it until the block ends.

    Parameters
    ----------
    out : str
    what : str
        What the run makes, for messages: "an evaluation".
    ours : collection of str
        Names that may be there; hidden files may be too.
    begun : collection of str
        Those of `ours` that only an earlier run can have left.
    resume : bool
        Whether to go on with such a run.

    Raises
    ------
    OutputError
        It holds other files, or an earlier run's and `resume` was not asked for, or another run
        writes to it.
    StorageError
        It can't be made.
    """
    path = Path(out)
    with storage_errors(path):
        if path.exists() and not path.is_dir():
            noun = what.rsplit(maxsplit=1)[-1]
            raise OutputError(f"{path}: a file stands where the {noun}'s folder should be")
        make_folder(path)
        there = {entry.name for entry in path.iterdir()}
        foreign = sorted(name for name in there - set(ours) if not name.startswith("."))
        if foreign:
            raise OutputError(f"{path}: holds other files ({foreign[0]}); choose another out=")
        if there & set(begun) and not resume:
            raise OutputError(
                f"{path}: holds {what}; resume=true goes on with it, or choose another out="
            )
        lock = FolderLock(path)
    try:
        yield path
    finally:
        lock.release()
