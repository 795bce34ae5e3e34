"""What class names that users and makers write commonly mean."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from scenegen.evaluate.classes import COMMON, ClassTable, NativeClass, extent

_RIDERS = frozenset({"rider", "cyclist", "bicyclist", "motorcyclist"})
_PEOPLE = frozenset({"person", "people", "human"})
_ANIMALS = "bird,cat,dog,horse,sheep,cow,elephant,bear,zebra,giraffe,deer"
_MEANINGS: Mapping[str, str] = {
    "pedestrian": "person",
    "person sitting": "person",
    "cyclist": "rider,bicycle",
    "bicyclist": "rider,bicycle",
    "motorcyclist": "rider,motorcycle",
    "bike": "bicycle",
    "motorbike": "motorcycle",
    "motor": "motorcycle",
    "van": "car",
    "suv": "car",
    "taxi": "car",
    "lorry": "truck",
    "tram": "train",
    "vehicle": "car,truck,bus,motorcycle,caravan,trailer,train,other vehicle",
    "autorickshaw": "other vehicle",
    "trafficlight": "traffic light",
    "trafficsign": "traffic sign",
    "traffic cone": "cone",
    "trafficcone": "cone",
    **dict.fromkeys(_ANIMALS.split(","), "animal"),
}


def extent_of(name: str, others: Iterable[str] = ()) -> frozenset[str]:
    """Return the common classes that a class of this name holds; none if it isn't of the street.

    Capitals, ``_`` and ``-`` don't matter. A ``person`` includes riders, unless the set
    has a class for them (`others`). A class that holds a part of a common class only, as
    COCO's ``stop sign``, is none of it: signs of other kinds would pass for false finds.
    """
    word = _plain(name)
    if word in _PEOPLE:
        return extent("person" if _RIDERS & {_plain(o) for o in others} else "person,rider")
    if word in _MEANINGS:
        return extent(_MEANINGS[word])
    return frozenset({word}) & frozenset(COMMON)


def table_of_names(name: str, classes: Mapping[int, str]) -> ClassTable:
    """Return the table of a set whose classes are known by their names."""
    others = tuple(classes.values())
    return ClassTable(
        name,
        tuple(NativeClass(i, classes[i], extent_of(classes[i], others)) for i in sorted(classes)),
    )


def _plain(name: str) -> str:
    return " ".join(name.lower().replace("_", " ").replace("-", " ").split())
