"""COCO's JSON files: a head and long lists, which are kept packed until they are written."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from scenegen.dataset.canonical import canonical_json


class Lists:
    """Lists by name whose entries are encoded at once; as text they take a tenth of the room."""

    def __init__(self) -> None:
        self._entries: defaultdict[str, list[bytes]] = defaultdict(list)

    def add(self, name: str, entry: dict[str, Any]) -> None:
        """Append an entry to a list."""
        self._entries[name].append(canonical_json(entry).rstrip())

    def length(self, name: str) -> int:
        """Return how many entries a list has."""
        return len(self._entries[name])

    def encoded(self, head: dict[str, Any]) -> bytes:
        """Return the JSON of an object with the entries of `head`, then ours, one a line."""
        parts = [
            b'"%s":%s' % (name.encode(), canonical_json(value).rstrip())
            for name, value in head.items()
        ]
        for name in ("images", "annotations"):
            parts.append(b'"%s":[\n%s\n]' % (name.encode(), b",\n".join(self._entries[name])))
        return b"{" + b",\n".join(parts) + b"}\n"
