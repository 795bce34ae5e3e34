"""The label gate between a refiner and a data set."""

import io

import numpy as np
import pytest

from scenegen.dataset import open_dataset
from scenegen.dataset.layout import read_model
from scenegen.errors import InputError
from scenegen.evaluate.utility.segmenter import Segmenter, SegmenterSettings
from scenegen.pipeline.config import VerifyConfig
from scenegen.pipeline.verify import verify
from scenegen.refine.gate import Gate, ladder
from scenegen.refine.gate.bars import Bar
from scenegen.refine.gate.files import GateSpec, write_gate
from scenegen.refine.records import REFINE, RefinedScene
from scenegen.report import write_report
from tests.pipeline.tiny_refiner import CLASSES, refine_tiny, tiny_rendered, tiny_weights


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    return tiny_rendered(tmp_path_factory.mktemp("refine") / "raw")


@pytest.fixture(scope="module")
def weights(tmp_path_factory):
    return tiny_weights(tmp_path_factory.mktemp("weights") / "tiny.safetensors")


@pytest.fixture(scope="module")
def gate(tmp_path_factory):
    """A gate of a segmenter that nothing has trained."""
    model = Segmenter(CLASSES, 0, SegmenterSettings())
    bars = tuple(Bar(name=name, iou=None, object=None, objects=0) for name in CLASSES)
    spec = GateSpec(names=CLASSES, things=(8, 9, 10), width=64, bars=bars, notes={})
    path = tmp_path_factory.mktemp("gate") / "gate.safetensors"
    write_gate(path, spec, model.network.state_dict())
    return path


def test_the_gate_decides_what_is_kept(source, weights, gate, tmp_path, monkeypatch):
    """Frame 0 passes, 1 at a lower strength, 2 with pixels ignored, 3 and 4 never."""
    asked = []

    def see(self, rgb):
        return np.zeros(rgb.shape[:2], np.uint8)

    monkeypatch.setattr(Gate, "see", see)
    plain = ladder.compare

    def compare(semantic, things, before, after, bars):
        asked.append(len(asked))
        passed = len(asked) in (1, 3, 7)
        return plain(semantic, things, before, after, bars).model_copy(update={"passed": passed})

    def moved(self, verdict, before, after):
        mask = np.zeros((96, 160), np.bool_)
        mask[: 4 if len(asked) < 7 else 90] = True
        return mask

    monkeypatch.setattr(ladder, "compare", compare)
    monkeypatch.setattr(ladder.Climb, "_untrue", moved)
    result = refine_tiny(source, weights, tmp_path / "out", limit=1, label_gate=gate, video=False)
    scene = open_dataset(result.path).scene("tiny-000000")
    frames = read_model(scene.path / REFINE, RefinedScene).frames
    assert [f.gate.rung for f in frames] == ["refined", "lowered", "ignored", *["rendered"] * 2]
    assert [round(f.strength / 0.8, 2) for f in frames] == [
        1.0,
        0.6,
        0.35,
        0.0,
        0.0,
    ]
    raw = open_dataset(source).scene("tiny-000000").frames()
    for reader, before in zip(scene.frames(), raw, strict=True):
        same = np.array_equal(reader.rgb, before.rgb)
        assert same == (reader.index > 2)
        assert np.array_equal(reader.semantic_truth, before.semantic)
        assert (reader.semantic == 255).sum() == (4 * 160 if reader.index == 2 else 0)
    assert result.rejection.rungs["rendered"] == 2
    assert result.info.refinement.rejection["rungs"]["ignored"] == 1
    page = write_report(open_dataset(result.path), tmp_path / "page.html").read_text()
    assert "Rejected by the label gate" in page
    assert "<dt>frames ignored</dt><dd>1</dd>" in page
    assert verify(VerifyConfig(dataset=str(result.path)), io.StringIO()).violations == ()


def test_a_gate_of_other_classes_is_refused(source, weights, tmp_path):
    bars = (Bar(name="car", iou=None, object=None, objects=0),)
    spec = GateSpec(names=("car",), things=(0,), width=64, bars=bars, notes={})
    model = Segmenter(("car",), 0, SegmenterSettings())
    write_gate(tmp_path / "car.safetensors", spec, model.network.state_dict())
    with pytest.raises(InputError, match="judges the classes car"):
        refine_tiny(source, weights, tmp_path / "out", label_gate=tmp_path / "car.safetensors")
