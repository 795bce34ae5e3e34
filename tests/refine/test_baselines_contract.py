"""What every baseline promises, whatever it is made of."""

import numpy as np
import pytest

from scenegen.refine.baselines.autoregressive import CodesRecipe, CodesSettings
from scenegen.refine.baselines.colour import ColourRecipe
from scenegen.refine.baselines.cut import CutRecipe, CutSettings
from scenegen.refine.baselines.fda import FdaRecipe
from scenegen.refine.baselines.registry import RECIPES
from scenegen.refine.baselines.spade_gan import SpadeGanRecipe, SpadeGanSettings
from scenegen.refine.baselines.state import read_state, write_state
from scenegen.refine.baselines.variational import ConditionalVaeRecipe, VaeRecipe, VaeSettings
from scenegen.refine.protocol import Budget
from tests.refine.street_sets import street_domains, street_frame

_CODED = {"latents": 4, "widths": (16, 16), "batch": 2, "crop": (24, 24)}
_CODES = CodesSettings(**_CODED, count=16, width=16, depth=1, heads=2, code_crop=(32, 24))
SMALL = (
    ColourRecipe(),
    FdaRecipe(),
    CutRecipe(CutSettings(width=8, blocks=1, critic=8, crop=(32, 32), patches=16, vector=16)),
    SpadeGanRecipe(SpadeGanSettings(width=8, critic=8, noise=2, crop=(32, 32))),
    VaeRecipe(VaeSettings(**_CODED)),
    ConditionalVaeRecipe(VaeSettings(**_CODED)),
    CodesRecipe(_CODES),
)
_TRAINED = [recipe for recipe in SMALL if recipe.name not in {"colour", "fda"}]


@pytest.fixture(scope="module")
def domains(tmp_path_factory):
    return street_domains(tmp_path_factory.mktemp("memo"), (32, 24), 6)


def _made(recipe, domains, seed=0, steps=2):
    return recipe.train(*domains, Budget(300, steps), seed, "cpu", lambda share, loss: None)


def _named(recipe):
    return recipe.name


def test_every_recipe_is_held_to_it():
    assert [recipe.name for recipe in SMALL] == list(RECIPES)


@pytest.mark.parametrize("recipe", SMALL, ids=_named)
def test_frames_of_any_size_are_made_each_by_itself(recipe, domains):
    translator = _made(recipe, domains)
    frames = [street_frame("a", (32, 24)), street_frame("b", (30, 21)), street_frame("c")]
    made = translator(frames, [1, 2, 3])
    assert [m.shape for m in made] == [f.rgb.shape for f in frames]
    for frame, seed, whole in zip(frames, (1, 2, 3), made, strict=True):
        assert np.array_equal(translator([frame], [seed])[0], whole)


@pytest.mark.parametrize("recipe", SMALL, ids=_named)
def test_it_comes_back_from_disk(recipe, domains, tmp_path):
    translator = _made(recipe, domains)
    write_state(tmp_path / "it.safetensors", translator.state)
    back = RECIPES[recipe.name].restored(read_state(tmp_path / "it.safetensors"), "cpu")
    assert back.digest == translator.digest
    frame = street_frame("a", (32, 24))
    assert np.array_equal(back([frame], [9])[0], translator([frame], [9])[0])


@pytest.mark.parametrize("recipe", _TRAINED, ids=_named)
def test_equal_seeds_give_equal_weights(recipe, domains):
    first, again, other = (_made(recipe, domains, seed) for seed in (1, 1, 2))
    assert first.digest == again.digest != other.digest
    begun = [_made(recipe, domains, seed, steps=0).state.tensors for seed in (0, 1)]
    assert any(not np.array_equal(begun[0][name], begun[1][name]) for name in begun[0])
