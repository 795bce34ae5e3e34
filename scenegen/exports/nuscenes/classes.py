"""nuScenes' categories, attributes and levels of visibility, and which a box has."""

from __future__ import annotations

from scenegen.exports.things import Thing

CATEGORIES: dict[str, str] = {
    "animal": "animals",
    "human.pedestrian.adult": "adults, and people thrown off what they rode",
    "human.pedestrian.child": "children",
    "human.pedestrian.construction_worker": "none in these scenes",
    "human.pedestrian.personal_mobility": "kick scooters, with who rides them",
    "human.pedestrian.police_officer": "none in these scenes",
    "human.pedestrian.stroller": "pushchairs",
    "human.pedestrian.wheelchair": "wheelchairs, with who sits in them",
    "movable_object.barrier": "striped barriers of road works",
    "movable_object.debris": "things that lie on the road or on a vehicle",
    "movable_object.pushable_pullable": "trolleys",
    "movable_object.trafficcone": "cones",
    "static_object.bicycle_rack": "hoops to lock bicycles to",
    "vehicle.bicycle": "bicycles, with who rides them",
    "vehicle.bus.bendy": "none in these scenes",
    "vehicle.bus.rigid": "buses and coaches",
    "vehicle.car": "cars, vans and taxis",
    "vehicle.construction": "backhoe loaders",
    "vehicle.emergency.ambulance": "ambulances",
    "vehicle.emergency.police": "police cars",
    "vehicle.motorcycle": "motorcycles and mopeds, with who rides them",
    "vehicle.trailer": "semitrailers",
    "vehicle.truck": "lorries, fire engines and pickups",
}
"""What is in each, by its name."""

ATTRIBUTES: dict[str, str] = {
    "vehicle.moving": "faster than 0.1 m/s",
    "vehicle.stopped": "slower, and moves at another time of the scene",
    "vehicle.parked": "stands all through the scene",
    "cycle.with_rider": "someone rides it",
    "cycle.without_rider": "nobody does",
    "pedestrian.sitting_lying_down": "leans by more than 60 degrees",
    "pedestrian.standing": "slower than 0.1 m/s",
    "pedestrian.moving": "faster",
}
VISIBILITY = ("v0-40", "v40-60", "v60-80", "v80-100")
"""Levels 1 to 4, by the share in per cent that the cameras see."""
MOVES_MPS = 0.1
_BY_ASSET = {
    "person.child": "human.pedestrian.child",
    "motorcycle.kick_scooter": "human.pedestrian.personal_mobility",
    "pushed.pushchair": "human.pedestrian.stroller",
    "pushed.wheelchair": "human.pedestrian.wheelchair",
    "pushed.trolley": "movable_object.pushable_pullable",
    "vehicle.ambulance": "vehicle.emergency.ambulance",
    "vehicle.police": "vehicle.emergency.police",
    "vehicle.backhoe_loader": "vehicle.construction",
    "vehicle.pickup": "vehicle.truck",
    "trailer.semi": "vehicle.trailer",
}
_BY_CATEGORY = {
    "animal": "animal",
    "bicycle": "vehicle.bicycle",
    "bus": "vehicle.bus.rigid",
    "car": "vehicle.car",
    "cone": "movable_object.trafficcone",
    "debris": "movable_object.debris",
    "dynamic": "movable_object.pushable_pullable",
    "motorcycle": "vehicle.motorcycle",
    "person": "human.pedestrian.adult",
    "rider": "human.pedestrian.adult",
    "truck": "vehicle.truck",
}
_CYCLES = ("vehicle.bicycle", "vehicle.motorcycle")
_UPRIGHT = ("human.pedestrian.adult", "human.pedestrian.child")


def category_of(thing: Thing) -> str | None:
    """Return nuScenes' category of a box; None of what has none there, a tram."""
    first = thing.actors[0]
    return _BY_ASSET.get(first.asset_id) or _BY_CATEGORY.get(first.category)


def attribute_of(category: str, thing: Thing, speed_mps: float, ever_moves: bool) -> str | None:
    """Return the attribute of a box, None for categories without."""
    moves = speed_mps > MOVES_MPS
    if category in _CYCLES:
        return f"cycle.{'with' if len(thing.actors) > 1 else 'without'}_rider"
    if category in _UPRIGHT:
        if thing.lies:
            return "pedestrian.sitting_lying_down"
        return f"pedestrian.{'moving' if moves else 'standing'}"
    if not category.startswith("vehicle."):
        return None
    return f"vehicle.{'moving' if moves else 'stopped' if ever_moves else 'parked'}"


def visibility_level(share: float) -> str:
    """Return the token of a level of visibility."""
    return str(1 + sum(share >= bound for bound in (0.4, 0.6, 0.8)))
