"""Palette PNGs: the numbers behind the colours, which OpenCV doesn't give."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import cv2
import numpy as np

from scenegen.errors import DatasetError
from scenegen.evaluate.images import I64, read_ids

_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_DEPTH, _KIND = 24, 25  # places of bit depth and colour type in a PNG file
_GREY, _PALETTE = 0, 3
_SCALE = {1: 255, 2: 85, 4: 17, 8: 1}
"""What a decoder multiplies grey numbers of so many bits with, to fill 8 bits."""


def read_indices(path: Path) -> I64:
    """Return a label picture's numbers (H, W) int64: palette indices where it has a palette.

    A palette picture differs from a grey one in its header only (PNG, ISO/IEC 15948:2004,
    11.2.2), so it is declared grey and decoded as such. Any other picture comes as
    `read_ids` gives it.
    """
    try:
        with path.open("rb") as file:
            head = file.read(_KIND + 1)
    except OSError as error:
        raise DatasetError(f"{path}: can't be read ({error.strerror})") from error
    if len(head) <= _KIND or head[:8] != _SIGNATURE or head[_KIND] != _PALETTE:
        return read_ids(path)
    data = bytearray(path.read_bytes())
    data[_KIND] = _GREY
    data[29:33] = struct.pack(">I", zlib.crc32(data[12:29]))
    grey = cv2.imdecode(np.frombuffer(_without_palette(data), np.uint8), cv2.IMREAD_UNCHANGED)
    if grey is None:
        raise DatasetError(f"{path}: no readable picture")
    return np.asarray(grey, np.int64) // _SCALE[data[_DEPTH]]


def _without_palette(data: bytearray) -> bytes:
    """Return the file without the chunks that a grey picture must not have."""
    kept, at = [bytes(data[:8])], 8
    while at + 8 <= len(data):
        (length,) = struct.unpack_from(">I", data, at)
        end = at + 12 + length
        if bytes(data[at + 4 : at + 8]) not in (b"PLTE", b"tRNS", b"bKGD", b"hIST"):
            kept.append(bytes(data[at:end]))
        at = end
    return b"".join(kept)
