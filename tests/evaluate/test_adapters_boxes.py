"""Adapters to COCO JSON, Pascal VOC and YOLO, on tiny sets in their makers' layouts."""

from __future__ import annotations

import contextlib
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pycocotools.coco import COCO

from scenegen.errors import DatasetError, InputError
from scenegen.evaluate.adapters import find_adapter, open_set
from scenegen.evaluate.adapters.names import extent_of
from scenegen.evaluate.adapters.sizes import picture_size
from scenegen.evaluate.images import ImageSet, blocks
from tests.evaluate.box_sets import (
    VOC_XML,
    coco_content,
    coco_set,
    voc_set,
    write_picture,
    write_text,
    yolo_set,
)


def by_id(found: ImageSet) -> dict[str, int]:
    return {record.id: i for i, record in enumerate(found.records)}


def read_by_pycocotools(path: Path) -> COCO:
    with contextlib.redirect_stdout(io.StringIO()):
        return COCO(str(path))


def test_coco_agrees_with_pycocotools(tmp_path: Path) -> None:
    oracle = read_by_pycocotools(coco_set(tmp_path))
    assert find_adapter("auto", tmp_path).name == "coco"
    found = open_set("coco", tmp_path)
    assert found.tasks == {"boxes"}
    assert found.splits == ("val",)
    names = {native.id: native.name for native in found.table.classes}
    assert names == {cat["id"]: cat["name"] for cat in oracle.loadCats(oracle.getCatIds())}
    assert len(found) == len(oracle.getImgIds())
    for i, record in enumerate(found.records):
        (image,) = [im for im in oracle.imgs.values() if record.image.name == im["file_name"]]
        theirs = oracle.loadAnns(oracle.getAnnIds(imgIds=image["id"]))
        ours = found.boxes(i)
        left_top = ours.xyxy[:, :2]
        xywh = np.concatenate([left_top, ours.xyxy[:, 2:] - left_top], axis=1)
        np.testing.assert_allclose(xywh, np.array([a["bbox"] for a in theirs]).reshape(-1, 4))
        assert ours.class_id.tolist() == [a["category_id"] for a in theirs]
        assert ours.crowd.tolist() == [bool(a["iscrowd"]) for a in theirs]
        assert found.image(i).shape == (image["height"], image["width"], 3)


def test_coco_classes_of_the_street_have_extents(tmp_path: Path) -> None:
    coco_set(tmp_path)
    extents = {c.name: c.extent for c in open_set("coco", tmp_path).table.classes}
    assert extents == {"person": {"person", "rider"}, "car": {"car"}, "toothbrush": frozenset()}


def test_coco_blocks_are_single_pictures(tmp_path: Path) -> None:
    coco_set(tmp_path)
    found = open_set("coco", tmp_path)
    assert len(set(blocks(found.records).tolist())) == 3
    assert found.digest() == open_set("coco", tmp_path).digest()


def test_coco_beside_its_pictures_and_by_options(tmp_path: Path) -> None:
    annotations = coco_set(tmp_path / "plain")
    exported = tmp_path / "exported" / "valid"
    for path in (tmp_path / "plain" / "val2017").iterdir():
        write_picture(exported / path.name)
    write_text(exported / "_annotations.coco.json", annotations.read_text())
    assert find_adapter("auto", tmp_path / "exported").name == "coco"
    assert open_set("coco", tmp_path / "exported").splits == ("val",)
    options = {"annotations": str(annotations), "images": str(exported)}
    chosen = open_set("coco", tmp_path / "plain", options)
    assert chosen.records[0].image.parent == exported
    with pytest.raises(InputError, match=r"no option 'annotation' .did you mean 'annotations'"):
        open_set("coco", tmp_path, {"annotation": "x"})
    with pytest.raises(InputError, match=r"option annotations: .*x\.json is not there"):
        open_set("coco", tmp_path, {"annotations": "x.json"})


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"bbox": [1, 2, 3]}, r"annotations\[0\]: bbox \[1, 2, 3\] is no left, top, width"),
        ({"bbox": [1, 2, -3, 4]}, r"annotations\[0\]: bbox"),
        ({"bbox": None}, r"annotations\[0\]: bbox"),
        ({"category_id": 2}, r"annotations\[0\]: category_id 2 is none of the categories"),
        ({"image_id": 7}, r"annotations\[0\]: image_id 7 is none of the pictures"),
        ({"image_id": [7]}, r"annotations\[0\]: image_id \[7\] is no number"),
        ({"iscrowd": 2}, r"annotations\[0\]: iscrowd 2"),
    ],
)
def test_a_wrong_coco_annotation_is_explained(
    tmp_path: Path, change: dict[str, Any], message: str
) -> None:
    content = coco_content()
    content["annotations"][0] |= change
    coco_set(tmp_path, content)
    with pytest.raises(DatasetError, match=r"instances_val2017\.json: " + message):
        open_set("coco", tmp_path)


