"""What labels are made from and no picture of a data set holds in full: kept without loss.

Depths of a data set's files are rounded to 1/256 m; labels see those of the renderer. They and
the numbers of pieces are split into planes of their bytes, as neighbours share the upper ones,
and packed: a tenth of their size.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from zlib_ng import zlib_ng

from scenegen.dataset.canonical import npz_bytes
from scenegen.records import Frame, Pieces, Silhouette
from scenegen.records.base import F64

_LEVEL = 2


@dataclass(frozen=True)
class RawTruth:
    """Of one frame, what `Frame` says of the same names."""

    depth_m: npt.NDArray[np.float32]
    pieces: Pieces | None
    silhouettes: dict[int, Silhouette]
    world_from_camera: F64
    next_world_from_camera: F64


def encode_raw(frame: Frame) -> bytes:
    """Return the ``npz`` of what labels need of a frame; equal frames give equal bytes."""
    shapes = frame.silhouettes
    counts = [(shape.area_px, shape.inside_px) for shape in shapes.values()]
    boxes = [shape.box for shape in shapes.values()]
    arrays: dict[str, npt.NDArray[Any]] = {
        "shape": np.array(frame.depth_m.shape, dtype=np.int64),
        "depth": _packed(frame.depth_m.view(np.uint32)),
        "poses": np.stack([frame.world_from_camera, frame.next_world_from_camera]),
        "shown": np.array(list(shapes), dtype=np.int64),
        "boxes": np.array(boxes, dtype=np.float64).reshape(-1, 4),
        "counts": np.array(counts, dtype=np.int64).reshape(-1, 2),
    }
    if frame.pieces is not None:
        pieces = frame.pieces
        table = np.stack([pieces.instance, pieces.part, pieces.prop]).astype(np.int32)
        arrays["pieces"] = _packed(pieces.picture)
        arrays["table"] = _packed(table.view(np.uint32))
    return npz_bytes(arrays)


def decode_raw(data: bytes) -> RawTruth:
    """Return what `encode_raw` was given; ValueError if the bytes are damaged."""
    try:
        with np.load(io.BytesIO(data), allow_pickle=False) as archive:
            arrays = {name: archive[name] for name in archive.files}
        rows, columns = arrays["shape"].tolist()
        depth = _unpacked(arrays["depth"], rows, columns)
        shown = zip(
            arrays["shown"].tolist(),
            arrays["boxes"].tolist(),
            arrays["counts"].tolist(),
            strict=True,
        )
        here, then = arrays["poses"]
        return RawTruth(
            depth_m=depth.view(np.float32),
            pieces=_pieces(arrays, rows, columns) if "pieces" in arrays else None,
            silhouettes={
                id_: Silhouette(box=tuple(box), area_px=area, inside_px=inside)
                for id_, box, (area, inside) in shown
            },
            world_from_camera=here,
            next_world_from_camera=then,
        )
    except (ValueError, KeyError, zipfile.BadZipFile) as error:
        raise ValueError(f"no raw truth: {error}") from error


def _pieces(arrays: dict[str, npt.NDArray[Any]], rows: int, columns: int) -> Pieces:
    instance, part, prop = _unpacked(arrays["table"], 3, -1).view(np.int32)
    return Pieces(
        _unpacked(arrays["pieces"], rows, columns), instance.astype(np.uint16), part, prop
    )


def _packed(numbers: npt.NDArray[np.uint32]) -> npt.NDArray[np.uint8]:
    """Return the packed planes of the bytes of numbers (R, C)."""
    little = np.ascontiguousarray(numbers, dtype="<u4")
    planes = np.moveaxis(little.view(np.uint8).reshape(*numbers.shape, 4), -1, 0)
    return np.frombuffer(zlib_ng.compress(np.ascontiguousarray(planes), _LEVEL), dtype=np.uint8)


def _unpacked(packed: npt.NDArray[np.uint8], rows: int, columns: int) -> npt.NDArray[np.uint32]:
    planes = np.frombuffer(zlib_ng.decompress(packed.tobytes()), dtype=np.uint8)
    whole = np.ascontiguousarray(np.moveaxis(planes.reshape(4, rows, columns), 0, -1))
    return whole.view("<u4")[..., 0].astype(np.uint32, copy=False)
