"""Models that users bring: found or refused, fitted, asked, and their answers checked."""

from __future__ import annotations

import builtins
import json
import shlex
import sys
import textwrap
import time
from pathlib import Path

import numpy as np
import pytest

from scenegen.errors import InputError
from scenegen.evaluate.utility.checks import checked
from scenegen.evaluate.utility.foreign import foreign
from scenegen.evaluate.utility.models import maker_of
from scenegen.evaluate.utility.prepared import Prepared
from scenegen.evaluate.utility.protocol import Detections, Part, TrainingData
from scenegen.evaluate.utility.settings import UtilitySettings

CLASSES = ("road", "car")
PICTURES = np.random.default_rng(0).integers(0, 256, (3, 24, 32, 3)).astype(np.uint8)


@pytest.fixture
def data(tmp_path: Path) -> dict[str, TrainingData]:
    """Return training data by task: three pictures, the first twice as likely as the others."""
    folder = tmp_path / "arrays"
    folder.mkdir()
    columns = {
        "images": PICTURES,
        "semantic": (PICTURES[..., 0] > 128).astype(np.uint8),
        "offsets": np.array([0, 1, 1, 3]),
        "xyxy": np.array([[1.0, 2, 9, 8], [0, 0, 5, 5], [10.5, 2, 20, 20]]),
        "class_id": np.array([1, 0, 1]),
        "crowd": np.array([False, True, False]),
    }
    for name, values in columns.items():
        np.save(folder / f"{name}.npy", values)
    at = np.arange(3)
    weights = np.array([2.0, 1.0, 1.0])
    return {
        task: TrainingData(
            (
                Part(
                    Prepared("x", "d", task, (32, 24), ("a", "b", "c"), at, at, folder),
                    1.0,
                    weights,
                ),
            )
        )
        for task in ("semantic", "boxes")
    }


PROGRAM = '''
    """Learns the mean of the red channel; says car where a pixel is redder."""
    import json, sys
    from pathlib import Path
    import cv2, numpy as np
    verb, folder = sys.argv[1], Path(sys.argv[2])
    job = json.loads((folder / "job.json").read_text())
    state = folder / "state" / "mean.json"
    if verb == "fit":
        shares = [e["weight"] for e in job["train"]]
        reds = [cv2.imread(str(folder / e["image"]))[..., 2].mean() for e in job["train"]]
        calls = 1 if job["first"] else json.loads(state.read_text())["calls"] + 1
        mean = float(np.dot(shares, reds))
        state.write_text(json.dumps({"mean": mean, "calls": calls, "job": job}))
        print("fitted")
    else:
        mean = json.loads(state.read_text())["mean"]
        for e in job["predict"]:
            red = cv2.imread(str(folder / e["image"]))[..., 2]
            if job["task"] == "semantic":
                cv2.imwrite(str(folder / e["output"]), (red > mean).astype(np.uint8))
            else:
                box = {"xyxy": [1, 2, 9, 8], "class": 1, "score": red.mean() / 255}
                (folder / e["output"]).write_text(json.dumps([box][: int(red[0, 0] > 9)]))
'''


@pytest.fixture
def command(tmp_path: Path):
    """Return a function that makes a command of a script's text."""

    def make(text: str) -> str:
        script = tmp_path / "my model.py"
        script.write_text(textwrap.dedent(text))
        return f"command: {shlex.join([sys.executable, str(script)])}"

    return make


def test_a_command_is_fitted_and_asked_for_labels(command, data):
    model = foreign(command(PROGRAM))("semantic", CLASSES, 0)
    model.fit(data["semantic"], 7, 5)
    model.fit(data["semantic"], 2, 6)
    mean = PICTURES[..., 0].mean(axis=(1, 2)) @ [0.5, 0.25, 0.25]
    assert np.array_equal(model.predict(PICTURES), (PICTURES[..., 0] > mean).astype(np.uint8))
    kept = json.loads((model.folder / "state" / "mean.json").read_text())
    assert kept["calls"] == 2
    job = kept["job"]
    assert {k: job[k] for k in ("task", "classes", "steps", "seed", "first", "version")} == {
        "task": "semantic",
        "classes": ["road", "car"],
        "steps": 2,
        "seed": 6,
        "first": False,
        "version": 1,
    }


