"""YAML text to plain data that knows its lines and columns, under hard limits.

ruamel.yaml parses; nothing of its constructors is used, so a tag can't make objects.
Size, nesting and the number of values after expansion of aliases are bounded before
they cost time or memory.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import CollectionEndEvent, CollectionStartEvent
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode
from ruamel.yaml.reader import ReaderError

from scenegen.errors import Place, ScenarioError
from scenegen.scenario.yaml_hints import explained

MAX_CHARACTERS = 100_000
MAX_EVENTS = 12_000
MAX_DEPTH = 24
MAX_VALUES = 12_000

Path = tuple[str | int, ...]
"""The keys and positions that lead from the top of a document to a value."""

_TAG = "tag:yaml.org,2002:"
_INTEGER = re.compile(r"[-+]?\d{1,15}")
_JOINED = re.compile(r"[-+]?\d+(_[-+]?\d+)+")
"""Names such as 7_0_1, a lane of an imported map, which YAML takes for the number 701."""
_BOOLEANS = {"true": True, "false": False}


@dataclass(frozen=True)
class Source:
    """A document: plain data, and the place of every key and value.

    Attributes
    ----------
    data : dict
        Made of dict, list, str, int, float, bool and None only.
    places : dict
        Place of each value by path; of a mapping's entry, the place of its value.
    keys : dict
        Place of each mapping's key by the path of its entry.
    """

    file: str
    data: dict[str, Any]
    places: dict[Path, Place] = field(repr=False)
    keys: dict[Path, Place] = field(repr=False)

    def place(self, path: Path) -> Place:
        """Return the place of a value, or of the nearest thing around it that exists."""
        for length in range(len(path), -1, -1):
            found = self.places.get(path[:length])
            if found is not None:
                return found
        return Place(self.file, 1, 1)

    def key_place(self, path: Path) -> Place:
        """Return the place of an entry's key."""
        return self.keys.get(path, self.place(path))


def read_source(text: str, filename: str, what: str = "scenario") -> Source:
    """Read one YAML mapping.

    Parameters
    ----------
    text, filename : str
    what : str
        What messages call the document, and the key that names it.

    Raises
    ------
    ScenarioError
        The text is no YAML, no mapping, too large or too deep; or holds a duplicate key,
        a tag, a merge key, or a number that is not finite.
    """
    if len(text) > MAX_CHARACTERS:
        raise ScenarioError(
            f"a {what} has at most {MAX_CHARACTERS:,} characters, not {len(text):,}",
            Place(filename),
        )
    try:
        _check_events(text, filename, what)
        node = YAML(typ="safe", pure=True).compose(text)
    except MarkedYAMLError as error:
        problem, mark = explained(error, text)
        place = Place(filename, mark.line + 1, mark.column + 1) if mark else Place(filename)
        raise ScenarioError(f"not valid YAML: {problem}", place) from error
    except ReaderError as error:
        before = text[: error.position]
        place = Place(filename, before.count("\n") + 1, len(before) - (before.rfind("\n") + 1) + 1)
        raise ScenarioError(
            f"not valid YAML: the character U+{error.character:04X} is not allowed", place
        ) from error
    except (YAMLError, ValueError, KeyError, IndexError, AttributeError, TypeError) as error:
        # ruamel's scanner lets a few malformed directives and escapes out as bare errors.
        problem = " ".join(str(error).split())
        raise ScenarioError(f"not valid YAML: {problem}", Place(filename)) from error
    if not isinstance(node, MappingNode):
        place = _place(node, filename) if node is not None else Place(filename, 1, 1)
        raise ScenarioError(f"a {what} is a mapping such as '{what}: my_name'", place)
    reader = _Reader(filename)
    data = reader.read(node, ())
    return Source(filename, data, reader.places, reader.keys)


