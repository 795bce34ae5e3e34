"""Sets with a class a pixel, each in its makers' layout: names, encodings, drives, splits."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw

from scenegen.errors import DatasetError, InputError
from scenegen.evaluate.adapters import open_set
from scenegen.evaluate.adapters.camvid import CAMVID_32
from scenegen.evaluate.adapters.indexed import read_indices
from scenegen.evaluate.adapters.polygons import bound, draw, read_drawing
from scenegen.evaluate.images import ImageSet, blocks

Ids = npt.NDArray[np.integer[Any]]
RGB = np.arange(6 * 8 * 3, dtype=np.uint8).reshape(6, 8, 3)


def write(path: Path, pixels: npt.NDArray[Any]) -> Path:
    """Write a PNG or JPEG as Pillow does, which the makers' tools use."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(pixels).save(path)
    return path


def write_palette(path: Path, ids: Ids, colors: Sequence[Sequence[int]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture = Image.fromarray(ids.astype(np.uint8)).convert("L")
    indexed = Image.new("P", picture.size)
    indexed.putdata(list(ids.ravel().tolist()))
    indexed.putpalette([number for color in colors for number in color])
    indexed.save(path)


def halves(left: int, right: int, dtype: type = np.uint8) -> Ids:
    ids = np.full((6, 8), left, dtype)
    ids[:, 4:] = right
    return ids


def truth(opened: ImageSet) -> dict[str, Ids]:
    return {r.id: opened.semantic(i) for i, r in enumerate(opened.records) if "semantic" in r.truth}


def names(opened: ImageSet, index: int) -> list[str]:
    by_id = {native.id: native.name for native in opened.table.classes}
    return [by_id.get(i, "?") for i in np.unique(opened.semantic(index)).tolist()]


@pytest.mark.parametrize(("bits", "count"), [(8, 256), (4, 16), (2, 4), (1, 2)])
def test_palette_pictures_give_their_indices(tmp_path: Path, bits: int, count: int) -> None:
    ids = np.random.default_rng(bits).integers(0, count, (13, 17)).astype(np.uint8)
    picture = Image.fromarray(ids).convert("L").convert("P")
    picture.putdata(list(ids.ravel().tolist()))
    picture.putpalette([7] * 3 * count)  # all colours alike: nothing but the index tells
    picture.save(tmp_path / "p.png", bits=bits, transparency=0)
    np.testing.assert_array_equal(read_indices(tmp_path / "p.png"), ids)


def test_damaged_palette_pictures_are_named(tmp_path: Path) -> None:
    write_palette(tmp_path / "p.png", halves(1, 2), [(0, 0, 0)] * 3)
    data = (tmp_path / "p.png").read_bytes()
    (tmp_path / "p.png").write_bytes(data[:60])
    with pytest.raises(DatasetError, match=r"p\.png: no readable picture"):
        read_indices(tmp_path / "p.png")
    with pytest.raises(DatasetError, match="can't be read"):
        read_indices(tmp_path / "q.png")


def camvid(root: Path) -> Path:
    for split, name in (
        ("train", "0016E5_00390"),
        ("train", "0001TP_006690"),
        ("val", "0001TP_008550"),
        ("test", "0006R0_f00930"),
    ):
        write(root / split / "images" / f"{name}.jpg", RGB)
        write(root / split / "labels" / f"{name}.png", halves(3, 255))
        with (root / f"{split}.txt").open("a") as file:
            file.write(f"{name}\n")
    return root


def test_camvid_by_split(tmp_path: Path) -> None:
    opened = open_set("auto", camvid(tmp_path))
    assert opened.table.name == "camvid"
    assert [(r.id, r.group, r.order, r.split) for r in opened.records] == [
        ("0001TP_006690", "0001TP", 6690, "train"),
        ("0001TP_008550", "0001TP", 8550, "val"),
        ("0006R0_f00930", "0006R0", 930, "test"),
        ("0016E5_00390", "0016E5", 390, "train"),
    ]
    assert opened.records[0].attributes["time_of_day"] == "dusk"
    assert opened.records[2].attributes == {"time_of_day": "day", "scene": "urban"}
    np.testing.assert_array_equal(opened.semantic(0), halves(3, 255))
    assert opened.image(0).shape == RGB.shape
    assert opened.tasks == {"semantic"}
    (tmp_path / "train.txt").write_text("0016E5_00390\n")
    assert len(open_set("camvid", tmp_path).split("train")) == 1
    (tmp_path / "train.txt").write_text("0016E5_99999\n")
    with pytest.raises(DatasetError, match="names 0016E5_99999"):
        open_set("camvid", tmp_path)


def test_camvid_of_segnet(tmp_path: Path) -> None:
    for split, name in (("train", "0001TP_006690"), ("test", "Seq05VD_f00000")):
        write(tmp_path / split / f"{name}.png", RGB)
        write(tmp_path / f"{split}annot" / f"{name}.png", halves(8, 11))
    opened = open_set("auto", tmp_path)
    assert [(r.group, r.split) for r in opened.records] == [
        ("0001TP", "train"),
        ("Seq05VD", "test"),
    ]
    assert names(opened, 0) == ["car", "?"]


def test_camvid_of_the_makers(tmp_path: Path) -> None:
    ids = np.arange(32).reshape(4, 8)
    palette = np.array([native.color for native in CAMVID_32.classes], np.uint8)
    colors = palette[ids]
    colors[0, 0] = (1, 2, 3)
    write(tmp_path / "701_StillsRaw_full" / "0006R0_f00930.png", RGB[:4])
    write(tmp_path / "LabeledApproved_full" / "0006R0_f00930_L.png", colors)
    opened = open_set("auto", tmp_path)
    expected = ids.copy()
    expected[0, 0] = -1
    np.testing.assert_array_equal(opened.semantic(0), expected)
    assert opened.table.by_name("Road").color == (128, 64, 128)


CITY = "leftImg8bit/{split}/{city}/{name}_leftImg8bit.png"


def cityscapes(root: Path) -> Path:
    pictures = [
        ("train", "aachen", "aachen_000000_000019"),
        ("val", "munster", "munster_000001_000019"),
    ]
    for split, city, name in [*pictures, ("test", "berlin", "berlin_000000_000019")]:
        write(root / "leftImg8bit" / split / city / f"{name}_leftImg8bit.png", RGB)
        stem = root / "gtFine" / split / city / f"{name}_gtFine"
        write(stem.with_name(f"{stem.name}_labelIds.png"), halves(7, 26))
        instances = halves(7, 26001, np.uint16)
        instances[1:3, 5:7] = 26000
        instances[5, 6:] = 24  # a group of people
        instances[0, :2] = 17  # stuff without instances
        write(stem.with_name(f"{stem.name}_instanceIds.png"), instances)
        write(stem.with_name(f"{stem.name}_color.png"), RGB)
    return root


def test_cityscapes(tmp_path: Path) -> None:
    opened = open_set("auto", cityscapes(tmp_path))
    assert opened.name == "cityscapes"
    assert [(r.id, r.group, r.order, r.split) for r in opened.records] == [
        ("train/aachen/aachen_000000_000019", "aachen_000000", 19, "train"),
        ("test/berlin/berlin_000000_000019", "berlin_000000", 19, "test"),
        ("val/munster/munster_000001_000019", "munster_000001", 19, "val"),
    ]
    assert opened.tasks == {"semantic", "boxes"}
    assert names(opened, 0) == ["road", "car"]
    boxes = opened.boxes(0)
    assert boxes.xyxy.tolist() == [[6, 5, 8, 6], [5, 1, 7, 3], [4, 0, 8, 6]]
    assert boxes.class_id.tolist() == [24, 26, 26]
    assert boxes.crowd.tolist() == [True, False, False]
    with pytest.raises(DatasetError, match="no semantic truth"):
        opened.semantic(1)  # the test split's files hold void only


def test_cityscapes_says_what_is_missing(tmp_path: Path) -> None:
    root = cityscapes(tmp_path)
    with pytest.raises(InputError, match="gtCoarse with label pictures is missing"):
        open_set("cityscapes", root, {"annotations": "gtCoarse"})
    with pytest.raises(InputError, match="did you mean 'gtFine'"):
        open_set("cityscapes", root, {"annotations": "gtfine"})
    write(root / CITY.format(split="train", city="ulm", name="ulm_000000_000019"), RGB)
    with pytest.raises(DatasetError, match="1 of 2 pictures of split 'train' have no semantic"):
        open_set("cityscapes", root)


def test_kitti_semantic(tmp_path: Path) -> None:
    for number in (0, 1):
        write(tmp_path / "training" / "image_2" / f"{number:06d}_10.png", RGB)
        write(tmp_path / "training" / "semantic" / f"{number:06d}_10.png", halves(7, 24))
        instances = halves(7 * 256, 24 * 256 + 1, np.uint16)
        instances[0, 4:] = 24 * 256  # people who are not told apart
        write(tmp_path / "training" / "instance" / f"{number:06d}_10.png", instances)
    write(tmp_path / "testing" / "image_2" / "000000_10.png", RGB)
    opened = open_set("auto", tmp_path)
    assert opened.name == "kitti_semantic"
    assert [(r.id, r.group, r.split) for r in opened.records] == [
        ("test/000000_10", "test", "test"),
        ("train/000000_10", "train", "train"),
        ("train/000001_10", "train", "train"),
    ]
    boxes = opened.boxes(1)
    assert boxes.xyxy.tolist() == [[4, 0, 8, 1], [4, 1, 8, 6]]
    assert boxes.crowd.tolist() == [True, False]
    assert names(opened, 1) == ["road", "person"]
    listed = tmp_path / "train_mapping.txt"
    listed.write_text("2011_09_26 2011_09_26_drive_0005_sync 0000000059\n\n")
    drives = {r.id: (r.group, r.order) for r in open_set("auto", tmp_path).records}
    assert drives["train/000000_10"] == ("2011_09_26_drive_0005_sync", 59)
    assert drives["train/000001_10"] == ("train", 1)


MAPILLARY = [
    ("construction--flat--road", False, (128, 64, 128)),
    ("human--person--individual", True, (220, 20, 60)),
    ("human--person--person-group", False, (220, 20, 60)),
    ("object--vehicle--car", True, (0, 0, 142)),
    ("marking-only--discrete--text", False, (255, 255, 255)),
    ("object--traffic-light--general-upright", True, (250, 170, 30)),
    ("void--unlabeled", False, (0, 0, 0)),
]


def mapillary(root: Path, config: str, folder: str) -> Path:
    labels = [
        {"name": name, "readable": name, "instances": single, "evaluate": True, "color": color}
        for name, single, color in MAPILLARY
    ]
    root.mkdir(parents=True, exist_ok=True)
    (root / config).write_text(json.dumps({"labels": labels, "version": "x", "mapping": "x"}))
    for part in ("training", "validation"):
        name = f"{part[0]}Fw1_0x-Q"
        write(root / part / "images" / f"{name}.jpg", RGB)
        ids = halves(0, 3)
        ids[0, 0] = 2
        inner = root / part / folder
        (inner / "labels").mkdir(parents=True)
        write_palette(inner / "labels" / f"{name}.png", ids, [c for _, _, c in MAPILLARY])
        instances = ids.astype(np.uint16) * 256
        instances[3:, 4:] += 1
        write(inner / "instances" / f"{name}.png", instances)
    write(root / "testing" / "images" / "tFw1.jpg", RGB)
    return root


@pytest.mark.parametrize(
    ("config", "folder", "table"),
    [
        ("config_v2.0.json", "v2.0", "mapillary2.0"),
        ("config_v1.2.json", "v1.2", "mapillary1.2"),
        ("config.json", ".", "mapillary1.2"),
    ],
)
def test_mapillary(tmp_path: Path, config: str, folder: str, table: str) -> None:
    opened = open_set("auto", mapillary(tmp_path, config, folder))
    assert opened.table.name == table
    assert sorted(opened.splits) == ["test", "train", "val"]
    assert len({record.group for record in opened.records}) == 3
    train = opened.split("train")
    assert np.unique(train.semantic(0)).tolist() == [0, 2, 3]  # two classes of one colour
    boxes = train.boxes(0)
    assert boxes.class_id.tolist() == [2, 3, 3]
    assert boxes.crowd.tolist() == [True, False, False]
    assert boxes.xyxy.tolist() == [[0, 0, 1, 1], [4, 0, 8, 3], [4, 3, 8, 6]]
    held = {c.name: set(c.extent) for c in opened.table.classes}
    assert held["marking-only--discrete--text"] == {"lane marking"}
    assert held["human--person--person-group"] == {"person"}
    assert held["object--traffic-light--general-upright"] == {"traffic light"}
    assert held["void--unlabeled"] == set()


def test_mapillary_versions_side_by_side(tmp_path: Path) -> None:
    mapillary(tmp_path, "config_v2.0.json", "v2.0")
    mapillary(tmp_path, "config_v1.2.json", "v1.2")
    assert open_set("auto", tmp_path).table.name == "mapillary2.0"
    assert open_set("auto", tmp_path, {"version": 1.2}).table.name == "mapillary1.2"
    with pytest.raises(InputError, match="there is no '3'"):
        open_set("auto", tmp_path, {"version": 3})


SQUARES = [
    ("sky", [[0, 0], [7, 0], [7, 5], [0, 5]], False),
    ("road", [[0, 3], [7, 3], [7, 5], [0, 5]], False),
    ("autorickshaw", [[4, 1], [6, 1], [6, 4], [4, 4]], False),
    ("cargroup", [[-2, 2], [1, 2], [1, 3], [-2, 3]], False),
    ("truck", [[0, 0], [7, 0], [7, 5], [0, 5]], True),
]


def polygons(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    objects = [
        {"label": label, "polygon": points, "deleted": int(gone), "id": i, "draw": True}
        for i, (label, points, gone) in enumerate(SQUARES)
    ]
    path.write_text(json.dumps({"imgHeight": 6, "imgWidth": 8, "objects": objects}))
    return path


def test_idd_draws_what_is_there_as_polygons_only(tmp_path: Path) -> None:
    write(tmp_path / "leftImg8bit" / "train" / "201" / "frame0029_leftImg8bit.jpg", RGB)
    polygons(tmp_path / "gtFine" / "train" / "201" / "frame0029_gtFine_polygons.json")
    write(tmp_path / "leftImg8bit" / "val" / "0" / "005626_leftImg8bit.png", RGB)
    stem = tmp_path / "gtFine" / "val" / "0"
    polygons(stem / "005626_gtFine_polygons.json")
    write(stem / "005626_gtFine_labellevel3Ids.png", halves(9, 255))
    write(tmp_path / "leftImg8bit" / "test" / "0" / "000001_leftImg8bit.png", RGB)
    opened = open_set("auto", tmp_path)
    assert opened.name == "idd"
    assert [(r.id, r.group, r.order) for r in opened.records] == [
        ("test/0/000001", "0", 1),
        ("val/0/005626", "0", 5626),
        ("train/201/frame0029", "201", 29),
    ]
    np.testing.assert_array_equal(opened.semantic(1), halves(9, 255))
    canvas = Image.new("L", (8, 6), 255)
    pen = ImageDraw.Draw(canvas)
    level3 = {"sky": 25, "road": 0, "autorickshaw": 8, "cargroup": 9}
    for label, points, gone in SQUARES:
        if not gone:
            pen.polygon([(x, y) for x, y in points], fill=level3[label])
    np.testing.assert_array_equal(opened.semantic(2), np.array(canvas))
    boxes = opened.boxes(2)
    assert boxes.class_id.tolist() == [8, 9]
    assert boxes.crowd.tolist() == [False, True]
    assert boxes.xyxy.tolist() == [[4, 1, 6, 4], [0, 2, 1, 3]]


def test_an_unknown_label_of_a_polygon_is_named(tmp_path: Path) -> None:
    path = polygons(tmp_path / "a_polygons.json")
    with pytest.raises(DatasetError, match=r"a_polygons.json: label 'autorickshaw'"):
        read_drawing(path, {"sky": 0, "road": 1, "car": 2})
    drawing = read_drawing(path, {"sky": 0, "road": 1, "car": 2, "autorickshaw": 3})
    assert draw(drawing, {"sky": 0, "road": 1, "car": 2, "autorickshaw": 3}, 9).shape == (6, 8)
    assert len(bound(drawing, {})) == 0


def acdc(root: Path, labels: str, ids: Ids) -> Path:
    for condition, split in (("fog", "train"), ("night", "val"), ("snow", "test")):
        name = "GOPR0475_frame_000041"
        inner = Path(condition, split, "GOPR0475")
        write(root / "rgb_anon" / inner / f"{name}_rgb_anon.png", RGB)
        fair = Path(condition, f"{split}_ref", "GOPR0475")
        write(root / "rgb_anon" / fair / f"{name}_rgb_ref_anon.png", RGB)
        if split != "test":
            write(root / "gt" / inner / f"{name}_gt_{labels}.png", ids)
            write(root / "gt" / inner / f"{name}_gt_invIds.png", halves(0, 1))
    return root


@pytest.mark.parametrize(
    ("labels", "ids"),
    [("labelIds", halves(7, 33)), ("labelTrainIds", halves(0, 18))],
)
def test_acdc(tmp_path: Path, labels: str, ids: Ids) -> None:
    opened = open_set("auto", acdc(tmp_path, labels, ids))
    assert opened.name == "acdc"
    assert [(r.id, r.group, r.order) for r in opened.records] == [
        ("fog/train/GOPR0475/GOPR0475_frame_000041", "fog/GOPR0475", 41),
        ("night/val/GOPR0475/GOPR0475_frame_000041", "night/GOPR0475", 41),
        ("snow/test/GOPR0475/GOPR0475_frame_000041", "snow/GOPR0475", 41),
    ]
    assert opened.records[0].attributes == {"weather": "fog", "time_of_day": "day"}
    assert opened.records[1].attributes == {"time_of_day": "night"}
    assert names(opened, 0) == ["road", "bicycle"]
    assert opened.split("test").where(lambda r: "semantic" in r.truth).records == ()


def test_acdc_as_its_archives_unpack(tmp_path: Path) -> None:
    acdc(tmp_path, "labelIds", halves(7, 7))
    for name, archive in (("rgb_anon", "rgb_anon_trainvaltest"), ("gt", "gt_trainval")):
        (tmp_path / archive).mkdir()
        (tmp_path / name).rename(tmp_path / archive / name)
    assert len(open_set("auto", tmp_path)) == 3


def test_scenegens_own_sets(tmp_path: Path) -> None:
    from tests.dataset.conftest import make_frame, write_dataset

    write_dataset(tmp_path / "set")
    opened = open_set("auto", tmp_path / "set")
    assert opened.tasks == {"semantic", "boxes"}
    assert [(r.id, r.group, r.order) for r in opened.records] == [
        (f"ball-00000{scene}/front/00000{frame}", f"ball-00000{scene}", frame)
        for scene in (0, 1)
        for frame in (0, 1)
    ]
    frame = make_frame(1)
    np.testing.assert_array_equal(opened.semantic(3), frame.semantic)
    np.testing.assert_array_equal(opened.image(3), frame.rgb)
    boxes = opened.boxes(3)
    rows, columns = np.nonzero(frame.instance == 2)
    box = [columns.min(), rows.min(), columns.max() + 1, rows.max() + 1]
    np.testing.assert_array_equal(boxes.xyxy, [box])
    assert boxes.class_id.tolist() == [26]
    assert boxes.distance_m is not None
    assert boxes.distance_m.tolist() == [12.0]
    known = opened.records[0].attributes
    assert known["scenario"] == "ball"
    assert (known["time_of_day"], known["weather"]) == ("day", "clear")
    assert known["visibility_m"] == 50_000.0
    assert blocks(opened.records).tolist() == [0, 0, 1, 1]
    with pytest.raises(InputError, match="did you mean 'front'"):
        open_set("scenegen", tmp_path / "set", {"sensor": "frnt"})


@pytest.mark.parametrize(
    ("elevation_deg", "word"), [(30, "day"), (3, "dusk"), (-6, "dusk"), (-12, "night")]
)
def test_time_of_day_by_the_sun(elevation_deg: float, word: str) -> None:
    from scenegen.evaluate.adapters.scenegen_set import time_of_day

    assert time_of_day(np.radians(elevation_deg)) == word


@pytest.mark.parametrize(
    ("rain", "visibility", "cloud", "word"),
    [
        (5.0, 500.0, 1.0, "rain"),
        (0.05, 500.0, 1.0, "fog"),
        (0.0, 5000.0, 0.7, "cloudy"),
        (0.0, 5000.0, 0.5, "clear"),
    ],
)
def test_weather_by_what_is_in_the_air(
    rain: float, visibility: float, cloud: float, word: str
) -> None:
    from scenegen.evaluate.adapters.scenegen_set import weather_word

    assert weather_word(rain, visibility, cloud) == word


def test_opening_decodes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = cityscapes(tmp_path)

    def refuse(*_: object) -> None:
        raise AssertionError("decoded ahead of need")

    monkeypatch.setattr(cv2, "imdecode", refuse)
    assert len(open_set("auto", root)) == 3
