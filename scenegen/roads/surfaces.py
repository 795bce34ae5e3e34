"""Turn triangle soup into surfaces: materials, classes, shared vertices."""

from __future__ import annotations

import numpy as np

from scenegen.records import Material, Surface
from scenegen.records.base import F64
from scenegen.roads.section import Group
from scenegen.roads.sweep import Soup

_WHITE = (1.0, 1.0, 1.0)
_ASPHALT = Material("asphalt", _WHITE, roughness=0.9, texture="asphalt", wettable=True)
_PARKING = Material("parking", (0.82, 0.80, 0.78), 0.9, texture="asphalt", wettable=True)
_PAINT = Material("road paint", _WHITE, roughness=0.6, texture="road_paint", wettable=True)
_YELLOW = Material(
    "yellow road paint", (0.98, 0.70, 0.16), 0.6, texture="road_paint", wettable=True
)
_KERB = Material("kerb", (0.95, 0.95, 0.93), 0.85, texture="concrete", wettable=True)
_PAVING = Material("paving", _WHITE, roughness=0.85, texture="paving", wettable=True)
_SETTS = Material("setts", (0.72, 0.70, 0.68), 0.85, texture="paving", wettable=True)
_YARD = Material("yard", (0.66, 0.64, 0.60), 0.9, texture="concrete", wettable=True)
_GRASS = Material("grass", _WHITE, roughness=0.95, texture="grass")
CONCRETE = Material("concrete", (0.74, 0.73, 0.70), 0.9, texture="concrete")
"""Of bridges and tunnels."""
_EDGE = Material("gravel", _WHITE, roughness=0.95, texture="gravel")


def _land(name: str) -> Material:
    return Material(name, _WHITE, roughness=0.95, texture=name)


_LOOKS: dict[tuple[Group, ...], tuple[Material, str, float]] = {
    ("road",): (_ASPHALT, "road", 8.0),
    ("paint",): (_PAINT, "lane marking", 4.0),
    ("yellow",): (_YELLOW, "lane marking", 4.0),
    ("parking",): (_PARKING, "parking", 4.0),
    ("kerb",): (_KERB, "sidewalk", 2.0),
    ("sidewalk",): (_PAVING, "sidewalk", 2.0),
    ("edge",): (_EDGE, "terrain", 3.0),
    ("verge",): (_GRASS, "terrain", 6.0),
    ("ground", "meadow"): (_land("meadow"), "terrain", 26.0),
    ("crop",): (_land("crop"), "terrain", 18.0),
    ("stubble",): (_land("stubble"), "terrain", 22.0),
    ("soil",): (_land("soil"), "terrain", 16.0),
}
"""Material, semantic class and the length of one texture tile in m."""
_TOWN: dict[tuple[Group, ...], tuple[Material, str, float]] = {
    **{look: _LOOKS[look] for look in _LOOKS if not {"edge", "verge", "ground"} & {*look}},
    ("edge", "verge"): (_SETTS, "sidewalk", 1.4),
    ("ground",): (_YARD, "ground", 5.0),
}
"""The same where streets are paved from wall to wall."""


def looks(*, town: bool) -> dict[tuple[Group, ...], tuple[Material, str, float]]:
    """Return material, semantic class and the length of a tile in m of each kind of ground."""
    return _TOWN if town else _LOOKS


def build_surfaces(soup: Soup, *, town: bool = False) -> tuple[Surface, ...]:
    """Return one surface for each kind of ground that occurs; in a town all of it is paved.

    Corners that touch have equal float32 positions in all surfaces; within one they
    share a vertex when their normals and texture coordinates are equal too.
    """
    surfaces = []
    for groups, (material, semantic, tile) in looks(town=town).items():
        chosen = np.isin(soup.group, groups)
        if not chosen.any():
            continue
        corners = np.concatenate(
            [
                soup.position_m[chosen].reshape(-1, 3),
                soup.normal[chosen].reshape(-1, 3),
                soup.uv_m[chosen].reshape(-1, 2) / tile,
            ],
            axis=1,
        )
        # Adding 0 turns -0 into 0, so that equal places are equal bytes.
        surfaces.append(packed(np.round(corners, 5) + 0.0, material, semantic))
    return tuple(surfaces)


def packed(corners: F64, material: Material, semantic: str) -> Surface:
    """Return a surface whose equal corners are one vertex.

    Parameters
    ----------
    corners : ndarray, shape (3 F, 8)
        Position, normal and texture coordinates, three rows a face.
    """
    unique, index = np.unique(corners.astype(np.float32), axis=0, return_inverse=True)
    return Surface(
        np.ascontiguousarray(unique[:, :3]),
        np.ascontiguousarray(unique[:, 3:6]),
        np.ascontiguousarray(unique[:, 6:]),
        index.reshape(-1, 3).astype(np.int32),
        material,
        semantic,
    )
