"""Cameras of layouts that know pinholes only."""

from __future__ import annotations

import numpy as np

from scenegen.errors import InputError
from scenegen.exports.source import Source
from scenegen.records.base import F64
from scenegen.records.labels import CameraLabel


def check_pinholes(source: Source, layout: str) -> None:
    """Raise InputError where a camera that goes has a lens, which the layout can't hold."""
    for scene in source.dataset:
        for name, camera in scene.scenario.cameras.items():
            if camera.lens is not None and source.goes(name):
                raise InputError(
                    f"{scene.id}: camera {name!r} has a {camera.lens.model} lens, and {layout} "
                    "holds pinholes only; sensors= names the cameras that go"
                )


def from_first_middle(camera: CameraLabel) -> F64:
    """Return K (3, 3) px of formats that count from the middle of the first pixel."""
    K = np.array(camera.K)
    K[:2, 2] -= 0.5
    return K
