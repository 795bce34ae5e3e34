"""Panoramas of outdoor light: from a package's pictures to what renderers take light from."""

from __future__ import annotations

import base64
import binascii
import io
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt

from scenegen.assets.packs.rows import SkyRow
from scenegen.errors import AssetError

SKY_CHANGES = (
    "decoded to half floats; scaled to the light of the scene's sky, the sun taken out, turned to "
    "where the scene's sun is, the ground replaced by the scene's"
)

F32 = npt.NDArray[np.float32]


def convert_sky(row: SkyRow, script: bytes) -> bytes:
    """Return a panorama as ``.npy``.

    Parameters
    ----------
    row : SkyRow
    script : bytes
        A JavaScript module whose only export is an OpenEXR file in a data address.

    Returns
    -------
    bytes
        Array (H, W, 3), float16: linear RGB radiance of any scale. The first row is the zenith,
        and columns go clockwise seen from above.

    Raises
    ------
    AssetError
        It holds no such file, or there is no reader for it on this machine.
    """
    pixels = _read_exr(row.model, _payload(row.model, script))
    height, width = pixels.shape[:2]
    if width != 2 * height or not np.isfinite(pixels).all():
        raise AssetError(f"{row.model}: no panorama of 360 x 180 degrees ({width} x {height})")
    made = io.BytesIO()
    # Lossy compression leaves values a little below zero.
    np.save(made, np.clip(pixels, 0.0, np.finfo(np.float16).max).astype(np.float16))
    return made.getvalue()


def read_sky(data: bytes) -> F32:
    """Return the panorama of `convert_sky`."""
    return np.asarray(np.load(io.BytesIO(data), allow_pickle=False), dtype=np.float32)


def _payload(name: str, script: bytes) -> bytes:
    """Return the bytes of the data address (RFC 2397) in a module."""
    head, mark, rest = script.partition(b";base64,")
    ends = [k for k in (rest.find(b"'"), rest.find(b'"')) if k >= 0]
    if not mark or b"data:" not in head or not ends:
        raise AssetError(f"{name}: holds no picture as a data address")
    try:
        return base64.b64decode(rest[: min(ends)], validate=True)
    except binascii.Error as error:
        raise AssetError(f"{name}: damaged ({error})") from error


def _read_exr(name: str, data: bytes) -> F32:
    """Return the linear RGB (H, W, 3) of an OpenEXR file."""
    try:
        import OpenEXR  # noqa: PLC0415 - an extra that only this takes
    except ImportError as error:
        raise AssetError(
            "panoramas are OpenEXR files, and no reader is here; run: pip install OpenEXR"
        ) from error
    with tempfile.TemporaryDirectory(prefix="scenegen-exr-") as folder:
        path = Path(folder) / "sky.exr"
        path.write_bytes(data)
        try:
            with OpenEXR.File(str(path)) as file:
                return np.asarray(file.channels()["RGB"].pixels, dtype=np.float32)
        except (RuntimeError, KeyError, ValueError, TypeError) as error:
            raise AssetError(f"{name}: no OpenEXR picture with RGB ({error})") from error
