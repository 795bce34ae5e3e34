"""`compare-refiners` on folders on disk: what it writes, what it need not do twice, bad input."""

import io
import json
from dataclasses import dataclass, field

import cv2
import numpy as np
import pytest
import torch

from scenegen.cli import main
from scenegen.errors import InputError, OutputError
from scenegen.pipeline import compare_refiners as module
from scenegen.pipeline.compare_config import CompareConfig
from scenegen.pipeline.compare_refiners import compare_refiners
from scenegen.refine.baselines.state import State
from scenegen.refine.comparison.record import RefinerComparison
from scenegen.refine.gate import Gate
from scenegen.refine.spec import NetworkSpec, RefinerSpec
from scenegen.refine.trainer import Trainer
from scenegen.refine.weights import DOMAINS, write_weights
from tests.refine.quick_judges import Thumbnails, maker, quick_gate
from tests.refine.street_sets import CLASSES, street_labels, street_picture
from tests.refine.test_training import SETTINGS


@dataclass(frozen=True)
class Toy:
    """A translator that paints classes as photographs have them, or always the same picture."""

    state: State
    calls: list[str]

    @property
    def name(self):
        return self.state.name

    @property
    def digest(self):
        return self.state.digest

    def __call__(self, frames, seeds):
        self.calls.append(f"refine {self.name}")
        mean, grain = (self.state.tensors[key].numpy() for key in ("mean", "grain"))
        made = []
        for frame, seed in zip(frames, seeds, strict=True):
            ids = np.where(frame.semantic == 255, 1, frame.semantic)
            picture = (
                mean[ids] if self.name == "look" else np.broadcast_to(mean[1], (*ids.shape, 3))
            )
            noise = np.random.default_rng(seed).normal(0, grain[0], picture.shape)
            shaken = picture + noise if self.name == "look" else picture
            made.append(np.clip(shaken, 0, 255).astype(np.uint8))
        return made


@dataclass(frozen=True)
class ToyRecipe:
    """Learns the mean colour of each class of photographs."""

    name: str
    calls: list[str] = field(default_factory=list)

    def train(self, real, rendered, budget, seed, device, told):
        self.calls.append(f"train {self.name}")
        assert len(rendered) == 80
        every = np.arange(len(real))
        images, ids = real.prepared.images(every), real.prepared.semantic(every)
        mean = np.stack([images[ids == k].mean(axis=0) for k in range(len(CLASSES))])
        told(1.0, 0.5)
        tensors = {"mean": torch.from_numpy(mean).float(), "grain": torch.tensor([14.0])}
        return self.restored(State(self.name, {}, tensors), device)

    def restored(self, state, device):
        return Toy(state, self.calls)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    """Return a real folder of three splits, and a rendered one of five scenes."""
    root = tmp_path_factory.mktemp("streets")
    real, rendered = root / "photos", root / "renders"
    for split in ("train", "val", "test"):
        for k in range(20):
            _write(real, f"{split}/drive{k // 5}/{k:03d}.png", f"{split} {k}", True)
    for k in range(100):
        _write(rendered, f"scene{k // 20}/{k:03d}.png", f"renders {k}", False)
    lines = [f"  - {{id: {k}, name: {name}, extent: [{name}]}}" for k, name in enumerate(CLASSES)]
    for folder in (real, rendered):
        (folder / "classes.yaml").write_text("classes:\n" + "\n".join(lines) + "\n")
    return real, rendered


def _write(root, place, word, real):
    ids = street_labels(word)
    for kind, pixels in (("images", street_picture(ids, word, real)[..., ::-1]), ("masks", ids)):
        path = root / kind / place
        path.parent.mkdir(parents=True, exist_ok=True)
        cv2.imwrite(str(path), pixels)


@pytest.fixture
def quick(monkeypatch):
    """Judge by a few lines of numpy; return the seeds of the segmenters that are trained."""
    fitted = []
    monkeypatch.setattr(module, "make_extractor", lambda spec, device: Thumbnails())
    monkeypatch.setattr(module, "maker_of", lambda settings: maker(fitted))
    monkeypatch.setattr(Gate, "train", staticmethod(quick_gate))
    return fitted


def _config(folders, out, **keys):
    real, rendered = folders
    return CompareConfig.parse(
        {
            "real": str(real),
            "dataset": str(rendered),
            "out": str(out),
            "width": 64,
            "seeds": [0, 1],
            "steps": 1,
            "shown": 2,
            "segmenter": {"steps": 2, "width": 64},
            **keys,
        }
    )


def _recipes(calls):
    return {name: ToyRecipe(name, calls) for name in ("look", "stuck")}


def test_methods_are_trained_and_told_apart(folders, tmp_path, quick):
    calls, stream = [], io.StringIO()
    made = compare_refiners(_config(folders, tmp_path / "out"), stream, _recipes(calls))
    assert [m.name for m in made.record.methods] == ["raw", "look", "stuck", "real"]
    raw, look, stuck, real = made.record.methods
    assert look.less["raw"]["fidelity.kid"].high < 0
    assert look.figures["fidelity.kid_share"].value < 0.5
    assert stuck.figures["diversity.recall"].value == 0.0
    assert stuck.figures["diversity.vendi"].value == pytest.approx(1.0, abs=1e-4)
    assert look.figures["utility.miou"].value > raw.figures["utility.miou"].value
    assert real.figures["fidelity.kid"].value < raw.figures["fidelity.kid"].value
    assert (raw.kind, look.kind, real.kind) == ("raw", "recipe", "real")
    assert look.parameters == 3 * len(CLASSES) + 1
    assert look.frame_s > 0
    assert sorted(p.name for p in made.path.iterdir()) == [
        *("comparison.json", "comparison.md", "grid.png", "kept")
    ]
    stored = json.loads((made.path / "comparison.json").read_text())
    assert RefinerComparison.model_validate(stored) == made.record
    picture = cv2.imread(str(made.path / "grid.png"))
    assert picture.shape[1] == 4 * 244
    assert "compare-refiners   0% pictures" in stream.getvalue()
    sizes = {fact.role: fact.pictures for fact in made.record.sets}
    assert sizes == {"train": 20, "val": 20, "test": 20, "synthetic": 20}


