"""What a network is told: sketches keep to their classes, planes say what was withheld."""

import numpy as np
import torch

from scenegen.refine.conditions import (
    condition_of,
    joined,
    number_of,
    planes_of,
    sketch_of,
    style_of,
)
from scenegen.refine.denoiser import Denoiser, Guidance
from scenegen.refine.planes import as_bytes, as_planes, as_signed, from_planes
from scenegen.refine.spec import NetworkSpec, RefinerSpec
from tests.refine.street_sets import CLASSES, street_labels, street_picture

SPEC = RefinerSpec(network=NetworkSpec(classes=CLASSES, widths=(16, 24)), size=(32, 24))


def _condition(name="a"):
    ids = street_labels(name)
    rgb = street_picture(ids, name, real=True)
    return condition_of(ids[None], sketch_of(rgb, ids)[None], style_of("real", {})[None])


def test_sketches_lose_grain_and_keep_to_their_classes():
    ids = street_labels("a")
    flat, grainy = (street_picture(ids, "a", real) for real in (False, True))
    # The void strip has the road's colour and is blurred by itself, so every class is flat.
    assert np.abs(sketch_of(flat, ids).astype(int) - flat).max() <= 1
    before, after = (p[ids == 1].std(axis=0).mean() for p in (grainy, sketch_of(grainy, ids)))
    assert after < 0.4 * before


def test_planes_are_one_class_each_and_nothing_when_withheld():
    condition = _condition()
    planes, hot = planes_of(condition, len(CLASSES))
    assert planes.shape[1] == len(CLASSES) + 8
    assert torch.equal(hot.sum(dim=1), torch.ones_like(hot[:, 0]))
    assert hot[0, len(CLASSES), -1].all()  # the void strip
    bare, cold = planes_of(condition.withheld(), len(CLASSES))
    assert not cold.any()
    places = slice(len(CLASSES) + 5, len(CLASSES) + 7)
    assert torch.equal(bare[:, places], planes[:, places])
    assert not bare[:, : len(CLASSES) + 5].any()


def test_pictures_go_through_signed_numbers():
    rgb = street_picture(street_labels("b"), "b", real=True)[None]
    assert np.array_equal(as_bytes(as_signed(rgb)), rgb)
    assert np.array_equal(from_planes(as_planes(rgb)), rgb)


def test_planes_part_brightness_from_colour():
    grey = as_planes(np.full((1, 2, 2, 3), 200, np.uint8))
    assert torch.allclose(grey[:, 0], torch.tensor(200 / 127.5 - 1.0))
    assert torch.allclose(grey[:, 1:], torch.zeros(1, 2, 2, 2), atol=1e-6)


def test_words_of_style_have_numbers():
    assert number_of("time_of_day", "day") == 1
    assert number_of("time_of_day", "noonish") == 0
    rainy = style_of("rendered", {"weather": "rain"})
    assert rainy.tolist() == [2, 0, number_of("weather", "rain")]


def test_parts_are_cut_alike():
    part = _condition().window(8, 16, 24, 32)
    assert part.semantic.shape == (1, 24, 32)
    assert part.sketch.shape == (1, 3, 24, 32)
    # A crop knows where it is from.
    assert part.place[0, 0].min() > -0.6


def test_a_network_takes_any_size_and_guidance_leads_away_from_nothing():
    torch.manual_seed(0)
    model = Denoiser(SPEC).eval()
    for weight in model.parameters():
        torch.nn.init.normal_(weight, std=0.05)
    condition = joined([_condition("a"), _condition("b")]).window(0, 0, 35, 45)
    x = torch.randn(2, 3, 35, 45)
    with torch.no_grad():
        led, bare = (model(x, torch.full((2,), 0.5), c) for c in (condition, condition.withheld()))
        assert led.shape == x.shape
        assert not torch.allclose(led, bare)
        guided = Guidance(2.0)(model, condition)(x, 0.5)
        assert torch.allclose(guided, bare + 2.0 * (led - bare), atol=1e-5)
        assert torch.equal(Guidance(1.0)(model, condition)(x, 0.5), led)


def test_a_fresh_network_takes_fine_noise_away():
    """Before any training, so that training begins with what pictures have and noise has not."""
    condition = joined([_condition("a"), _condition("b")])
    noise = torch.randn(2, 3, 48, 64, generator=torch.Generator().manual_seed(0))
    for sigma in (0.05, 0.4):
        with torch.no_grad():
            found = Denoiser(SPEC)(0.2 + sigma * noise, torch.full((2,), sigma), condition)
        left = ((found - found.mean()) * noise).mean() / sigma
        assert left < 0.2
