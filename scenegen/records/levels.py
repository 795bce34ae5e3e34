"""Shares of occlusion and truncation as the few levels that benchmarks tell apart.

KITTI's annotators gave each object an occlusion state 0 to 3 (fully visible, partly occluded,
largely occluded, unknown) by eye, and bounded its difficulties by truncations of 15, 30 and
50 % (Geiger et al. 2012, and the devkit's readme). Here shares are known, so thresholds are.
"""

from __future__ import annotations

PARTLY_OCCLUDED = 0.05
"""Share of occlusion from which an object counts as partly occluded."""
LARGELY_OCCLUDED = 0.5
"""Share from which it counts as largely occluded."""
WHOLLY_OCCLUDED = 0.95
"""Share from which too little shows to tell what it is: KITTI's "unknown"."""
TRUNCATIONS = (0.15, 0.3, 0.5)
"""Greatest truncations of KITTI's difficulties easy, moderate and hard."""


def occlusion_level(occlusion: float) -> int:
    """Return KITTI's occlusion state of a share of occlusion.

    Parameters
    ----------
    occlusion : float
        `ObjectLabel.occlusion`, 0 to 1.

    Returns
    -------
    int
        0 fully visible, below `PARTLY_OCCLUDED`; 1 partly occluded, below `LARGELY_OCCLUDED`;
        2 largely occluded, below `WHOLLY_OCCLUDED`; 3 unknown.

    Raises
    ------
    ValueError
        The share isn't within 0 to 1.
    """
    _check("occlusion", occlusion)
    thresholds = (PARTLY_OCCLUDED, LARGELY_OCCLUDED, WHOLLY_OCCLUDED)
    return sum(occlusion >= threshold for threshold in thresholds)


def truncation_level(truncation: float) -> int:
    """Return 0, 1 or 2 for what KITTI admits as easy, moderate or hard, and 3 for more.

    Parameters
    ----------
    truncation : float
        `ObjectLabel.truncation`, 0 to 1.

    Raises
    ------
    ValueError
        The share isn't within 0 to 1.
    """
    _check("truncation", truncation)
    return sum(truncation > threshold for threshold in TRUNCATIONS)


def _check(name: str, share: float) -> None:
    if not 0.0 <= share <= 1.0:
        raise ValueError(f"{name} is a share from 0 to 1, not {share}")
