"""Variational baselines: the bound rises, codes forget the domain's look, classes are obeyed."""

import math

import numpy as np
import pytest
import torch

from scenegen.refine.baselines.coders import RENDERED, CoderShape
from scenegen.refine.baselines.common import seeded
from scenegen.refine.baselines.vae import Autoencoder
from scenegen.refine.baselines.variational import ConditionalVaeRecipe, VaeRecipe, VaeSettings
from scenegen.refine.protocol import Budget, Shown
from tests.refine.street_sets import street_domains, street_labels, street_picture

SIZE = (32, 24)
SETTINGS = VaeSettings(latents=4, widths=(16, 16), batch=4, crop=(24, 24), rate=4e-3)
SKY, ROAD = 0, 1


@pytest.fixture(scope="module")
def domains(tmp_path_factory):
    return street_domains(tmp_path_factory.mktemp("memo"), SIZE, 8)


def _trained(recipe, domains, steps, seed=0):
    losses = []
    budget = Budget(600.0, steps)
    return recipe.train(
        *domains, budget, seed, "cpu", lambda share, loss: losses.append(loss)
    ), losses


@pytest.fixture(scope="module")
def vae(domains):
    return _trained(VaeRecipe(SETTINGS), domains, 120)


@pytest.fixture(scope="module")
def cvae(domains):
    settings = SETTINGS.model_copy(update={"codes": "prior"})
    return _trained(ConditionalVaeRecipe(settings), domains, 60)


def _frame(name="seen", size=SIZE):
    ids = street_labels(name)[: size[1], : size[0]]
    return Shown(street_picture(ids, name, False), ids)


@pytest.mark.parametrize("kind", ["vae", "cvae"])
def test_the_bound_rises(kind, request):
    _, losses = request.getfixturevalue(kind)
    assert np.mean(losses[-10:]) < np.mean(losses[:5]) - 0.5  # nats a value


def test_a_render_gets_the_colours_of_photographs(vae):
    translator, _ = vae
    frames = [_frame(f"unseen-{k}") for k in range(4)]
    made = translator(frames, [0] * 4)
    photos = [street_picture(f.semantic, "photo", True) for f in frames]

    def apart(pictures):
        return np.mean(
            [abs(a.mean((0, 1)) - b.mean((0, 1))) for a, b in zip(pictures, photos, strict=True)]
        )

    assert apart(made) < 0.6 * apart([f.rgb for f in frames])


def test_classes_are_obeyed_where_nothing_else_is_told(cvae):
    translator, _ = cvae
    grey = np.full((24, 32, 3), 128, np.uint8)
    for left, right in ((SKY, ROAD), (ROAD, SKY)):
        ids = np.full((24, 32), left, np.uint8)
        ids[:, 16:] = right
        made = translator([Shown(grey, ids)], [3])[0].astype(float)
        wanted = street_picture(ids, "photo", True).astype(float)
        halves = slice(2, 12), slice(20, 30)
        for mine, other in (halves, halves[::-1]):
            there, here = made[:, mine].mean((0, 1)), wanted[:, mine].mean((0, 1))
            wrong = wanted[:, other].mean((0, 1))
            assert abs(there - here).sum() < 0.5 * abs(there - wrong).sum()


def test_codes_from_the_prior_ignore_the_render(cvae):
    translator, _ = cvae
    frame = _frame()
    other = Shown(255 - frame.rgb, frame.semantic)
    first, second = translator([frame, other], [5, 5])
    assert np.array_equal(first, second)
    assert not np.array_equal(first, translator([frame], [6])[0])


def test_the_parts_are_those_of_the_bound():
    with seeded("bound"):
        model = Autoencoder(CoderShape(2, widths=(8,)))
        x, noise = torch.randn(2, 3, 4, 4), torch.randn(2, 2, 2, 2)
    domain = torch.full((2,), RENDERED)
    mean, log_variance = model.code(x, None)
    made = model.decoder(mean + (0.5 * log_variance).exp() * noise, domain, None)
    error, divergence = model(x, domain, None, noise)
    q = torch.distributions.Normal(mean, (0.5 * log_variance).exp())
    p = torch.distributions.Normal(torch.zeros(()), torch.ones(()))
    assert divergence.item() == pytest.approx(
        torch.distributions.kl_divergence(q, p).sum().item() / x.numel(), rel=1e-5
    )
    fit = torch.distributions.Normal(made, ((made - x) ** 2).mean().sqrt())
    assert error.item() == pytest.approx(-fit.log_prob(x).mean().item(), rel=1e-3)
    assert math.isfinite(error.item())
