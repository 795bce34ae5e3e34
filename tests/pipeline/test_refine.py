"""A refined data set: new colours, everything else as it was, and true to its own hashes."""

import errno
import hashlib
import io
import json
import shutil

import pyarrow.parquet as pq
import pytest

from scenegen.cli import main
from scenegen.dataset import aside, check_hashes, digest, open_dataset
from scenegen.dataset.aside import TEMPORARY
from scenegen.dataset.codecs import encode_semantic
from scenegen.dataset.layout import read_model
from scenegen.dataset.provenance import facts_of
from scenegen.dataset.signing import manifest_path
from scenegen.errors import DatasetError, InputError, OutputError, StorageError
from scenegen.evaluate.adapters import open_set
from scenegen.pipeline import refine_scene
from scenegen.pipeline.config import ReplayConfig, VerifyConfig
from scenegen.pipeline.replay import replay
from scenegen.pipeline.verify import verify
from scenegen.pipeline.verify_scene import check_ignored
from scenegen.refine.records import REFINE, RefinedScene
from tests.pipeline.tiny_refiner import refine_tiny, tiny_rendered, tiny_weights


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return tiny_rendered(tmp_path_factory.mktemp("refine") / "raw")


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return tiny_weights(tmp_path_factory.mktemp("weights") / "tiny.safetensors")


@pytest.fixture(scope="module")
def refined(source, weights, tmp_path_factory):
    out = tmp_path_factory.mktemp("refine") / "refined"
    return refine_tiny(source, weights, out)


def test_only_colours_change(source, refined):
    names = {p.relative_to(source).as_posix() for p in (source / "scenes").rglob("*.*")}
    for name in names:
        same = (refined.path / name).read_bytes() == (source / name).read_bytes()
        assert same == ("/rgb/" not in name and not name.endswith("files.json")), name
    extra = {p.name for p in (refined.path / "scenes").rglob("*.*")} - {
        name.rpartition("/")[2] for name in names
    }
    assert extra == {REFINE}


def test_the_bridge_needs_no_noise(source, weights, tmp_path):
    one, two = (
        refine_tiny(source, weights, tmp_path / str(seed), design="bridge", limit=1, seed=seed)
        for seed in (0, 1)
    )
    assert verify(VerifyConfig(dataset=str(one.path)), io.StringIO()).violations == ()
    scene = next((one.path / "scenes").iterdir()).name
    record = read_model(one.path / "scenes" / scene / REFINE, RefinedScene)
    assert {frame.carried for frame in record.frames} == {None}
    for picture in (one.path / "scenes" / scene).glob("*/rgb/*.png"):
        same = two.path / picture.relative_to(one.path)
        assert picture.read_bytes() == same.read_bytes()


def test_it_is_a_data_set_that_holds(source, refined):
    assert verify(VerifyConfig(dataset=str(refined.path)), io.StringIO()).violations == ()
    images = open_set("scenegen", refined.path)
    assert len(images) == 10
    assert images.image(3).shape == (96, 160, 3)
    raw = open_dataset(source).info
    assert refined.info.counts == raw.counts
    assert refined.info.complete


def test_provenance_says_how_each_frame_was_made(refined, weights):
    made = refined.info.refinement
    assert "model trained on photographs" in refined.info.synthetic.statement
    assert any(entry.what == "refiner" for entry in refined.info.licences)
    for scene in open_dataset(refined.path):
        record = read_model(scene.path / REFINE, RefinedScene)
        assert (record.weights, record.translator) == (made.weights, made.translator)
        assert [(f.sensor, f.frame) for f in record.frames] == [("front", k) for k in range(5)]
        assert len({frame.seed for frame in record.frames}) == 5
        assert record.frames[0].carried is None
        assert all(0.3 < frame.carried <= 1 for frame in record.frames[1:])
        assert record.frames[0].style["time_of_day"] == "day"
        assert record.flicker["front"].pairs == 4
        assert record.flicker["front"].known > 0.5


