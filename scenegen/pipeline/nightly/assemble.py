"""A version's data set, put together from what stages have stored: links, not copies."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from scenegen.dataset import DatasetInfo, open_output
from scenegen.dataset.layout import SCENES
from scenegen.dataset.storage import storage_errors

if TYPE_CHECKING:
    from scenegen.dataset.searched import SearchedDraw
    from scenegen.pipeline.nightly.store import Store


def assemble(
    store: Store,
    scenes: Mapping[str, str],
    info: DatasetInfo,
    out: Path,
    searched: list[SearchedDraw],
) -> DatasetInfo:
    """Write a data set of labelled scenes.

    Parameters
    ----------
    scenes : mapping of str to str
        Keys of the labelled entries by scene.
    info : DatasetInfo
        What ``dataset.json`` says before any scene.
    searched : list of SearchedDraw
        What was looked at to find them, where they were searched for.
    """
    with open_output(out, info, resume=True) as output:
        done = output.done()
        for scene, key in scenes.items():
            if scene not in done:
                link_tree(store.folder("label", key) / SCENES / scene, out / SCENES / scene)
        if searched:
            output.note_searched(searched)
        return output.finish()


def link_tree(source: Path, target: Path) -> None:
    """Give a folder's files a second name, or copies of them where there are no links.

    The folder appears whole.
    """
    aside = target.with_name(f".tmp-{target.name}-{os.getpid()}")
    with storage_errors(target):
        shutil.rmtree(aside, ignore_errors=True)
        target.parent.mkdir(parents=True, exist_ok=True)
        for current, _, names in os.walk(source):
            place = aside / Path(current).relative_to(source)
            place.mkdir(parents=True, exist_ok=True)
            for name in names:
                _link(Path(current) / name, place / name)
        aside.rename(target)


def _link(source: Path, target: Path) -> None:
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        shutil.copy2(source, target)
