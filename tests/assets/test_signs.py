"""Flat drawings have the areas of geometry books; sign faces lie on their plates and are named."""

from __future__ import annotations

import re

import numpy as np
import pytest

from scenegen import assets
from scenegen.assets import ink
from scenegen.assets.sign_faces import FAMILIES, Face, sign_code, sign_variant
from scenegen.assets.triangles import Geometry

FACES = {face.code: face for family in FAMILIES.values() for face in family}


def area(drawing: Geometry) -> float:
    """Return the area of a drawing, m², negative where it shows its back."""
    a, b, c = np.moveaxis(drawing.vertices[drawing.faces], 1, 0)
    return 0.5 * float(np.cross(b - a, c - a)[:, 0].sum())


DRAWINGS = {
    "disc": (ink.disc(2.0, segments=256), 4 * np.pi),
    "ring": (ink.ring(1.0, 0.25), np.pi * (1 - 0.75**2)),
    "patch": (ink.patch(-1, 0, 2, 0.5), 1.5),
    "stroke": (ink.stroke([(0, 0), (3, 4)], 0.2), 1.0),
    "hole": (ink.fill([(0, 0), (3, 0), (3, 3), (0, 3)], [(1, 1), (2, 1), (2, 2), (1, 2)]), 8.0),
    "clockwise": (ink.fill([(0, 3), (3, 3), (3, 0), (0, 0)]), 9.0),
    "mirrored": (ink.patch(-1, 0, 2, 0.5).scaled(1, -1, 1), 1.5),
    "triangle": (ink.fill(ink.regular(3, 1.0)), 0.75 * np.sqrt(3)),
}


@pytest.mark.parametrize("name", DRAWINGS)
def test_drawings_face_the_reader_and_have_their_area(name: str) -> None:
    drawing, expected = DRAWINGS[name]
    assert area(drawing) == pytest.approx(expected, rel=0.01)
    assert not drawing.vertices[:, 0].any()


def test_letters_have_their_height_and_stand_in_line() -> None:
    one, word = ink.lettering("H", 0.5), ink.lettering("HHH", 0.5)
    assert np.ptp(one.vertices[:, 2]) == pytest.approx(0.5, rel=0.02)  # ends are octagons
    assert (word.vertices.min(axis=0) + word.vertices.max(axis=0)) == pytest.approx([0, 0, 0])
    left = ink.lettering("HHH", 0.5, (1.0, 0.0), align="left")
    assert left.vertices[:, 1].min() > 1.0


def test_there_are_faces_of_every_category() -> None:
    assert len(FACES) == sum(len(family) for family in FAMILIES.values()) >= 70
    assert {code[0] for code in FACES} == set("ABCDEFG")
    assert all(re.fullmatch(r"[A-G]\d+[a-z]?_[a-z_0-9]+", code) for code in FACES)


@pytest.mark.parametrize("face", FACES.values(), ids=list(FACES))
def test_faces_lie_on_their_plates(face: Face) -> None:
    outline, sheets = face.paint()
    assert 0.45 < np.ptp(outline[:, 1]) < 1.1
    low, high = outline.min(axis=0) - 0.001, outline.max(axis=0) + 0.001
    for _, drawing in sheets:
        assert area(drawing) > 0
        assert (drawing.vertices[:, 1:] >= low).all()
        assert (drawing.vertices[:, 1:] <= high).all()


@pytest.mark.parametrize("asset_id", FAMILIES)
def test_codes_and_variants_are_each_other_s_inverse(asset_id: str) -> None:
    info = next(info for info in assets.list_assets() if info.id == asset_id)
    assert [sign_variant(asset_id, code) for code in info.faces] == list(range(len(info.faces)))
    for variant, code in enumerate(info.faces):
        assert sign_code(asset_id, variant) == code
        # A plate below the sign changes nothing of what it says.
        assert sign_code(asset_id, variant + len(info.faces)) == code


def test_what_is_no_sign_says_nothing() -> None:
    assert sign_code("prop.bin", 3) is None
    with pytest.raises(KeyError, match="C14_maximum_speed_50"):
        sign_variant("prop.sign_speed", "C14_maximum_speed_55")


def test_speed_limits_read_differently() -> None:
    limits = assets.SPEED_LIMITS
    digests = {assets.digest(assets.get("prop.sign_speed", v)) for v in range(len(limits))}
    assert len(digests) == len(limits)


def test_a_plate_hangs_above_those_who_walk_below() -> None:
    for asset_id, family in FAMILIES.items():
        for variant in (0, len(family)):
            plates = [
                s.vertices[:, 2].min()
                for s in assets.get(asset_id, variant).parts[0].surfaces
                if s.semantic == "traffic sign"
            ]
            assert min(plates) >= 1.99
