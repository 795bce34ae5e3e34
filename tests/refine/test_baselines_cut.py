"""The contrastive GAN: its losses, and that it moves renders towards photographs."""

import numpy as np
import pytest
import torch

from scenegen.refine.baselines.cut import CutRecipe, CutSettings
from scenegen.refine.baselines.cut_networks import PatchHeads, ResnetGenerator, patch_nce
from scenegen.refine.protocol import Budget, Shown
from tests.refine.street_sets import street_domains, street_set

SMALL = CutSettings(width=8, blocks=1, critic=8, crop=(32, 32), patches=16, vector=16, rate=1e-3)


@pytest.fixture(scope="module")
def domains(tmp_path_factory):
    return street_domains(tmp_path_factory.mktemp("memo"), (64, 48), 16)


def _train(domains, steps, seed=0, batch=1):
    settings = SMALL.model_copy(update={"batch": batch})
    return CutRecipe(settings).train(
        *domains, Budget(300, steps), seed, "cpu", lambda share, loss: None
    )


def _frames(count):
    mapped = street_set("others", count, False)
    return [Shown(mapped.image(k), mapped.semantic(k)) for k in range(count)]


def test_patches_know_their_origin_or_pay():
    vectors = torch.nn.functional.normalize(torch.randn(2, 8, 64, generator=_generator()), dim=2)
    same = patch_nce([vectors], [vectors], 0.07)
    other = patch_nce([vectors.roll(1, 1)], [vectors], 0.07)
    blind = patch_nce([torch.ones_like(vectors) / 8], [torch.ones_like(vectors) / 8], 0.07)
    assert same < 0.1 < other
    assert float(blind) == pytest.approx(np.log(8))


def test_heads_look_where_they_are_told():
    plane = torch.arange(12.0).reshape(1, 1, 3, 4)
    heads = PatchHeads([1], 5)
    at = torch.tensor([7, 2])
    found = heads([plane], [at])[0]
    alone = torch.nn.functional.normalize(heads[0](torch.tensor([[7.0], [2.0]])), dim=1)
    assert torch.allclose(found[0], alone)


def test_an_untrained_generator_changes_nothing():
    x = torch.rand(1, 3, 16, 24, generator=_generator())
    assert torch.equal(ResnetGenerator(8, 2)(x), x)


def _generator():
    return torch.Generator().manual_seed(0)


@pytest.mark.slow
def test_renders_move_towards_photographs(domains):
    frames, photos = _frames(12), street_set("photos", 16, True)
    real = np.stack([photos.image(k) for k in range(16)])
    before = np.stack([f.rgb for f in frames])
    made = np.stack(_train(domains, 40, batch=4)(frames, list(range(12))))
    off = [np.abs(p.mean((0, 1, 2)) - real.mean((0, 1, 2))).mean() for p in (before, made)]
    assert off[1] < 0.7 * off[0]
