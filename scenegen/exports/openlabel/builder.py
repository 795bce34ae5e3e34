"""What OpenLABEL says of elements: over which frames, and with which data in each."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

Data = tuple[str, dict[str, Any]]
"""A kind of data (``bbox``, ``num``, …) and an entry of it, which has a name."""


def intervals(frames: Iterable[int]) -> list[dict[str, int]]:
    """Return frames as runs of neighbours, both ends included."""
    runs: list[dict[str, int]] = []
    for frame in sorted(set(frames)):
        if runs and frame == runs[-1]["frame_end"] + 1:
            runs[-1]["frame_end"] = frame
        else:
            runs.append({"frame_start": frame, "frame_end": frame})
    return runs


@dataclass
class _Element:
    name: str
    type: str
    frames: set[int] = field(default_factory=set)
    data: dict[str, tuple[str, set[int]]] = field(default_factory=dict)


class Elements:
    """Elements of one kind (``object``, ``action``, …), told frame by frame."""

    def __init__(self, kind: str) -> None:
        self._kind = kind
        self._elements: dict[str, _Element] = {}
        self._frames: defaultdict[int, dict[str, Any]] = defaultdict(dict)

    def tell(self, uid: int, name: str, type_: str, frame: int, data: Iterable[Data] = ()) -> None:
        """Say that an element is there in a frame, with some data; the first of a name counts."""
        element = self._elements.setdefault(str(uid), _Element(name, type_))
        element.frames.add(frame)
        here = self._frames[frame].setdefault(str(uid), {})
        for kind, entry in data:
            known, frames = element.data.setdefault(entry["name"], (kind, set()))
            if known != kind:
                raise ValueError(f"{entry['name']} of {name} is both {known} and {kind}")
            if frame not in frames:
                frames.add(frame)
                all_data = here.setdefault(f"{self._kind}_data", {})
                all_data.setdefault(kind, []).append(entry)

    def uids(self) -> set[int]:
        """Return who has been told of."""
        return {int(uid) for uid in self._elements}

    def content(self) -> dict[str, Any]:
        """Return all elements by uid: name, type, frames, and which data they have when."""
        return {uid: self._entry(element) for uid, element in self._elements.items()}

    def in_frame(self, frame: int) -> dict[str, Any]:
        """Return the elements of a frame by uid, with their data."""
        return self._frames.get(frame, {})

    def _entry(self, element: _Element) -> dict[str, Any]:
        entry: dict[str, Any] = {
            "name": element.name,
            "type": element.type,
            "frame_intervals": intervals(element.frames),
        }
        if element.data:
            entry[f"{self._kind}_data_pointers"] = {
                name: {"type": kind, "frame_intervals": intervals(frames)}
                for name, (kind, frames) in element.data.items()
            }
        return entry
