"""`train-refiner` on folders on disk: it trains, goes on, and says what is wrong with a folder."""

import io
import re

import cv2
import pytest

from scenegen.errors import InputError, OutputError
from scenegen.evaluate.utility.segmenter import Segmenter, SegmenterSettings
from scenegen.pipeline.refine_config import TrainRefinerConfig
from scenegen.pipeline.train_refiner import train_refiner
from scenegen.refine.gate.bars import Bar, Measured
from scenegen.refine.gate.files import GateSpec, write_gate
from scenegen.refine.judge import MOST_DRIFT
from scenegen.refine.palette import Palette
from scenegen.refine.weights import read_weights
from tests.refine.street_sets import CLASSES, street_labels, street_picture


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """Return a plain folder with a train and a val split."""
    root = tmp_path_factory.mktemp("photos")
    for split, count in (("train", 6), ("val", 8)):
        for kind in ("images", "masks"):
            (root / kind / split).mkdir(parents=True)
        for k in range(count):
            ids = street_labels(f"{split}{k}")
            rgb = street_picture(ids, f"{split}{k}", real=True)
            cv2.imwrite(str(root / "images" / split / f"{k}.png"), rgb[..., ::-1])
            cv2.imwrite(str(root / "masks" / split / f"{k}.png"), ids)
    lines = [f"  - {{id: {k}, name: {name}, extent: [{name}]}}" for k, name in enumerate(CLASSES)]
    (root / "classes.yaml").write_text("classes:\n" + "\n".join(lines) + "\n")
    return root


def _config(photos, out, **keys):
    return TrainRefinerConfig.parse(
        {
            "real": str(photos),
            "adapter": "folder",
            "out": str(out),
            "preset": "toy",
            "judge_every": 2,
            "judge_frames": 8,
            "training": {"steps": 4, "batch": 2},
            **keys,
        }
    )


def test_it_trains_judges_and_goes_on(photos, tmp_path):
    stream = io.StringIO()
    made = train_refiner(_config(photos, tmp_path / "out"), stream)
    assert made.step == 4
    assert "train-refiner 4/4: loss" in stream.getvalue()
    assert "validation: kid" in stream.getvalue()
    assert "drift" not in stream.getvalue()
    stored = read_weights(made.weights)
    assert stored.spec.network.classes == CLASSES
    assert 0.2 < stored.spec.sigma_data < 1.2
    palette = Palette.from_json(stored.notes["palette"])
    assert palette.mean.shape == (len(CLASSES) + 1, 3)
    grids = sorted((tmp_path / "out" / "grids").iterdir())
    assert [g.name for g in grids] == ["0000002.png", "0000004.png"]
    assert cv2.imread(str(grids[0])).shape == (120, 480, 3)
    assert list((tmp_path / "out" / "logs").glob("events*"))
    with pytest.raises(OutputError, match="resume=true goes on"):
        train_refiner(_config(photos, tmp_path / "out"), stream)
    again = train_refiner(_config(photos, tmp_path / "out", resume=True), stream)
    assert again.step == 4
    begun = train_refiner(_config(photos, tmp_path / "finer", init=made.weights), stream)
    assert read_weights(begun.weights).spec == stored.spec


def test_a_label_gate_has_its_say(photos, tmp_path):
    stream = io.StringIO()
    gate = _untrained_gate(tmp_path / "gate.safetensors", CLASSES)
    train_refiner(_config(photos, tmp_path / "out", label_gate=gate), stream)
    (found,) = re.findall(
        r"4/4: validation: kid (\S+), drift (\S+), score (\S+)", stream.getvalue()
    )
    kid, drift, score = map(float, found)
    assert drift > MOST_DRIFT  # such a gate sees next to nothing
    assert score == pytest.approx(kid + drift - MOST_DRIFT, abs=2e-4)
    other = _untrained_gate(tmp_path / "other.safetensors", CLASSES[1:])
    with pytest.raises(InputError, match="train the gate on the same label space"):
        train_refiner(_config(photos, tmp_path / "another", label_gate=other), stream)


def _untrained_gate(path, classes):
    network = Segmenter(classes, 0, SegmenterSettings()).network
    iou = Measured(value=0.9, low=0.8, high=1.0)
    bars = tuple(Bar(name=name, iou=iou, object=None, objects=0) for name in classes)
    write_gate(
        path,
        GateSpec(names=classes, things=(), width=64, bars=bars, notes={}),
        network.state_dict(),
    )
    return path


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"train_split": "trian"}, r"train_split=trian: .* has no such split .*'train'"),
        ({"preset": "cpus"}, "no such preset.*'cpu'"),
        ({"real": "nowhere"}, "nowhere"),
        ({"space": "cityscapes91"}, "cityscapes"),
    ],
)
def test_wrong_keys_are_answered(photos, tmp_path, keys, message):
    with pytest.raises(InputError, match=message):
        train_refiner(_config(photos, tmp_path / "out", **keys), io.StringIO())


def test_a_picture_that_cannot_be_read_is_named(photos, tmp_path):
    broken = tmp_path / "photos"
    broken.mkdir()
    for path in photos.rglob("*"):
        if path.is_file():
            there = broken / path.relative_to(photos)
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(path.read_bytes())
    (broken / "images" / "train" / "3.png").write_bytes(b"half a picture")
    with pytest.raises(InputError, match=r"3\.png"):
        train_refiner(_config(broken, tmp_path / "out"), io.StringIO())


def test_weights_of_other_classes_are_no_start(photos, tmp_path):
    made = train_refiner(_config(photos, tmp_path / "out"), io.StringIO())
    with pytest.raises(InputError, match="knows the classes sky, road, car, building"):
        train_refiner(
            _config(photos, tmp_path / "other", init=made.weights, space="categories7"),
            io.StringIO(),
        )


@pytest.mark.slow
def test_a_private_training_says_its_bound_and_keeps_its_secret(photos, tmp_path):
    private = {"training": {"steps": 2, "privacy": {"epsilon": 8.0, "delta": 1e-3}}}
    made = train_refiner(_config(photos, tmp_path / "out", **private), io.StringIO())
    notes = read_weights(made.weights).notes
    assert 7 < float(notes["privacy.epsilon"]) <= 8
    secret = (tmp_path / "out" / ".noise-secret").read_bytes()
    assert secret not in made.weights.read_bytes()
    again = train_refiner(_config(photos, tmp_path / "out", resume=True, **private), io.StringIO())
    assert again.step == 2
    with pytest.raises(InputError, match="made with another privacy"):
        train_refiner(
            _config(photos, tmp_path / "out", resume=True, training={"steps": 2}), io.StringIO()
        )
