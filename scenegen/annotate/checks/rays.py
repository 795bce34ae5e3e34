"""Checks against rays cast at the scene's geometry: an oracle without OpenGL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt

from scenegen.annotate.checks.boxes import label_corners
from scenegen.annotate.checks.case import DEPTH_LIMIT_M, FrameCase, centres
from scenegen.annotate.checks.motion import depth_slack
from scenegen.annotate.raycast import Hits, RayMesh
from scenegen.geometry import project_box
from scenegen.records import ObjectLabel
from scenegen.records.base import F64
from scenegen.records.taxonomy import CLASS_BY_NAME

OCCLUSION_TOLERANCE = 0.005
RAYS_PER_OBJECT = 16_384
GRID_PX = 16
"""One ray in each square of this side looks at the whole scene."""
NUDGE_PX = 0.02
"""A pixel whose centre lies this close to an edge may belong to either side."""
SLIVER_SLACK, SLIVER_SHARE = 0.004, 0.003
"""In triangles thinner than a pixel (a kerb's edge) the grid that corners snap to tilts the
plane: so much of the depth may so many of the pixels be off."""
_SKY = CLASS_BY_NAME["sky"].id


@dataclass(frozen=True)
class Silhouette:
    """An actor alone, as sampled by rays.

    Attributes
    ----------
    area_px, inside_px : float
        Pixels covered on the picture's grid, and those within the picture; estimates if
        `stride` is over 1.
    doubt_px : float
        How far the counts may be off: pixel centres next to an edge, and four standard
        deviations of the estimate.
    box : ndarray, shape (4,), or None
        Extent of the rays that hit, px by pixel corners.
    stride : int
        Side of the squares of which each has one ray.
    """

    area_px: float
    inside_px: float
    doubt_px: float
    box: F64 | None
    stride: int


def scatter(count: int) -> F64:
    """Return points (N, 2) in the unit square, evenly spread (Roberts 2018, R2 sequence)."""
    golden = 1.32471795724474602596
    steps = np.array([1 / golden, 1 / golden**2])
    return np.asarray((0.5 + np.arange(1, count + 1)[:, None] * steps) % 1.0)


def one_in_each_square(
    left: int, top: int, right: int, bottom: int, stride: int
) -> npt.NDArray[np.int64]:
    """Return one pixel (N, 2) as column and row of each square that a window divides into."""
    columns, rows = np.meshgrid(
        np.arange(left, right, stride), np.arange(top, bottom, stride), indexing="xy"
    )
    corners = np.stack([columns.ravel(), rows.ravel()], axis=1)
    chosen = corners + np.floor(scatter(len(corners)) * stride).astype(np.int64)
    return np.asarray(chosen[(chosen < (right, bottom)).all(axis=1)])


def silhouette(
    case: FrameCase, label: ObjectLabel, nudge_px: tuple[float, float] = (0.0, 0.0)
) -> Silhouette | None:
    """Cast rays at an actor alone, over its projected box and the margin of `Silhouette`.

    Parameters
    ----------
    case : FrameCase
    label : ObjectLabel
    nudge_px : (float, float)
        Offset of all rays from the pixels' centres.

    Returns
    -------
    Silhouette or None
        None where the box has no image.
    """
    camera = case.camera
    image = project_box(camera, label_corners(label))
    if image is None:
        return None
    low = np.array([-camera.width, -camera.height])
    high = np.array([2 * camera.width, 2 * camera.height])
    left, top = np.clip(np.floor(image.min(axis=0)) - 1, low, high).astype(int).tolist()
    right, bottom = np.clip(np.ceil(image.max(axis=0)) + 1, low, high).astype(int).tolist()
    stride = max(1, int(np.ceil(np.sqrt((right - left) * (bottom - top) / RAYS_PER_OBJECT))))
    pixels = one_in_each_square(left, top, right, bottom, stride)
    mesh = case.actor_mesh(label.instance_id)
    hit = pixels[_cast(case, mesh, centres(pixels) + nudge_px).triangle >= 0]
    inside = ((hit >= 0) & (hit < (camera.width, camera.height))).all(axis=1)
    area = len(hit) * stride**2
    edge = 4.0 * np.sqrt(max(area, 1)) + 4.0
    doubt = 1.0 + NUDGE_PX * edge
    if stride > 1:
        doubt += 4 * 0.4 * stride**2 * np.sqrt(2 * edge / stride)
    box = None
    if len(hit):
        box = np.concatenate([hit.min(axis=0), hit.max(axis=0) + 1]).astype(np.float64)
    return Silhouette(area, float(inside.sum()) * stride**2, float(doubt), box, stride)


def occlusion(case: FrameCase) -> Iterator[str]:
    """Occlusion, truncation and amodal box are those of the actor drawn alone by rays."""
    for label in case.labels.objects:
        if label.instance_id not in case.truth.actors or label.occlusion >= 1:
            continue
        alone = silhouette(case, label)
        if alone is None or alone.box is None or alone.inside_px == 0:
            if label.visible_px > 4:
                yield f"instance {label.instance_id}: rays meet nothing of it in the picture"
            continue
        problems = list(_silhouette_problems(label, alone))
        if problems and not _agrees_nearby(case, label, alone):
            for problem in problems:
                yield f"instance {label.instance_id}: {problem}"


def _agrees_nearby(case: FrameCase, label: ObjectLabel, alone: Silhouette) -> bool:
    """Tell whether a label lies between the silhouettes of rays beside the pixels' centres.

    An edge along a row of centres leaves the whole row to either side.
    """
    found = [alone]
    for du in (-NUDGE_PX, NUDGE_PX):
        for dv in (-NUDGE_PX, NUDGE_PX):
            beside = silhouette(case, label, (du, dv))
            if beside is None or beside.box is None or beside.inside_px == 0:
                return False
            found.append(beside)
    occlusions = [1 - label.visible_px / s.inside_px for s in found]
    truncations = [1 - s.inside_px / s.area_px for s in found]
    boxes = np.array([s.box for s in found])
    box = np.asarray(label.box2d_amodal)
    return (
        min(occlusions) - OCCLUSION_TOLERANCE
        <= label.occlusion
        <= max(occlusions) + OCCLUSION_TOLERANCE
        and min(truncations) - OCCLUSION_TOLERANCE
        <= label.truncation
        <= max(truncations) + OCCLUSION_TOLERANCE
        and bool((box >= boxes.min(axis=0) - 1).all() and (box <= boxes.max(axis=0) + 1).all())
    )


def _silhouette_problems(label: ObjectLabel, alone: Silhouette) -> Iterator[str]:
    expected = 1 - label.visible_px / alone.inside_px
    doubt = alone.doubt_px / alone.inside_px
    if abs(label.occlusion - expected) > OCCLUSION_TOLERANCE + doubt:
        yield f"occlusion {label.occlusion:.4f}, by rays {expected:.4f}"
    expected = 1 - alone.inside_px / alone.area_px
    doubt = 2 * alone.doubt_px / alone.area_px
    if abs(label.truncation - expected) > OCCLUSION_TOLERANCE + doubt:
        yield f"truncation {label.truncation:.4f}, by rays {expected:.4f}"
    off = np.asarray(label.box2d_amodal) - alone.box
    if alone.stride > 1:  # sparse rays can only miss the outermost pixels
        off = np.concatenate([np.maximum(off[:2], 0), np.minimum(off[2:], 0)])
    if np.abs(off).max() > 1:
        yield f"amodal box {label.box2d_amodal}, by rays {alone.box}"


def scene_rays(case: FrameCase) -> Iterator[str]:
    """Ids, classes and depths on a sparse grid are those that rays meet first."""
    camera, pictures = case.camera, case.pictures
    assert pictures.depth_m is not None
    assert pictures.instance is not None
    assert pictures.semantic is not None
    pixels = one_in_each_square(0, 0, camera.width, camera.height, GRID_PX)
    column, row = pixels.T
    stored = _Surfaces(
        pictures.instance[row, column],
        pictures.semantic[row, column],
        pictures.depth_m[row, column].astype(np.float64),
    )
    yield from _ray_problems(case, pixels, stored)


def far_surfaces(case: FrameCase) -> Iterator[str]:
    """What has no stored depth but isn't sky is beyond what a file can hold."""
    pictures = case.pictures
    assert pictures.depth_m is not None
    assert pictures.semantic is not None
    rows, columns = np.nonzero(~np.isfinite(pictures.depth_m) & (pictures.semantic != _SKY))
    step = max(1, len(rows) // 1024)
    pixels = np.stack([columns, rows], axis=1)[::step]
    if not len(pixels):
        return
    found = _first_surfaces(case, centres(pixels))
    near = found.depth_m < DEPTH_LIMIT_M - depth_slack(found.depth_m)
    missing = near & ~_any_nudged(case, pixels, lambda s: s.depth_m >= DEPTH_LIMIT_M - 0.1)
    if missing.any():
        beyond = np.full(int(missing.sum()), DEPTH_LIMIT_M)
        missing[missing] = ~_depth_between(case, pixels[missing], beyond)
    # At the horizon rails and posts are thinner than a pixel's grid.
    if missing.sum() > max(2, SLIVER_SHARE * len(pixels)):
        yield f"{int(missing.sum())} px of surfaces in range have no depth"


@dataclass(frozen=True)
class _Surfaces:
    """Id, class and depth of what pixels show."""

    instance: npt.NDArray[np.uint16]
    semantic: npt.NDArray[np.uint8]
    depth_m: F64


def _ray_problems(
    case: FrameCase, pixels: npt.NDArray[np.int64], stored: _Surfaces
) -> Iterator[str]:
    found = _first_surfaces(case, centres(pixels))
    for name, same in _SAME.items():
        wrong = ~same(stored, found)
        if not wrong.any():
            continue
        suspects = _Surfaces(stored.instance[wrong], stored.semantic[wrong], stored.depth_m[wrong])
        excused = _any_nudged(case, pixels[wrong], partial(same, suspects))
        if name == "depth":
            excused |= _depth_between(case, pixels[wrong], suspects.depth_m)
            gap = np.abs(suspects.depth_m - found.depth_m[wrong])
            in_sliver = ~excused & (gap < SLIVER_SLACK * found.depth_m[wrong])
            if in_sliver.sum() <= max(1, SLIVER_SHARE * len(pixels)):
                excused |= in_sliver
        count = int((~excused).sum())
        if count:
            at = pixels[wrong][~excused][0].tolist()
            yield f"{name} at {count} of {len(pixels)} px is not what rays meet, first at {at}"


def _depth_between(
    case: FrameCase, pixels: npt.NDArray[np.int64], depth_m: F64
) -> npt.NDArray[np.bool_]:
    """Return for which pixels the depth lies between those of rays next to the centre.

    A rasteriser snaps corners to 1/256 px; far along the ground that is metres. The slope
    beside the centre counts as well: the centre itself may lie on the other side of an edge.
    """

    def ring(radius_px: float) -> F64:
        nudges = [np.array([du, dv]) * radius_px for du in (-1, 1) for dv in (-1, 1)]
        return np.stack([_first_surfaces(case, centres(pixels) + n).depth_m for n in nudges])

    around, closer = ring(NUDGE_PX), ring(0.5 * NUDGE_PX)
    with np.errstate(invalid="ignore"):
        slope = np.nan_to_num(np.abs(around - closer), nan=0.0).max(axis=0)
    slack = 1e-3 + 2 * depth_slack(np.minimum(depth_m, 1e4)) + 2 * slope
    return np.asarray(
        (depth_m >= around.min(axis=0) - slack) & (depth_m <= around.max(axis=0) + slack)
    )


def _any_nudged(
    case: FrameCase,
    pixels: npt.NDArray[np.int64],
    agrees: Callable[[_Surfaces], npt.NDArray[np.bool_]],
) -> npt.NDArray[np.bool_]:
    """Return for which pixels (N, 2) some ray within `NUDGE_PX` of the centre agrees."""
    result = np.zeros(len(pixels), dtype=np.bool_)
    for du, dv in ((-1, -1), (1, -1), (-1, 1), (1, 1)):
        result |= agrees(_first_surfaces(case, centres(pixels) + np.array([du, dv]) * NUDGE_PX))
    return result


def _same_depth(a: _Surfaces, b: _Surfaces) -> npt.NDArray[np.bool_]:
    beyond = ~np.isfinite(a.depth_m) & (b.depth_m >= DEPTH_LIMIT_M - 0.1)
    with np.errstate(invalid="ignore"):
        close = np.abs(a.depth_m - b.depth_m) <= 1e-3 + 2 * depth_slack(np.minimum(b.depth_m, 1e4))
    return np.asarray(beyond | close)


def _same_instance(a: _Surfaces, b: _Surfaces) -> npt.NDArray[np.bool_]:
    return np.asarray(a.instance == b.instance)


def _same_semantic(a: _Surfaces, b: _Surfaces) -> npt.NDArray[np.bool_]:
    return np.asarray(a.semantic == b.semantic)


_SAME: dict[str, Callable[[_Surfaces, _Surfaces], npt.NDArray[np.bool_]]] = {
    "instance": _same_instance,
    "semantic": _same_semantic,
    "depth": _same_depth,
}


def _first_surfaces(case: FrameCase, points_px: F64) -> _Surfaces:
    """Return what rays through picture points (N, 2) px meet first."""
    nearest_depth = np.full(len(points_px), np.inf)
    instance = np.zeros(len(points_px), dtype=np.uint16)
    semantic = np.full(len(points_px), _SKY, dtype=np.uint8)
    for mesh in (case.truth.scenery, case.crowd):
        hits = _cast(case, mesh, points_px)
        closer = hits.distance < nearest_depth
        met = hits.triangle[closer]
        nearest_depth[closer] = hits.distance[closer]
        instance[closer] = mesh.triangles.instance[met]
        semantic[closer] = [CLASS_BY_NAME[name].id for name in mesh.triangles.semantic[met]]
    return _Surfaces(instance, semantic, nearest_depth)


def _cast(case: FrameCase, mesh: RayMesh, points_px: F64) -> Hits:
    """Cast rays through picture points; distances come out as depths along z.

    What lies outside the near and far planes isn't drawn, so rays don't meet it.
    """
    camera = case.camera
    directions = camera.unproject(points_px, np.ones(len(points_px)))
    directions = directions @ case.world_from_camera[:3, :3].T
    hits = mesh.cast(case.world_from_camera[:3, 3], directions, camera.near_m)
    beyond = hits.distance > camera.far_m
    return Hits(np.where(beyond, -1, hits.triangle), np.where(beyond, np.inf, hits.distance))
