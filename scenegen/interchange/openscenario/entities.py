"""Actors as entities of OpenSCENARIO: vehicles, pedestrians and other objects."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

import numpy as np

from scenegen.assets import get
from scenegen.geometry import matrix_from_quaternion
from scenegen.records import Actor, Asset
from scenegen.records.base import F64
from scenegen.roads.opendrive.xml import add, number

_CATEGORIES = {
    "car": "car",
    "truck": "truck",
    "bus": "bus",
    "train": "tram",
    "motorcycle": "motorbike",
    "bicycle": "bicycle",
}
_BY_ASSET = {"vehicle.van": "van", "trailer.semi": "semitrailer"}
_ROLES = {
    "vehicle.police": "police",
    "vehicle.ambulance": "ambulance",
    "vehicle.fire_engine": "fire",
    "vehicle.bus": "publicTransport",
    "vehicle.tram": "publicTransport",
    "vehicle.taxi": "publicTransport",
}
DRIVER = "driver"
"""Name of the controller that keeps gaps and stops at signals."""


@dataclass(frozen=True)
class Limits:
    """What vehicles of a category can do."""

    speed_mps: float
    acceleration_mps2: float
    deceleration_mps2: float
    steer_rad: float


def add_entities(
    parent: ET.Element, actors: tuple[Actor, ...], limits: Mapping[str, Limits]
) -> None:
    """Add every actor as a ScenarioObject.

    Parameters
    ----------
    limits : mapping of str to Limits
        By category, of those that drive.
    """
    entities = add(parent, "Entities")
    names = {actor.instance_id: actor.name for actor in actors}
    for actor in actors:
        scenario_object = add(entities, "ScenarioObject", name=actor.name)
        asset = get(actor.asset_id, actor.variant)
        if is_vehicle(actor):
            _vehicle(scenario_object, actor, asset, limits[actor.category], names)
            _driver(scenario_object)
        elif actor.category in {"person", "rider", "animal"}:
            kind = "animal" if actor.category == "animal" else "pedestrian"
            _other(scenario_object, "Pedestrian", actor, asset, {"pedestrianCategory": kind}, names)
        elif actor.asset_id == "pushed.wheelchair":
            kinds = {"pedestrianCategory": "wheelchair"}
            _other(scenario_object, "Pedestrian", actor, asset, kinds, names)
        else:
            kinds = {"miscObjectCategory": "obstacle"}
            _other(scenario_object, "MiscObject", actor, asset, kinds, names)


def is_vehicle(actor: Actor) -> bool:
    """Say whether OpenSCENARIO calls it a vehicle."""
    return actor.category in _CATEGORIES


def reference_offset(actor: Actor) -> F64:
    """Return where in its body frame (3,) OpenSCENARIO's reference point is.

    Of a vehicle that is the middle of its rear axle, on the ground; of all else ours.
    """
    if not is_vehicle(actor):
        return np.zeros(3)
    return np.array([_axles(get(actor.asset_id, actor.variant))[0], 0.0, 0.0])


def reference_point(actor: Actor, position_m: F64, quaternion_wxyz: F64) -> F64:
    """Return where its reference point is in the world (..., 3), of poses of the body."""
    turned = matrix_from_quaternion(quaternion_wxyz) @ reference_offset(actor)
    return np.asarray(position_m + turned)


def _axles(asset: Asset) -> tuple[float, float]:
    """Return x of the rearmost and of the foremost axle, m."""
    along = [wheel.position_m[0] for wheel in asset.wheels]
    return min(along), max(along)


def _vehicle(
    parent: ET.Element, actor: Actor, asset: Asset, limits: Limits, names: Mapping[int, str]
) -> None:
    category = _BY_ASSET.get(actor.asset_id, _CATEGORIES[actor.category])
    vehicle = add(
        parent,
        "Vehicle",
        name=actor.asset_id,
        vehicleCategory=category,
        mass=number(actor.mass_kg),
        role=_ROLES.get(actor.asset_id, "civil"),
    )
    rear, _ = _axles(asset)
    _bounding_box(vehicle, asset, rear)
    add(
        vehicle,
        "Performance",
        maxSpeed=number(limits.speed_mps),
        maxAcceleration=number(limits.acceleration_mps2),
        maxDeceleration=number(limits.deceleration_mps2),
    )
    _add_axles(vehicle, asset, limits)
    _properties(vehicle, actor, names)


def _add_axles(vehicle: ET.Element, asset: Asset, limits: Limits) -> None:
    axles = add(vehicle, "Axles")
    rear, front = _axles(asset)
    between = sorted({round(wheel.position_m[0], 2) for wheel in asset.wheels})[1:-1]
    tags = [("FrontAxle", front), ("RearAxle", rear), *(("AdditionalAxle", x) for x in between)]
    for tag, at in tags:
        wheels = [w for w in asset.wheels if abs(w.position_m[0] - at) < 0.01] or list(asset.wheels)
        across = [wheel.position_m[1] for wheel in wheels]
        add(
            axles,
            tag,
            maxSteering=number(limits.steer_rad if any(w.steered for w in wheels) else 0.0),
            wheelDiameter=number(2 * wheels[0].radius_m),
            trackWidth=number(max(across) - min(across)),
            positionX=number(at - rear),
            positionZ=number(wheels[0].radius_m),
        )


def _driver(parent: ET.Element) -> None:
    controller = add(add(parent, "ObjectController"), "Controller", name=DRIVER)
    properties = add(controller, "Properties")
    add(properties, "Property", name="model", value="IDM")
    add(properties, "Property", name="obey_signals", value="true")


def _other(
    parent: ET.Element,
    tag: str,
    actor: Actor,
    asset: Asset,
    kinds: dict[str, str],
    names: Mapping[int, str],
) -> None:
    element = add(parent, tag, name=actor.asset_id, mass=number(actor.mass_kg), **kinds)
    _bounding_box(element, asset, 0.0)
    _properties(element, actor, names)


def _bounding_box(parent: ET.Element, asset: Asset, origin_x: float) -> None:
    middle = asset.bounds_m.mean(axis=0)
    length, width, height = asset.size_m
    box = add(parent, "BoundingBox")
    x, y, z = (float(value) for value in middle)
    add(box, "Center", x=number(x - origin_x), y=number(y), z=number(z))
    add(box, "Dimensions", length=number(length), width=number(width), height=number(height))


def _properties(parent: ET.Element, actor: Actor, names: Mapping[int, str]) -> None:
    """Add what OpenSCENARIO has no word for."""
    own = {
        "asset": actor.asset_id,
        "variant": str(actor.variant),
        "instance_id": str(actor.instance_id),
        "category": actor.category,
    }
    if actor.attached_to is not None:
        own["attached_to"] = names[actor.attached_to]
    if not actor.lights:
        own["lights"] = "false"
    if actor.beacon:
        own["beacon"] = "true"
    properties = add(parent, "Properties")
    for name, value in own.items():
        add(properties, "Property", name=f"scenegen.{name}", value=value)
