"""Arrays to PNG files and back: what each picture's numbers mean on disk.

=========  ==============================  =============================================
picture    file                            meaning
=========  ==============================  =============================================
rgb        8-bit RGB                       sRGB
depth      16-bit grey                     metres * 256, 0 = no surface or beyond range
semantic   8-bit grey                      class id, 255 = ignore
instance   16-bit grey                     instance id, 0 = background
normal     16-bit RGB                      (n + 1) / 2 * 65535, camera frame
flow       16-bit RGB                      u * 64 + 2^15, v * 64 + 2^15, valid (0 or 1)
flow_back  16-bit RGB                      as flow, to the frame before
scene_flow 16-bit RGB                      metres * 1000 + 2^15 in x, y, z; 0, 0, 0 invalid
nocs       16-bit RGB                      share * 65534 + 1 in x, y, z; 0, 0, 0 background
lanes      16-bit grey                     number of the lane line, 0 = none
drivable   8-bit grey                      `Drivable`
=========  ==============================  =============================================

Depth and flow follow KITTI (Geiger et al. 2013, `devkit`); channels stand in the file
in the order named here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

import cv2
import fpng
import numpy as np
import numpy.typing as npt

from scenegen.dataset.png import Filter, Packing, Picture, check_png, encode_bands
from scenegen.records import Frame, PixelTruth
from scenegen.records.pixels import OPTIONAL_LAYERS, OptionalLayer

Layer = Literal["rgb", "depth", "semantic", "instance", "normal", "flow"] | OptionalLayer
LAYERS: tuple[Layer, ...] = (
    *("rgb", "depth", "semantic", "instance", "normal", "flow"),
    *OPTIONAL_LAYERS,
)

DEPTH_SCALE = 256.0
DEPTH_LIMIT_M = 65535 / DEPTH_SCALE
"""Farthest depth that a file can hold, 255.996 m."""

FLOW_SCALE = 64.0
FLOW_ZERO = 32768.0
_NO_NORMAL = 32768

SCENE_FLOW_SCALE = 1000.0
SCENE_FLOW_ZERO = 32768
SCENE_FLOW_LIMIT_M = 32767 / SCENE_FLOW_SCALE
"""Longest way along an axis that a file can hold, 32.767 m."""
NOCS_SCALE = 65534.0

_BAND_ROWS = 64

U8 = npt.NDArray[np.uint8]
U16 = npt.NDArray[np.uint16]
F32 = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


def encode_rgb(rgb: U8) -> bytes:
    """Return the PNG of an sRGB picture (H, W, 3) uint8.

    fpng looks for what repeats the pixel to the left and nothing else, which takes a third
    of the time of counting bytes for files a fifth larger.
    """
    if rgb.dtype != np.uint8 or rgb.ndim != 3 or rgb.shape[-1] != 3 or rgb.size == 0:
        raise ValueError(f"no sRGB picture of shape {rgb.shape} and type {rgb.dtype}")
    return bytes(fpng.from_ndarray(np.ascontiguousarray(rgb)))


def decode_rgb(data: bytes) -> U8:
    """Return (H, W, 3) uint8, red first."""
    return np.asarray(_decode(data, np.uint8, 3), dtype=np.uint8)


def encode_depth(depth_m: F32) -> bytes:
    """Return the PNG of depths (H, W) in m along the camera's z.

    Depths are rounded to the nearest 1/256 m (half up). What is not finite, not
    positive or beyond `DEPTH_LIMIT_M` is 0; a surface nearer than 1/512 m is 1, so
    that it is not mistaken for none.
    """
    return _encode(_stored_depth, (depth_m,), "sub", "quick")


def _stored_depth(depth_m: F32) -> U16:
    scaled = np.multiply(depth_m, DEPTH_SCALE, dtype=np.float32)
    scaled += np.float32(0.5)
    held = (depth_m > 0) & (scaled < 65536)
    with np.errstate(invalid="ignore"):  # what the cast makes of infinity is dropped at once
        whole = scaled.astype(np.int32)  # numpy has vector code for this cast alone
    stored = whole.astype(np.uint16)
    stored *= held
    return np.maximum(stored, held, out=stored)


def decode_depth(data: bytes) -> F32:
    """Return depths (H, W) float32 in m, ``inf`` where the file has none."""
    stored = _decode(data, np.uint16, 1)
    depth_m = stored.astype(np.float32) / np.float32(DEPTH_SCALE)
    depth_m[stored == 0] = np.inf
    return depth_m


def encode_semantic(semantic: U8) -> bytes:
    """Return the PNG of class ids (H, W) uint8."""
    return _encode(np.asarray, (semantic,), "none", "repeats")


def decode_semantic(data: bytes) -> U8:
    """Return class ids (H, W) uint8."""
    return np.asarray(_decode(data, np.uint8, 1), dtype=np.uint8)


def encode_instance(instance: U16) -> bytes:
    """Return the PNG of instance ids (H, W) uint16."""
    return _encode(np.asarray, (instance,), "none", "repeats")


def decode_instance(data: bytes) -> U16:
    """Return instance ids (H, W) uint16."""
    return np.asarray(_decode(data, np.uint16, 1), dtype=np.uint16)


def encode_normal(normal: F32) -> bytes:
    """Return the PNG of unit normals (H, W, 3), camera frame; zero where there is none."""
    return _encode(_stored_normal, (normal,), "none", "quick")


def _stored_normal(normal: F32) -> U16:
    # One pass, rounded to the nearest (half to even, which makes 0 `_NO_NORMAL`) and clipped.
    return np.asarray(cv2.addWeighted(normal, 32767.5, normal, 0.0, 32767.5, dtype=cv2.CV_16U))


def decode_normal(data: bytes) -> F32:
    """Return normals (H, W, 3) float32, zero where the file says none; error <= 1.6e-5."""
    stored = _decode(data, np.uint16, 3)
    normal = stored.astype(np.float32) / np.float32(32767.5) - np.float32(1)
    normal[(stored == _NO_NORMAL).all(axis=-1)] = 0
    return normal


def encode_flow(flow_px: F32, valid: Mask) -> bytes:
    """Return the PNG of flow (H, W, 2) in px, right and down, and its validity (H, W).

    Rounded to the nearest 1/64 px (half up). Flow that is not finite or outside
    [-512, 511.98] px cannot be held and becomes invalid; invalid pixels are all zero.
    """
    return _encode(_stored_flow, (flow_px, valid), "sub", "quick")


def _stored_flow(flow_px: F32, valid: Mask) -> U16:
    scaled = np.multiply(flow_px, FLOW_SCALE, dtype=np.float32, order="C")
    scaled += np.float32(FLOW_ZERO + 0.5)
    # Both channels of a pixel are one number of twice the width: numpy is slow at short axes.
    within = ((scaled >= 0) & (scaled < 65536)).view(np.uint16)[..., 0] == 0x0101
    held = valid & within
    with np.errstate(invalid="ignore"):  # what the cast makes of NaN is dropped at once
        pairs = scaled.astype(np.uint16).view(np.uint32)[..., 0] * held
    stored = np.empty((*held.shape, 3), dtype=np.uint16)
    both = pairs.view(np.uint16).reshape(*held.shape, 2)
    stored[..., 0], stored[..., 1], stored[..., 2] = both[..., 0], both[..., 1], held
    return stored


def decode_flow(data: bytes) -> tuple[F32, Mask]:
    """Return flow (H, W, 2) float32 in px, zero where invalid, and validity (H, W)."""
    stored = _decode(data, np.uint16, 3)
    valid = stored[..., 2] > 0
    flow = (stored[..., :2].astype(np.float32) - np.float32(FLOW_ZERO)) / np.float32(FLOW_SCALE)
    flow[~valid] = 0
    return flow, np.asarray(valid)


def encode_scene_flow(flow_m: F32, valid: Mask) -> bytes:
    """Return the PNG of ways (H, W, 3) in m and their validity (H, W).

    Rounded to the nearest millimetre (half up). A way that is not finite or longer than
    `SCENE_FLOW_LIMIT_M` along any axis cannot be held and becomes invalid; invalid pixels are
    all zero, which no way is.
    """
    return _encode(_stored_scene_flow, (flow_m, valid), "sub", "quick")


def _stored_scene_flow(flow_m: F32, valid: Mask) -> U16:
    with np.errstate(invalid="ignore", over="ignore"):
        # In float64, as float32 has no half of a thousandth.
        scaled = np.floor(flow_m.astype(np.float64) * SCENE_FLOW_SCALE + 0.5) + SCENE_FLOW_ZERO
        held = valid & ((scaled >= 1) & (scaled < 65536)).all(axis=-1)
    return np.where(held[..., None], scaled, 0).astype(np.uint16)


def decode_scene_flow(data: bytes) -> tuple[F32, Mask]:
    """Return ways (H, W, 3) float32 in m, zero where invalid, and validity (H, W)."""
    stored = _decode(data, np.uint16, 3)
    valid = (stored > 0).all(axis=-1)
    flow = (stored.astype(np.float32) - np.float32(SCENE_FLOW_ZERO)) / np.float32(SCENE_FLOW_SCALE)
    flow[~valid] = 0
    return flow, np.asarray(valid)


def encode_nocs(nocs: F32, valid: Mask) -> bytes:
    """Return the PNG of object coordinates (H, W, 3), 0 to 1, and where there are some (H, W).

    Rounded to the nearest 1/65534 (half up); what is outside of 0 to 1 becomes the nearer end.
    """
    return _encode(_stored_nocs, (nocs, valid), "sub", "quick")


def _stored_nocs(nocs: F32, valid: Mask) -> U16:
    scaled = np.clip(nocs.astype(np.float64), 0.0, 1.0) * NOCS_SCALE + 1.5
    return np.where(valid[..., None], scaled, 0).astype(np.uint16)


def decode_nocs(data: bytes) -> tuple[F32, Mask]:
    """Return object coordinates (H, W, 3) float32, zero for background, and where they are."""
    stored = _decode(data, np.uint16, 3)
    valid = (stored > 0).all(axis=-1)
    nocs = (stored.astype(np.float32) - np.float32(1)) / np.float32(NOCS_SCALE)
    nocs[~valid] = 0
    return nocs, np.asarray(valid)


def encode_lanes(lanes: U16) -> bytes:
    """Return the PNG of numbers of lane lines (H, W) uint16."""
    return _encode(np.asarray, (lanes,), "none", "repeats")


def encode_drivable(drivable: U8) -> bytes:
    """Return the PNG of `Drivable` (H, W) uint8."""
    return _encode(np.asarray, (drivable,), "none", "repeats")


def encode_pixels(truth: PixelTruth) -> dict[Layer, bytes]:
    """Return the PNG files of the optional layers that there are, by layer."""
    pictures: dict[Layer, bytes] = {}
    if truth.flow_back_px is not None and truth.flow_back_valid is not None:
        pictures["flow_back"] = encode_flow(truth.flow_back_px, truth.flow_back_valid)
    if truth.scene_flow_m is not None and truth.scene_flow_valid is not None:
        pictures["scene_flow"] = encode_scene_flow(truth.scene_flow_m, truth.scene_flow_valid)
    if truth.nocs is not None and truth.nocs_valid is not None:
        pictures["nocs"] = encode_nocs(truth.nocs, truth.nocs_valid)
    if truth.lanes is not None:
        pictures["lanes"] = encode_lanes(truth.lanes)
    if truth.drivable is not None:
        pictures["drivable"] = encode_drivable(truth.drivable)
    return pictures


def encode_frame(frame: Frame) -> dict[Layer, bytes]:
    """Return the PNG files of all pictures that a frame has, by layer."""
    pictures: dict[Layer, bytes] = {
        "rgb": encode_rgb(frame.rgb),
        "depth": encode_depth(frame.depth_m),
        "semantic": encode_semantic(frame.semantic),
        "instance": encode_instance(frame.instance),
    }
    if frame.normal is not None:
        pictures["normal"] = encode_normal(frame.normal)
    if frame.flow_px is not None and frame.flow_valid is not None:
        pictures["flow"] = encode_flow(frame.flow_px, frame.flow_valid)
    return pictures


DECODERS: dict[Layer, Callable[[bytes], Any]] = {
    "rgb": decode_rgb,
    "depth": decode_depth,
    "semantic": decode_semantic,
    "instance": decode_instance,
    "normal": decode_normal,
    "flow": decode_flow,
    "flow_back": decode_flow,
    "scene_flow": decode_scene_flow,
    "nocs": decode_nocs,
    "lanes": decode_instance,
    "drivable": decode_semantic,
}


def _encode(
    stored: Callable[..., Picture],
    arrays: tuple[npt.NDArray[Any], ...],
    row_filter: Filter,
    packing: Packing,
) -> bytes:
    """Encode a picture band by band, as `stored` gives it from the same rows of the arrays."""
    height = len(arrays[0])
    tops = range(0, height, _BAND_ROWS)
    bands = (stored(*(array[top : top + _BAND_ROWS] for array in arrays)) for top in tops)
    return encode_bands(bands, height, row_filter, packing)


def _decode(data: bytes, dtype: type[np.uint8 | np.uint16], channels: int) -> U8 | U16:
    """Decode a PNG; ValueError if it is damaged or not of the type that the layer has."""
    check_png(data)
    image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    if image is None:
        raise ValueError("not a readable PNG")
    found = 1 if image.ndim == 2 else image.shape[2]
    if image.dtype != dtype or found != channels:
        wanted = np.dtype(dtype).name
        raise ValueError(f"PNG is {image.dtype} x {found}, not {wanted} x {channels}")
    return image if channels == 1 else np.ascontiguousarray(image[..., ::-1])
