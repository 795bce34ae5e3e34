"""A PNG writer that costs little: one filter for the whole picture, one way to pack it.

OpenCV and libpng spend most of their time on choosing a filter for each row. The pictures
of truth are known beforehand, so each kind names its filter and its packing, numpy applies
the one and zlib-ng the other. Any reader opens the result (PNG, ISO/IEC 15948:2004). Truth
repeats itself so much that ready-made codes do; for what camera pictures need see `codecs`.
ISA-L would take half the time, but chose other matches for the same bytes once in some
ten thousand pictures when two processes ran, which no data set that promises equal bytes
can bear.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable
from typing import Literal

import numpy as np
import numpy.typing as npt
from zlib_ng import zlib_ng

Filter = Literal["none", "sub"]
Packing = Literal["repeats", "quick"]
Picture = npt.NDArray[np.uint8] | npt.NDArray[np.uint16]

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_COLOUR_TYPE = {1: 0, 3: 2}  # channels -> greyscale, truecolour
_FILTER_BYTE = {"none": 0, "sub": 1}
_PACKINGS = {  # level and strategy of zlib-ng
    "repeats": (2, zlib_ng.Z_DEFAULT_STRATEGY),
    "quick": (1, zlib_ng.Z_DEFAULT_STRATEGY),
}
_WINDOW_BITS = 15
_MEMORY_LEVEL = 9


def encode_png(picture: Picture, row_filter: Filter = "sub", packing: Packing = "repeats") -> bytes:
    """Return the PNG file of a picture; equal pictures give equal bytes.

    Parameters
    ----------
    picture : ndarray, shape (H, W) or (H, W, 3), uint8 or uint16
        Greyscale, or red, green, blue.
    row_filter : {"none", "sub"}
        What is subtracted before compression: nothing, or the pixel to the left.
    packing : {"repeats", "quick"}
        What deflate (RFC 1951) makes use of: repetitions and how often each byte occurs; or
        repetitions alone, with the codes that need no table.

    Raises
    ------
    ValueError
        The array has another type, shape or no pixels.
    """
    return encode_bands([picture], len(picture), row_filter, packing)


def encode_bands(
    bands: Iterable[Picture], height: int, row_filter: Filter, packing: Packing
) -> bytes:
    """Return the PNG file of a picture that comes in bands of whole rows, from the top.

    Bands that fit a processor's cache save most of what preparing a picture costs.
    """
    level, strategy = _PACKINGS[packing]
    packer = zlib_ng.compressobj(level, zlib_ng.DEFLATED, _WINDOW_BITS, _MEMORY_LEVEL, strategy)
    header, packed = b"", []
    for band in bands:
        header = header or _header(band, height)
        packed.append(packer.compress(_filtered_rows(band, row_filter)))
    packed.append(packer.flush())
    return b"".join(
        (
            _SIGNATURE,
            *_chunk(b"IHDR", header),
            *_chunk(b"IDAT", b"".join(packed)),
            *_chunk(b"IEND", b""),
        )
    )


def check_png(data: bytes) -> None:
    """Hold every chunk of a PNG file to its CRC; ValueError says which is damaged.

    Readers of pictures are lenient: they fill up what is cut off and go on.
    """
    if not data.startswith(_SIGNATURE):
        raise ValueError("not a readable PNG")
    at, kind = len(_SIGNATURE), b""
    while kind != b"IEND":
        if at + 12 > len(data):
            raise ValueError(f"not a readable PNG: cut off after {len(data)} bytes")
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        end = at + 8 + length
        if end + 4 > len(data):
            raise ValueError(f"not a readable PNG: cut off after {len(data)} bytes")
        crc = zlib_ng.crc32(memoryview(data)[at + 4 : end])
        if crc != int.from_bytes(data[end : end + 4], "big"):
            raise ValueError(f"not a readable PNG: chunk {kind!r} does not match its CRC")
        at = end + 4
    if at != len(data):
        raise ValueError(f"not a readable PNG: {len(data) - at} bytes after its end")


def _header(band: Picture, height: int) -> bytes:
    """Return what an IHDR chunk says of a picture with bands like this one."""
    channels = 1 if band.ndim == 2 else band.shape[-1]
    supported = band.dtype in (np.uint8, np.uint16) and channels in _COLOUR_TYPE
    if not supported or band.ndim not in (2, 3) or band.size == 0:
        raise ValueError(f"no PNG of shape {band.shape} and type {band.dtype}")
    depth = 8 * band.dtype.itemsize
    return struct.pack(">IIBBBBB", band.shape[1], height, depth, _COLOUR_TYPE[channels], 0, 0, 0)


def _filtered_rows(band: Picture, row_filter: Filter) -> npt.NDArray[np.uint8]:
    """Return the scan lines (H, 1 + row bytes): the filter's number, then the differences."""
    big_endian = band.astype(band.dtype.newbyteorder(">"), copy=False)
    samples = np.ascontiguousarray(big_endian).view(np.uint8).reshape(len(band), -1)
    pixel_bytes = samples.shape[1] // band.shape[1]
    rows = np.empty((samples.shape[0], samples.shape[1] + 1), dtype=np.uint8)
    rows[:, 0] = _FILTER_BYTE[row_filter]
    body = rows[:, 1:]
    if row_filter == "none":
        body[:] = samples
    else:
        body[:, :pixel_bytes] = samples[:, :pixel_bytes]
        np.subtract(samples[:, pixel_bytes:], samples[:, :-pixel_bytes], out=body[:, pixel_bytes:])
    return rows


def _chunk(kind: bytes, data: bytes) -> tuple[bytes, bytes, bytes, bytes]:
    """Return a chunk's parts: length, type, data and the CRC of type and data."""
    crc = zlib_ng.crc32(data, zlib_ng.crc32(kind))
    return struct.pack(">I", len(data)), kind, data, struct.pack(">I", crc)
