"""Cameras and LiDARs as observations: their names, their spaces, what is shown of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from gymnasium import spaces

from scenegen.drive.sensed import Cloud
from scenegen.drive.state import State
from scenegen.errors import InputError, nearest
from scenegen.records import CameraSpec, ConcreteScenario, LidarSpec

KINDS = {"camera": CameraSpec, "lidar": LidarSpec}
"""The words before the dot of an observation, and what they are observations of."""


def sensor_of(observation: str) -> str | None:
    """Return the sensor of an observation such as ``camera.front``; None of any other."""
    kind, dot, name = observation.partition(".")
    return name if dot and kind in KINDS else None


def sensor_space(observation: str, scenario: ConcreteScenario) -> spaces.Box:
    """Return the space of a sensor's observation.

    Returns
    -------
    Box
        Of a camera (H, W, 3), uint8; of a LiDAR (channels, columns, 4), float32: x, y, z in m in
        the sensor's frame, and intensity.

    Raises
    ------
    InputError
        The scenario has no such camera or LiDAR.
    """
    there = {
        f"{kind}.{name}": spec
        for name, spec in scenario.sensors.items()
        for kind, form in KINDS.items()
        if isinstance(spec, form)
    }
    spec = there.get(observation)
    if isinstance(spec, CameraSpec):
        return spaces.Box(0, 255, (spec.height, spec.width, 3), np.uint8)
    if not isinstance(spec, LidarSpec):
        hint = nearest(observation, there) or f"; there are {', '.join(there) or 'none'}"
        raise InputError(f"{scenario.name}: no observation {observation!r}{hint}")
    # Noise may report a point beyond the farthest.
    far = np.array([*[spec.far_m + 10.0] * 3, 1.0], np.float32)
    low = np.array([*-far[:3], 0.0], np.float32)
    shape = (spec.channels, spec.columns, 4)
    return spaces.Box(np.broadcast_to(low, shape), np.broadcast_to(far, shape), dtype=np.float32)


def check_spaces(
    observations: Sequence[str], space: spaces.Space[object], scenario: ConcreteScenario
) -> None:
    """Raise InputError where a scene's sensor has another size than the environment's space."""
    for name in observations:
        own = space[name] if isinstance(space, spaces.Dict) else space
        found = sensor_space(name, scenario)
        if found.shape != own.shape:
            raise InputError(
                f"{scenario.scene_id}: {name} has the shape {found.shape}, and the environment's "
                f"is {own.shape}; sensors=… gives all scenes the same"
            )


def sensed(state: State, name: str, space: spaces.Box) -> npt.NDArray[np.generic]:
    """Return what a sensor's observation shows; zeros before a LiDAR's first whole sweep."""
    found = state.sensed.get(name)
    if found is None:
        return np.zeros(space.shape, space.dtype)
    if isinstance(found, Cloud):
        return np.clip(found.grid(), space.low, space.high)
    return found.rgb
