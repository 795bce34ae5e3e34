"""What the program knows of an adapter before it opens anything."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scenegen.errors import InputError, nearest
from scenegen.evaluate.images import ImageSet

Options = Mapping[str, Any]


@dataclass(frozen=True)
class AdapterInfo:
    """An adapter, and what a user is told of it.

    Attributes
    ----------
    name : str
        As users write it.
    summary : str
        One line: which data sets it reads, and what truth it gives.
    layout : str
        A short tree of the folders and files that it needs.
    open : callable
        From a folder and options to a set. Lists files, decodes nothing; raises what
        `lacks` returns if the folder is not of this layout.
    probe : callable
        Whether a folder looks like this layout: a few names, no listing of all files.
    options : mapping of str to str
        Names of the options that `open` takes, and what they are for.
    """

    name: str
    summary: str
    layout: str
    open: Callable[[Path, Options], ImageSet]
    probe: Callable[[Path], bool]
    options: Mapping[str, str] = field(default_factory=dict)


def lacks(root: Path, what: str, layout: str) -> InputError:
    """Return the error of a folder that lacks `what`, with the layout that is expected."""
    tree = "\n".join(f"  {line}" for line in layout.strip("\n").splitlines())
    return InputError(f"{root}: {what} is missing; the layout is\n{tree}")


def choice(options: Options, name: str, known: tuple[str, ...]) -> str:
    """Return a text option out of `known`, the first one by default."""
    value = str(options.get(name, known[0]))
    if value not in known:
        raise InputError(f"option {name}: {value!r} is none of its values" + nearest(value, known))
    return value