def test_a_damaged_coco_file_or_a_missing_picture_is_explained(tmp_path: Path) -> None:
    path = coco_set(tmp_path)
    text = path.read_text()
    path.write_text(text[:1000])
    with pytest.raises(DatasetError, match=r"val2017\.json: no valid JSON up to byte 1000 \(parse"):
        open_set("coco", tmp_path)
    path.write_text(json.dumps({"images": json.loads(text)["images"]}))
    with pytest.raises(DatasetError, match="no list 'categories'"):
        open_set("coco", tmp_path)
    path.write_text("[]")
    with pytest.raises(DatasetError, match="no list 'images'"):
        open_set("coco", tmp_path)
    path.write_text(text)
    (tmp_path / "val2017" / "000000000285.jpg").unlink()
    with pytest.raises(DatasetError, match=r"picture .*000000000285\.jpg is not there"):
        open_set("coco", tmp_path)


@pytest.mark.slow
def test_twenty_thousand_pictures_open_in_bounded_memory(tmp_path: Path) -> None:
    """Loaded at once, the 60,000 annotations alone are 64 MiB of Python objects."""
    pictures, boxes = 20_000, 60_000
    folder = tmp_path / "train2017"
    folder.mkdir()
    for i in range(pictures):
        (folder / f"{i:012d}.jpg").touch()
    content = coco_content()
    annotation = content["annotations"][0]
    path = tmp_path / "annotations" / "instances_train2017.json"
    path.parent.mkdir()
    with path.open("w") as file:
        images = (json.dumps({"id": i, "file_name": f"{i:012d}.jpg"}) for i in range(pictures))
        file.write('{"images": [' + ",".join(images) + '], "annotations": [')
        for i in range(boxes):
            entry = annotation | {"id": i, "image_id": i * 7919 % pictures}
            file.write(("," if i else "") + json.dumps(entry))
        file.write(f'], "categories": {json.dumps(content["categories"])}}}')
    # A process of its own, whose memory nothing else has grown before. What getrusage tells
    # would begin at the most that its parent ever had.
    code = """
import re, sys
from pathlib import Path
from scenegen.evaluate.adapters import open_set
def most():
    status = Path("/proc/self/status").read_text()
    return int(re.search("VmHWM:[^0-9]*([0-9]+)", status)[1])
before = most()
found = open_set("coco", Path(sys.argv[1]))
print(most() - before, sum(len(found.boxes(i)) for i in range(0, len(found), 1000)))
"""
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    grown_kib, seen = (int(word) for word in done.stdout.split())
    assert 0 < grown_kib < 40 * 1024
    assert seen == 60


@given(st.text(max_size=20), st.sampled_from([str.upper, str.title, lambda s: s.replace(" ", "_")]))
def test_spelling_of_names_does_not_matter(name: str, spell: Any) -> None:
    for known in ("traffic light", "car", "Person-sitting"):
        assert extent_of(spell(known)) == extent_of(known) != frozenset()
    assert extent_of(f"no class {name}") == frozenset()


def test_people_hold_riders_where_those_have_no_class() -> None:
    assert extent_of("person") == {"person", "rider"}
    assert extent_of("person", ("Rider", "person")) == {"person"}
    assert extent_of("stop sign") == frozenset()


