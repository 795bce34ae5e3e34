"""Pictures and truth from the GPU to numpy arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.render.targets import Targets

_FLOWS = np.uint32(1 << 24)
"""Bit of the ids beside the pixels that have a flow."""


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
    return Picture(
        rgb=np.ascontiguousarray(_read(targets.final_picture, np.uint8)[..., :3]),
        depth_m=np.ascontiguousarray(normal_depth[..., 3]),
        instance=ids.astype(np.uint16),  # the lower half
        semantic=(ids >> np.uint32(16)).astype(np.uint8),
        normal=normal_depth[..., :3],
        flow_px=_read(targets.flow, np.float32),
        flow_valid=(ids & _FLOWS) != 0,
    )


def _read(texture: Any, dtype: npt.DTypeLike) -> npt.NDArray[Any]:
    """Read a texture (H, W, components); its rows already run downward."""
    width, height = texture.size
    pixels = np.empty((height, width, texture.components), dtype=dtype)
    texture.read_into(pixels)
    return pixels
