"""Plain folders, and how a folder finds its adapter."""

from __future__ import annotations

import time
from pathlib import Path

import cv2
import numpy as np
import pytest

from scenegen.errors import DatasetError, InputError
from scenegen.evaluate.adapters import ADAPTERS, find_adapter, open_set
from scenegen.evaluate.adapters.files import pictures

RGB = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
CLASSES = """
name: yard
classes:
  - {id: 0, name: ground floor, extent: [road, parking], color: [10, 20, 30]}
  - {id: 7, name: person, color: [40, 50, 60]}
  - {id: 200, name: void, extent: [], color: [0, 0, 0]}
"""


def save(path: Path, pixels: np.ndarray) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), pixels[..., ::-1] if pixels.ndim == 3 else pixels)


def yard(root: Path, *names: str, classes: str = CLASSES) -> Path:
    for name in names:
        save(root / "images" / f"{name}.png", RGB)
        save(root / "masks" / f"{name}.png", np.full((4, 6), 7, np.uint8))
    (root / "classes.yaml").write_text(classes)
    return root


def test_folders_are_splits_and_groups(tmp_path: Path) -> None:
    root = yard(tmp_path, "train/a/1", "train/a/2", "val/b/c/1", "3")
    opened = open_set("auto", root)
    assert (opened.name, opened.tasks) == ("yard", {"semantic"})
    assert [(r.id, r.split, r.group) for r in opened.records] == [
        ("3", "", ""),
        ("train/a/1", "train", "a"),
        ("train/a/2", "train", "a"),
        ("val/b/c/1", "val", "b/c"),
    ]
    assert np.unique(opened.semantic(0)).tolist() == [7]
    np.testing.assert_array_equal(opened.image(0), RGB)
    assert opened.table.by_name("ground floor").extent == {"road", "parking"}
    assert opened.table.by_name("person").extent == {"person"}


def test_groups_and_order_by_an_expression(tmp_path: Path) -> None:
    pattern = "group: '(?P<group>\\w+)-(?P<order>\\d+)'\n"
    root = yard(tmp_path, "b-10", "b-9", "a-1", classes=pattern + CLASSES)
    opened = open_set("folder", root)
    assert [(r.id, r.group, r.order) for r in opened.records] == [
        ("a-1", "a", 1),
        ("b-9", "b", 9),
        ("b-10", "b", 10),
    ]
    yard(root, "odd", classes=pattern + CLASSES)
    with pytest.raises(DatasetError, match=r"odd.png: the name doesn't fit"):
        open_set("folder", root)


def test_masks_in_colours(tmp_path: Path) -> None:
    colors = np.array([(10, 20, 30), (40, 50, 60), (0, 0, 0), (1, 1, 1)], np.uint8)
    root = yard(tmp_path, "1")
    save(root / "masks" / "1.png", colors[np.array([[0, 1, 2, 3]])])
    assert open_set("folder", root).semantic(0).tolist() == [[0, 7, 200, -1]]
    (root / "classes.yaml").write_text(CLASSES.replace(", color: [40, 50, 60]", ""))
    with pytest.raises(DatasetError, match=r"1.png: holds colours; give each class"):
        open_set("folder", root).semantic(0)


def test_attributes(tmp_path: Path) -> None:
    root = yard(tmp_path, "train/1", "train/2")
    table = root / "attributes.csv"
    table.write_text("name,time_of_day,speed_mps,wet\ntrain/1,night,3.5,true\ntrain/2,,,\n")
    records = open_set("folder", root).records
    assert records[0].attributes == {"time_of_day": "night", "speed_mps": 3.5, "wet": True}
    assert records[1].attributes == {}
    for line, message in (
        ("train/1,nite,1,true", "attributes.csv:2: time_of_day 'nite'"),
        ("train/9,night,1,true", "there is no picture 'train/9'"),
        ("train/1,night,1,true,5", "attributes.csv:2: more cells"),
    ):
        table.write_text(f"name,time_of_day,speed_mps,wet\n{line}\n")
        with pytest.raises(DatasetError, match=message):
            open_set("folder", root)
    table.write_text("picture,wet\n1,true\n")
    with pytest.raises(DatasetError, match="needs a column 'name'"):
        open_set("folder", root)


