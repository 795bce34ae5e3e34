"""Pictures and truth from the GPU to numpy arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.render.targets import Targets

_FLOW_LIMIT = 1e30
"""The shaders write 3e38 where a point has no next position in front of the camera; a point
that comes to lie in the camera's own plane has an endless flow."""


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


def read_picture(targets: Targets) -> Picture:
    """Read a drawn frame."""
    normal_depth = _read(targets.normal_depth, np.float32)
    ids = _read(targets.ids, np.uint32)[..., 0]
    flow = _read(targets.flow, np.float32)
    depth = normal_depth[..., 3].copy()
    surface = depth > 0.0
    depth[~surface] = np.inf
    valid = surface & (np.abs(flow) < _FLOW_LIMIT).all(axis=-1)
    flow[~valid] = 0.0
    return Picture(
        rgb=_read(targets.final_picture, np.uint8)[..., :3].copy(),
        depth_m=depth,
        instance=(ids & 0xFFFF).astype(np.uint16),
        semantic=(ids >> 16).astype(np.uint8),
        normal=normal_depth[..., :3].copy(),
        flow_px=flow,
        flow_valid=valid,
    )


def _read(texture: Any, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """Read a texture (H, W, components); its rows already run downward."""
    width, height = texture.size
    pixels = np.empty((height, width, texture.components), dtype=dtype)
    texture.read_into(pixels)
    return pixels
