"""How far two backends agree on one frame, held against the scene's exact geometry."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records import Frame
from scenegen.records.base import F64
from scenegen.render.faces import visible_faces
from scenegen.render.scene import RenderScene

EDGE_PX = 0.01
"""A pixel whose centre lies this close to a projected edge may belong to either side."""
DEPTH_M, DEPTH_AT_M = 0.002, 50.0
"""Depths may differ by the first up to the second; beyond, by the square of the distance,
as the resolution of a depth buffer goes; and by what the surface's slope makes of `EDGE_PX`,
because rasterisers snap corners to a grid of 1/256 px."""


@dataclass(frozen=True)
class Agreement:
    """What two frames of the same view have in common.

    Attributes
    ----------
    pixels : int
    id_mismatches : int
        Pixels whose instance or class differs.
    id_unexplained : int
        Those further than `EDGE_PX` from every projected edge and from where two surfaces
        cross, and nearer than the far plane.
    depth_mismatches, depth_unexplained : int
        Likewise, of the pixels whose ids agree: depths further apart than allowed, or a
        depth in one frame only.
    depth_worst_m : float
        Greatest difference up to `DEPTH_AT_M`, beyond what the slope makes of `EDGE_PX`,
        pixels next to edges left out.
    depth_within : float
        Share of the pixels up to `DEPTH_AT_M` whose depths differ by `DEPTH_M` at most,
        whatever the slope.
    """

    pixels: int
    id_mismatches: int
    id_unexplained: int
    depth_mismatches: int
    depth_unexplained: int
    depth_worst_m: float
    depth_within: float

    @property
    def ok(self) -> bool:
        """Whether every difference lies next to an edge."""
        return self.id_unexplained == 0 and self.depth_unexplained == 0


def allowed_depth(depth_m: npt.ArrayLike) -> F64:
    """Return how far depths may differ at depths (...,) of level surfaces, in m."""
    depth = np.asarray(depth_m, dtype=np.float64)
    return np.asarray(DEPTH_M * np.maximum(1.0, (depth / DEPTH_AT_M) ** 2))


def slope(frame: Frame) -> F64:
    """Return the change of depth (H, W) in m per px, from a frame's normals.

    On the plane n·X = d the depth along the ray r(u, v), z component 1, is d / (n·r), so
    dz/du = -z n_x / (fx n·r), and likewise for v. Without normals it is the least change
    to a neighbour, which underrates slopes rather than overrates them.
    """
    camera = frame.camera
    depth = np.where(np.isfinite(frame.depth_m), frame.depth_m, 0.0).astype(np.float64)
    if frame.normal is None:
        steps = [np.abs(np.diff(depth, axis=axis)) for axis in (0, 1)]
        down = np.minimum(np.pad(steps[0], ((1, 0), (0, 0))), np.pad(steps[0], ((0, 1), (0, 0))))
        right = np.minimum(np.pad(steps[1], ((0, 0), (1, 0))), np.pad(steps[1], ((0, 0), (0, 1))))
        return np.asarray(np.hypot(down, right))
    rays = camera.unproject(camera.pixel_centres(), np.ones(depth.shape))
    normal = frame.normal.astype(np.float64)
    facing = np.maximum(np.abs(np.einsum("ijk,ijk->ij", normal, rays)), 1e-9)
    return np.asarray(
        depth / facing * np.hypot(normal[..., 0] / camera.fx, normal[..., 1] / camera.fy)
    )


def compare_backends(
    first: Frame, second: Frame, scene: RenderScene, hidden: Iterable[int] = ()
) -> Agreement:
    """Compare two frames of the same camera and row.

    Parameters
    ----------
    first, second : Frame
        Of the same size and pose.
    scene : RenderScene
        What both were drawn from.
    hidden : iterable of int
        Instance ids that were left out (the ego in its own cameras).

    Raises
    ------
    ValueError
        The frames are not of the same view.
    """
    if first.step != second.step or first.depth_m.shape != second.depth_m.shape:
        raise ValueError("the frames are not of the same row and size")
    if not np.allclose(first.world_from_camera, second.world_from_camera, atol=1e-9):
        raise ValueError("the frames are not of the same pose")
    pair = (first, second)
    ids = (first.instance != second.instance) | (first.semantic != second.semantic)
    a, b = first.depth_m.astype(np.float64), second.depth_m.astype(np.float64)
    seen = np.isfinite(a) & np.isfinite(b)
    gap = np.abs(np.where(seen, a, 0.0) - np.where(seen, b, 0.0))
    steep = EDGE_PX * slope(second if second.normal is not None else first)
    excess = np.maximum(gap - steep, 0.0)
    off = excess > allowed_depth(np.where(seen, a, 0.0))
    depths = ~ids & (off | (np.isfinite(a) != np.isfinite(b)))
    rows, columns = np.nonzero(ids | depths)
    at_edge = np.zeros_like(ids)
    if rows.size:
        centres = np.stack([columns, rows], axis=1).astype(np.float64) + 0.5
        faces = visible_faces(first, scene, set(hidden))
        at_edge[rows, columns] = _edge_distance(centres, faces.edges(first)) <= EDGE_PX
        for row, column in np.argwhere(ids & ~at_edge):
            shown = {(int(f.instance[row, column]), int(f.semantic[row, column])) for f in pair}
            at_edge[row, column] = shown <= faces.met(first, column + 0.5, row + 0.5, EDGE_PX)
    at_edge |= at_far_plane(a, b, first.camera.far_m)
    near = seen & ~ids & ~at_edge & (a <= DEPTH_AT_M)
    return Agreement(
        pixels=ids.size,
        id_mismatches=int(ids.sum()),
        id_unexplained=int((ids & ~at_edge).sum()),
        depth_mismatches=int(depths.sum()),
        depth_unexplained=int((depths & ~at_edge).sum()),
        depth_worst_m=float(excess[near].max(initial=0.0)),
        depth_within=float(np.mean(gap[near] <= DEPTH_M)) if near.any() else 1.0,
    )


def at_far_plane(a: F64, b: F64, far_m: float) -> npt.NDArray[np.bool_]:
    """Say where one of two depths (H, W) is that of the far plane and the other beyond it."""
    seen = np.where(np.isfinite(a), a, b)
    one = np.isfinite(a) != np.isfinite(b)
    return np.asarray(one & (seen > far_m - allowed_depth(far_m)))


def _edge_distance(points: F64, edges: F64) -> F64:
    """Return the distances (N,) px of points (N, 2) to the nearest of edges (E, 2, 2).

    Exact up to one pixel; ``inf`` beyond.
    """
    low, high = edges.min(axis=1) - 1.0, edges.max(axis=1) + 1.0
    result = np.full(len(points), np.inf)
    for index, point in enumerate(points):
        close = edges[((low <= point) & (point <= high)).all(axis=1)]
        if not len(close):
            continue
        start, along = close[:, 0], close[:, 1] - close[:, 0]
        length2 = np.maximum((along**2).sum(axis=1), 1e-30)
        t = np.clip(((point - start) * along).sum(axis=1) / length2, 0, 1)
        result[index] = np.hypot(*(start + t[:, None] * along - point).T).min()
    return result