@pytest.mark.slow
def test_two_workers_and_one_scene_at_a_time_make_the_same_bytes(
    source, weights, refined, tmp_path
):
    two = refine_tiny(source, weights, tmp_path / "two", workers=2)
    assert digest(open_dataset(two.path)) == digest(open_dataset(refined.path))
    refine_tiny(source, weights, tmp_path / "parts", limit=1)
    with pytest.raises(OutputError, match="resume=true"):
        refine_tiny(source, weights, tmp_path / "parts")
    parts = refine_tiny(source, weights, tmp_path / "parts", resume=True)
    assert [scene.scene_id for scene in parts.made] == ["tiny-000001"]
    assert digest(open_dataset(parts.path)) == digest(open_dataset(refined.path))


def test_an_interrupt_leaves_whole_scenes(source, weights, tmp_path, monkeypatch):
    encode = refine_scene.encode_rgb
    calls = []

    def interrupted(rgb):
        calls.append(rgb)
        if len(calls) == 8:
            raise KeyboardInterrupt
        return encode(rgb)

    monkeypatch.setattr(refine_scene, "encode_rgb", interrupted)
    with pytest.raises(KeyboardInterrupt):
        refine_tiny(source, weights, tmp_path / "out", video=False)
    dataset = open_dataset(tmp_path / "out")
    assert dataset.scene_ids == ("tiny-000000",)
    assert not dataset.info.complete
    assert not list((tmp_path / "out/scenes").glob(f"{TEMPORARY}*"))
    assert check_hashes(dataset) == []


def test_settings_change_pictures_and_style_is_told(source, weights, refined, tmp_path):
    plain = refine_tiny(source, weights, tmp_path / "plain", limit=1, video=False)
    assert plain.flicker == {}
    other = refine_tiny(
        source, weights, tmp_path / "night", limit=1, style={"time_of_day": "night"}
    )
    record = read_model(other.path / "scenes/tiny-000000" / REFINE, RefinedScene)
    assert record.frames[0].style["time_of_day"] == "night"

    def picture(result, frame):
        return (result.path / f"scenes/tiny-000000/front/rgb/{frame:06d}.png").read_bytes()

    assert picture(plain, 0) == picture(refined, 0)  # the first frame of a film is like any
    assert picture(plain, 1) != picture(refined, 1)
    assert picture(other, 0) != picture(refined, 0)


@pytest.mark.slow
def test_tiles_and_the_carried_frame_and_the_bridge_run_to_the_end(source, weights, tmp_path):
    made = {}
    for name, keys in {
        "tiles": {"detail": "tiles", "batch": 2},
        "carry": {"carry": 0.9},
        "bridge": {"design": "bridge", "realism": 0.0, "links": True},
    }.items():
        result = refine_tiny(source, weights, tmp_path / name, limit=1, **keys)
        assert check_hashes(open_dataset(result.path)) == []
        made[name] = result.flicker["front"].refined
    depth = "scenes/tiny-000000/front/depth/000000.png"
    assert (tmp_path / "bridge" / depth).samefile(source / depth)
    assert not (tmp_path / "carry" / depth).samefile(source / depth)
    rgb = "scenes/tiny-000000/front/rgb/000000.png"
    assert not (tmp_path / "bridge" / rgb).samefile(source / rgb)


