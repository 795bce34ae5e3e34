"""Variational baselines: the bound rises, codes forget the domain's look, classes are obeyed."""

import math

import numpy as np
import pytest
import torch

from scenegen.evaluate.memo import Memo
from scenegen.refine.baselines.coders import RENDERED, CoderShape
from scenegen.refine.baselines.common import seeded
from scenegen.refine.baselines.state import read_state, write_state
from scenegen.refine.baselines.vae import Autoencoder
from scenegen.refine.baselines.variational import ConditionalVaeRecipe, VaeRecipe, VaeSettings
from scenegen.refine.pictures import open_pictures
from scenegen.refine.protocol import Budget, Shown
from tests.refine.street_sets import street_labels, street_picture, street_set

SIZE = (32, 24)
SETTINGS = VaeSettings(latents=4, widths=(16, 16), batch=4, crop=(24, 24), rate=4e-3)
SKY, ROAD = 0, 1


@pytest.fixture(scope="module")
def domains(tmp_path_factory):
    memo = Memo(tmp_path_factory.mktemp("memo"))
    real = open_pictures(street_set("photos", 8, True), "real", SIZE, memo)
    return real, open_pictures(street_set("renders", 8, False), "rendered", SIZE, memo)


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


@pytest.mark.parametrize("kind", ["vae", "cvae"])
def test_frames_are_made_each_by_itself(kind, request):
    translator, _ = request.getfixturevalue(kind)
    small, odd = _frame("a"), _frame("b", (30, 21))
    large = Shown(np.repeat(np.repeat(small.rgb, 2, 0), 2, 1), np.kron(small.semantic, _ONES))
    frames = [small, odd, large]
    made = translator(frames, [1, 2, 3])
    assert [m.shape for m in made] == [f.rgb.shape for f in frames]
    for frame, seed, whole in zip(frames, (1, 2, 3), made, strict=True):
        assert np.array_equal(translator([frame], [seed])[0], whole)


_ONES = np.ones((2, 2), np.uint8)


def test_equal_seeds_give_equal_weights(domains):
    recipe = ConditionalVaeRecipe(SETTINGS)
    first, second, other = (_trained(recipe, domains, 2, seed)[0] for seed in (1, 1, 2))
    assert first.digest == second.digest != other.digest


def test_it_comes_back_from_disk(cvae, tmp_path):
    translator, _ = cvae
    write_state(tmp_path / "it.safetensors", translator.state)
    back = ConditionalVaeRecipe().restored(read_state(tmp_path / "it.safetensors"), "cpu")
    assert back.digest == translator.digest
    frame = _frame()
    assert np.array_equal(back([frame], [9])[0], translator([frame], [9])[0])


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