def test_a_command_is_given_boxes_and_gives_detections(command, data):
    model = foreign(command(PROGRAM))("boxes", CLASSES, 0)
    model.fit(data["boxes"], 7, 5)
    entries = json.loads((model.folder / "state" / "mean.json").read_text())["job"]["train"]
    assert [len(e["boxes"]) for e in entries] == [1, 0, 2]
    assert entries[2]["boxes"][0] == {"xyxy": [0, 0, 5, 5], "class": 0, "crowd": True}
    found = model.predict(PICTURES)
    assert len(found) == 3
    assert found[0].xyxy.tolist() == [[1, 2, 9, 8]]
    assert found[0].score[0] == pytest.approx(PICTURES[0, ..., 0].mean() / 255)


def test_the_folder_of_a_command_goes_with_its_model(command):
    model = foreign(command(PROGRAM))("boxes", CLASSES, 0)
    folder = model.folder
    assert folder.is_dir()
    del model
    assert not folder.exists()


def test_the_digest_of_a_command_follows_its_script(command):
    first = foreign(command(PROGRAM))("semantic", CLASSES, 0).digest
    assert foreign(command(PROGRAM))("semantic", CLASSES, 0).digest == first
    assert foreign(command(PROGRAM + "\n    # more\n"))("semantic", CLASSES, 0).digest != first


@pytest.mark.parametrize(
    ("task", "text", "message"),
    [
        ("semantic", "import sys; print('no card', file=sys.stderr); sys.exit(3)", "no card"),
        ("semantic", "import sys; sys.exit(3)", "code 3"),
        ("semantic", "print('did nothing')", r"000000\.png: missing(.|\n)*did nothing"),
        ("boxes", "print('did nothing')", r"000000\.json: missing"),
        ("semantic", "ids = np.zeros((5, 5))", r"shape \(24, 32\)"),
        ("semantic", "ids = np.full((24, 32), 9)", "gave class 9; 0 to 1"),
        ("semantic", "ids = np.zeros((24, 32, 3))", r"shape \(24, 32, 3\)"),
        ("boxes", 'text = \'[{"xyxy": [1, 2, 3], "class": 0, "score": 1}]\'', "right form"),
        ("boxes", 'text = \'[{"xyxy": [1, 2, 3, 4], "class": 0}]\'', "KeyError: 'score'"),
        ("boxes", 'text = \'[{"xyxy": [1, 2, 3, 4], "class": 2, "score": 1}]\'', "class 2"),
        ("boxes", 'text = \'[{"xyxy": [1, 2, 3, 4], "class": 0.5, "score": 1}]\'', "whole"),
        ("boxes", 'text = \'[{"xyxy": [5, 2, 3, 4], "class": 0, "score": 1}]\'', "ends before"),
        ("boxes", "text = 'no'", "right form"),
    ],
)
def test_what_a_command_gets_wrong_is_said(command, task, text, message):
    script = f"""
import json, sys
from pathlib import Path
import cv2, numpy as np
folder = Path(sys.argv[2])
job = json.loads((folder / "job.json").read_text())
ids = text = None
{text}
for e in job["predict"]:
    if ids is not None:
        cv2.imwrite(str(folder / e["output"]), ids.astype(np.uint8))
    if text is not None:
        (folder / e["output"]).write_text(text)
"""
    with pytest.raises(InputError, match=message):
        foreign(command(script))(task, CLASSES, 0).predict(PICTURES)


def test_answers_of_an_earlier_call_are_not_taken(command):
    model = foreign(command(PROGRAM))("semantic", CLASSES, 0)
    (model.folder / "state").mkdir()
    (model.folder / "state" / "mean.json").write_text('{"mean": 9}')
    model.predict(PICTURES)
    model.words = [sys.executable, "-c", "pass"]
    with pytest.raises(InputError, match="missing"):
        model.predict(PICTURES)


def test_a_command_that_takes_too_long_is_ended_with_its_children(command, tmp_path):
    alive = tmp_path / "alive"
    child = f"import pathlib, time; time.sleep(1.2); pathlib.Path({str(alive)!r}).touch()"
    text = f"import subprocess, sys, time; subprocess.Popen([sys.executable, '-c', {child!r}]); "
    model = foreign(command(text + "print('at it', flush=True); time.sleep(60)"), 0.5)(
        "semantic", CLASSES, 0
    )
    with pytest.raises(InputError, match=r"not done after 0\.5 s(.|\n)*at it"):
        model.predict(PICTURES)
    time.sleep(1.2)
    assert not alive.exists()


@pytest.mark.parametrize(
    ("spec", "message"),
    [
        ("command: ", "names no program"),
        ("command: 'open", "can't be split"),
        ("command: no-such-program-at-all", "can't be run"),
    ],
)
def test_a_command_that_is_none_is_refused(spec, message):
    with pytest.raises(InputError, match=message):
        foreign(spec)("semantic", CLASSES, 0).predict(PICTURES)


