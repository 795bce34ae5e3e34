"""Training: it learns, goes on exactly where it was killed, and refuses what doesn't fit."""

import json
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from scenegen.errors import InputError, ScenegenError
from scenegen.evaluate.memo import Memo
from scenegen.refine.conditions import number_of
from scenegen.refine.pictures import crops, open_pictures
from scenegen.refine.presets import TrainingSettings
from scenegen.refine.spec import NetworkSpec, RefinerSpec
from scenegen.refine.trainer import Trainer
from scenegen.refine.training import BEST, CHECKPOINT, LAST, Training, Watch
from scenegen.refine.weights import FORMAT, STYLES_SEEN, read_weights, write_weights
from tests.refine.street_sets import CLASSES, street_set

SPEC = RefinerSpec(
    network=NetworkSpec(classes=CLASSES, widths=(16, 16), attention=True), size=(32, 24)
)
SETTINGS = TrainingSettings(steps=6, batch=4, crop=(16, 16), rate=2e-3, warmup=2)
INPUTS = {"pictures": "some", "seed": "0"}


@pytest.fixture(scope="module")
def domains(tmp_path_factory):
    memo = Memo(tmp_path_factory.mktemp("memo"))
    real = open_pictures(street_set("photos", 8, True), "real", SPEC.size, memo)
    return real, open_pictures(street_set("renders", 8, False), "rendered", SPEC.size, memo)


def _training(domains, out, settings=SETTINGS, seed=0):
    return Training(Trainer(SPEC, settings, domains, seed), out, INPUTS, {"made": "here"})


def _silent(progress):
    pass


@pytest.mark.slow
def test_it_learns_to_denoise(domains):
    trainer = Trainer(SPEC, SETTINGS.model_copy(update={"steps": 150}), domains, 0)
    losses = [trainer.advance() for _ in range(150)]
    assert np.mean(losses[-50:]) < 0.75 * np.mean(losses[:5])


def test_a_killed_training_goes_on_exactly(domains, tmp_path):
    whole = Trainer(SPEC, SETTINGS, domains, 0)
    expected = [whole.advance() for _ in range(6)]
    first = _training(domains, tmp_path)
    seen = []

    def killed(progress):
        seen.append(progress.loss)
        if progress.step == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        first.run(Watch(told=killed, keep_s=-1.0))
    second = _training(domains, tmp_path)
    assert second.resume()
    assert second.trainer.step == 2  # the step that was killed is taken again
    again = [second.trainer.advance() for _ in range(4)]
    assert again == expected[2:]
    for name, weight in whole.averaged.items():
        assert torch.equal(weight, second.trainer.averaged[name]), name


def test_the_best_weights_are_kept_over_a_resume(domains, tmp_path):
    scores = iter([0.5, 0.3, 0.4, 0.6])
    watch = Watch(told=_silent, judge=lambda model: {"score": next(scores)}, every=2)
    training = _training(domains, tmp_path)
    assert training.run(watch) == tmp_path / BEST
    assert read_weights(tmp_path / BEST).notes == {"made": "here", "step": "4"}
    assert read_weights(tmp_path / LAST).notes["step"] == "6"
    longer = _training(domains, tmp_path)
    longer.resume()
    assert longer.best == (0.3, 4)


def test_training_ends_when_nothing_gets_better(domains, tmp_path):
    watch = Watch(told=_silent, judge=lambda model: {"score": 1.0}, every=1, patience=2)
    training = _training(domains, tmp_path)
    training.run(watch)
    assert training.trainer.step == 3


def test_a_checkpoint_of_another_training_is_refused(domains, tmp_path):
    _training(domains, tmp_path).run(Watch(told=_silent))
    other = Training(Trainer(SPEC, SETTINGS, domains, 0), tmp_path, {**INPUTS, "seed": "1"}, {})
    with pytest.raises(InputError, match=r"another seed \(0, not 1\)"):
        other.resume()
    (tmp_path / CHECKPOINT).write_bytes(b"half a file")
    with pytest.raises(InputError, match="read as a checkpoint"):
        _training(domains, tmp_path).resume()


