"""Pictures and truth from the GPU to numpy arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.records import Frame, Silhouette
from scenegen.render.gpu_scene import DRAWABLE, GpuScene
from scenegen.render.targets import Targets
from scenegen.render.view import View

_FLOWS = np.uint32(1 << 30)
"""Bit of the surface beside the pixels that have a flow."""


@dataclass(frozen=True)
class Picture:
    """The pixel fields of `records.Frame`."""

    rgb: npt.NDArray[np.uint8]
    depth_m: npt.NDArray[np.float32]
    instance: npt.NDArray[np.uint16]
    semantic: npt.NDArray[np.uint8]
    normal: npt.NDArray[np.float32]
    flow_px: npt.NDArray[np.float32]
    flow_valid: npt.NDArray[np.bool_]
    drawable: npt.NDArray[np.uint32]


def read_picture(targets: Targets, ids: npt.NDArray[np.uint32]) -> Picture:
    """Read a drawn frame of a scene whose `GpuScene.ids` are given."""
    normal_depth = _read(targets.normal_depth, np.float32)
    surface = _read(targets.surface, np.uint32)[..., 0]
    drawable = surface & np.uint32(DRAWABLE)
    shown = ids[drawable.astype(np.intp)]
    return Picture(
        rgb=read_color(targets),
        depth_m=np.asarray(cv2.extractChannel(normal_depth, 3), dtype=np.float32),
        instance=shown.astype(np.uint16),  # the lower half
        semantic=(shown >> np.uint32(16)).astype(np.uint8),
        normal=normal_depth[..., :3],
        flow_px=_read(targets.flow, np.float32),
        flow_valid=(surface & _FLOWS) != 0,
        drawable=drawable,
    )


def frame_of(
    scene: GpuScene, view: View, picture: Picture, silhouettes: dict[int, Silhouette]
) -> Frame:
    """Return what was read of a view as its frame."""
    return Frame(
        step=view.row,
        camera=view.camera,
        world_from_camera=view.world_from_camera,
        next_world_from_camera=view.next_world_from_camera,
        rgb=picture.rgb,
        depth_m=picture.depth_m,
        instance=picture.instance,
        semantic=picture.semantic,
        normal=picture.normal,
        flow_px=picture.flow_px,
        flow_valid=picture.flow_valid,
        silhouettes=silhouettes,
        pieces=scene.pieces(picture.drawable),
    )


def read_color(targets: Targets) -> npt.NDArray[np.uint8]:
    """Read the colours (H, W, 3) of a drawn frame alone."""
    rgba = _read(targets.final_picture, np.uint8)
    return np.asarray(cv2.cvtColor(rgba, cv2.COLOR_RGBA2RGB), dtype=np.uint8)


def read_drawables(targets: Targets) -> npt.NDArray[np.uint32]:
    """Read which drawables (H, W) a drawn frame shows; their number where it shows none."""
    return np.asarray(_read(targets.surface, np.uint32)[..., 0] & np.uint32(DRAWABLE))


def _read(texture: Any, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """Read a texture (H, W, components); its rows already run downward."""
    width, height = texture.size
    pixels = np.empty((height, width, texture.components), dtype=dtype)
    texture.read_into(pixels)
    return pixels
