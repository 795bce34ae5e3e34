"""A data set is a sequence of scenes, filters leave a part of it, and views give its frames."""

from __future__ import annotations

import contextlib
import multiprocessing
import pickle
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.dataset import FrameReader, SceneReader, open_dataset
from scenegen.dataset.conditions import parse_condition
from scenegen.errors import DatasetError, InputError


def test_it_is_a_sequence_of_scenes(dataset):
    assert [scene.id for scene in dataset] == [dataset[i].id for i in range(len(dataset))]
    assert isinstance(dataset[-1], SceneReader)
    assert dataset[-1].id == "ball-000001"
    with pytest.raises(IndexError):
        dataset[2]
    part = dataset[1:]
    assert part.scene_ids == ("ball-000001",)
    assert len(part.frames()) == 2
    assert part[0].scenario == dataset[1].scenario


def test_frames_are_those_of_the_scenes(dataset):
    frames = dataset.frames("front")
    one_by_one = [frame for scene in dataset for frame in scene.frames("front")]
    assert isinstance(frames[0], FrameReader)
    assert list(frames) == one_by_one  # the same paths, and the same entries but from the index
    assert frames[-1] == frames[3]
    assert list(frames[::-2]) == one_by_one[::-2]
    np.testing.assert_array_equal(frames[3].depth_m, one_by_one[3].depth_m)
    assert not len(dataset.sweeps())
    with pytest.raises(IndexError):
        frames[4]
    with pytest.raises(DatasetError, match="did you mean 'front'"):
        dataset.frames("fron")


@pytest.mark.parametrize(
    ("text", "condition", "frames"),
    [
        ("param.speed > 1", pc.field("param.speed") > 1, 2),
        ("frame == 1 and sensor in ['front', 'rear']", pc.field("frame") == 1, 2),
        ("not (frame == 1 or param.speed > 1)", pc.field("index") + pc.field("frame") == 0, 1),
        ("0 <= log_weight < 1", pc.field("log_weight") == 0, 2),
        ("`count.traffic light` is None or index * 2 - 1 >= 1", pc.field("index") == 1, 2),
        ("count.car > 0 and scene not in ('ball-000000',)", pc.field("index") == 1, 2),
        ("param.side != 'left'", pc.field("index") == 7, 0),
        ("-log_weight > 0.2", pc.field("index") == 1, 2),
        ("True", pc.scalar(True), 4),
    ],
)  # fmt: skip
def test_filters_as_text_and_as_expressions_agree(dataset, text, condition, frames):
    if "traffic light" in text and "count.traffic light" not in dataset.index.schema.names:
        text = text.replace("traffic light", "car")
    left = dataset.filter(text)
    assert left.index.equals(dataset.filter(condition).index)
    assert len(left.frames()) == frames == sum(len(scene.frames()) for scene in left)
    assert list(left.frames()) == [frame for scene in left for frame in scene.frames()]
    assert all(scene.sensors for scene in left)


def test_filters_narrow_one_after_the_other(dataset):
    left = dataset.filter("frame == 1").filter(pc.field("index") == 1)
    assert [(f.scene_path.name, f.index) for f in left.frames()] == [("ball-000001", 1)]
    assert left.digest() == dataset.digest()
    with pytest.raises(DatasetError, match="no scene 'ball-000000'"):
        left.scene("ball-000000")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("count.persn > 0", r"filter:1:1: no column is called 'count.persn' .*'count.person'"),
        ("frame >", "filter:1:8: invalid syntax"),
        ("frame == 1 and __import__('os')", r"filter:1:16: .*__import__.* is no part of a filter"),
        ("frame.__class__ == 1", "no column is called 'frame.__class__'"),
        ("frame[0] == 1", "no part of a filter"),
        ("scene in 'ball'", "goes with a list"),
        ("scene is 1", "goes with None"),
        ("1 and frame > 0", "neither true nor false"),
        ("1 / 0 > frame", "can't be worked out"),
        ("frame > 'a'", "filter: "),
        ("frame + 1", "filter: "),
        ("'a' + 1 == scene", "can't be worked out"),
        ("(" * 300 + "1" + ")" * 300, "filter"),
        ("x" * 3000, "at most"),
        ("", "filter:"),
        ("a\0b", "filter"),
    ],
)
def test_what_is_wrong_with_a_filter_is_said(dataset, text, said):
    with pytest.raises(InputError, match=said):
        dataset.filter(text)


