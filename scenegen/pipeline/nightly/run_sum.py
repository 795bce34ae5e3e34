"""Whether the stored files of a run are what was stored."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path

from scenegen.pipeline.nightly.names import SCENARIO, TRAJECTORY


def run_digest(files: Mapping[str, bytes]) -> str:
    """Return the digest of a run's files by name."""
    total = hashlib.sha256()
    for name, data in files.items():
        total.update(f"{name}\0{hashlib.sha256(data).hexdigest()}\n".encode())
    return total.hexdigest()


def run_damage(folder: Path, digest: str) -> str:
    """Return what is wrong with a stored run; empty if nothing is.

    Parameters
    ----------
    folder : Path
        Its entry.
    digest : str
        What `run_digest` was when it was stored.
    """
    try:
        files = {name: (folder / name).read_bytes() for name in (SCENARIO, TRAJECTORY)}
    except OSError as error:
        return str(error)
    return "" if run_digest(files) == digest else "its files are others than were stored"