MODULE = """
import numpy as np

class Mine:
    def __init__(self, task, classes, seed):
        self.said = (task, classes, seed)
    def fit(self, data, steps, seed):
        self.steps = steps
    def predict(self, images):
        return np.full(images.shape[:3], 1)

def finished(task, classes, seed):
    made = Mine(task, classes, seed)
    made.trainable, made.name, made.digest = False, "mine", "abc"
    return made

class Deaf:
    def __init__(self, *words): pass
    def predict(self, images): return None

number = 3
"""


@pytest.fixture
def module(tmp_path: Path, monkeypatch) -> str:
    name = f"my_model_{tmp_path.name.replace('-', '_')}"
    (tmp_path / f"{name}.py").write_text(MODULE)
    monkeypatch.chdir(tmp_path)
    yield name
    sys.modules.pop(name, None)


def test_a_factory_of_the_current_folder_is_imported(module, data):
    before = list(sys.path)
    model = foreign(f"{module}:Mine")("semantic", CLASSES, 4)
    assert sys.path == before
    assert model.trainable
    assert model.inner.said == ("semantic", CLASSES, 4)
    model.fit(data["semantic"], 9, 0)
    assert model.inner.steps == 9
    found = model.predict(PICTURES)
    assert (found.dtype, found.shape) == (np.uint8, (3, 24, 32))
    assert len(model.digest) == 64


def test_a_finished_model_says_so(module):
    model = foreign(f"{module}:finished")("semantic", CLASSES, 0)
    assert (model.name, model.trainable) == ("mine", False)
    assert model.digest != foreign(f"{module}:Mine")("semantic", CLASSES, 0).digest


def test_what_is_no_factory_is_refused(module, tmp_path):
    (tmp_path / "needs_more.py").write_text("import no_such_thing_at_all\n")
    for spec, message in (
        (f"{module}:number", "has no 'number' that can be called"),
        (f"{module}:Other", "has no 'Other'"),
        ("no_such_module.at_all:f", "no module 'no_such_module.at_all'"),
        ("unet", "package.module:factory, 'command: program …' or a file"),
        (":f", "package.module:factory"),
    ):
        with pytest.raises(InputError, match=message):
            foreign(spec)
    with pytest.raises(ModuleNotFoundError, match="no_such_thing_at_all"):
        foreign("needs_more:f")
    with pytest.raises(InputError, match=r"has no fit\(\)"):
        foreign(f"{module}:Deaf")("semantic", CLASSES, 0)


def test_built_in_models_are_found_by_name():
    with pytest.raises(InputError, match=r"utility.task=boxes is right"):
        maker_of(UtilitySettings(model="detector"))
    model = maker_of(UtilitySettings(task="boxes", model="detector"))("boxes", CLASSES, 0)
    assert model.name == "efficientnet-lite0 centres"


def one(xyxy=((0, 0, 4, 4),), class_id=(0,), score=(0.5,)) -> list[Detections]:
    return [Detections(np.array(xyxy, float), np.array(class_id), np.array(score))]


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (None, "gave a NoneType for 1 pictures"),
        ([], "gave 0 for 1"),
        ([None], "no detections"),
        (one(class_id=(0, 1)), "one for each box"),
        (one(score=(np.nan,)), "not finite"),
        (one(xyxy=((0, 0, np.inf, 4),)), "not finite"),
        (one(class_id=(-1,)), "gave class -1"),
        (one(class_id=(0.5,)), "whole numbers"),
    ],
)
def test_detections_are_checked(found, message):
    with pytest.raises(InputError, match=message):
        checked(found, "boxes", PICTURES[:1], 2, "mine")


def test_label_pictures_are_checked():
    ids = np.zeros((3, 24, 32), np.int64)
    ids[0, 0, 0] = 255
    assert checked(ids, "semantic", PICTURES, 2, "mine").dtype == np.uint8
    with pytest.raises(InputError, match=r"float64 of shape \(3, 24, 32\)"):
        checked(ids.astype(float), "semantic", PICTURES, 2, "mine")
    with pytest.raises(InputError, match="gave class -3"):
        checked(np.full_like(ids, -3), "semantic", PICTURES, 2, "mine")


