"""Where loads, riders, semitrailers and pushed things are on those that hold them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from scenegen.assets import pushed_offset, rider_offset
from scenegen.errors import ScenarioError, nearest
from scenegen.geometry import apply, inverse, pose
from scenegen.records import Asset, RoadNetwork
from scenegen.records.base import F64
from scenegen.records.taxonomy import BIPED_JOINTS, ROLLER_JOINTS
from scenegen.sample.placed import Placed, on_carrier, on_ground
from scenegen.scenario.actors import ActorEntry

STACK_GAP_M = 0.002


def held_pose(
    network: RoadNetwork, carrier: Placed, asset: Asset, offset_m: F64, turn_rad: float
) -> tuple[F64, F64]:
    """Return position (3,) and orientation (4,) of what is held; the pushed stand on wheels."""
    position, quaternion = on_carrier(carrier, offset_m, turn_rad)
    if is_roller(asset):
        return on_ground(network, asset, position[:2], carrier.yaw_rad + turn_rad)
    return position, quaternion


def base_of(
    carrier: Placed,
    asset: Asset,
    entry: ActorEntry,
    groups: Mapping[str, Sequence[Placed]],
) -> F64:
    """Return the point (3,) of the carrier's body that a load's offset counts from.

    Raises
    ------
    ScenarioError
        The carrier can't hold such a thing, or not there.
    """
    place = entry.place
    if is_person(carrier.asset) or is_roller(asset):
        return _pushed(carrier, asset, entry)
    if place.on_top_of is not None:
        below = groups[place.on_top_of]
        if not below or below[0].carrier is not carrier:
            raise ScenarioError(
                f"{place.on_top_of!r} is not attached to {carrier.name!r}", entry.asset.place
            )
        body_from_world = inverse(pose(carrier.position_m, carrier.quaternion_wxyz))
        foot = apply(body_from_world, below[0].position_m[None])[0]
        top = float(below[0].asset.bounds_m[1, 2]) + STACK_GAP_M
        return np.asarray(foot + np.array([0.0, 0.0, top]))
    if "kingpin" in asset.anchors:
        return _hitched(carrier, asset, entry)
    if is_roller(carrier.asset) or (place.anchor is None and "saddle" in carrier.asset.anchors):
        return _seated(carrier, asset, entry)
    anchor = place.anchor or "bed"
    if anchor not in carrier.asset.anchors:
        hint = nearest(anchor, carrier.asset.anchors)
        raise ScenarioError(
            f"{carrier.asset.id!r} has no anchor {anchor!r}{hint}", entry.asset.place
        )
    x, y, z = carrier.asset.anchors[anchor]
    return np.array([x, y, z + STACK_GAP_M])


def is_person(asset: Asset) -> bool:
    """Say whether somebody goes on their own legs, and has hands to push something."""
    return asset.joints == BIPED_JOINTS and asset.category == "person"


def is_roller(asset: Asset) -> bool:
    """Say whether something rolls that has to be pushed, or propelled by who sits in it."""
    return asset.joints == ROLLER_JOINTS


def _pushed(carrier: Placed, asset: Asset, entry: ActorEntry) -> F64:
    """Return where (3,) someone's hands have what they push before them."""
    if not (is_person(carrier.asset) and is_roller(asset)):
        raise ScenarioError(
            f"{asset.id!r} can't be attached to {carrier.asset.id!r}: people push "
            "'pushed.pushchair', 'pushed.wheelchair' and 'pushed.trolley', and carry nothing",
            entry.asset.place,
        )
    return np.array(pushed_offset(asset, carrier.asset))


def _seated(carrier: Placed, asset: Asset, entry: ActorEntry) -> F64:
    """Return where (3,) a rider is on what they ride or sit in."""
    in_chair = asset.id == "person.wheelchair_user"
    if asset.category != "rider" or "saddle" not in carrier.asset.anchors:
        raise ScenarioError(
            f"{asset.id!r} can't ride {carrier.asset.id!r}: only riders can, such as "
            "'person.rider'; loads need an 'anchor'",
            entry.asset.place,
        )
    if in_chair != is_roller(carrier.asset):
        raise ScenarioError(
            f"{asset.id!r} can't ride {carrier.asset.id!r}: a 'person.wheelchair_user' sits in "
            "a 'pushed.wheelchair', and nobody else does",
            entry.asset.place,
        )
    return np.array(rider_offset(carrier.asset, asset))


def _hitched(carrier: Placed, asset: Asset, entry: ActorEntry) -> F64:
    """Return where (3,) of its tractor's body a semitrailer stands in line."""
    if "fifth_wheel" not in carrier.asset.anchors:
        raise ScenarioError(
            f"{carrier.asset.id!r} has no fifth wheel; a 'vehicle.tractor' has", entry.asset.place
        )
    behind = np.subtract(carrier.asset.anchors["fifth_wheel"], asset.anchors["kingpin"])
    return np.array([behind[0], behind[1], 0.0])
