"""A camera rig given apart from the scenario, as `sensors=…` does."""

from __future__ import annotations

import json
from typing import Any

from scenegen.errors import InputError
from scenegen.records import CameraSpec
from scenegen.sample.conditions import camera_of
from scenegen.sample.values import Values
from scenegen.scenario import parse_scenario

MOUNT_M = (0.4, 0.0, 1.35)
"""Where a camera without a position sits, ego body frame."""


def parse_rig(sensors: dict[str, Any], where: str) -> dict[str, CameraSpec]:
    """Return the cameras of a rig written like a scenario's ``sensors`` section.

    The language itself reads it, as the sensors of an otherwise bare scenario, so that
    units and messages are the same.

    Parameters
    ----------
    sensors : dict
        Name to the keys of a camera, with units.
    where : str
        What messages call it.

    Raises
    ------
    ScenarioError
        A key, a unit or a value is wrong.
    InputError
        A value is a distribution: a rig is the same for every scene.
    """
    bare = {
        "scenario": "rig",
        "description": "A rig of cameras.",
        "duration": "1 s",
        "road": {"kind": "straight"},
        "sensors": sensors,
        "ego": {"asset": "vehicle.sedan", "place": {"lane": "forward_0", "s": "20 m"}},
    }
    logical = parse_scenario(json.dumps(bare), where)
    if logical.parameters:
        name = next(iter(logical.parameters))
        raise InputError(f"{where}: {name} is a distribution; a rig is the same for every scene")
    values = Values({})
    return {name: camera_of(entry, values, MOUNT_M) for name, entry in logical.sensors.items()}
