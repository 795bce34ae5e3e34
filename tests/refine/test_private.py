"""Private training: exact gradients of single pictures, noise that was asked for, exact resume."""

from __future__ import annotations

import math
import sys

import numpy as np
import pytest
import torch

from scenegen.errors import InputError
from scenegen.evaluate.memo import Memo
from scenegen.refine.denoiser import Denoiser
from scenegen.refine.pictures import open_pictures
from scenegen.refine.presets import TrainingSettings
from scenegen.refine.private import PrivacySettings, PrivateTrainer, epsilon_of, noise_multiplier
from scenegen.refine.private_curve import curve_table, epsilon_utility
from scenegen.refine.spec import NetworkSpec, RefinerSpec
from scenegen.refine.training import LAST, Training, Watch
from scenegen.refine.weights import read_weights
from tests.refine.street_sets import CLASSES, street_set

SPEC = RefinerSpec(
    network=NetworkSpec(classes=CLASSES, widths=(8, 16), attention=True), size=(32, 24)
)
SETTINGS = TrainingSettings(steps=6, batch=4, crop=(16, 16), rate=2e-3, warmup=2)
PRIVACY = PrivacySettings(epsilon=8.0, delta=1e-3, clip=0.5)


@pytest.fixture(scope="module")
def domains(tmp_path_factory):
    memo = Memo(tmp_path_factory.mktemp("memo"))
    real = open_pictures(street_set("photos", 8, True), "real", SPEC.size, memo)
    return real, open_pictures(street_set("renders", 8, False), "rendered", SPEC.size, memo)


def trainer(domains, privacy=PRIVACY, secret="s", settings=SETTINGS):
    made = PrivateTrainer(SPEC, settings, domains, 0, privacy, secret)
    with torch.no_grad():  # layers that begin at zero would hide mistakes behind them
        for weight in made.model.parameters():
            weight.normal_(0.0, 0.1, generator=torch.Generator().manual_seed(weight.numel()))
    return made


def plain_gradients(private, images, condition):
    """Return the gradient of each picture by itself, by plain autograd."""
    found = []
    model = Denoiser(SPEC)
    model.load_state_dict(private.model.state_dict())
    errors = private._errors(model, images, condition)
    for k in range(len(images)):
        rows = torch.autograd.grad(errors[k], list(model.parameters()), retain_graph=True)
        found.append([row.detach() for row in rows])
    return found


def test_gradients_are_those_of_single_pictures_cut_to_a_length(domains):
    private = trainer(domains)
    batch = private._batch()
    assert batch is not None
    own = plain_gradients(private, *batch)
    with pytest.warns(UserWarning, match="Full backward hook"):
        private._errors(private._watched, *batch).sum().backward()
    sums = private._clipped()
    lengths = [math.sqrt(sum(float((g**2).sum()) for g in rows)) for rows in own]
    assert max(lengths) > PRIVACY.clip > 0
    factors = [min(1.0, PRIVACY.clip / length) for length in lengths]
    for at, total in enumerate(sums):
        expected = sum(f * rows[at] for f, rows in zip(factors, own, strict=True))
        assert torch.allclose(total, expected, atol=1e-5, rtol=1e-3), at


def test_the_noise_has_the_deviation_that_the_bound_asks_for(domains):
    quiet = trainer(domains)
    quiet.noise = 0.0
    quiet._gradients()
    bare = torch.cat([w.grad.flatten() for w in quiet.model.parameters()])
    noisy = trainer(domains)
    noisy._gradients()
    found = torch.cat([w.grad.flatten() for w in noisy.model.parameters()]) - bare
    expected = noisy.noise * PRIVACY.clip / SETTINGS.batch
    assert float(found.std()) == pytest.approx(expected, rel=0.03)
    assert abs(float(found.mean())) < 0.03 * expected
    other = trainer(domains, secret="another")
    other._gradients()
    again = torch.cat([w.grad.flatten() for w in other.model.parameters()])
    assert not torch.allclose(again, found + bare)


def test_photographs_take_part_by_chance(domains):
    private = trainer(domains[:1], settings=SETTINGS.model_copy(update={"batch": 2}))
    assert private.share == 0.25
    counts = []
    for step in range(200):
        private.step = step
        batch = private._batch()
        counts.append(0 if batch is None else len(batch[0]))
    assert np.mean(counts) == pytest.approx(2.0, abs=0.25)
    assert np.var(counts) == pytest.approx(8 * 0.25 * 0.75, rel=0.3)
    private.step = counts.index(0)  # nobody: noise alone
    assert private.advance() == 0.0
    assert all(torch.isfinite(w).all() for w in private.model.parameters())


@pytest.mark.slow
def test_epsilon_is_spent_step_by_step_up_to_what_was_asked_for():
    privacy = PrivacySettings(epsilon=3.0, delta=1e-5)
    noise = noise_multiplier(privacy, 0.02, 2000)
    spent = [epsilon_of(noise, 0.02, steps, 1e-5) for steps in (0, 500, 1000, 2000)]
    assert spent == sorted(spent)
    assert spent[0] == 0
    assert 2.9 < spent[-1] <= 3.0
    assert noise_multiplier(PrivacySettings(epsilon=1.0), 0.02, 2000) > noise
    assert epsilon_of(0.0, 0.02, 10, 1e-5) == math.inf
    # One step with everybody is the Gaussian mechanism, whose classic bound (Dwork and Roth
    # 2014, theorem A.1) is looser.
    classic = math.sqrt(2 * math.log(1.25 / 1e-5)) / 8.0
    assert 0.5 * classic < epsilon_of(8.0, 1.0, 1, 1e-5) < 1.05 * classic


def test_a_killed_private_training_goes_on_exactly_and_says_its_bound(domains, tmp_path):
    whole = trainer(domains)
    losses = [whole.advance() for _ in range(6)]
    first = trainer(domains)
    for _ in range(3):
        first.advance()
    second = trainer(domains)
    second.restore(first.state())
    assert [second.advance() for _ in range(3)] == losses[3:]
    training = Training(trainer(domains), tmp_path, {}, {"made": "here"})
    training.run(Watch(told=lambda progress: None))
    notes = read_weights(tmp_path / LAST).notes
    assert 0 < float(notes["privacy.epsilon"]) <= PRIVACY.epsilon
    assert notes["privacy.delta"] == "0.001"
    assert notes["made"] == "here"


def test_what_cannot_be_is_said(domains, monkeypatch):
    with pytest.raises(InputError, match=r"epsilon=1e-05: no noise keeps 6 steps"):
        trainer(domains, PrivacySettings(epsilon=1e-5, delta=1e-9))
    monkeypatch.setitem(sys.modules, "opacus.accountants", None)
    with pytest.raises(InputError, match=r"pip install 'scenegen\[private\]'"):
        epsilon_of(1.0, 0.1, 5, 1e-5)


@pytest.mark.slow
def test_more_privacy_costs_more(domains):
    settings = SETTINGS.model_copy(update={"steps": 40, "ema": 0.8})
    held = domains[0].subset([6, 7])
    sets = (domains[0].subset(range(6)),)
    points = list(epsilon_utility(SPEC, settings, sets, held, (None, 0.5), 0, delta=1e-3))
    assert points[0].noise == 0
    assert points[1].noise > 1
    assert points[0].loss < 0.9 * points[1].loss
    assert curve_table(points).rows[0][0] == "none"