def test_a_loss_that_is_no_number_ends_training(domains, tmp_path):
    training = _training(domains, tmp_path)
    training.run(Watch(told=_silent))
    kept = (tmp_path / CHECKPOINT).read_bytes()
    broken = _training(domains, tmp_path, SETTINGS.model_copy(update={"steps": 9}))
    broken.resume()
    with torch.no_grad():
        broken.trainer.model.network.enter.weight.fill_(float("nan"))
    with pytest.raises(ScenegenError, match=r"step 7: the loss is nan.*training\.rate"):
        broken.run(Watch(told=_silent))
    assert (tmp_path / CHECKPOINT).read_bytes() == kept


def test_crops_belong_to_their_words(domains):
    first, told = crops(domains, 4, (16, 12), 0, 5)
    again, same = crops(domains, 4, (16, 12), 0, 5)
    assert first.shape == (4, 12, 16, 3)
    assert np.array_equal(first, again)
    assert torch.equal(told.sketch, same.sketch)
    assert not np.array_equal(first, crops(domains, 4, (16, 12), 0, 6)[0])
    # Real and rendered pictures take turns, unless nothing at all is told of one.
    assert set(told.style[0::2, 0].tolist()) <= {0, 1}
    assert set(told.style[1::2, 0].tolist()) <= {0, 2}


def test_weights_go_through_their_file(tmp_path):
    trainer = Trainer(SPEC, SETTINGS, (), 3)
    write_weights(tmp_path / "w.safetensors", SPEC, trainer.averaged, {"data": "none"})
    stored = read_weights(tmp_path / "w.safetensors")
    assert stored.spec == SPEC
    assert stored.notes == {"data": "none"}
    assert all(torch.equal(stored.tensors[name], t) for name, t in trainer.averaged.items())


def test_words_that_photographs_never_had_are_not_told(tmp_path):
    trainer = Trainer(SPEC, SETTINGS, (), 3)
    notes = {STYLES_SEEN: json.dumps({"time_of_day": ["day"], "weather": []})}
    write_weights(tmp_path / "w.safetensors", SPEC, trainer.averaged, notes)
    stored = read_weights(tmp_path / "w.safetensors")
    style = {"time_of_day": "day", "weather": "rain", "scenario": "any"}
    assert stored.told(style) == {"time_of_day": "day"}
    assert stored.told({"time_of_day": "night"}) == {}
    assert replace(stored, notes={}).told(style) == style


def test_words_of_one_domain_alone_are_left_out(domains):
    real, rendered = domains
    day, night = (number_of("time_of_day", word) for word in ("day", "night"))
    rain = number_of("weather", "rain")
    style = rendered.style.copy()
    style[:, 1:] = [night, rain]
    style[0, 1] = day
    photos = replace(real, style=np.where(np.arange(3) == 1, day, real.style))
    found = replace(rendered, style=style).told_as(photos).style
    assert found[0].tolist() == [2, day, 0]
    assert (found[1:] == [2, 0, 0]).all()
    assert photos.words() == {"time_of_day": ["day"], "weather": []}


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda p: p.write_bytes(b"\x80\x04pickle"), "can't be read"),
        (lambda p: p.unlink(), "no such file"),
        (lambda p: save_file({"a": torch.zeros(1)}, p), "its format is 'none'"),
        (
            lambda p: save_file(
                {"a": torch.zeros(1)},
                p,
                {
                    "format": FORMAT,
                    "spec": SPEC.model_dump_json(),
                    "notes": json.dumps({}),
                },
            ),
            "don't fit",
        ),
        (
            lambda p: save_file({"a": torch.zeros(1)}, p, {"format": "scenegen refiner 0"}),
            "this version reads .scenegen refiner 2.",
        ),
    ],
)
def test_files_that_are_no_weights_are_named(tmp_path, damage, message):
    path = tmp_path / "w.safetensors"
    write_weights(path, SPEC, Trainer(SPEC, SETTINGS, (), 3).averaged, {})
    damage(path)
    with pytest.raises(InputError, match=message) as caught:
        read_weights(path)
    assert str(path) in str(caught.value)
