"""What a version brings against the one before: scenes, distributions and pictures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import cv2

from scenegen.dataset import Dataset, open_dataset
from scenegen.dataset.canonical import readable_json
from scenegen.dataset.storage import storage_errors, write_atomic
from scenegen.pipeline.nightly.version import DATA, Version
from scenegen.report.charts import bars, histogram
from scenegen.report.page import page_template, write_page
from scenegen.report.pictures import data_uri

PAGE, RECORD = "changes.html", "changes.json"
SHOWN = 8
WIDTH_PX = 320
LISTED = 200


@dataclass(frozen=True)
class Changes:
    """How two versions differ.

    Attributes
    ----------
    added, removed, changed : tuple of str
        Scenes; of changed ones, any file is another.
    objects : dict of str to (int, int)
        Labelled objects by class, before and now.
    """

    version: str
    before: str
    same: int
    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    objects: dict[str, tuple[int, int]]

    def __str__(self) -> str:
        counts = (len(self.added), len(self.changed), len(self.removed), self.same)
        return "scenes: {} added, {} changed, {} removed, {} as before".format(*counts)

    def listed(self) -> str:
        """Return everything in lines."""
        rows = [f"{self.before} to {self.version}: {self}"]
        for what, scenes in (("+", self.added), ("~", self.changed), ("-", self.removed)):
            rows += [f"  {what} {scene}" for scene in scenes]
        for name, (before, now) in self.objects.items():
            rows += [f"  {name}: {before} to {now} labels"] if before != now else []
        return "\n".join(rows)


def changes_between(now: Path, before: Path | None) -> Changes:
    """Compare a version with the one before by the digests of their scenes.

    Parameters
    ----------
    now, before : Path
        Folders of the versions.
    """
    info = open_dataset(now / DATA).info
    other = None if before is None else open_dataset(before / DATA).info
    new, old = info.manifests, {} if other is None else other.manifests
    both = new.keys() & old.keys()
    changed = {scene for scene in both if new[scene] != old[scene]}
    counted = info.counts.objects
    earlier = {} if other is None else other.counts.objects
    return Changes(
        version=now.name,
        before="" if before is None else before.name,
        same=len(both) - len(changed),
        added=tuple(sorted(new.keys() - old.keys())),
        removed=tuple(sorted(old.keys() - new.keys())),
        changed=tuple(sorted(changed)),
        objects={
            name: (earlier.get(name, 0), counted.get(name, 0))
            for name in sorted(counted.keys() | earlier.keys())
        },
    )


def write_changes(folder: Path, version: Version, changes: Changes, before: Path | None) -> None:
    """Write the record and the page of changes into a version's folder.

    Parameters
    ----------
    before : Path or None
        Folder of the version before, if it is still there.
    """
    now = open_dataset(folder / DATA)
    then = None if before is None else open_dataset(before / DATA)
    with storage_errors(folder / RECORD):
        write_atomic(folder / RECORD, readable_json(asdict(changes)))
    html = page_template("changes.html").render(
        version=version,
        changes=changes,
        listed=LISTED,
        objects=_sides(
            bars({name: float(pair[0]) for name, pair in changes.objects.items()}),
            bars({name: float(pair[1]) for name, pair in changes.objects.items()}),
        ),
        scenarios=_distributions(now, then),
        pictures=_pictures(changes, now, then),
    )
    write_page(folder / PAGE, html)


def _sides(before: Any, now: Any) -> dict[str, Any]:
    return {"before": before, "now": now}


def _distributions(now: Dataset, then: Dataset | None) -> dict[str, dict[str, dict[str, Any]]]:
    """Return for each scenario and parameter its histogram before and now."""
    new, old = _values(now), {} if then is None else _values(then)
    return {
        scenario: {
            name: _sides(_chart(old.get(scenario, {}).get(name, [])), _chart(values))
            for name, values in parameters.items()
        }
        for scenario, parameters in new.items()
    }


def _chart(values: list[Any]) -> Any:
    if not values:
        return ""
    if all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in values):
        return histogram([float(value) for value in values])
    texts = [str(value) for value in values]
    return bars({text: float(texts.count(text)) for text in sorted(set(texts))})


def _values(dataset: Dataset) -> dict[str, dict[str, list[Any]]]:
    """Return the values of parameters by scenario; those that never vary are left out."""
    found: dict[str, dict[str, list[Any]]] = {}
    for scene in dataset:
        manifest = scene.manifest
        own = found.setdefault(manifest.scenario, {})
        for name, value in manifest.parameters.items():
            own.setdefault(name, []).append(value)
    return {
        scenario: {n: v for n, v in sorted(own.items()) if len(set(v)) > 1 or len(v) == 1}
        for scenario, own in found.items()
    }


def _pictures(changes: Changes, now: Dataset, then: Dataset | None) -> list[Mapping[str, str]]:
    """Return pictures of some scenes that are new or other: of these, how they were as well."""
    shown = [*changes.changed, *changes.added][:SHOWN]
    return [
        {
            "scene": scene,
            "before": _picture(then, scene) if scene in changes.changed and then else "",
            "now": _picture(now, scene),
        }
        for scene in shown
    ]


def _picture(dataset: Dataset, scene: str) -> str:
    """Return the middle frame of a scene's first camera as a data URI; empty without one."""
    frames = [f for f in dataset.scene(scene).frames() if "rgb" in f.entry.layers]
    if not frames:
        return ""
    first = [frame for frame in frames if frame.sensor == frames[0].sensor]
    rgb = first[len(first) // 2].rgb
    height = max(1, round(rgb.shape[0] * WIDTH_PX / rgb.shape[1]))
    return data_uri(cv2.resize(rgb, (WIDTH_PX, height), interpolation=cv2.INTER_AREA))
