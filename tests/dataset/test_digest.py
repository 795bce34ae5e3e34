"""The digest sees every byte that must be reproducible, and the checks name the file."""

from __future__ import annotations

import hashlib
import json
import shutil

import pyarrow.parquet as pq
import pytest

from scenegen.dataset import check_hashes, digest, open_dataset, open_output
from scenegen.dataset.layout import INDEX
from scenegen.dataset.output import write_info
from scenegen.dataset.parquet import read_table
from scenegen.errors import DatasetError

PICTURE = "scenes/ball-000000/front/rgb/000000.png"


def test_an_untouched_data_set_has_no_problems(dataset):
    assert check_hashes(dataset) == []


def test_the_digest_ignores_order_and_run_settings_but_not_content(tmp_path, dataset, make):
    reverse = tmp_path / "reverse"
    info = make["info"](
        config={"scenario": "ball", "num_scenes": 2, "out": "elsewhere", "workers": 2}
    )
    with open_output(reverse, info) as output:
        for index in (1, 0):
            make["write_scene"](reverse, make["concrete"](index))
        output.finish()
    assert digest(open_dataset(reverse)) == digest(dataset)
    assert digest(make["write_dataset"](tmp_path / "one", (0,))) != digest(dataset)


def test_one_flipped_bit_changes_the_digest_and_is_named(dataset):
    before = digest(dataset)
    data = bytearray((dataset.path / PICTURE).read_bytes())
    data[-20] ^= 1
    (dataset.path / PICTURE).write_bytes(data)
    assert digest(dataset) != before
    assert check_hashes(dataset) == [f"{PICTURE}: edited or swapped (hash differs)"]


def test_missing_truncated_swapped_and_added_files_are_named(dataset):
    root = dataset.path / "scenes/ball-000001/front"
    (root / "depth/000000.png").unlink()
    (root / "normal/000000.png").write_bytes((root / "normal/000000.png").read_bytes()[:-1])
    first, second = root / "flow/000000.png", root / "flow/000001.png"
    first.rename(root / "held")
    second.rename(first)
    (root / "held").rename(second)
    (root / "rgb/000009.png").write_bytes(b"new")
    problems = "\n".join(check_hashes(dataset))
    for words in (
        "depth/000000.png: missing",
        "normal/000000.png: ",
        "flow/000000.png: ",
        "flow/000001.png: ",
        "rgb/000009.png: not listed in files.json",
    ):
        assert words in problems
    assert len(problems.splitlines()) == 5


def test_a_manifest_edited_to_hide_an_edit_is_found(dataset):
    path = dataset.path / "scenes/ball-000000/files.json"
    manifest = json.loads(path.read_text())
    new = b"not the picture"
    (dataset.path / PICTURE).write_bytes(new)
    entry = manifest["files"]["front/rgb/000000.png"]
    entry["sha256"], entry["bytes"] = hashlib.sha256(new).hexdigest(), len(new)
    path.write_text(json.dumps(manifest))
    problems = check_hashes(dataset)
    assert "scenes/ball-000000/files.json: edited (hash differs)" in problems
    assert "index.parquet: disagrees with the scenes' files.json" in problems


@pytest.mark.parametrize(("kept", "said"), [(None, []), (-1, ["disagrees with the scenes'"])])
def test_an_index_written_by_another_arrow(dataset, kept, said):
    rows = read_table((dataset.path / INDEX).read_bytes()).slice(0, kept)
    pq.write_table(rows, dataset.path / INDEX, compression="snappy", row_group_size=2)
    found = hashlib.sha256((dataset.path / INDEX).read_bytes()).hexdigest()
    write_info(dataset.path, dataset.info.model_copy(update={"index_sha256": found}))
    problems = check_hashes(open_dataset(dataset.path))
    assert len(problems) == len(said)
    assert all(words in problem for words, problem in zip(said, problems, strict=True))


def test_scenes_that_vanish_or_appear_are_named(dataset):
    scenes = dataset.path / "scenes"
    shutil.copytree(scenes / "ball-000000", scenes / "ball-000009")
    shutil.rmtree(scenes / "ball-000001")
    problems = check_hashes(open_dataset(dataset.path))
    assert "scenes/ball-000001: missing" in problems
    assert "scenes/ball-000009: not listed in dataset.json" in problems
    assert any("is that of scene 'ball-000000'" in problem for problem in problems)


def test_an_unfinished_run_says_so(tmp_path, make):
    out = tmp_path / "set"
    with open_output(out, make["info"]()):
        make["write_scene"](out, make["concrete"](0))
    assert check_hashes(open_dataset(out)) == [
        "dataset.json: the run did not finish; continue it with resume=true"
    ]


@pytest.mark.parametrize("name", ["../../../secret", "/etc/hostname"])
def test_a_listed_path_that_leads_out_is_not_read(dataset, name):
    path = dataset.path / "scenes/ball-000000/files.json"
    manifest = json.loads(path.read_text())
    manifest["files"][name] = {"sha256": "0" * 64, "bytes": 1}
    path.write_text(json.dumps(manifest))
    assert f"scenes/ball-000000/{name}: leads out of the scene" in check_hashes(dataset)


def test_links_are_refused(dataset, tmp_path):
    secret = tmp_path / "secret.png"
    (dataset.path / PICTURE).rename(secret)
    (dataset.path / PICTURE).symlink_to(secret)
    assert check_hashes(dataset) == [f"{PICTURE}: a link, which is not followed"]
    with pytest.raises(DatasetError, match="a link"):
        digest(dataset)
