"""Where loads, riders, semitrailers and pushed things are on those that hold them."""

from __future__ import annotations

import numpy as np

from scenegen.assets import SEAT, pushed_offset, rider_offset, seat_offset
from scenegen.errors import ScenarioError, nearest
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


def base_of(name: str, carrier: Asset, asset: Asset, entry: ActorEntry) -> F64 | None:
    """Return the point (3,) of the carrier's body that a load's offset counts from.

    None where that is the top of another load.

    Raises
    ------
    ScenarioError
        The carrier, called `name`, can't hold such a thing, or not there.
    """
    place = entry.place
    if is_person(carrier) or is_roller(asset):
        return _pushed(carrier, asset, entry)
    if place.on_top_of is not None:
        return None
    if in_seat(entry) or (is_person(asset) and place.anchor is None):
        return _in_car(name, carrier, asset, entry)
    if "kingpin" in asset.anchors:
        return _hitched(carrier, asset, entry)
    if is_roller(carrier) or (place.anchor is None and "saddle" in carrier.anchors):
        return _seated(carrier, asset, entry)
    anchor = place.anchor or "bed"
    if anchor not in carrier.anchors:
        raise ScenarioError(_no_anchor(place.anchor, carrier, asset), entry.asset.place)
    x, y, z = carrier.anchors[anchor]
    return np.array([x, y, z + STACK_GAP_M])


def in_seat(entry: ActorEntry) -> bool:
    """Say whether an actor sits in a car."""
    place = entry.place
    return place.attached_to is not None and (place.anchor or "").startswith(SEAT)


def _no_anchor(anchor: str | None, carrier: Asset, asset: Asset) -> str:
    """Return the message on an anchor that a carrier lacks: names those that it has."""
    if asset.category == "rider" and anchor is None:
        return f"{carrier.id!r} has no saddle; bicycles, motorcycles and scooters have"
    there = sorted(carrier.anchors)
    told = (
        f"loads lie at an 'anchor', and {carrier.id!r} has none called 'bed'"
        if anchor is None
        else f"{carrier.id!r} has no anchor {anchor!r}"
    )
    if there:
        return f"{told}; its anchors are {', '.join(there)}"
    return f"{told}, nor any other; a 'vehicle.flatbed_truck' has 'bed'"


def is_person(asset: Asset) -> bool:
    """Say whether somebody goes on their own legs, and has hands to push something."""
    return asset.joints == BIPED_JOINTS and asset.category == "person"


def is_roller(asset: Asset) -> bool:
    """Say whether something rolls that has to be pushed, or propelled by who sits in it."""
    return asset.joints == ROLLER_JOINTS


def _pushed(carrier: Asset, asset: Asset, entry: ActorEntry) -> F64:
    """Return where (3,) someone's hands have what they push before them."""
    if not (is_person(carrier) and is_roller(asset)):
        raise ScenarioError(
            f"{asset.id!r} can't be attached to {carrier.id!r}: people push "
            "'pushed.pushchair', 'pushed.wheelchair' and 'pushed.trolley', and carry nothing",
            entry.asset.place,
        )
    return np.array(pushed_offset(asset, carrier))


def _seated(carrier: Asset, asset: Asset, entry: ActorEntry) -> F64:
    """Return where (3,) a rider is on what they ride or sit in."""
    in_chair = asset.id == "person.wheelchair_user"
    if asset.category != "rider" or "saddle" not in carrier.anchors:
        raise ScenarioError(
            f"{asset.id!r} can't ride {carrier.id!r}: only riders can, such as "
            "'person.rider'; loads need an 'anchor'",
            entry.asset.place,
        )
    if in_chair != is_roller(carrier):
        raise ScenarioError(
            f"{asset.id!r} can't ride {carrier.id!r}: a 'person.wheelchair_user' sits in "
            "a 'pushed.wheelchair', and nobody else does",
            entry.asset.place,
        )
    return np.array(rider_offset(carrier, asset))


def _in_car(name: str, carrier: Asset, asset: Asset, entry: ActorEntry) -> F64:
    """Return where (3,) somebody's body origin is who sits in a car."""
    seat = entry.place.anchor
    seats = [anchor for anchor in carrier.anchors if anchor.startswith(SEAT)]
    if not seats:
        raise ScenarioError(
            f"{name!r} ({carrier.id}) has no seats for people: cars and vans have that open a "
            "door, {do: open_door}",
            entry.asset.place,
        )
    if seat not in seats:
        said = f"has no {seat!r}{nearest(seat, seats)}" if seat else "has several seats"
        raise ScenarioError(
            f"{name!r} ({carrier.id}) {said}; 'anchor' is one of {', '.join(seats)}",
            entry.asset.place,
        )
    if not is_person(asset):
        raise ScenarioError(
            f"{asset.id!r} can't sit in {carrier.id!r}: 'person.adult', 'person.elder' and "
            "'person.child' can",
            entry.asset.place,
        )
    return np.array(seat_offset(carrier, seat, asset))


def _hitched(carrier: Asset, asset: Asset, entry: ActorEntry) -> F64:
    """Return where (3,) of its tractor's body a semitrailer stands in line."""
    if "fifth_wheel" not in carrier.anchors:
        raise ScenarioError(
            f"{carrier.id!r} has no fifth wheel; a 'vehicle.tractor' has", entry.asset.place
        )
    behind = np.subtract(carrier.anchors["fifth_wheel"], asset.anchors["kingpin"])
    return np.array([behind[0], behind[1], 0.0])