def test_voc_boxes_are_by_pixel_corners(tmp_path: Path) -> None:
    voc_set(tmp_path)
    assert find_adapter("auto", tmp_path).name == "voc"
    found = open_set("voc", tmp_path)
    assert found.tasks == {"boxes"}
    assert {r.id: r.split for r in found.records} == {
        "2007_000027": "train",
        "2007_000032": "train",
        "2007_000033": "val",
    }
    boxes = found.boxes(0)
    np.testing.assert_allclose(boxes.xyxy, [[0, 0, 64, 48], [9, 19, 40.7, 30]])
    assert boxes.class_id.tolist() == [15, 14]
    assert boxes.crowd.tolist() == [False, True]
    assert found.table.by_name("motorbike").extent == {"motorcycle"}


def test_voc_labels_are_palette_numbers(tmp_path: Path) -> None:
    voc_set(tmp_path)
    numbers = np.zeros((48, 64), np.uint8)
    numbers[10:20], numbers[20] = 15, 255
    for name in ("2007_000032", "2007_000033"):
        path = tmp_path / "SegmentationClass" / f"{name}.png"
        path.parent.mkdir(exist_ok=True)
        picture = Image.fromarray(numbers).convert("P")
        picture.putpalette([v for i in range(256) for v in (i * 37 % 256, i * 91 % 256, i)])
        picture.frombytes(numbers.tobytes())
        picture.save(path)
    assert open_set("voc", tmp_path).tasks == {"boxes"}
    found = open_set("voc", tmp_path, {"list": "Segmentation"})
    assert found.tasks == {"boxes", "semantic"}
    assert [record.id for record in found.records] == ["2007_000032", "2007_000033"]
    np.testing.assert_array_equal(found.semantic(1), numbers)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("person", "persn", r"object 1: no class 'persn' .did you mean 'person'\?.; names=FILE"),
        ("<xmin>10</xmin>", "<xmin>ten</xmin>", r"object 2: bndbox has xmin 'ten'"),
        ("<ymin>20</ymin>", "", r"object 2: bndbox has ymin None"),
        ("<xmin>10</xmin>", "<xmin>50</xmin>", r"object 2: bndbox \[50.0, .* in order"),
        ("</annotation>", "", "no valid XML"),
    ],
)
def test_a_wrong_voc_file_is_explained(tmp_path: Path, old: str, new: str, message: str) -> None:
    voc_set(tmp_path)
    path = write_text(tmp_path / "Annotations/2007_000027.xml", VOC_XML.replace(old, new))
    with pytest.raises(DatasetError, match=rf"{path.name}: {message}"):
        open_set("voc", tmp_path).boxes(0)


def test_voc_lists_are_checked(tmp_path: Path) -> None:
    voc_set(tmp_path)
    names = write_text(tmp_path / "names.txt", "moped\nmotorbike\nperson\n")
    assert open_set("voc", tmp_path, {"names": names}).boxes(0).class_id.tolist() == [3, 2]
    with pytest.raises(InputError, match=r"option list: .*did you mean 'Main'"):
        open_set("voc", tmp_path, {"list": "Mian"})
    write_text(tmp_path / "ImageSets/Main/val.txt", "2007_000027\n")
    with pytest.raises(DatasetError, match=r"val\.txt: 2007_000027 is in train\.txt too"):
        open_set("voc", tmp_path)
    write_text(tmp_path / "ImageSets/Main/val.txt", "2007_9\n")
    with pytest.raises(DatasetError, match=r"val\.txt: its picture .*2007_9\.jpg is not there"):
        open_set("voc", tmp_path)


@pytest.mark.parametrize("names", ["names:\n  0: person\n  1: car\n", "names: [person, car]\n"])
def test_yolo_boxes_in_pixels(tmp_path: Path, names: str) -> None:
    yolo_set(tmp_path, names)
    assert find_adapter("auto", tmp_path).name == "yolo"
    found = open_set("yolo", tmp_path)
    at = by_id(found)
    assert found.splits == ("train", "val")
    boxes = found.boxes(at["train/000000000009"])
    np.testing.assert_allclose(boxes.xyxy, [[24, 12, 40, 36], [0, 0, 32, 24]])
    assert boxes.class_id.tolist() == [1, 0]
    assert len(found.boxes(at["train/000000000025"])) == 0
    outline = found.boxes(at["val/000000000036"])
    np.testing.assert_allclose(outline.xyxy, [[20, 20, 60, 90]])


