"""Versions that are there already: published again, or held against each other."""

from __future__ import annotations

from scenegen.errors import InputError
from scenegen.pipeline.nightly.changes import Changes, changes_between
from scenegen.pipeline.nightly.version import Shelf, Version


def roll_back(shelf: Shelf, version: str) -> Version:
    """Publish an earlier version again.

    Raises
    ------
    InputError
        There is none, or it is a candidate.
    """
    shelf.point(version)
    return shelf.read(version)


def difference(shelf: Shelf, names: str) -> Changes:
    """Return how a version differs from another one.

    Parameters
    ----------
    names : str
        ``BEFORE,NOW``; or one, against the latest.

    Raises
    ------
    InputError
        There is no such version, or they are more than two.
    """
    given = [name.strip() for name in names.split(",") if name.strip()]
    if len(given) == 1:
        last = shelf.latest()
        if last is None:
            raise InputError(f"{shelf.root}: nothing is published yet")
        given.append(last.id)
    if len(given) != 2:
        raise InputError(f"diff={names!r}: name two versions, as diff=BEFORE,NOW, or one")
    before, now = (shelf.folder(shelf.read(name).id) for name in given)
    return changes_between(now, before)