def test_a_damaged_file_fails_its_scene_and_no_other(source, weights, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(source, copy)
    path = copy / "scenes/tiny-000000/front/depth/000001.png"
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    result = refine_tiny(copy, weights, tmp_path / "out", video=False)
    assert list(result.failed) == ["tiny-000000"]
    assert "depth/000001.png" in result.failed["tiny-000000"]
    assert open_dataset(result.path).scene_ids == ("tiny-000001",)
    assert not result.info.complete


def test_what_cannot_be_refined_is_said_in_one_message(source, weights, refined, tmp_path):
    with pytest.raises(DatasetError, match="no such folder"):
        refine_tiny(tmp_path / "none", weights, tmp_path / "out")
    with pytest.raises(InputError, match="no such file"):
        refine_tiny(source, tmp_path / "none.safetensors", tmp_path / "out")
    with pytest.raises(InputError, match=r"style\.weather=rain: no photograph"):
        refine_tiny(source, weights, tmp_path / "out", style={"weather": "rain"})
    with pytest.raises(InputError, match="refined already"):
        refine_tiny(refined.path, weights, tmp_path / "out")
    with pytest.raises(DatasetError, match="replay the data set it was made of"):
        replay(ReplayConfig(dataset=str(refined.path), scene="tiny-000000"))
    with pytest.raises(OutputError, match="lies in the data set"):
        refine_tiny(source, weights, source / "scenes")
    with pytest.raises(InputError, match="no device"):
        refine_tiny(source, weights, tmp_path / "out", device="gpx")
    with pytest.raises(OutputError, match=r"another data set \(other refinement: .*strength"):
        refine_tiny(source, weights, refined.path, strength=0.5, resume=True)
    full = tmp_path / "full"
    full.mkdir()
    (full / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="mine"):
        refine_tiny(source, weights, full)
    assert [path.name for path in full.iterdir()] == ["mine.txt"]
    assert not (tmp_path / "out").exists()


def test_a_data_set_without_pictures_is_said_so(source, weights, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(source, copy)
    table = pq.read_table(copy / "index.parquet").drop_columns(["path.rgb", "sha256.rgb"])
    pq.write_table(table, copy / "index.parquet")
    info = json.loads((copy / "dataset.json").read_text())
    info["index_sha256"] = hashlib.sha256((copy / "index.parquet").read_bytes()).hexdigest()
    (copy / "dataset.json").write_text(json.dumps(info))
    with pytest.raises(DatasetError, match="rgb"):
        refine_tiny(copy, weights, tmp_path / "out")


def test_the_verb_says_what_is_wrong_and_exits_2(source, tmp_path, capsys):
    words = [f"dataset={source}", f"weights={tmp_path}/none.safetensors", f"out={tmp_path}/out"]
    with pytest.raises(SystemExit) as stop:
        main(["refine", *words])
    assert stop.value.code == 2
    said = capsys.readouterr().err
    assert said.startswith("scenegen: ")
    assert said.count("\n") == 1
    assert "none.safetensors" in said
    with pytest.raises(SystemExit) as stop:
        main(["refine", *words, "style.weather=sunny"])
    assert stop.value.code == 2
    assert "clear" in capsys.readouterr().err


def test_manifests_say_how_frames_were_made_and_of_what(source, refined):
    assert refined.info.signing is not None
    result = verify(VerifyConfig(dataset=str(refined.path)), io.StringIO())
    assert result.checked["manifests"] == refined.info.counts.frames == 10
    for scene in open_dataset(refined.path):
        for frame in scene.frames():
            raw = (source / frame.path("rgb").relative_to(refined.path)).read_bytes()
            facts = facts_of(manifest_path(frame).read_bytes())
            assert facts["raw_sha256"] == hashlib.sha256(raw).hexdigest()
            assert facts["weights_sha256"] == refined.info.refinement.weights
            record = (scene.path / REFINE).read_bytes()
            assert facts["record_sha256"] == hashlib.sha256(record).hexdigest()


def test_another_class_than_ignore_is_found(source, weights, refined, tmp_path):
    copy = tmp_path / "copy"
    shutil.copytree(refined.path, copy)
    reader = open_dataset(copy).scene("tiny-000000").frames()[0]
    other = reader.semantic.copy()
    other[0, 0] = 255
    reader.path("semantic_truth").parent.mkdir()
    reader.path("semantic_truth").write_bytes(reader.path("semantic").read_bytes())
    reader.path("semantic").write_bytes(encode_semantic(other))
    assert check_ignored(reader) == []
    other[0, 0] = 26
    reader.path("semantic").write_bytes(encode_semantic(other))
    assert "semantic_truth" in check_ignored(reader)[0]


def test_a_full_disk_ends_the_run_and_keeps_whole_scenes(source, weights, tmp_path, monkeypatch):
    flush, calls = aside.sync_tree, []

    def full(folder):
        calls.append(folder)
        if len(calls) == 2:
            raise OSError(errno.ENOSPC, "No space left on device", str(folder))
        flush(folder)

    monkeypatch.setattr(aside, "sync_tree", full)
    with pytest.raises(StorageError, match="resume=true"):
        refine_tiny(source, weights, tmp_path / "out", video=False)
    dataset = open_dataset(tmp_path / "out")
    assert dataset.scene_ids == ("tiny-000000",)
    assert check_hashes(dataset) == []
    assert not list((tmp_path / "out/scenes").glob(f"{TEMPORARY}*"))
