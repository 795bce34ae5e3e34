"""Kinds of trees and shrubs, and how they look in each season."""

from __future__ import annotations

from dataclasses import dataclass

from scenegen.records.conditions import SEASONS, Season

FORMS = 6
"""So many variants of each plant, then the same ones in the next season."""


@dataclass(frozen=True)
class Species:
    """A broad-leaved tree or shrub.

    Attributes
    ----------
    tall_m : (2,)
        Range of heights.
    bare, wide : float
        Shares of the height: of the trunk below the crown, and of the crown's width.
    bark : str
        Tint.
    leaves : dict
        sRGB colour in each season but winter.
    ample : float
        How dense the crown is.
    """

    tall_m: tuple[float, float]
    bare: float
    wide: float
    bark: str
    leaves: dict[Season, str]
    ample: float = 1.0


def _leaves(spring: str, summer: str, autumn: str) -> dict[Season, str]:
    return {"spring": spring, "summer": summer, "autumn": autumn}


TREES = (
    Species((8.0, 11.0), 0.24, 0.62, "c8beb0", _leaves("b0c870", "84a058", "dcb450")),  # lime
    Species((7.0, 10.0), 0.26, 0.74, "b8a898", _leaves("c0c870", "7a965a", "dc8440")),  # maple
    Species((8.0, 11.0), 0.26, 0.46, "fffffa", _leaves("bcd078", "a0b468", "ecd058"), 0.8),  # birch
    Species((8.0, 11.0), 0.22, 0.82, "a89888", _leaves("b4b868", "7c9054", "b89050"), 1.1),  # oak
    Species((9.0, 11.5), 0.12, 0.30, "c8c0b4", _leaves("b0c468", "8ca05a", "e4c450")),  # poplar
    Species((5.0, 6.5), 0.26, 0.86, "9a8478", _leaves("f0d8de", "7c9258", "cc6838")),  # cherry
)
SHRUBS = (
    _leaves("b0c870", "8ca660", "c48848"),
    _leaves("8ca460", "789054", "a8a058"),
    _leaves("c0c870", "98a858", "d4ac50"),
)


def season_of(variant: int) -> Season:
    """Return the season that a plant's variant shows; summer comes first."""
    return SEASONS[variant // FORMS % len(SEASONS)]