def test_what_was_made_is_found_again(folders, tmp_path, quick):
    calls, config = [], _config(folders, tmp_path / "out")
    with pytest.raises(KeyboardInterrupt):
        compare_refiners(config, io.StringIO(), {**_recipes(calls), "cut off": _Killed("cut off")})
    done, fitted = list(calls), list(quick)
    assert done.count("train look") == 1
    with pytest.raises(OutputError, match="resume=true"):
        compare_refiners(config, io.StringIO(), _recipes(calls))
    again = config.model_copy(update={"resume": True})
    first = compare_refiners(again, io.StringIO(), _recipes(calls))
    assert calls == done
    assert quick == fitted
    second = compare_refiners(again, io.StringIO(), _recipes(calls))
    assert second.record.methods == first.record.methods
    # Another budget is another training, but what is judged alike is not judged anew.
    other = again.model_copy(update={"steps": 2})
    compare_refiners(other, io.StringIO(), _recipes(calls))
    assert calls[len(done) :] == ["train look", "train stuck"]
    assert quick == fitted


class _Killed(ToyRecipe):
    def train(self, real, rendered, budget, seed, device, told):
        raise KeyboardInterrupt


@pytest.mark.slow
def test_given_weights_are_compared_in_both_designs(folders, tmp_path, quick):
    spec = RefinerSpec(network=NetworkSpec(classes=CLASSES, widths=(16, 16)), size=(32, 24))
    path = tmp_path / "best.safetensors"
    write_weights(path, spec, Trainer(spec, SETTINGS, (), 0).averaged, {DOMAINS: "real rendered"})
    keys = {"weights": path, "diffusion": {"steps": 1}, "seeds": [0]}
    made = compare_refiners(_config(folders, tmp_path / "out", **keys), io.StringIO(), {})
    names = [m.name for m in made.record.methods]
    assert names == ["raw", "diffusion-sdedit", "diffusion-bridge", "real"]
    sdedit = made.record.methods[1]
    assert sdedit.kind == "given"
    assert sdedit.size_bytes == path.stat().st_size
    other = RefinerSpec(network=NetworkSpec(classes=("sea",), widths=(16, 16)), size=(32, 24))
    write_weights(path, other, Trainer(other, SETTINGS, (), 0).averaged, {})
    with pytest.raises(InputError, match="knows the classes sea; the space has sky, road"):
        compare_refiners(_config(folders, tmp_path / "next", **keys), io.StringIO(), {})


@pytest.mark.parametrize(
    ("keys", "message"),
    [
        ({"methods": "raw,loook"}, r"no 'loook' \(did you mean 'look'"),
        ({"methods": "diffusion-sdedit"}, "needs weights=FILE"),
        ({"test_split": "tset"}, "test_split=tset: .*did you mean 'test'"),
        ({"val_split": "test"}, "different names"),
        ({"real": "nowhere"}, "nowhere"),
        ({"dataset": "nowhere"}, "nowhere"),
        ({"limit": 60}, r"held out \(every fifth\): 12 pictures; figures need 20"),
        ({"device": "cuda:99"}, "cuda:99"),
        ({"seeds": [1, 1]}, "all different"),
    ],
)
def test_bad_input_is_one_message_before_any_work(folders, tmp_path, quick, keys, message):
    calls = []
    with pytest.raises(InputError, match=message):
        compare_refiners(_config(folders, tmp_path / "out", **keys), io.StringIO(), _recipes(calls))
    assert not calls
    assert not (tmp_path / "out").exists()


def test_sets_without_splits_or_second_scenes_are_refused(folders, tmp_path, quick):
    real, rendered = folders
    with pytest.raises(InputError, match=r"train_split=train: .* has no such split.*it has none"):
        compare_refiners(_config((rendered, rendered), tmp_path / "out"), io.StringIO())
    for k in range(20):
        _write(tmp_path / "one", f"scene/{k:03d}.png", f"one {k}", False)
    (tmp_path / "one" / "classes.yaml").write_text((real / "classes.yaml").read_text())
    with pytest.raises(InputError, match="needs two scenes"):
        compare_refiners(_config((real, tmp_path / "one"), tmp_path / "out"), io.StringIO())


def test_the_command_line_says_what_is_wrong(folders, tmp_path, capsys):
    real, rendered = folders
    words = [f"real={real}", f"dataset={rendered}", f"out={tmp_path / 'out'}", "methods=raw,fdaa"]
    with pytest.raises(SystemExit) as caught:
        main(["compare-refiners", *words])
    assert caught.value.code == 2
    said = capsys.readouterr().err
    assert "fda" in said
    assert "Traceback" not in said
