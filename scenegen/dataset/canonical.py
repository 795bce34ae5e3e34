"""Bytes of JSON and npz that depend on nothing but their content."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import fields
from typing import Any

import numpy as np

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
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for field in fields(trajectory):
            if field.default is None and getattr(trajectory, field.name) is None:
                continue
            member = io.BytesIO()
            array = np.ascontiguousarray(np.asarray(getattr(trajectory, field.name)))
            if field.name == "termination":
                array = np.array(trajectory.termination)
            np.lib.format.write_array(member, array, version=(1, 0), allow_pickle=False)
            info = zipfile.ZipInfo(f"{field.name}.npy", date_time=_EPOCH)
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
