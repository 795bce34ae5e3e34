"""Words that people write for assets lead to ones that there are."""

import re

import pytest

from scenegen.assets import list_assets
from scenegen.sample.asset_hint import _WORDS, asset_hint

THINGS = {info.id: info.category for info in list_assets()}


@pytest.mark.parametrize("word", sorted(_WORDS))
def test_what_is_hinted_at_is_there(word):
    hint = asset_hint(f"vehicle.{word}", THINGS)
    named = re.findall(r"'([a-z]+\.[a-z_]+)'", hint)
    assert named
    assert set(named) <= set(THINGS)


def test_other_animals_than_a_cow_are_no_slip_of_it():
    assert "animal.horse" in asset_hint("animal.elk", THINGS)
    assert asset_hint("vehicle.sedann", THINGS) == " (did you mean 'vehicle.sedan'?)"
    assert "a category" in asset_hint("bus", THINGS)
