"""XML as a tree that knows its lines, and which of it was never looked at.

Document type declarations are refused, so there are no entities to expand and nothing outside
of the file to fetch; depth and count are bounded before they cost memory.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple
from xml.parsers import expat

from scenegen.errors import MapError, Place, nearest

MAX_ELEMENTS = 3_000_000
MAX_DEPTH = 40
MAX_NUMBER = 1e9
_NOTHING = {"", "none", "false", "no", "-1", "unknown", "undefined"}


class Left(NamedTuple):
    """What of a file the map doesn't hold: where it stands, and how often."""

    path: str
    times: int


@dataclass
class Element:
    """An XML element; what is read of it is marked, so that the rest can be listed."""

    file: str
    tag: str
    attributes: dict[str, str]
    line: int
    column: int
    children: list[Element] = field(default_factory=list)
    seen: bool = False
    used: set[str] = field(default_factory=set)

    @property
    def place(self) -> Place:
        """Where its start tag is."""
        return Place(self.file, self.line, self.column)

    def error(self, message: str) -> MapError:
        """Return an error at this element."""
        return MapError(message, self.place)

    def all(self, tag: str) -> list[Element]:
        """Return the children of a tag."""
        found = [child for child in self.children if child.tag == tag]
        for child in found:
            child.seen = True
        return found

    def child(self, tag: str) -> Element | None:
        """Return the first child of a tag, if there is one; further ones stay unread."""
        for child in self.children:
            if child.tag == tag:
                child.seen = True
                return child
        return None

    def need(self, tag: str) -> Element:
        """Return the first child of a tag; MapError without one."""
        found = self.child(tag)
        if found is None:
            raise self.error(f"<{self.tag}> has no <{tag}>; add one")
        return found

    def get(self, name: str, default: str = "") -> str:
        """Return an attribute's text, trimmed."""
        self.used.add(name)
        return self.attributes.get(name, default).strip()

    def text(self, name: str) -> str:
        """Return an attribute's text; MapError without it."""
        if name not in self.attributes:
            hint = nearest(name, [key for key in self.attributes if key not in self.used])
            raise self.error(
                f"<{self.tag}> has no attribute {name!r}{hint if 'mean' in hint else ''}; add it"
            )
        return self.get(name)

    def choice(self, name: str, known: dict[str, str] | tuple[str, ...], default: str = "") -> str:
        """Return an attribute that is one of some words, or what such a word stands for."""
        word = (self.get(name) or default) if default else self.text(name)
        if word not in known:
            raise self.error(f"unknown {name} {word!r} of <{self.tag}>{nearest(word, known)}")
        return known[word] if isinstance(known, dict) else word

    def number(self, name: str, default: float | None = None) -> float:
        """Return a finite number; MapError if it is none, or missing without a default."""
        if default is not None and not self.get(name):
            return default
        word = self.text(name)
        try:
            value = float(word)
        except ValueError:
            value = math.nan
        if not math.isfinite(value):
            raise self.error(f"{name} of <{self.tag}> is a finite number, not {word!r}")
        if abs(value) > MAX_NUMBER:
            raise self.error(f"{name} of <{self.tag}> is at most {MAX_NUMBER:g}, not {word}")
        return value

    def at_least(self, name: str, low: float, default: float | None = None) -> float:
        """Return a number that is not below another."""
        value = self.number(name, default)
        if value < low:
            raise self.error(f"{name} of <{self.tag}> is at least {low:g}, not {value:g}")
        return value

    def integer(self, name: str) -> int:
        """Return a whole number of moderate size."""
        word = self.text(name)
        try:
            value = int(word)
        except ValueError:
            raise self.error(f"{name} of <{self.tag}> is a whole number, not {word!r}") from None
        if abs(value) > 10**6:
            raise self.error(f"{name} of <{self.tag}> is at most 1000000, not {word}")
        return value

    def forget(self, name: str) -> None:
        """Count an attribute among what is left out: its meaning couldn't be kept."""
        self.used.discard(name)

    def left(self) -> tuple[Left, ...]:
        """Return what of this element and below was never read, by path."""
        counts: Counter[str] = Counter(self._unread(self.tag))
        return tuple(Left(path, counts[path]) for path in sorted(counts))

    def _unread(self, path: str) -> Iterator[str]:
        for name, value in self.attributes.items():
            if name not in self.used and not _says_nothing(name, value):
                yield f"{path}/@{name}"
        for child in self.children:
            below = f"{path}/{child.tag}"
            if child.seen:
                yield from child._unread(below)
            else:
                yield below


def _says_nothing(name: str, value: str) -> bool:
    word = value.strip().lower()
    try:
        return name.startswith("xmlns") or word in _NOTHING or float(word) == 0
    except ValueError:
        return ":" in name


class _Builder:
    """Receives expat's events."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.stack: list[Element] = []
        self.root: Element | None = None
        self.count = 0
        self.parser = expat.ParserCreate()
        self.parser.StartDoctypeDeclHandler = self.refuse
        self.parser.EntityDeclHandler = self.refuse
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end

    @property
    def place(self) -> Place:
        return Place(self.file, self.parser.CurrentLineNumber, self.parser.CurrentColumnNumber + 1)

    def refuse(self, *_: object) -> None:
        raise MapError("a document type declaration is not allowed here; remove it", self.place)

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if self.count > MAX_ELEMENTS:
            raise MapError(f"a map has at most {MAX_ELEMENTS:,} elements; part it", self.place)
        if len(self.stack) >= MAX_DEPTH:
            raise MapError(f"elements nest at most {MAX_DEPTH} levels deep", self.place)
        at = self.place
        element = Element(
            self.file, tag.rpartition(":")[2], attributes, at.line or 1, at.column or 1
        )
        if self.stack:
            self.stack[-1].children.append(element)
        else:
            self.root = element
        self.stack.append(element)

    def end(self, _: str) -> None:
        self.stack.pop()


def parse(content: bytes, file: str) -> Element:
    """Return the root of an XML document.

    Parameters
    ----------
    content : bytes
    file : str
        What messages call it.

    Raises
    ------
    MapError
        It is no XML, has too many or too deep elements, or declares a document type or entities.
    """
    builder = _Builder(file)
    try:
        builder.parser.Parse(content, True)
    except expat.ExpatError as error:
        problem = expat.ErrorString(error.code)
        place = Place(file, error.lineno, error.offset + 1)
        raise MapError(f"not well-formed XML: {problem}; mend or export it again", place) from None
    except (LookupError, ValueError) as error:
        # An encoding that Python doesn't know, or that has no table of single bytes.
        raise MapError(f"cannot be decoded: {error}; save it as UTF-8", Place(file)) from None
    if builder.root is None:
        raise MapError("the file is empty", Place(file))
    builder.root.seen = True
    return builder.root
