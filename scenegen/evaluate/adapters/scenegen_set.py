"""scenegen's own data sets, as docs/dataset.md describes them."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from scenegen.dataset import open_dataset
from scenegen.dataset.layout import DATASET, read_content, read_model
from scenegen.errors import DatasetError, InputError, nearest
from scenegen.evaluate.adapters.files import FileLoader, ordered, semantic_png, truth_file
from scenegen.evaluate.adapters.info import AdapterInfo, Options, lacks
from scenegen.evaluate.classes import COMMON, ClassTable, NativeClass
from scenegen.evaluate.images import Attribute, Boxes, ImageRecord, ImageSet
from scenegen.records import FrameLabels

LAYOUT = """
dataset.json
index.parquet
scenes/SCENARIO-000000/scenario.json
scenes/SCENARIO-000000/SENSOR/{rgb,semantic}/000000.png
scenes/SCENARIO-000000/SENSOR/labels/000000.json
"""
DAY_ABOVE = math.radians(4.0)
"""Sun elevation from which shadows and colours are those of day."""
NIGHT_BELOW = math.radians(-9.0)
"""Middle of nautical twilight: below, what lamps don't reach is black in a picture."""
FOG_BELOW_M = 1000.0
"""Fog by the World Meteorological Organization's definition."""
RAIN_FROM_MMPH = 0.1
"""Least rate that is recorded as rain or snow rather than as a trace (WMO)."""
SNOW_FROM_M = 0.01
"""Least depth of lying snow that is recorded (WMO)."""
CLOUDY_FROM = 5 / 8
"""Broken cloud: five oktas and more (WMO)."""
_SCENES = {"suburban": "urban", "forest": "rural"}


def open_scenegen(root: Path, options: Options) -> ImageSet:
    """Open a data set that scenegen wrote; groups are scenes, whatever the sensor."""
    if not (root / DATASET).is_file():
        raise lacks(root, DATASET, LAYOUT)
    data = open_dataset(root)
    columns = ["scene", "scenario", "sensor", "frame", "path.rgb", "path.semantic", "path.labels"]
    have = [name for name in columns if name in data.index.column_names]
    rows = [row for row in data.index.select(have).to_pylist() if row.get("path.rgb")]
    if not rows:
        raise DatasetError(f"{root}: no frame has an rgb picture; generate with the layer rgb")
    sensor = options.get("sensor")
    sensors = sorted({row["sensor"] for row in rows})
    if sensor is not None and sensor not in sensors:
        raise InputError(f"{root}: no sensor {sensor!r}" + nearest(str(sensor), sensors))
    scenes = {
        row["scene"]: scene_attributes(root / "scenes" / row["scene"] / "scenario.json")
        for row in {row["scene"]: row for row in rows}.values()
    }
    records = [
        _record(root, row, scenes[row["scene"]]) for row in rows if sensor in (None, row["sensor"])
    ]
    table = ClassTable(
        "scenegen",
        tuple(
            NativeClass(c.id, c.name, frozenset({c.name}) & frozenset(COMMON), c.color)
            for c in sorted(data.info.classes, key=lambda c: c.id)
        ),
    )
    loader = FileLoader(semantic_png, _Labels({c.name: c.id for c in data.info.classes}))
    semantic = all("semantic" in record.truth for record in records)
    return ImageSet(
        root.resolve().name,
        root,
        table,
        ordered(records),
        loader,
        frozenset({"semantic", "boxes"} if semantic else {"boxes"}),
    )


def _record(root: Path, row: dict[str, Any], attributes: dict[str, Attribute]) -> ImageRecord:
    files = {"semantic": row.get("path.semantic"), "boxes": row.get("path.labels")}
    return ImageRecord(
        id=f"{row['scene']}/{row['sensor']}/{row['frame']:06d}",
        image=root / row["path.rgb"],
        truth={kind: root / path for kind, path in files.items() if path},
        group=row["scene"],
        order=row["frame"],
        attributes=attributes,
    )


def scene_attributes(path: Path) -> dict[str, Attribute]:
    """Return what a scene's ``scenario.json`` says of its frames, and the scenario's name.

    Only the few fields that matter are looked at: with a hundred thousand frames,
    validating every scene would take longer than the listing.
    """

    def read(data: bytes) -> dict[str, Attribute]:
        scene = json.loads(data)
        light, weather, around = scene["light"], scene["weather"], scene["road"]["surroundings"]
        return {
            "time_of_day": time_of_day(light["sun_elevation_rad"]),
            "weather": weather_word(
                weather["rain_mmph"],
                weather["visibility_m"],
                weather["cloud_cover"],
                snowy=weather.get("snow_mmph", 0.0) >= RAIN_FROM_MMPH
                or weather.get("snow_depth_m", 0.0) >= SNOW_FROM_M,
            ),
            "scene": _SCENES.get(around, around),
            "scenario": scene["name"],
            "sun_elevation_rad": light["sun_elevation_rad"],
            **weather,
        }

    return read_content(path, read)


def time_of_day(sun_elevation_rad: float) -> str:
    """Return ``day``, ``dusk`` or ``night`` by the sun's height; dusk includes dawn."""
    if sun_elevation_rad > DAY_ABOVE:
        return "day"
    return "night" if sun_elevation_rad < NIGHT_BELOW else "dusk"


def weather_word(
    rain_mmph: float, visibility_m: float, cloud_cover: float, *, snowy: bool = False
) -> str:
    """Return ``snow``, ``rain``, ``fog``, ``cloudy`` or ``clear``.

    What falls or has fallen goes before what hangs, as people label pictures.
    """
    if snowy:
        return "snow"
    if rain_mmph >= RAIN_FROM_MMPH:
        return "rain"
    if visibility_m < FOG_BELOW_M:
        return "fog"
    return "cloudy" if cloud_cover >= CLOUDY_FROM else "clear"


class _Labels:
    """Reads the visible boxes of a frame's labels."""

    def __init__(self, ids: dict[str, int]) -> None:
        self.ids = ids

    def __call__(self, record: ImageRecord) -> Boxes:
        path = truth_file(record, "boxes")
        objects = read_model(path, FrameLabels).objects
        unknown = [o.category for o in objects if o.category not in self.ids]
        if unknown:
            raise DatasetError(f"{path}: no class {unknown[0]!r} in {DATASET}")
        return Boxes(
            np.array([o.box2d_visible for o in objects], np.float64).reshape(-1, 4),
            np.array([self.ids[o.category] for o in objects], np.int64),
            np.zeros(len(objects), np.bool_),
            np.array([o.distance_m for o in objects], np.float64),
            np.array([o.occlusion for o in objects], np.float64),
            np.array([o.truncation for o in objects], np.float64),
        )


INFO = AdapterInfo(
    "scenegen",
    "data sets that scenegen generated: classes per pixel, and boxes with distances",
    LAYOUT,
    open_scenegen,
    lambda root: (root / DATASET).is_file() and (root / "scenes").is_dir(),
    {"sensor": "name of the only sensor to take; all of them by default"},
)
