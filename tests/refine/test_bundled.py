"""The models that come with scenegen: small enough, readable, under their terms, and of use."""

from pathlib import Path

import numpy as np
import pytest
import torch

from scenegen.errors import InputError
from scenegen.evaluate.adapters.camvid import CAMVID_11
from scenegen.evaluate.classes import native_space
from scenegen.refine.bundled import bundled, model_file
from scenegen.refine.conditions import condition_of, sketch_of, style_of
from scenegen.refine.gate import Gate
from scenegen.refine.planes import as_planes
from scenegen.refine.protocol import Shown
from scenegen.refine.refiner import Refiner
from scenegen.refine.settings import DESIGN, USUAL
from scenegen.refine.weights import read_weights
from tests.refine.street_sets import street_labels, street_picture

NAMES = native_space(CAMVID_11).names
OF_STREETS = np.array([NAMES.index(n) for n in ("sky", "road", "car", "building")], np.uint8)


def _frame(name="a"):
    ids = np.kron(street_labels(name), np.ones((4, 4), np.uint8))
    rgb = np.kron(street_picture(street_labels(name), name, False), np.ones((4, 4, 1), np.uint8))
    return Shown(rgb, np.where(ids == 255, 255, OF_STREETS[np.minimum(ids, 3)]).astype(np.uint8))


def test_they_are_small_and_found_by_name(tmp_path, monkeypatch):
    assert bundled() == ("camvid", "camvid_gate")
    for name in bundled():
        assert model_file(Path(name)).stat().st_size < 16e6
    (tmp_path / "camvid").mkdir()
    monkeypatch.chdir(tmp_path)  # a folder of that name is no model
    assert model_file(Path("camvid")).is_file()
    Path("mine.safetensors").write_bytes(b"")
    assert model_file(Path("mine.safetensors")) == Path("mine.safetensors")
    with pytest.raises(InputError, match=r"no such file.*did you mean 'camvid'"):
        model_file(Path("camvd"))
    with pytest.raises(InputError, match=r"no such file.*comes with scenegen"):
        model_file(tmp_path / "camvid.safetensors")


def test_the_refiner_says_what_it_is_made_of():
    stored = read_weights(Path("camvid"))
    assert stored.spec.network.classes == NAMES
    assert stored.notes["licence"] == "CC-BY-NC-4.0"
    assert stored.domains == ("real", "rendered")


@pytest.mark.parametrize("sigma", [0.05, 0.2, 0.8])
def test_the_refiner_removes_noise(sigma):
    model = read_weights(Path("camvid")).denoiser()
    frame = _frame()
    x = as_planes(frame.rgb[None])
    noise = torch.randn(x.shape, generator=torch.Generator().manual_seed(0))
    sketch, style = sketch_of(frame.rgb, frame.semantic)[None], style_of("rendered", {})[None]
    told = condition_of(frame.semantic[None], sketch, style)
    with torch.no_grad():
        found = model(x + sigma * noise, torch.tensor([sigma]), told)
    assert float((found - x).std()) < 0.5 * sigma


def test_the_bridge_changes_looks_and_keeps_shapes():
    frame = _frame()
    (made,) = Refiner(read_weights(Path("camvid")), USUAL[DESIGN])([frame], [0])
    change = np.abs(made.astype(int) - frame.rgb).mean()
    assert 2.0 < change < 60.0
    edges = [np.abs(np.diff(p.astype(float).mean(axis=2), axis=0)) for p in (frame.rgb, made)]
    assert np.corrcoef(edges[0].ravel(), edges[1].ravel())[0, 1] > 0.5


def test_the_gate_knows_the_refiners_classes():
    gate = Gate.load(Path("camvid_gate"))
    assert gate.spec.names == NAMES
    assert {NAMES[k] for k in gate.spec.things} >= {"car", "pedestrian", "bicyclist"}
    assert np.mean([bar.iou.value for bar in gate.spec.bars if bar.iou]) > 0.35


def test_without_guidance_the_bridge_leads_back_to_the_render():
    frame = _frame()
    settings = USUAL["bridge"].model_copy(update={"guidance": 0.0})
    (made,) = Refiner(read_weights(Path("camvid")), settings)([frame], [0])
    assert np.abs(made.astype(int) - frame.rgb).mean() < 2.0
