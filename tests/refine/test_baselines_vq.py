"""The autoregressive baseline: a codebook in use, a transformer that never looks ahead."""

import numpy as np
import pytest
import torch

from scenegen.refine.baselines.autoregressive import CodesRecipe, CodesSettings
from scenegen.refine.baselines.code_coder import CodeCoder
from scenegen.refine.baselines.code_model import CodeModel, CodeShape, scene_of
from scenegen.refine.baselines.codebook import Codebook, perplexity
from scenegen.refine.baselines.coders import CoderShape
from scenegen.refine.baselines.common import seeded
from scenegen.refine.planes import as_signed
from scenegen.refine.protocol import Budget, Shown
from tests.refine.street_sets import street_domains, street_labels, street_picture

SIZE = (32, 24)
COUNT = 64
SETTINGS = CodesSettings(
    count=COUNT,
    latents=8,
    widths=(16, 16),
    width=32,
    depth=2,
    heads=2,
    batch=4,
    crop=(24, 24),
    code_crop=(32, 24),
    rate=3e-3,
)


@pytest.fixture(scope="module")
def domains(tmp_path_factory):
    return street_domains(tmp_path_factory.mktemp("memo"), SIZE, 8)


def _trained(domains, steps, settings=SETTINGS, seed=0):
    losses = []
    budget = Budget(600.0, steps)
    translator = CodesRecipe(settings).train(
        *domains, budget, seed, "cpu", lambda share, loss: losses.append((share, loss))
    )
    return translator, losses


@pytest.fixture(scope="module")
def codes(domains):
    return _trained(domains, 80)


def _coder(translator):
    coder = CodeCoder(CoderShape(SETTINGS.latents, 0, SETTINGS.widths), COUNT)
    tensors = translator.state.tensors
    coder.load_state_dict(
        {k.removeprefix("coder."): v for k, v in tensors.items() if k.startswith("coder.")}
    )
    return coder.eval()


def _frame(name="seen", size=SIZE):
    ids = street_labels(name)[: size[1], : size[0]]
    return Shown(street_picture(ids, name, False), ids)


def test_both_losses_fall(codes):
    _, told = codes
    shares, losses = zip(*told, strict=True)
    assert len(losses) == 80
    assert list(shares) == sorted(shares)
    coder, model = losses[:40], losses[40:]
    assert np.mean(coder[-5:]) < 0.4 * np.mean(coder[:5])
    assert np.mean(model[-5:]) < np.mean(model[:5]) - 0.5
    assert model[0] == pytest.approx(np.log(COUNT), rel=0.3)


def test_the_codebook_does_not_collapse(codes, domains):
    coder = _coder(codes[0])
    every = np.concatenate([d.prepared.images(np.arange(len(d))) for d in domains])
    with torch.no_grad():
        assert perplexity(coder.numbers(as_signed(every)), COUNT) > COUNT / 4


def test_perplexity_counts_what_is_used():
    assert perplexity(torch.arange(8).repeat(3), 64) == pytest.approx(8.0)
    assert perplexity(torch.zeros(5, dtype=torch.long), 64) == pytest.approx(1.0)


def test_vectors_go_to_the_means_of_what_is_near_them():
    with seeded("book"):
        book = Codebook(2, 3)
        near = torch.tensor([[5.0, 0, 0], [-5.0, 0, 0]])
        cells = near.repeat_interleave(50, 0) + 0.1 * torch.randn(100, 3)
    cells = cells.T[None, :, :, None]
    for _ in range(200):
        numbers = book.numbers(cells)
        book.follow(cells, numbers, torch.tensor([0.1, 0.9]))
    means = torch.stack([cells[0, :, :50, 0].mean(1), cells[0, :, 50:, 0].mean(1)])
    order = book.vectors[:, 0].argsort(descending=True)
    assert torch.allclose(book.vectors[order], means, atol=1e-3)


def test_gradients_pass_the_rounding():
    with seeded("straight"):
        book = Codebook(4, 3)
        cells = torch.randn(1, 3, 2, 2, requires_grad=True)
    rounded, _, numbers = book.straight(cells)
    assert torch.allclose(rounded, book.cells(numbers), atol=1e-6)
    rounded.sum().backward()
    assert torch.equal(cells.grad, torch.ones_like(cells))


@pytest.fixture(scope="module")
def model():
    with seeded("model"):
        model = CodeModel(CodeShape(16, 4, 32, 2, 2)).eval()
        scene = torch.randn(1, 7, 4, 5)
        numbers = torch.randint(16, (1, 4, 5))
    return model, scene, numbers


def test_later_numbers_change_no_earlier_scores(model):
    network, scene, numbers = model
    with torch.no_grad():
        before = network(numbers, scene).flatten(2)
        for at in range(20):
            other = numbers.flatten(1).clone()
            other[0, at] = (other[0, at] + 1) % 16
            after = network(other.view_as(numbers), scene).flatten(2)
            same = (after == before).all(1)[0]
            assert torch.allclose(after[..., : at + 1], before[..., : at + 1], atol=1e-6), at
            for heard in ([at + 1] if at % 5 < 4 else []) + ([at + 5] if at < 15 else []):
                assert not same[heard], at  # to the right and below


def test_classes_anywhere_near_change_scores(model):
    network, scene, numbers = model
    other = scene.clone()
    other[..., 3, 4] += 1.0
    with torch.no_grad():
        changed = (network(numbers, other) != network(numbers, scene)).any(1)[0]
    assert changed[2:, 3:].all()


def test_drawing_one_after_another_is_what_the_scores_say(model):
    network, scene, numbers = model
    with torch.no_grad():
        kept = torch.zeros(4, 5, dtype=torch.bool)
        kept[1, 2] = kept[3, 0] = True
        luck = torch.from_numpy(np.random.Generator(np.random.Philox(1)).gumbel(size=(4, 5, 16)))
        luck = luck.float()
        drawn = network.drawn(scene, numbers[0], kept, luck, 0.7)
        scores = network(drawn[None], scene)[0].permute(1, 2, 0)
        wanted = torch.where(kept, numbers[0], (scores + 0.7 * luck).argmax(-1))
    assert torch.equal(drawn, wanted)


def test_a_scene_is_the_classes_and_places_of_cells():
    hot, place = torch.zeros(1, 3, 8, 8), torch.zeros(1, 2, 8, 8)
    hot[0, 1, :2] = 1.0
    place[0, 1, 4:] = 0.5
    scene = scene_of(hot, place, 4)
    assert scene.shape == (1, 5, 2, 2)
    assert scene[0, 1].tolist() == [[0.5, 0.5], [0.0, 0.0]]
    assert scene[0, 4].tolist() == [[0.0, 0.0], [0.5, 0.5]]


def _keeping(translator, keep):
    state = translator.state
    told = {**state.settings, "codes": {**state.settings["codes"], "keep": keep}}
    return CodesRecipe().restored(type(state)(state.name, told, state.tensors), "cpu")


def test_kept_numbers_are_the_renders_own(codes):
    translator, _ = codes
    frame = _frame()
    coder = _coder(translator)
    with torch.no_grad():
        own = coder.pictures(coder.numbers(as_signed(frame.rgb[None])), torch.tensor([0]))
    whole = _keeping(translator, 1.0)([frame], [4])[0]
    assert np.abs(whole - (own[0].permute(1, 2, 0).clamp(-1, 1).numpy() + 1) * 127.5).max() <= 0.51
    none = _keeping(translator, 0.0)
    other = Shown(255 - frame.rgb, frame.semantic)
    assert np.array_equal(*none([frame, other], [4, 4]))
    assert none.digest != translator.digest
