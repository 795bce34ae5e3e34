"""Draws that are rejected can be looked at, with what rejects them."""

import pytest

from scenegen.errors import InputError
from scenegen.sample import rejected_draw

SOFT = "{that: v < 35 km/h, probability: 1 %}"
REQUIRE = f"require: [gap < 8 m, 'gap(ego, first) < 5 m', {SOFT}]\nego:\n"


@pytest.fixture
def asked(small):
    return small(("ego:\n", REQUIRE))


def test_every_reason_is_told(asked):
    for index in range(3):
        found = rejected_draw(asked, 0, index, None)
        gap = found.scenario.parameters["gap"]
        assert found.reasons
        assert ("gap < 8 m" in found.reasons) == (gap >= 8)
        assert ("gap(ego, first) < 5 m" in found.reasons) == (gap >= 5)
        assert found.scenario.index == index


def test_a_reason_is_asked_for_by_a_part_of_its_text(asked):
    assert "gap < 8 m" in rejected_draw(asked, 0, 0, "gap < 8").reasons
    # Whatever this scene's coin says.
    assert "v < 35 km/h (probability 0.01)" in rejected_draw(asked, 0, 0, "v < 35").reasons
    with pytest.raises(InputError, match="no such constraint"):
        rejected_draw(asked, 0, 0, "gap < 9 m")


def test_overlaps_can_be_seen_and_bodies_without_a_place_cannot(small):
    near = small(("gap: gap", "gap: gap - 6 m"))
    assert rejected_draw(near, 0, 0, "no_overlap").reasons == ("no_overlap(ego, first)",)
    with pytest.raises(InputError, match=r"none of 20,.* draws is rejected"):
        rejected_draw(small(), 0, 0, None)
    beyond = small(("gap: gap}", "gap: gap + 200 m}"))
    with pytest.raises(InputError, match=r"on_road\(first\) rejects all .* list what=lanes"):
        rejected_draw(beyond, 0, 0, None)
