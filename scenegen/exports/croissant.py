"""Croissant metadata (MLCommons, version 1.0) beside a copy of the data set that it describes."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pyarrow as pa

from scenegen.dataset import DatasetInfo
from scenegen.dataset.canonical import readable_json
from scenegen.dataset.layout import read_content
from scenegen.errors import InputError
from scenegen.exports.folder import ExportFolder
from scenegen.exports.source import Source

NAME = "croissant.json"
_INDEX = "index.parquet"
KINDS = {
    "rgb": ("png", "image/png", "sRGB pictures"),
    "depth": ("png", "image/png", "depth, metres * 256"),
    "semantic": ("png", "image/png", "class of each pixel"),
    "instance": ("png", "image/png", "instance of each pixel"),
    "normal": ("png", "image/png", "normals, camera frame"),
    "flow": ("png", "image/png", "optical flow to the next frame"),
    "flow_back": ("png", "image/png", "optical flow to the frame before"),
    "scene_flow": ("png", "image/png", "motion of each pixel's surface in space"),
    "nocs": ("png", "image/png", "each pixel's place in its object's box"),
    "lanes": ("png", "image/png", "lane line of each pixel"),
    "drivable": ("png", "image/png", "where one may drive"),
    "labels": ("json", "application/json", "objects, lanes, signals, calibration"),
    "points": ("bin", "application/octet-stream", "points of LiDARs, detections of radars"),
    "boxes": ("json", "application/json", "objects that LiDARs and radars see"),
}
"""By folder of a sensor: how its files end, what they are, and what they say."""

_CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "sc": "https://schema.org/",
    "dct": "http://purl.org/dc/terms/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def write_croissant(source: Source, folder: ExportFolder) -> None:
    """Copy the set, byte for byte, and write what it is beside it.

    Raises
    ------
    InputError
        Only some sensors are asked for: the set's own index names all.
    """
    if source.sensors is not None:
        raise InputError("format=croissant describes the whole set: it takes no sensors=")
    root = source.dataset.path
    folders: set[str] = set()
    splits: dict[str, str] = {}
    for scene in source.scenes():
        splits[scene.id] = source.split(scene.id)
        for name in ("files.json", *sorted(scene.manifest.files)):
            folder.copy(f"scenes/{scene.id}/{name}", scene.path / name)
            folders |= set(Path(name).parts[1:-1])
    for path in [root / "dataset.json", root / _INDEX, root / "searched.parquet"]:
        if path.exists():
            folder.copy(path.name, path)
    index = read_content(root / _INDEX, bytes)
    kinds = [kind for kind in KINDS if kind in folders]
    found = _metadata(source.dataset.info, source.dataset.index, kinds)
    found["distribution"] = [_index_file(index), *(_files(kind) for kind in kinds)]
    if source.validation > 0:
        found["recordSet"].append(_splits(splits))
    folder.write(NAME, readable_json(found))


def _metadata(info: DatasetInfo, index: pa.Table, kinds: list[str]) -> dict[str, Any]:
    names = ", ".join(sorted(entry.name for entry in info.scenarios))
    said = info.synthetic.statement if info.synthetic else "Made by scenegen."
    records = [_frames(index.schema)]
    if "rgb" in kinds:
        records.append(_pictures())
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "scenegen",
        "description": f"{said} Scenarios: {names}.",
        "creator": {"@type": "sc:Organization", "name": "scenegen"},
        "license": sorted({licence.licence for licence in info.licences}),
        "version": info.scenegen_version,
        "isLiveDataset": False,
        "keywords": ["driving", "synthetic", "ground truth"],
        "recordSet": records,
    }


def _index_file(content: bytes) -> dict[str, Any]:
    return {
        "@type": "cr:FileObject",
        "@id": _INDEX,
        "name": _INDEX,
        "contentUrl": _INDEX,
        "contentSize": f"{len(content)} B",
        "encodingFormat": "application/x-parquet",
        "sha256": hashlib.sha256(content).hexdigest(),
    }


def _files(kind: str) -> dict[str, Any]:
    end, encoding, said = KINDS[kind]
    return {
        "@type": "cr:FileSet",
        "@id": kind,
        "name": kind,
        "description": said,
        "encodingFormat": encoding,
        "includes": f"scenes/*/*/{kind}/*.{end}",
    }


def _frames(schema: pa.Schema) -> dict[str, Any]:
    """Return the records of the index: a row a frame and sensor, every column a field."""
    return {
        "@type": "cr:RecordSet",
        "@id": "frames",
        "name": "frames",
        "description": "A row for each frame of each sensor, as index.parquet has it.",
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"frames/{column.name}",
                "name": column.name,
                "dataType": _type(column.type),
                "source": {"fileObject": {"@id": _INDEX}, "extract": {"column": column.name}},
            }
            for column in schema
        ],
    }


def _type(type_: pa.DataType) -> str:
    if pa.types.is_boolean(type_):
        return "sc:Boolean"
    if pa.types.is_integer(type_):
        return "sc:Integer"
    return "sc:Float" if pa.types.is_floating(type_) else "sc:Text"


def _pictures() -> dict[str, Any]:
    def field(name: str, type_: str, what: str) -> dict[str, Any]:
        return {
            "@type": "cr:Field",
            "@id": f"pictures/{name}",
            "name": name,
            "dataType": type_,
            "source": {"fileSet": {"@id": "rgb"}, "extract": {"fileProperty": what}},
        }

    return {
        "@type": "cr:RecordSet",
        "@id": "pictures",
        "name": "pictures",
        "description": "The colour pictures and where they are.",
        "field": [
            field("path", "sc:Text", "fullpath"),
            field("picture", "sc:ImageObject", "content"),
        ],
    }


def _splits(splits: dict[str, str]) -> dict[str, Any]:
    def field(name: str, types: str | list[str]) -> dict[str, Any]:
        return {"@type": "cr:Field", "@id": f"splits/{name}", "name": name, "dataType": types}

    return {
        "@type": "cr:RecordSet",
        "@id": "splits",
        "name": "splits",
        "description": "Which scenes are for training, and which for validation.",
        "key": {"@id": "splits/scene"},
        "field": [field("scene", "sc:Text"), field("split", ["sc:Text", "cr:Split"])],
        "data": [{"splits/scene": s, "splits/split": split} for s, split in splits.items()],
    }
