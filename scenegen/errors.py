"""Every error that scenegen raises on purpose, and the exit code it ends with.

::

    ScenegenError                 the work failed                               exit 1
    ├── SimulationError           the physics left the range it can stand for
    ├── VerificationError         a data set contradicts itself
    └── InputError                the user can put it right                     exit 2
        ├── ScenarioError         a scenario YAML is wrong: file:line:column
        ├── MapError              a road map's file is wrong: file:line:column
        ├── UnsatisfiableError    its constraints reject every draw
        ├── AssetError            no such asset, or not of that size
        ├── DatasetError          a folder is no readable data set
        ├── OutputError           `out` holds something else, or cannot be written
        ├── StorageError          no space left, or no right to write
        └── OpenGLError           no headless OpenGL on this machine

Each message is one line of prose: where, what, and what would be right.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_LINE = 2000
"""Characters of a message's line."""


class ScenegenError(Exception):
    """The work failed. What was finished stays."""

    exit_code = 1


class SimulationError(ScenegenError):
    """The simulated state is not finite or left the world."""


class VerificationError(ScenegenError):
    """Labels, pictures or hashes of a data set contradict each other."""


class InputError(ScenegenError):
    """Something the user gave is wrong, and the message says what would be right."""

    exit_code = 2


@dataclass(frozen=True)
class Place:
    """A position in a text file, counted from one."""

    file: str
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        return ":".join(str(part) for part in (self.file, self.line, self.column) if part)


class ScenarioError(InputError):
    """A scenario YAML is wrong at a known place."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(f"{place}: {shortened(message)}")
        self.place = place

    def __reduce__(self) -> tuple[object, ...]:
        return _restored, (type(self), str(self), self.place)


class MapError(InputError):
    """A file of a road map is wrong at a known place."""

    def __init__(self, message: str, place: Place) -> None:
        super().__init__(f"{place}: {shortened(message)}")
        self.place = place

    def __reduce__(self) -> tuple[object, ...]:
        return _restored, (type(self), str(self), self.place)


def _restored(kind: type[ScenarioError] | type[MapError], told: str, place: Place) -> Exception:
    """Return an error that comes from another process; its text has its place already."""
    error = kind.__new__(kind, told)
    error.place = place
    return error


def shortened(message: str) -> str:
    """Return a message without the middle of lines that quote something endless."""
    lines = message.splitlines()
    half = MAX_LINE // 2
    return "\n".join(
        line if len(line) <= MAX_LINE else f"{line[:half]} … {line[-half:]}" for line in lines
    )


class UnsatisfiableError(InputError):
    """No draw satisfies the constraints within the budget."""


class AssetError(InputError):
    """An asset id is unknown, or the asset can't take the size that was asked for."""


class DatasetError(InputError):
    """A folder is not a data set that this version can read."""


class OutputError(InputError):
    """The output folder holds something else."""


class StorageError(InputError):
    """The file system refused: no space left, or no right to write."""


class OpenGLError(InputError):
    """This machine offers no headless OpenGL."""


_MEANT: dict[str, tuple[str, ...]] = {
    "action": ("do",),
    "agents": ("actors",),
    "behaviours": ("behaviour",),
    "behaviors": ("behaviour",),
    "choice": ("categorical",),
    "city": ("urban",),
    "clouds": ("cloud_cover",),
    "conditions": ("require",),
    "constant": ("fixed",),
    "constraints": ("require",),
    "country": ("rural",),
    "fall": ("autumn",),
    "fog": ("visibility",),
    "fov": ("hfov",),
    "freeway": ("motorway",),
    "gaussian": ("normal",),
    "highway": ("motorway",),
    "in_front_of": ("ahead_of",),
    "infront_of": ("ahead_of",),
    "intersection": ("crossing", "t_junction"),
    "junction": ("crossing", "t_junction"),
    "lhs": ("latin_hypercube",),
    "max": ("high",),
    "maximum": ("high",),
    "min": ("low",),
    "minimum": ("low",),
    "model": ("asset",),
    "name": ("scenario", "mixin"),
    "next_to": ("beside", "left_of", "right_of"),
    "objects": ("actors",),
    "pavement": ("sidewalk_right", "sidewalk"),
    "position": ("place", "s"),
    "range": ("uniform",),
    "run": ("dart_out", "run_the_light"),
    "sigma": ("sd",),
    "stddev": ("sd",),
    "town": ("urban",),
    "traffic_lights": ("signals",),
    "trigger": ("when",),
    "type": ("kind", "do"),
    "variables": ("parameters",),
    "vehicles": ("actors",),
    "velocity": ("speed",),
    "width": ("lane_width",),
    "x": ("s",),
    "yaw": ("turn", "heading"),
}
"""Words that people write, by what this language may call the same thing."""
MOST_MEANT = 3


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `` (did you mean 'x'?)`` or the list of what is known.

    Parameters
    ----------
    word : str
        What the user wrote.
    known : iterable of str
        What would have been right.
    """
    names = sorted(known)
    if meant := _meant(word, names):
        return f" (did you mean {' or '.join(repr(name) for name in meant)}?)"
    return f" (known: {', '.join(names)})" if names else ""


def _meant(word: str, names: list[str]) -> list[str]:
    """Return what someone may have meant: other letters, another word, a part, or a slip."""
    small = word.lower()
    ways = (
        [name for name in names if name.lower() == small],
        [name for name in _MEANT.get(small, ()) if name in names],
        [name for name in names if name.lower().endswith(f".{small}")],
        [name for name in names if len(small) > 2 and name.startswith(small)],
    )
    for found in ways:
        if 0 < len(found) <= MOST_MEANT:
            return found
    return get_close_matches(word, names, n=1, cutoff=0.6)