def _check_events(text: str, filename: str, what: str) -> None:
    """Refuse documents that nest or grow beyond the limits, before recursion sees them."""
    depth = 0
    for count, event in enumerate(_events(text), start=1):
        if isinstance(event, CollectionStartEvent):
            depth += 1
        elif isinstance(event, CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH or count > MAX_EVENTS:
            mark = event.start_mark
            problem = (
                f"values nest at most {MAX_DEPTH} levels deep"
                if depth > MAX_DEPTH
                else f"a {what} has at most {MAX_EVENTS:,} values"
            )
            raise ScenarioError(problem, Place(filename, mark.line + 1, mark.column + 1))


def _events(text: str) -> Iterator[Any]:
    return iter(YAML(typ="safe", pure=True).parse(text))


def _place(node: Node, filename: str) -> Place:
    return Place(filename, node.start_mark.line + 1, node.start_mark.column + 1)


class _Reader:
    """Turns nodes into plain data and counts what aliases expand to."""

    def __init__(self, filename: str) -> None:
        self.filename = filename
        self.places: dict[Path, Place] = {}
        self.keys: dict[Path, Place] = {}

    def read(self, node: Node, path: Path) -> Any:
        place = _place(node, self.filename)
        self.places[path] = place
        if len(self.places) > MAX_VALUES:
            raise ScenarioError(
                f"aliases expand to more than {MAX_VALUES:,} values; write them out", place
            )
        if len(path) > MAX_DEPTH:
            raise ScenarioError(f"values nest at most {MAX_DEPTH} levels deep", place)
        if isinstance(node, MappingNode):
            self._check_tag(node, place, "map")
            return self._mapping(node, path)
        if isinstance(node, SequenceNode):
            self._check_tag(node, place, "seq")
            return [self.read(child, (*path, i)) for i, child in enumerate(node.value)]
        return self._scalar(node, place)

    def _mapping(self, node: MappingNode, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            place = _place(key_node, self.filename)
            if not isinstance(key_node, ScalarNode):
                raise ScenarioError("a key is a plain word", place)
            if key_node.tag == _TAG + "merge":
                raise ScenarioError("merge keys ('<<') are not supported; write it out", place)
            if str(key_node.tag).removeprefix(_TAG) not in {
                "str",
                "int",
                "float",
                "bool",
                "timestamp",
            }:
                raise ScenarioError(f"a key is a plain word, not {key_node.tag!r}", place)
            key = str(key_node.value)
            if key in result:
                raise ScenarioError(f"duplicate key {key!r}; keep one of them", place)
            self.keys[(*path, key)] = place
            result[key] = self.read(value_node, (*path, key))
            if result[key] is None and not value_node.value:
                # What is left empty is where the next thing begins for the parser.
                self.places[(*path, key)] = place
        return result

    def _check_tag(self, node: Node, place: Place, *allowed: str) -> str:
        tag = str(node.tag).removeprefix(_TAG)
        if tag not in allowed:
            shown = f"!!{tag}" if str(node.tag).startswith(_TAG) else str(node.tag)
            raise ScenarioError(f"tags are not allowed here: {shown!r}; write a plain value", place)
        return tag

    def _scalar(self, node: Node, place: Place) -> Any:
        tag = self._check_tag(
            node, place, "str", "int", "float", "bool", "null", "timestamp", "merge"
        )
        text = str(node.value)
        if tag == "null":
            return None
        if tag == "bool":
            if text.lower() not in _BOOLEANS:
                raise ScenarioError(f"write true or false, not {text!r}", place)
            return _BOOLEANS[text.lower()]
        if tag == "int" and _INTEGER.fullmatch(text):
            return int(text)
        if _JOINED.fullmatch(text):
            return text
        if tag in {"int", "float"}:
            try:
                number = float(text.replace(".inf", "inf").replace(".nan", "nan"))
            except ValueError:
                number = math.nan
            if not math.isfinite(number):
                raise ScenarioError(f"{text!r} is not a finite decimal number", place)
            return number
        return text
