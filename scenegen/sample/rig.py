"""A rig of sensors given apart from the scenario, as `sensors=…` does."""

from __future__ import annotations

import json
from typing import Any

from scenegen.assets import Mounts
from scenegen.errors import InputError
from scenegen.records import SensorSpec
from scenegen.sample.sensors import sensors_of
from scenegen.sample.values import Values
from scenegen.scenario import parse_scenario

MOUNTS = Mounts(camera=(0.4, 0.0, 1.35), lidar=(0.0, 0.0, 1.8), radar=(2.2, 0.0, 0.5))
"""Where sensors without a position sit: they fit a car."""


def parse_rig(sensors: dict[str, Any], where: str) -> dict[str, SensorSpec]:
    """Return the sensors of a rig written like a scenario's ``sensors`` section.

    The language itself reads it, as the sensors of an otherwise bare scenario, so that
    units and messages are the same.

    Parameters
    ----------
    sensors : dict
        Name to the keys of a sensor, with units.
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
        "description": "A rig of sensors.",
        "duration": "1 s",
        "road": {"kind": "straight"},
        "sensors": sensors,
        "ego": {"asset": "vehicle.sedan", "place": {"lane": "forward_0", "s": "20 m"}},
    }
    logical = parse_scenario(json.dumps(bare), where)
    if logical.parameters:
        name = next(iter(logical.parameters))
        raise InputError(f"{where}: {name} is a distribution; a rig is the same for every scene")
    return sensors_of(logical.sensors, Values({}), MOUNTS, logical.rates)
