"""The refiner as a translator: sizes, seeds, neighbours, and colours towards real ones."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from scenegen.errors import InputError
from scenegen.refine.denoiser import Denoiser
from scenegen.refine.palette import palette_of
from scenegen.refine.protocol import Shown
from scenegen.refine.refiner import Refiner
from scenegen.refine.settings import USUAL, RefineSettings
from scenegen.refine.sizes import at_width, with_detail
from scenegen.refine.spec import NetworkSpec, RefinerSpec
from scenegen.refine.weights import DOMAINS, Stored
from tests.refine.street_sets import CLASSES, street_labels, street_picture, street_set

SPEC = RefinerSpec(network=NetworkSpec(classes=CLASSES, widths=(16, 24)), size=(32, 24))


def _stored():
    torch.manual_seed(1)
    model = Denoiser(SPEC)
    for weight in model.parameters():
        torch.nn.init.normal_(weight, std=0.05)
    return Stored(SPEC, dict(model.state_dict()), {DOMAINS: "real rendered"}, "some")


def _frames(*names):
    found = []
    for name in names:
        ids = street_labels(name)
        found.append(Shown(street_picture(ids, name, real=False), ids))
    return found


@pytest.mark.parametrize("design", ["sdedit", "bridge"])
def test_each_frame_depends_on_itself_and_its_seed(design):
    refiner = Refiner(_stored(), RefineSettings(design=design, steps=3))
    frames = _frames("a", "b", "c")
    together = refiner(frames, [7, 8, 9])
    assert [f.shape for f in together] == [(48, 64, 3)] * 3
    assert np.array_equal(refiner(frames[1:2], [8])[0], together[1])
    other = refiner(frames[1:2], [5])[0]
    # The bridge's noise is the picture's own, so seeds don't matter to it.
    assert np.array_equal(other, together[1]) == (design == "bridge")


def test_the_bridge_needs_weights_of_both_domains():
    alone = replace(_stored(), notes={})
    Refiner(alone, RefineSettings())
    with pytest.raises(InputError, match="design=sdedit"):
        Refiner(alone, USUAL["bridge"])


def test_guidance_leads_away_from_the_render():
    frames = _frames("a")

    def made(guidance):
        settings = RefineSettings(design="bridge", strength=1.5, steps=6, guidance=guidance)
        return Refiner(_stored(), settings)(frames, [0])[0].astype(int)

    raw = frames[0].rgb.astype(int)
    # From the render itself over what was learned to beyond it.
    changes = [np.abs(made(g) - raw).mean() for g in (0.0, 1.0, 4.0)]
    assert changes[0] < 0.7 * changes[1]
    assert changes[1] < changes[2]


def test_batches_of_unlike_sizes_come_apart():
    refiner = Refiner(_stored(), RefineSettings(steps=2, batch=4))
    frames = _frames("a", "b")
    cut = Shown(frames[1].rgb[:40], frames[1].semantic[:40])
    found = refiner([frames[0], cut, frames[0]], [1, 2, 1])
    assert [f.shape[:2] for f in found] == [(48, 64), (40, 64), (48, 64)]
    assert np.array_equal(found[0], found[2])


def test_little_strength_changes_little():
    frames = _frames("a")
    off = []
    for strength in (0.02, 1.0):
        refiner = Refiner(_stored(), RefineSettings(strength=strength, palette=0.0))
        off.append(np.abs(refiner(frames, [0])[0].astype(int) - frames[0].rgb).mean())
    assert off[0] < 3.0
    assert off[1] > 3.0 * off[0]


def test_colours_begin_as_real_ones_have_them():
    sets = street_set("renders", 12, False), street_set("photos", 12, True)
    palettes = tuple(
        palette_of([(s.image(k), s.semantic(k)) for k in range(len(s))], len(CLASSES)) for s in sets
    )
    settings = RefineSettings(strength=0.02, palette=1.0)
    frame = _frames("a")[0]
    found = Refiner(_stored(), settings, palettes)([frame], [0])[0]
    road = frame.semantic == 1
    wanted = street_picture(frame.semantic, "a", real=True)[road].mean(axis=0)
    assert np.abs(found[road].mean(axis=0) - wanted).max() < 6.0
    assert np.abs(frame.rgb[road].mean(axis=0) - wanted).max() > 15.0


def test_digests_tell_settings_and_weights_apart():
    def digest(**keys):
        return Refiner(_stored(), RefineSettings(**keys)).digest

    assert digest() == digest()
    assert digest(strength=0.5) != digest()


def test_detail_finer_than_the_working_size_stays():
    rng = np.random.default_rng(0)
    rgb = rng.integers(60, 190, (48, 64, 3)).astype(np.uint8)
    small, ids = at_width(rgb, np.zeros((48, 64), np.uint8), 32)
    assert small.shape == (24, 32, 3)
    assert ids.shape == (24, 32)
    assert np.array_equal(with_detail(rgb, small, small), rgb)
    lighter = with_detail(rgb, small, (small + 20).astype(np.uint8))
    assert np.array_equal(lighter, rgb + 20)
