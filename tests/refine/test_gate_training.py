"""A gate that is trained: what it reaches on other photographs, its file, and folds of a set."""

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from scenegen.errors import InputError
from scenegen.evaluate.memo import Memo
from scenegen.refine.gate import Gate, GateSettings, halves
from scenegen.refine.gate.bars import bars_of
from scenegen.refine.gate.files import FORMAT
from scenegen.refine.protocol import Shown
from tests.refine.street_sets import CLASSES, street_picture, street_set

SETTINGS = GateSettings(width=64, steps=14)
CAR = CLASSES.index("car")


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    memo = Memo(tmp_path_factory.mktemp("memo"))
    return Gate.train(
        street_set("fold", 16, True), street_set("other", 12, True), memo, SETTINGS
    ), memo


@pytest.mark.slow
def test_a_trained_gate_knows_photographs_and_finds_what_is_gone(trained):
    gate, _ = trained
    bars = {bar.name: bar for bar in gate.spec.bars}
    assert bars["road"].iou.value > 0.8
    assert bars["car"].iou.low <= bars["car"].iou.value <= bars["car"].iou.high
    assert bars["car"].objects == 12
    other = street_set("third", 4, True)
    rgb, ids = other.image(0), other.semantic(0)
    large = Shown(*(np.kron(x, np.ones((4, 4, *[1] * (x.ndim - 2)), np.uint8)) for x in (rgb, ids)))
    assert gate.judge(large, large.rgb).passed
    bare = np.where(ids == CAR, 1, ids)
    gone = np.kron(street_picture(bare, "third", True), np.ones((4, 4, 1), np.uint8))
    (lost,) = gate.judge(large, gone).lost
    assert lost.name == "car"


@pytest.mark.slow
def test_a_gate_is_trained_once(trained, monkeypatch):
    gate, memo = trained
    monkeypatch.setattr("scenegen.refine.gate.gate.train_to", None)
    sets = street_set("fold", 16, True), street_set("other", 12, True)
    again = Gate.train(*sets, memo, SETTINGS)
    assert again.digest == gate.digest
    assert again.spec == gate.spec
    picture = sets[1].image(0)
    assert np.array_equal(again.see(picture), gate.see(picture))


def test_bars_are_what_was_reached():
    truth = np.zeros((4, 20, 30), np.uint8)
    truth[:, 5:15, 5:15] = CAR
    guess = truth.copy()
    guess[:2, 5:15, 5:10] = 0  # half of the car in half of the pictures
    bars = bars_of(guess, truth, np.array([0, 0, 1, 1]), CLASSES, (CAR,), 50)
    car = bars[CAR]
    assert car.iou.value == pytest.approx(0.75)
    assert (car.iou.low, car.iou.high) == (0.5, 1.0)
    assert car.objects == 4
    assert car.object is None  # four objects are too few
    assert bars[1].iou is None  # no road in these photographs
    twice = (np.tile(x, (2, 1, 1)) for x in (guess, truth))
    many = bars_of(*twice, np.arange(8), CLASSES, (CAR,), 50)
    assert many[CAR].object.value == pytest.approx(0.75)


def test_halves_share_no_block():
    mapped = street_set("long", 45, True)
    first, second = halves(mapped)
    assert len(first) + len(second) == 45
    assert len(first) == 30  # three blocks of ten of five
    assert max(r.order for r in first.records) < min(r.order for r in second.records)
    with pytest.raises(InputError, match="at least two blocks"):
        halves(street_set("short", 5, True))


def test_files_that_are_no_gate_are_named(tmp_path):
    path = tmp_path / "gate.safetensors"
    with pytest.raises(InputError, match=r"gate\.safetensors: no such file"):
        Gate.load(path)
    save_file({"a": torch.zeros(1)}, path, {"format": "scenegen gate 0"})
    with pytest.raises(InputError, match="this version reads 'scenegen gate 1'"):
        Gate.load(path)
    spec = '{"names": ["road"], "things": [], "width": 64, "bars": [], "notes": {}}'
    save_file({"a": torch.zeros(1)}, path, {"format": FORMAT, "spec": spec})
    with pytest.raises(InputError, match="weights and description don't fit"):
        Gate.load(path)
