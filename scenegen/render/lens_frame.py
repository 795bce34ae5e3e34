"""The frame of a camera drawn by rays, from its truth and its colours."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import numpy.typing as npt

from scenegen.geometry import inverse
from scenegen.records import Frame, Silhouette
from scenegen.records.base import F64
from scenegen.records.taxonomy import IGNORE
from scenegen.render.gpu_scene import GpuScene
from scenegen.render.lens_pass import Truth
from scenegen.render.rolling import groups_of, landing
from scenegen.render.view import View

_LONGEST_FLOW = 1e30


def instances(scene: GpuScene, truth: Truth) -> npt.NDArray[np.uint16]:
    """Return the instance picture (H, W)."""
    return scene.ids[truth.drawable.astype(np.intp)].astype(np.uint16)


def lens_frame(
    scene: GpuScene,
    view: View,
    truth: Truth,
    rgb: npt.NDArray[np.uint8],
    silhouettes: dict[int, Silhouette],
) -> Frame:
    """Gather a frame. Pixels outside of the lens's field show nothing, of class `IGNORE`."""
    camera = view.camera
    pixels = camera.pixel_centres()
    rays = camera.pixel_rays()
    field = np.isfinite(rays[..., 0])
    surface = np.isfinite(truth.depth_m)
    if view.motion is None:
        flow, valid = _flow(scene, view, truth, pixels[surface], rays[surface])
    else:
        group = groups_of(scene, view.motion, truth)[surface]
        points = rays[surface] * truth.depth_m[surface].astype(np.float64)[:, None]
        there = landing(view.motion, pixels[surface], points, group)
        flow, valid = _checked(there, pixels[surface])
    flow_px = np.zeros((*surface.shape, 2), dtype=np.float32)
    flow_px[surface] = flow
    flow_valid = np.zeros(surface.shape, dtype=np.bool_)
    flow_valid[surface] = valid
    ids = scene.ids[truth.drawable.astype(np.intp)]
    return Frame(
        step=view.row,
        camera=camera,
        world_from_camera=view.world_from_camera,
        next_world_from_camera=view.next_world_from_camera,
        rgb=rgb,
        depth_m=truth.depth_m,
        instance=ids.astype(np.uint16),
        semantic=np.where(field, ids >> np.uint32(16), IGNORE).astype(np.uint8),
        normal=truth.normal,
        flow_px=flow_px,
        flow_valid=flow_valid,
        silhouettes=silhouettes,
        pieces=scene.pieces(truth.drawable),
    )


def _flow(
    scene: GpuScene, view: View, truth: Truth, pixels: F64, rays: F64
) -> tuple[F64, npt.NDArray[np.bool_]]:
    """Return the flow (N, 2) of the pixels that show a surface, and whether there is one.

    Both come from the stored depth, so that all always agree.
    """
    surface = np.isfinite(truth.depth_m)
    motions = view.next_camera_from_parts @ inverse(view.camera_from_parts)
    part = scene.part[truth.drawable[surface].astype(np.intp)]
    points = rays * truth.depth_m[surface].astype(np.float64)[:, None]
    there = np.empty_like(points)
    order = np.argsort(part, kind="stable")
    bounds = np.flatnonzero(np.diff(part[order], prepend=-1, append=-1))
    for start, stop in pairwise(bounds):
        same = order[start:stop]
        motion = motions[part[same[0]]]
        there[same] = points[same] @ motion[:3, :3].T + motion[:3, 3]
    return _checked(view.camera.project(there), pixels)


def _checked(there: F64, pixels: F64) -> tuple[F64, npt.NDArray[np.bool_]]:
    """Return the flow (N, 2) from pixels to where they go, and whether it is one."""
    flow = there - pixels
    with np.errstate(invalid="ignore"):
        valid = np.abs(flow).max(axis=1) < _LONGEST_FLOW
    return np.where(valid[:, None], flow, 0.0), valid