def test_an_unknown_column_of_an_expression_gets_a_hint(dataset):
    with pytest.raises(InputError, match=r"did you mean 'count.person'"):
        dataset.filter(pc.field("count.persn") > 0)


@given(text=st.text(alphabet="abfr.=<>()[]'`\"0123 andornti,-*/\n", max_size=40))
def test_no_text_gets_past_the_parser(text):
    with contextlib.suppress(InputError):
        assert isinstance(parse_condition(text, ["a", "b", "frame"]), pc.Expression)


def test_samples_are_arrays_ready_for_torch(dataset):
    samples = dataset.frames(
        "front", layers=("rgb", "semantic", "depth", "flow", "normal", "boxes")
    )
    frame, sample = dataset.frames("front")[1], samples[1]
    assert {key: (value.dtype.name, value.shape) for key, value in sample.items()} == {
        "rgb": ("float32", (3, 48, 64)),
        "semantic": ("int64", (48, 64)),
        "depth": ("float32", (48, 64)),
        "flow": ("float32", (2, 48, 64)),
        "flow_valid": ("bool", (48, 64)),
        "normal": ("float32", (3, 48, 64)),
        "boxes": ("float32", (1, 4)),
        "box_classes": ("int64", (1,)),
    }
    np.testing.assert_array_equal(np.rint(sample["rgb"] * 255), frame.rgb.transpose(2, 0, 1))
    np.testing.assert_array_equal(sample["semantic"], frame.semantic)
    assert sample["boxes"][0].tolist() == list(frame.labels.objects[0].box2d_visible)
    assert sample["box_classes"].tolist() == [26]
    assert len(samples[1:3]) == 2
    with pytest.raises(DatasetError, match="did you mean 'semantic'"):
        dataset.frames(layers=["semntic"])


def test_representations_say_what_is_there(dataset):
    assert repr(dataset) == f"<data set {dataset.path}: 2 scenes, 4 frames (front)>"
    left = dataset.filter("index == 1")
    assert repr(left) == f"<data set {dataset.path}: 1 of 2 scenes, 2 of 4 frames (front)>"
    assert repr(left.frames()) == f"<2 frames of front in {dataset.path}>"
    assert "rgb" in repr(left.frames(layers=["rgb"]))
    assert repr(dataset[0]) == f"<scene ball-000000 in {dataset.path}>"


def _mean(samples, at: int) -> float:
    return float(samples[at]["rgb"].mean())


def test_views_can_be_pickled_and_read_by_many(dataset):
    samples = dataset.filter("index == 1").frames(layers=["rgb"])
    alone = [_mean(samples, i) for i in range(2)]
    copied = pickle.loads(pickle.dumps((samples, dataset.filter("index == 1"))))
    assert [_mean(copied[0], i) for i in range(2)] == alone
    assert copied[1].scene_ids == ("ball-000001",)
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda i: _mean(samples, i % 2), range(64))) == alone * 32
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        assert pool.starmap(_mean_of, [(samples, i) for i in range(2)]) == alone


def _mean_of(samples, at: int) -> float:
    return _mean(samples, at)


def test_reading_does_not_need_torch(dataset):
    code = (
        "import sys, scenegen; data = scenegen.load_dataset(sys.argv[1]);"
        "data.filter('frame == 1').frames(layers=['rgb'])[0]; assert 'torch' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code, str(dataset.path)], check=True)


def test_an_index_is_read_without_arrows_threads(dataset):
    code = (
        "import sys, scenegen, psutil; data = scenegen.load_dataset(sys.argv[1]);"
        "before = psutil.Process().num_threads();"
        "assert len(data.filter('frame == 1').frames()) == 2;"
        "assert psutil.Process().num_threads() == before"
    )
    subprocess.run([sys.executable, "-c", code, str(dataset.path)], check=True)


def test_an_edited_index_is_named(dataset):
    path = dataset.path / "index.parquet"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 4
    path.write_bytes(data)
    with pytest.raises(DatasetError, match=r"index\.parquet: damaged \(edited"):
        open_dataset(dataset.path).frames()