def onnx_file(path: Path, output: str, shape: list[object], channels: int = 2, **metadata: str):
    """Write a network whose logit of class k is red times k minus k / 2, or its argmax."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper

    kernel = np.zeros((channels, 3, 1, 1), np.float32)
    kernel[:, 0, 0, 0] = np.arange(channels)
    bias = -0.5 * np.arange(channels, dtype=np.float32)
    nodes = [helper.make_node("Conv", ["x", "w", "b"], ["logits"])]
    if output == "ids":
        nodes.append(helper.make_node("ArgMax", ["logits"], ["ids"], axis=1, keepdims=0))
    kind = TensorProto.INT64 if output == "ids" else TensorProto.FLOAT
    graph = helper.make_graph(
        nodes,
        "tiny",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info(output, kind, None)],
        [numpy_helper.from_array(kernel, "w"), numpy_helper.from_array(bias, "b")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    helper.set_model_props(model, {"mean": "[0, 0, 0]", "std": "[1, 1, 1]", **metadata})
    onnx.save(model, str(path))
    return foreign(str(path))


REDDER = (PICTURES[..., 0] > 127.5).astype(np.uint8)


@pytest.mark.parametrize("output", ["logits", "ids"])
def test_a_network_is_asked_by_logits_or_ids(tmp_path, output):
    model = onnx_file(tmp_path / "net.onnx", output, ["n", 3, "h", "w"])("semantic", CLASSES, 0)
    assert not model.trainable
    assert np.array_equal(model.predict(PICTURES), REDDER)
    with pytest.raises(InputError, match="can't be trained"):
        model.fit(None, 1, 0)


@pytest.mark.parametrize("batch", [1, 2])
def test_a_network_of_a_fixed_batch_and_size_is_fed_so(tmp_path, batch):
    make = onnx_file(tmp_path / "net.onnx", "ids", [batch, 3, 48, 64])
    found = make("semantic", CLASSES, 0).predict(PICTURES // 200 * 200)
    assert found.shape == (3, 24, 32)
    assert np.mean(found == (PICTURES[..., 0] >= 200)) > 0.8


def test_classes_of_a_network_are_matched_by_name(tmp_path):
    names = '["car", "sky"]'
    make = onnx_file(tmp_path / "net.onnx", "logits", ["n", 3, "h", "w"], 2, classes=names)
    found = make("semantic", CLASSES, 0).predict(PICTURES)
    assert np.array_equal(found, np.where(REDDER, 255, 1))


def test_settings_beside_the_file_go_before_its_metadata(tmp_path):
    path = tmp_path / "net.onnx"
    make = onnx_file(path, "logits", ["n", 3, "h", "w"])
    plain = make("semantic", CLASSES, 0)
    settings = {"mean": [0, 0, 0], "std": [1, 1, 1], "channels": "bgr", "output": "logits"}
    path.with_suffix(".json").write_text(json.dumps(settings))
    model = make("semantic", CLASSES, 0)
    assert np.array_equal(model.predict(PICTURES), PICTURES[..., 2] > 127.5)
    assert model.digest != plain.digest


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ('{"meen": [0, 0, 0]}', "meen: .*did you mean 'mean'"),
        ('{"layout": "chwn"}', "layout: .*'nchw' or 'nhwc'"),
        ('{"std": [1, 1, 0]}', "std.2: .*greater than 0"),
        ("[]", "settings: "),
        ("{", "no JSON"),
        ('{"input": "pixels"}', "no input 'pixels'"),
    ],
)
def test_wrong_settings_of_a_network_are_refused(tmp_path, settings, message):
    make = onnx_file(tmp_path / "net.onnx", "logits", ["n", 3, "h", "w"])
    (tmp_path / "net.json").write_text(settings)
    with pytest.raises(InputError, match=message):
        make("semantic", CLASSES, 0)


def test_a_network_of_other_classes_asks_for_their_names(tmp_path):
    make = onnx_file(tmp_path / "net.onnx", "logits", ["n", 3, "h", "w"], 5)
    with pytest.raises(InputError, match=r'5 channels for 2 classes; .*"classes" of net\.json'):
        make("semantic", CLASSES, 0).predict(PICTURES)


def test_files_that_are_no_network_are_refused(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        foreign(str(tmp_path / "none.onnx"))("semantic", CLASSES, 0)
    (tmp_path / "bad.onnx").write_bytes(b"no network")
    with pytest.raises(InputError, match="no network that onnxruntime can run"):
        foreign(str(tmp_path / "bad.onnx"))("semantic", CLASSES, 0)
    with pytest.raises(InputError, match=r"utility\.task=semantic"):
        foreign(str(tmp_path / "bad.onnx"))("boxes", CLASSES, 0)


def test_without_onnxruntime_the_extra_is_named(tmp_path, monkeypatch):
    real = builtins.__import__

    def without(name, *rest, **more):
        if name == "onnxruntime":
            raise ImportError(name)
        return real(name, *rest, **more)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError, match=r"scenegen\[onnx\]"):
        foreign(str(tmp_path / "net.onnx"))("semantic", CLASSES, 0)