def test_pictures_without_truth(tmp_path: Path) -> None:
    save(tmp_path / "a.jpg", RGB)
    save(tmp_path / "b.png", RGB)
    opened = open_set("auto", tmp_path)
    assert (len(opened), opened.tasks, opened.table.classes) == (2, frozenset(), ())
    with pytest.raises(DatasetError, match="no label pictures"):
        opened.semantic(0)
    with pytest.raises(DatasetError, match="no boxes"):
        opened.boxes(0)
    save(tmp_path / "a.png", RGB)
    with pytest.raises(DatasetError, match="has the same name"):
        open_set("folder", tmp_path)


def test_a_missing_mask_is_no_smaller_set(tmp_path: Path) -> None:
    root = yard(tmp_path, "1", "2", "3")
    (root / "masks" / "2.png").unlink()
    with pytest.raises(DatasetError, match="1 of 3 pictures of the set have no semantic truth"):
        open_set("folder", root)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("classes: 3", "is a list of classes"),
        ("classes:\n  - {id: a, name: sky}", "2:5: a class is"),
        ("classes:\n  - {id: 1, name: skies}", "skies needs an extent"),
        ("classes:\n  - {id: 1, name: sky}\n  - {id: 1, name: road}", "two classes have the id 1"),
        ("classes:\n  - {id: 1, name: sky}\n  - {id: 2, name: sky}", "have the name sky"),
        ("masks: 3", "masks: is a word"),
        ("mask: labels", "did you mean 'masks'"),
        ("group: '(?P<grup>x)'", r"needs a part \(\?P<group>"),
        ("group: '('", "no regular expression"),
    ],
)
def test_a_wrong_classes_yaml_is_explained(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        open_set("folder", yard(tmp_path, "1", classes=text))


def test_a_folder_that_fits_nothing_or_too_much(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        open_set("auto", tmp_path / "nowhere")
    with pytest.raises(InputError, match=r"fits no adapter; name one of scenegen, camvid"):
        open_set("auto", tmp_path)
    (tmp_path / "classes.yaml").write_text("classes: []")
    (tmp_path / "trainannot").mkdir()
    with pytest.raises(InputError, match=r"several adapters \(camvid, folder\); name one"):
        open_set("auto", tmp_path)
    assert find_adapter("camvid", tmp_path) is ADAPTERS["camvid"]


def test_names_and_options_are_checked(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no adapter 'cityscape' .did you mean 'cityscapes'"):
        open_set("cityscape", tmp_path)
    with pytest.raises(InputError, match=r"no option 'sensr' .did you mean 'sensor'"):
        open_set("scenegen", tmp_path, {"sensr": "front"})


@pytest.mark.parametrize("name", sorted(ADAPTERS))
def test_every_adapter_shows_the_layout_that_it_misses(name: str, tmp_path: Path) -> None:
    info = ADAPTERS[name]
    assert not info.probe(tmp_path)
    with pytest.raises(InputError) as error:
        open_set(name, tmp_path)
    assert info.layout.strip().splitlines()[0].strip() in str(error.value)
    assert str(tmp_path) in str(error.value)
    assert info.summary


def test_ten_thousand_pictures_with_labels_open_fast_and_undecoded(tmp_path: Path) -> None:
    """Hard links stand for the pictures: listing is all that opening does."""
    source = tmp_path / "one.png"
    source.write_bytes(b"")
    for kind, end in (("leftImg8bit", "leftImg8bit"), ("gtFine", "gtFine_labelIds")):
        for city in range(10):
            folder = tmp_path / "set" / kind / "train" / f"city{'abcdefghij'[city]}"
            folder.mkdir(parents=True)
            for frame in range(1000):
                name = folder / f"{folder.name}_{frame // 30:06d}_{frame:06d}_{end}.png"
                name.hardlink_to(source)
    start = time.process_time()
    opened = open_set("auto", tmp_path / "set")
    # CPU time, in which a busy machine shows little; holding each against each takes minutes.
    assert time.process_time() - start < 10.0
    assert len(opened) == 10_000
    assert len({record.group for record in opened.records}) == 340


def test_listing_is_sorted_and_leaves_hidden_files_out(tmp_path: Path) -> None:
    for name in ("b/2.png", "b/10.PNG", "a.jpg", ".a.png", "c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).touch()
    assert list(pictures(tmp_path)) == ["a", "b/10", "b/2"]
    assert pictures(tmp_path / "nowhere") == {}
