"""The size of a picture from its header, without decoding it."""

from __future__ import annotations

import struct
from pathlib import Path
from typing import BinaryIO

from scenegen.errors import DatasetError
from scenegen.evaluate.images import read_rgb

_PNG = b"\x89PNG\r\n\x1a\n"
_JPEG = b"\xff\xd8"
_EXIF = 0xE1
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
"""Markers of a JPEG file that start a frame, whose header holds the size (ITU T.81, B.1.1.3)."""


def picture_size(path: Path) -> tuple[int, int]:
    """Return height and width px of a picture as `read_rgb` gives it; DatasetError if damaged.

    PNG and JPEG files without Exif, which may turn a picture, are told by their headers;
    others are decoded.
    """
    try:
        with path.open("rb") as file:
            size = _from_header(file)
    except OSError as error:
        raise DatasetError(f"{path}: can't be read ({error.strerror})") from error
    if size is None:
        height, width = read_rgb(path).shape[:2]
        return height, width
    return size


def _from_header(file: BinaryIO) -> tuple[int, int] | None:
    head = file.read(24)
    if head[:8] == _PNG and head[12:16] == b"IHDR":
        width, height = struct.unpack(">II", head[16:24])
        return _no_exif_in_png(file, (height, width))
    if head[:2] == _JPEG:
        file.seek(2)
        return _from_jpeg(file)
    return None


def _no_exif_in_png(file: BinaryIO, size: tuple[int, int]) -> tuple[int, int] | None:
    """Return the size unless a chunk before the pixels may turn the picture."""
    file.seek(33)
    while len(head := file.read(8)) == 8:
        length, kind = struct.unpack(">I4s", head)
        if kind == b"eXIf":
            return None
        if kind == b"IDAT":
            return size
        file.seek(length + 4, 1)
    return None


def _from_jpeg(file: BinaryIO) -> tuple[int, int] | None:
    """Walk over the segments up to the frame's header."""
    while len(head := file.read(4)) == 4 and head[0] == 0xFF:
        marker, (length,) = head[1], struct.unpack(">H", head[2:])
        if marker in _FRAMES:
            body = file.read(5)
            return struct.unpack(">HH", body[1:5]) if len(body) == 5 else None
        if marker in (_EXIF, 0xFF):
            return None
        file.seek(length - 2, 1)
    return None
