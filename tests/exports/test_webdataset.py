"""Shards are streamed by webdataset itself, and hold the data set byte for byte."""

from __future__ import annotations

import gc
import json
import shutil
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import webdataset as wds

from torch.utils.data import DataLoader

from scenegen.dataset import Dataset, open_dataset
from scenegen.errors import DatasetError
from scenegen.exports import Source
from scenegen.exports.webdataset import decode_sample, write_webdataset
from tests.exports.documented import example
from tests.exports.trees import written

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")
"""webdataset leaves closing to the collector of garbage."""


@pytest.fixture(autouse=True)
def _what_was_left_open() -> Iterator[None]:
    yield
    gc.collect()


@pytest.fixture(scope="module")
def shards(export_set: Dataset, tmp_path_factory: pytest.TempPathFactory) -> Path:
    source = Source(export_set, validation=0.3, shard_frames=20)
    return written(write_webdataset, source, tmp_path_factory.mktemp("shards") / "out")


def urls(shards: Path, row: str) -> list[str]:
    listed = json.loads((shards / "shards.json").read_text())["shards"].get(row, [])
    return [str(shards / shard["file"]) for shard in listed]


def streamed(paths: list[str], **keys: Any) -> Iterator[dict[str, Any]]:
    return iter(wds.WebDataset(paths, shardshuffle=False, empty_check=False, **keys))


def key_of(sample: dict[str, Any]) -> str:
    return str(sample["__key__"])


def test_every_file_of_every_frame_is_there(export_set: Dataset, shards: Path) -> None:
    found = set()
    for kind in ("camera", "lidar", "radar"):
        for split in ("train", "val"):
            for sample in streamed(urls(shards, f"{split}/{kind}")):
                scene, sensor, frame = sample["__key__"].split("/")
                for part, content in sample.items():
                    if part.startswith("__") or part == "meta.json":
                        continue
                    layer, suffix = part.split(".")
                    name = f"{sensor}/{layer}/{frame}.{suffix}"
                    assert (export_set.path / "scenes" / scene / name).read_bytes() == content
                    found.add((scene, name))
    wanted = {
        (scene.id, name)
        for scene in export_set
        for name in scene.manifest.files
        if name.count("/") == 2
    }
    assert found == wanted


def test_samples_are_in_order_and_shards_full(export_set: Dataset, shards: Path) -> None:
    rows = json.loads((shards / "shards.json").read_text())["shards"]
    source = Source(export_set, validation=0.3)
    for split in ("train", "val"):
        expected = [
            f"{scene.id}/{frame.sensor}/{frame.index:06d}"
            for scene in export_set
            if source.split(scene.id) == split
            for frame in scene.frames()
        ]
        assert [key_of(s) for s in streamed(urls(shards, f"{split}/camera"))] == expected
        counts = [shard["samples"] for shard in rows[f"{split}/camera"]]
        assert sum(counts) == len(expected)
        assert set(counts[:-1]) <= {20}
    assert rows.keys() == {
        f"{s}/{k}" for s in ("train", "val") for k in ("camera", "lidar", "radar")
    }


def test_decoded_samples_are_what_the_reader_returns(export_set: Dataset, shards: Path) -> None:
    scene = next(iter(export_set))
    split = Source(export_set, validation=0.3).split(scene.id)
    frames = wds.WebDataset(urls(shards, f"{split}/camera"), shardshuffle=False).map(decode_sample)
    by_key = {key_of(sample): sample for sample in frames}
    for frame in scene.frames()[::5]:
        sample = by_key[f"{scene.id}/{frame.sensor}/{frame.index:06d}"]
        assert np.array_equal(sample["rgb.png"], frame.rgb)
        assert np.array_equal(sample["depth.png"], frame.depth_m)
        assert np.array_equal(sample["instance.png"], frame.instance)
        assert np.array_equal(sample["flow.png"][1], frame.flow[1])
        assert sample["labels.json"] == frame.labels
        assert sample["meta.json"]["log_weight"] == scene.manifest.log_weight
        assert sample["meta.json"]["split"] == split
    first = decode_sample(next(streamed(urls(shards, f"{split}/lidar"))))
    sweep = scene.sweeps()[0]
    assert np.array_equal(first["points.bin"], sweep.points)
    assert np.array_equal(first["beams.bin"], sweep.beam)
    assert first["boxes.json"] == sweep.labels
    first = decode_sample(next(streamed(urls(shards, f"{split}/radar"))))
    assert np.array_equal(first["points.bin"], scene.scans()[0].points)
    assert first["boxes.json"] == scene.scans()[0].labels


def _numbers(sample: dict[str, Any]) -> tuple[str, np.ndarray, np.ndarray]:
    return sample["__key__"], sample["rgb.png"], sample["semantic.png"]


def test_a_loader_streams_them_shuffled_and_split_by_worker(
    export_set: Dataset, shards: Path
) -> None:
    paths = urls(shards, "train/camera")
    assert len(paths) >= 4
    frames = wds.WebDataset(paths, shardshuffle=len(paths), seed=3).shuffle(50, seed=3)
    loader = DataLoader(frames.map(decode_sample).map(_numbers), batch_size=8, num_workers=2)
    keys: list[str] = []
    for names, rgb, semantic in loader:
        assert rgb.shape[1:] == (192, 320, 3)
        assert semantic.shape == rgb.shape[:3]
        keys += names
    plain = [key_of(sample) for sample in streamed(paths)]
    assert sorted(keys) == sorted(plain)
    assert keys != plain


def test_the_documented_example_runs(
    shards: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "outputs").mkdir()
    (tmp_path / "outputs" / "shards").symlink_to(shards)
    monkeypatch.chdir(tmp_path)
    names: dict[str, Any] = {}
    exec(example("WebDataset"), names)
    assert names["rgb"].ndim == 4


def test_equal_sets_give_equal_bytes(export_set: Dataset, shards: Path, tmp_path: Path) -> None:
    again = written(
        write_webdataset, Source(export_set, validation=0.3, shard_frames=20), tmp_path / "again"
    )
    names = sorted(p.relative_to(shards) for p in shards.rglob("*") if p.is_file())
    assert names == sorted(p.relative_to(again) for p in again.rglob("*") if p.is_file())
    for name in names:
        assert (shards / name).read_bytes() == (again / name).read_bytes()


def test_swapped_files_are_named(export_set: Dataset, tmp_path: Path) -> None:
    copy = tmp_path / "set"
    shutil.copytree(export_set.path, copy)
    scene = export_set.scene_ids[2]
    pictures = copy / "scenes" / scene / "front" / "rgb"
    (pictures / "000001.png").write_bytes((pictures / "000000.png").read_bytes())
    with pytest.raises(DatasetError, match=rf"{scene}/front/rgb/000001.png: edited or swapped"):
        written(write_webdataset, Source(open_dataset(copy)), tmp_path / "out")
    assert not (tmp_path / "out").exists()
    (pictures / "000001.png").unlink()
    with pytest.raises(DatasetError, match=r"rgb/000001.png: missing"):
        written(write_webdataset, Source(open_dataset(copy)), tmp_path / "out")
