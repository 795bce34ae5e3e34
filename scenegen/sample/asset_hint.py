"""What somebody may have meant by the name of an asset that isn't one."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches

from scenegen.errors import nearest

_BICYCLE = "'bicycle.city', and 'person.rider' with 'place: {attached_to: …}' on it"
_MOTORCYCLE = "'motorcycle.road', and 'person.motorcyclist' with 'place: {attached_to: …}' on it"
_LORRY = "'vehicle.box_truck', 'vehicle.flatbed_truck' or 'vehicle.articulated_lorry'"
_CAR = "'vehicle.compact', 'vehicle.sedan', 'vehicle.estate' or 'vehicle.suv'"
_SCOOTER = (
    "'motorcycle.moped' or 'motorcycle.kick_scooter', and who rides it with"
    " 'place: {attached_to: …}'"
)
_WORDS: dict[str, str] = {
    "bicycle": _BICYCLE,
    "bike": _BICYCLE,
    "cyclist": _BICYCLE,
    "bicyclist": _BICYCLE,
    "motorcycle": _MOTORCYCLE,
    "motorbike": _MOTORCYCLE,
    "scooter": _SCOOTER,
    "escooter": _SCOOTER,
    "e_scooter": _SCOOTER,
    "car": _CAR,
    "hatchback": "'vehicle.compact'",
    "truck": _LORRY,
    "lorry": _LORRY,
    "pedestrian": "'person.adult', 'person.child' or 'person.elder'",
    "person": "'person.adult', 'person.child' or 'person.elder'",
    "walker": "'person.adult', 'person.child' or 'person.elder'",
    "man": "'person.adult'",
    "woman": "'person.adult'",
    "stroller": "'pushed.pushchair', and who pushes it",
    "pram": "'pushed.pushchair', and who pushes it",
    "wheelchair": "'person.wheelchair_user'",
}


def asset_hint(asset_id: str, things: Mapping[str, str]) -> str:
    """Return a hint in brackets, with a space before it.

    Parameters
    ----------
    asset_id : str
        What was written.
    things : mapping of str to str
        Assets that can be actors, and their categories.
    """
    prefix, _, ending = asset_id.lower().rpartition(".")
    # The prefix alone makes names alike: 'animal.elk' is no slip of 'animal.cow'.
    family = sorted(thing for thing in things if thing.split(".")[0] == prefix)
    if ending in _WORDS and f"{prefix}.{ending}" not in things:
        return f" (did you mean {_WORDS[ending]}?)"
    if not prefix and ending in {c.replace(" ", "_") for c in things.values()}:
        return " (a category; name its assets, see 'scenegen list what=assets')"
    if family and not get_close_matches(ending, [thing.split(".")[1] for thing in family]):
        return f" (known: {', '.join(family)})"
    return nearest(asset_id, things)
