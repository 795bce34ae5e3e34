"""nuScenes' tables: rows that name each other by tokens."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from scenegen.exports.folder import ExportFolder
from scenegen.exports.nuscenes.classes import ATTRIBUTES, CATEGORIES, VISIBILITY

VERSION = "v1.0-trainval"
TABLES = (
    *("attribute", "calibrated_sensor", "category", "ego_pose", "instance", "log", "map"),
    *("sample", "sample_annotation", "sample_data", "scene", "sensor", "visibility"),
)
Row = dict[str, Any]


def token(*parts: object) -> str:
    """Return the name of a row: the same for the same parts, in every export."""
    return hashlib.sha256("/".join(str(part) for part in parts).encode()).hexdigest()[:32]


class Tables:
    """The rows of a version, in the order in which they were added."""

    def __init__(self) -> None:
        self.rows: dict[str, list[Row]] = {name: [] for name in TABLES}
        for name, text in CATEGORIES.items():
            self.add("category", token=token("category", name), name=name, description=text)
        for name, text in ATTRIBUTES.items():
            self.add("attribute", token=token("attribute", name), name=name, description=text)
        for number, level in enumerate(VISIBILITY, start=1):
            text = f"cameras see {level[1:].replace('-', ' to ')} per cent of it"
            self.add("visibility", token=str(number), level=level, description=text)
        self._sensors: set[str] = set()

    def add(self, table: str, **row: Any) -> Row:
        """Add a row to a table, and return it."""
        self.rows[table].append(row)
        return row

    def sensor(self, channel: str, modality: str) -> str:
        """Return the token of a channel, with a row from the first time on."""
        name = token("sensor", channel)
        if name not in self._sensors:
            self._sensors.add(name)
            self.add("sensor", token=name, channel=channel, modality=modality)
        return name

    def chain(self, table: str, rows: list[Row]) -> None:
        """Add rows that follow each other, with ``prev`` and ``next``."""
        names = ["", *(row["token"] for row in rows), ""]
        for number, row in enumerate(rows):
            self.add(table, **row, prev=names[number], next=names[number + 2])

    def write(self, folder: ExportFolder) -> None:
        """Write one JSON file a table."""
        for name, rows in self.rows.items():
            folder.write(f"{VERSION}/{name}.json", json_bytes(rows))


def json_bytes(content: Any) -> bytes:
    """Return JSON with an entry a line, refusing what is not finite."""
    return json.dumps(content, indent=0, allow_nan=False).encode() + b"\n"