def test_yolo_splits_may_be_lists_and_roboflows(tmp_path: Path) -> None:
    yolo_set(tmp_path)
    write_text(tmp_path / "val.txt", "./images/val/000000000036.jpg\n\n")
    write_picture(tmp_path / "valid/images/x.jpg")
    write_text(tmp_path / "valid/labels/x.txt", "")
    write_text(
        tmp_path / "data.yaml",
        "train: [images/train, val.txt]\nval: ../valid/images\nnc: 1\nnames: [person, car]\n",
    )
    found = open_set("yolo", tmp_path)
    assert [record.split for record in found.records] == ["train", "train", "train", "val"]
    assert len(found.boxes(3)) == 0


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1 0.5 0.5 0.25", "2: 4 numbers; a label has 5"),
        ("2 0.5 0.5 0.25 0.5", "2: class 2 is none of names, 0 to 1"),
        ("1.5 0.5 0.5 0.25 0.5", "2: class 1.5 is none of names"),
        ("1 0.5 0.5 25 0.5", "2: .* are not shares from 0 to 1"),
        ("1 0.5 0.5 nan 0.5", "2: .* are not shares from 0 to 1"),
        ("car 0.5 0.5 0.2 0.5", "2: could not convert"),
    ],
)
def test_a_wrong_yolo_label_is_explained(tmp_path: Path, line: str, message: str) -> None:
    yolo_set(tmp_path)
    write_text(tmp_path / "labels/train/000000000009.txt", f"0 0.5 0.5 0.1 0.1\n{line}\n")
    with pytest.raises(DatasetError, match=rf"000000000009\.txt:{message}"):
        open_set("yolo", tmp_path).boxes(0)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("train: images/train\n", "names: lists the classes"),
        ("train: images/train\nnames: {1: car}\n", "ids of names count from 0"),
        ("train: images/trian\nnames: [a]\n", r"data\.yaml:1:8: train: images/trian is not there"),
        ("train: images/train\nval: images/train\nnames: [a]\n", "listed twice, in train and val"),
    ],
)
def test_a_wrong_data_yaml_is_explained(tmp_path: Path, text: str, message: str) -> None:
    yolo_set(tmp_path)
    write_text(tmp_path / "data.yaml", text)
    with pytest.raises(InputError, match=message):
        open_set("yolo", tmp_path)


@settings(max_examples=20)
@given(st.integers(1, 90), st.integers(1, 90), st.sampled_from([".png", ".jpg", ".bmp", ".webp"]))
def test_sizes_from_headers(
    tmp_path_factory: pytest.TempPathFactory, width: int, height: int, end: str
) -> None:
    path = write_picture(tmp_path_factory.mktemp("size") / f"x{end}", width, height)
    assert picture_size(path) == (height, width)


def test_a_turned_picture_has_the_size_it_is_read_with(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by a quarter
    for end in ("jpg", "png"):
        path = tmp_path / f"turned.{end}"
        Image.new("RGB", (60, 40)).save(path, exif=exif)
        assert picture_size(path) == cv2.imread(str(path)).shape[:2]
    assert picture_size(tmp_path / "turned.jpg") == (60, 40)
    with pytest.raises(DatasetError, match=r"no\.png: can't be read"):
        picture_size(tmp_path / "no.png")
    with pytest.raises(DatasetError, match="no readable picture"):
        picture_size(write_text(tmp_path / "text.png", "no picture"))


def test_opening_decodes_no_picture(tmp_path: Path) -> None:
    voc_set(tmp_path / "voc")
    yolo_set(tmp_path / "yolo")
    coco_set(tmp_path / "coco")
    for path in tmp_path.rglob("*.jpg"):
        path.write_bytes(b"")
    for name in ("voc", "yolo", "coco"):
        assert len(open_set(name, tmp_path / name)) == 3
