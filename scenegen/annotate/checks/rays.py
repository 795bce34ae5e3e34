"""Checks against rays cast at the scene's geometry: an oracle without OpenGL."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from scenegen.annotate.checks.case import DEPTH_LIMIT_M, FrameCase, centres, depth_slack
from scenegen.annotate.checks.sampling import one_in_each_square
from scenegen.annotate.checks.snapping import candidates
from scenegen.annotate.checks.surfaces import SKY, Surfaces, first_surfaces
from scenegen.records.taxonomy import CLASS_BY_ID

GRID_PX = 16
"""One ray in each square of this side looks at the whole scene."""
MOST_FAR = 1024
"""So many of the pixels without a depth are looked at."""


def scene_rays(case: FrameCase) -> Iterator[str]:
    """Ids, classes and depths on a sparse grid are those that rays meet first."""
    camera = case.camera
    pixels = one_in_each_square(0, 0, camera.width, camera.height, GRID_PX)
    yield from _problems(case, pixels[case.field[pixels[:, 1], pixels[:, 0]]])


def far_surfaces(case: FrameCase) -> Iterator[str]:
    """What has no stored depth but isn't sky is beyond what a file can hold."""
    pictures = case.pictures
    assert pictures.depth_m is not None
    assert pictures.semantic is not None
    rows, columns = np.nonzero(
        ~np.isfinite(pictures.depth_m) & (pictures.semantic != SKY) & case.field
    )
    step = max(1, -(-len(rows) // MOST_FAR))
    yield from _problems(case, np.stack([columns, rows], axis=1)[::step])


def _problems(case: FrameCase, pixels: npt.NDArray[np.int64]) -> Iterator[str]:
    """Hold pixels (N, 2) against rays, and what differs against all that they may show."""
    stored = _stored(case, pixels)
    found = first_surfaces(case.scene, centres(pixels))
    wrong = [
        index
        for index in np.flatnonzero(~_same(stored, found)).tolist()
        if not may_show(case, pixels[index], stored, found, index)
    ]
    if wrong:
        first = wrong[0]
        yield (
            f"{len(wrong)} of {len(pixels)} px show what rays don't meet, first "
            f"{pixels[first].tolist()}: {_told(stored, first)}, by rays {_told(found, first)}"
        )


def _stored(case: FrameCase, pixels: npt.NDArray[np.int64]) -> Surfaces:
    pictures = case.pictures
    assert pictures.depth_m is not None
    assert pictures.instance is not None
    assert pictures.semantic is not None
    column, row = pixels.T
    return Surfaces(
        pictures.instance[row, column],
        pictures.semantic[row, column],
        pictures.depth_m[row, column].astype(np.float64),
    )


def _same(stored: Surfaces, found: Surfaces) -> npt.NDArray[np.bool_]:
    """Return where stored surfaces are those that rays met, up to the file's precision."""
    beyond = np.isinf(stored.depth_m) & (found.depth_m > DEPTH_LIMIT_M)
    with np.errstate(invalid="ignore"):
        gap = np.abs(stored.depth_m - found.depth_m)
        close = gap <= depth_slack(np.minimum(found.depth_m, DEPTH_LIMIT_M))
    same = (stored.instance == found.instance) & (stored.semantic == found.semantic)
    return np.asarray(same & (beyond | close))


def may_show(
    case: FrameCase,
    pixel: npt.NDArray[np.int64],
    stored: Surfaces,
    found: Surfaces,
    index: int,
) -> bool:
    """Tell whether a rasteriser may give a pixel what is stored for it; see `snapping`."""
    depth = float(stored.depth_m[index])
    nearest = min(depth, float(found.depth_m[index]))
    possible = candidates(case.camera, case.scene, centres(pixel), nearest)
    instance, semantic = int(stored.instance[index]), int(stored.semantic[index])
    if np.isinf(depth):
        same = (possible.instance == instance) & (possible.semantic == semantic)
        return bool((same & (possible.high_m > DEPTH_LIMIT_M)).any())
    slack = float(depth_slack(np.array(depth)))
    return bool(possible.match(instance, semantic, depth, slack).any())


def _told(surfaces: Surfaces, index: int) -> str:
    id_ = int(surfaces.semantic[index])
    name = CLASS_BY_ID[id_].name if id_ in CLASS_BY_ID else f"id {id_}"
    owner = f" of instance {surfaces.instance[index]}" if surfaces.instance[index] else ""
    return f"{name}{owner} at {surfaces.depth_m[index]:.3f} m"
