"""A data set as three sets for Ultralytics' YOLO: detect, segment and pose."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence

from scenegen.exports.folder import ExportFolder
from scenegen.exports.joints import COCO_JOINTS, mirrored
from scenegen.exports.shots import shots
from scenegen.exports.source import Source, Split
from scenegen.exports.yolo.rows import Drawn

PEOPLE = ("person", "rider")
"""Classes that have joints, in the order of their ids in ``pose``."""

_ROWS: dict[str, Callable[[Drawn, dict[str, int]], str]] = {
    "detect": Drawn.boxes,
    "segment": Drawn.outlines,
    "pose": Drawn.joints,
}


def write_yolo(source: Source, folder: ExportFolder) -> None:
    """Write three folders, each with its own labels of the same pictures."""
    things = [entry.name for entry in source.dataset.info.classes if entry.things]
    names: dict[str, Sequence[str]] = {"detect": things, "segment": things, "pose": PEOPLE}
    ids = {task: {name: i for i, name in enumerate(names[task])} for task in _ROWS}
    splits: set[Split] = set()
    for shot in shots(source):
        splits.add(shot.split)
        drawn = Drawn(shot.frame.labels.objects, shot.frame.instance)
        first = f"detect/images/{shot.split}/{shot.name}.png"
        folder.copy(first, shot.frame.path("rgb"))
        for task, rows in _ROWS.items():
            if task != "detect":
                folder.repeat(f"{task}/images/{shot.split}/{shot.name}.png", first)
            text = rows(drawn, ids[task])
            folder.write(f"{task}/labels/{shot.split}/{shot.name}.txt", text.encode())
    for task in _ROWS:
        lines = _data(sorted(splits), names[task])
        if task == "pose":
            lines += [f"kpt_shape: [{len(COCO_JOINTS)}, 3]", f"flip_idx: {mirrored()}"]
        folder.write(f"{task}/data.yaml", ("\n".join(lines) + "\n").encode())


def _data(splits: Iterable[Split], names: Sequence[str]) -> list[str]:
    """Return the lines of a data file; paths are from its own folder."""
    lines = [f"{split}: images/{split}" for split in splits]
    return [*lines, "names:", *(f"  {i}: {json.dumps(name)}" for i, name in enumerate(names))]
