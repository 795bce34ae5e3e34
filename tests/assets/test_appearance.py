"""Skin and clothes are told from what is drawn, on scales that others use."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen import assets
from scenegen.assets.appearance import color_name, lab, monk_tone, typology_angle_deg
from scenegen.assets.materials import linear
from scenegen.records.looks import COLORS, ITA_EDGES_DEG, SKIN_TONES, shade_of

PEOPLE = [info.id for info in assets.list_assets() if info.category in {"person", "rider"}]


@given(st.integers(0, 255), st.integers(0, 255), st.integers(0, 255))
def test_lab_agrees_with_opencv(red, green, blue):
    pixel = np.array([[[red, green, blue]]], np.float32) / 255
    theirs = cv2.cvtColor(pixel, cv2.COLOR_RGB2Lab)[0, 0]
    assert lab(linear(f"{red:02x}{green:02x}{blue:02x}")) == pytest.approx(theirs, abs=0.6)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        *(("000000", "black"), ("ffffff", "white"), ("808080", "grey"), ("c00000", "red")),
        *(("ff8c00", "orange"), ("5a3a1e", "brown"), ("ffe000", "yellow"), ("1f8a2f", "green")),
        *(("1f3fa0", "blue"), ("6a2f9a", "purple"), ("ff8fc0", "pink"), ("8b1a1a", "red")),
    ],
)
def test_colours_have_the_names_that_people_give_them(code, name):
    assert color_name(linear(code)) == name


@given(st.tuples(*(st.floats(0, 1),) * 3))
def test_every_colour_has_a_name(rgb):
    assert color_name(rgb) in COLORS


def test_angles_are_those_of_the_definition():
    # L* = 50 is an angle of zero, whatever the tone; lighter skin has the larger one.
    grey = ((50 + 16) / 116) ** 3
    assert typology_angle_deg((grey * 1.02, grey, grey * 0.9)) == pytest.approx(0, abs=12)
    angles = [typology_angle_deg(linear(code)) for code in ("f3cfb0", "a8704a", "503322")]
    assert angles == sorted(angles, reverse=True)


def test_each_swatch_of_monks_scale_is_its_own_tone():
    light = ["f6ede4", "f3e7db", "f7ead0", "eadaba", "d7bd96"]
    dark = ["a07e56", "825c43", "604134", "3a312a", "292420"]
    assert [monk_tone(linear(code)) for code in light + dark] == list(range(1, 11))


@pytest.mark.parametrize("asset_id", PEOPLE)
def test_everybody_of_the_catalogue_has_a_look(asset_id):
    look = assets.person_look(asset_id, 3)
    assert look is not None
    edges = (180.0, *ITA_EDGES_DEG, -180.0)
    at = SKIN_TONES.index(look.skin_tone)
    assert edges[at + 1] < look.skin_ita_deg <= edges[at]
    lightest = max(look.top.lightness, look.bottom.lightness)
    darkest = min(look.top.lightness, look.bottom.lightness)
    assert darkest <= look.clothing_lightness <= lightest
    assert shade_of(look.clothing_lightness) in {"dark", "medium", "light"}


def test_ten_variants_have_all_tones_and_those_below_are_as_they_were():
    tones = [assets.person_look("person.adult", v).skin_tone for v in range(18)]
    assert set(tones[8:]) == set(SKIN_TONES)
    assert tones[:8] == [
        *("tan", "light", "very light", "dark"),
        *("brown", "brown", "tan", "light"),
    ]


def test_who_sits_in_a_car_looks_as_when_standing_and_a_car_has_no_look():
    assert assets.person_look("person.child.seated", 2) == assets.person_look("person.child", 2)
    assert assets.person_look("vehicle.sedan", 0) is None
