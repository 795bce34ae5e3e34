"""Bytes of JSON and npz that depend on nothing but their content."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.records import FrameLabels, ScanLabels, SweepLabels, Trajectory

_EPOCH = (1980, 1, 1, 0, 0, 0)


def canonical_json(content: Any) -> bytes:
    """Return compact JSON with sorted keys; floats by their shortest exact form."""
    text = json.dumps(
        content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode() + b"\n"


def readable_json(content: Any) -> bytes:
    """Return indented JSON with sorted keys, for files that people open."""
    text = json.dumps(content, sort_keys=True, indent=1, ensure_ascii=False, allow_nan=False)
    return text.encode() + b"\n"


def labels_json(labels: FrameLabels | ScanLabels | SweepLabels) -> bytes:
    """Return a frame's labels; keys that a category doesn't have are left out."""
    return labels.model_dump_json(exclude_defaults=True).encode() + b"\n"


def trajectory_npz(trajectory: Trajectory) -> bytes:
    """Return the ``npz`` of a trajectory: uncompressed, in field order, without dates.

    What was not recorded is left out.
    """
    arrays = {}
    for field in fields(trajectory):
        value = getattr(trajectory, field.name)
        if value is not None or field.default is not None:
            arrays[field.name] = np.asarray(value)
    return npz_bytes(arrays)


def npz_bytes(arrays: Mapping[str, npt.NDArray[Any]]) -> bytes:
    """Return the ``npz`` of some arrays: uncompressed, in their order, without dates."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, array in arrays.items():
            member = io.BytesIO()
            whole = np.ascontiguousarray(array) if array.ndim else array
            np.lib.format.write_array(member, whole, version=(1, 0), allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy", date_time=_EPOCH)
            info.create_system = 3
            info.external_attr = 0o644 << 16
            archive.writestr(info, member.getvalue())
    return buffer.getvalue()


def read_trajectory(data: bytes) -> Trajectory:
    """Return the trajectory of `trajectory_npz`'s bytes.

    Raises
    ------
    ValueError, KeyError, zipfile.BadZipFile
        The bytes are damaged, or an array is missing or of the wrong shape.
    """
    with np.load(io.BytesIO(data), allow_pickle=False) as archive:
        arrays = {
            field.name: archive[field.name]
            for field in fields(Trajectory)
            if field.default is not None or field.name in archive
        }
    arrays["termination"] = str(arrays["termination"])
    return Trajectory(**arrays)
