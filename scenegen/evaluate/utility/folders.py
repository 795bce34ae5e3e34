"""Folders of arrays that appear whole or not at all."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from scenegen.dataset.storage import storage_errors


def published(folder: Path, fill: Callable[[Path], None]) -> Path:
    """Return a folder, filled first if it is not there.

    It is filled under another name and renamed, so that a killed run leaves nothing
    half done; what such runs left is removed.
    """
    if folder.is_dir():
        return folder
    with storage_errors(folder):
        _sweep(folder)
        part = folder.with_name(f"{folder.name}.{os.getpid()}.part")
        part.mkdir(parents=True)
        fill(part)
        try:
            part.rename(folder)
        except OSError:
            if not folder.is_dir():
                raise
            shutil.rmtree(part)  # another process was first, with the same bytes
    return folder


def new_array(path: Path, shape: tuple[int, ...]) -> np.memmap[Any, np.dtype[np.uint8]]:
    """Return a new uint8 array on disk, to be filled piece by piece."""
    return np.lib.format.open_memmap(path, mode="w+", dtype=np.uint8, shape=shape)


def _sweep(folder: Path) -> None:
    """Remove what killed processes left of this folder; it may be gigabytes."""
    for left in folder.parent.glob(f"{folder.name}.*.part"):
        writer = int(left.suffixes[-2][1:])
        if writer == os.getpid() or not psutil.pid_exists(writer):
            shutil.rmtree(left)
