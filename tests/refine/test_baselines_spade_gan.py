"""The conditional GAN: what it is told, what its critic weighs, and that it moves renders."""

import numpy as np
import pytest
import torch

from scenegen.refine.baselines.spade_gan import SpadeGanRecipe, SpadeGanSettings, balanced
from scenegen.refine.baselines.spade_networks import SpadeGenerator
from scenegen.refine.protocol import Budget, Shown
from tests.refine.street_sets import street_domains, street_set

SMALL = SpadeGanSettings(width=8, critic=8, noise=2, crop=(32, 32), rate=1e-3)


@pytest.fixture(scope="module")
def domains(tmp_path_factory):
    return street_domains(tmp_path_factory.mktemp("memo"), (64, 48), 16)


def _train(domains, steps, seed=0, batch=1):
    settings = SMALL.model_copy(update={"batch": batch})
    return SpadeGanRecipe(settings).train(
        *domains, Budget(300, steps), seed, "cpu", lambda share, loss: None
    )


def _frames(count):
    mapped = street_set("others", count, False)
    return [Shown(mapped.image(k), mapped.semantic(k)) for k in range(count)]


def test_classes_weigh_alike_and_void_nothing():
    semantic = torch.tensor([[[0, 0, 0, 1], [0, 0, 0, 255]]])
    wrong = torch.zeros(1, 3, 2, 4)
    wrong[:, 0] = 5.0  # everything is found to be class 0
    scores = wrong.clone().requires_grad_()
    balanced(scores, semantic, 2).backward()
    weight = scores.grad.abs().sum(1)[0]
    assert weight[1, 3] == 0
    right, rare = float(np.log(1 + 2 * np.exp(-5.0))), float(np.log(1 + 2 * np.exp(-5.0))) + 5.0
    assert float(balanced(wrong, semantic, 2)) == pytest.approx(0.5 * (right + rare), rel=1e-5)
    assert float(balanced(wrong, torch.full_like(semantic, 255), 2)) == 0.0


def test_an_untrained_generator_changes_nothing():
    x, told = torch.full((1, 3, 16, 24), 0.3), torch.ones(1, 5, 16, 24)
    assert torch.equal(SpadeGenerator(5, 8)(x, told), x)


@pytest.mark.slow
def test_renders_move_towards_photographs_as_classes_tell(domains):
    frames, photos = _frames(12), street_set("photos", 16, True)
    translator = _train(domains, 50, batch=2)
    made = np.stack(translator(frames, list(range(12))))
    before = np.stack([f.rgb for f in frames])
    real = np.stack([photos.image(k) for k in range(16)])
    off = [np.abs(p.mean((0, 1, 2)) - real.mean((0, 1, 2))).mean() for p in (before, made)]
    assert off[1] < 0.7 * off[0]
    frame = frames[0]
    swapped = Shown(frame.rgb, np.where(frame.semantic == 0, 1, frame.semantic).astype(np.uint8))
    assert not np.array_equal(translator([swapped], [0])[0], made[0])
    assert not np.array_equal(translator([frame], [1])[0], made[0])
