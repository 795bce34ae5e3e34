"""Scenes appear whole or not at all, and a folder belongs to one data set and one run."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scenegen.dataset import SceneWriter, digest, open_dataset, open_output, scene_digest
from scenegen.dataset.schema import ScenarioEntry
from scenegen.dataset.storage import FolderLock, storage_errors
from scenegen.errors import OutputError, StorageError


def test_an_exception_leaves_nothing(tmp_path, make):
    broken = make["trajectory"]()
    object.__setattr__(broken, "intent", None)
    with (
        pytest.raises(ValueError, match="allow_pickle"),
        SceneWriter(tmp_path, make["concrete"]()) as scene,
    ):
        scene.write_trajectory(broken)
    assert list((tmp_path / "scenes").iterdir()) == []


def test_a_scene_is_not_written_twice(dataset, make):
    with (
        pytest.raises(OutputError, match="there already"),
        SceneWriter(dataset.path, make["concrete"](0)),
    ):
        pass


def test_labels_of_another_frame_are_refused(tmp_path, make):
    concrete, frame = make["concrete"](), make["frame"](1)
    labels = make["labels"](concrete, frame, 1)
    with (
        pytest.raises(ValueError, match="labels of front 1"),
        SceneWriter(tmp_path, concrete) as scene,
    ):
        scene.write_frame("front", 0, frame, labels)


@pytest.mark.parametrize(
    ("code", "words"),
    [(errno.ENOSPC, "no space"), (errno.EACCES, "no right"), (errno.EROFS, "rea")],
)
def test_a_refusing_disk_is_named_and_other_scenes_stay(dataset, make, monkeypatch, code, words):
    before = scene_digest(dataset.path / "scenes/ball-000000")

    def refuse(self: Path, data: bytes) -> int:
        raise OSError(code, os.strerror(code), str(self))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with (
        pytest.raises(StorageError, match=words),
        SceneWriter(dataset.path, make["concrete"](7)) as scene,
    ):
        scene.write_trajectory(make["trajectory"]())
    monkeypatch.undo()
    assert scene_digest(dataset.path / "scenes/ball-000000") == before
    assert {p.name for p in (dataset.path / "scenes").iterdir()} == {"ball-000000", "ball-000001"}


def test_the_full_device_is_a_storage_error():
    full = Path("/dev/full")
    with pytest.raises(StorageError, match="no space left"), storage_errors(full):
        full.write_bytes(b"x")


def test_other_trouble_of_the_file_system_is_not_disguised(tmp_path):
    with pytest.raises(IsADirectoryError), storage_errors(tmp_path):
        tmp_path.write_bytes(b"x")


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"seed": 1}, "seed 0, not 1"),
        ({"scenegen_version": "9.9"}, "scenegen version '0.1.0', not '9.9'"),
        ({"scenarios": (ScenarioEntry(name="ball", digest="cd" * 32),)}, "other scenarios: ball"),
        ({"config": {"scenario": "ball", "sensors": ["rear"]}}, "other config: sensors"),
    ],
)
def test_another_data_set_is_refused_even_with_resume(dataset, make, change, words):
    with pytest.raises(OutputError, match=words):
        open_output(dataset.path, make["info"](**change), resume=True)


def test_the_same_data_set_needs_resume(dataset, make):
    with pytest.raises(OutputError, match="resume=true"):
        open_output(dataset.path, make["info"]())


def test_foreign_files_and_file_paths_are_refused(tmp_path, make):
    (tmp_path / "holiday.jpg").touch()
    with pytest.raises(OutputError, match=r"holiday\.jpg"):
        open_output(tmp_path, make["info"](), resume=True)
    with pytest.raises(OutputError, match="a file stands"):
        open_output(tmp_path / "holiday.jpg", make["info"]())


def test_a_foreign_file_among_the_scenes_is_refused_and_kept(dataset, make):
    stray = dataset.path / "scenes" / "notes.txt"
    stray.write_text("mine")
    with pytest.raises(OutputError, match=r"notes\.txt"):
        open_output(dataset.path, make["info"](), resume=True)
    assert stray.read_text() == "mine"


def test_resume_after_a_crash_gives_the_same_bytes_as_one_run(tmp_path, make):
    whole = make["write_dataset"](tmp_path / "whole", (0, 1, 2))
    parts = tmp_path / "parts"
    with open_output(parts, make["info"]()) as output:
        make["write_scene"](parts, make["concrete"](2))
        make["write_scene"](parts, make["concrete"](1))
        (parts / "scenes" / ".tmp-ball-000000-77").mkdir()
        (parts / ".index.parquet.tmp-77").write_bytes(b"half")
        (parts / "scenes/ball-000001/front/rgb/000000.png").write_bytes(b"cut")
    with open_output(parts, make["info"](), resume=True) as output:
        assert output.done() == {"ball-000002"}
        assert sorted(p.name for p in (parts / "scenes").iterdir()) == ["ball-000002"]
        for index in (0, 1):
            make["write_scene"](parts, make["concrete"](index))
        output.finish()
    assert digest(open_dataset(parts)) == digest(whole)
    files = [p.relative_to(whole.path) for p in whole.path.rglob("*") if p.is_file()]
    assert sorted(files) == sorted(p.relative_to(parts) for p in parts.rglob("*") if p.is_file())
    for name in files:
        assert (parts / name).read_bytes() == (whole.path / name).read_bytes(), name


def test_a_living_run_holds_the_folder_and_a_killed_one_does_not(tmp_path):
    out = tmp_path / "held"
    out.mkdir()
    code = (
        "import time; from pathlib import Path; from scenegen.dataset.storage import FolderLock;"
        f"lock = FolderLock(Path({str(out)!r})); print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE) as owner:
        assert owner.stdout is not None
        assert owner.stdout.readline() == b"held\n"
        with pytest.raises(OutputError, match=f"pid {owner.pid} on"):
            FolderLock(out)
        owner.kill()
        owner.wait()
        FolderLock(out).release()
