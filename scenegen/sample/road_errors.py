"""What is wrong with a road, in the words and at the places of the YAML."""

from __future__ import annotations

import re

from scenegen.errors import InputError, ScenarioError
from scenegen.sample.conditions import road_fields
from scenegen.scenario.document import RoadEntry

_FIELD = re.compile(r"\b(?:road\.)?([a-z_]+)\b")


def road_error(road: RoadEntry, error: InputError) -> ScenarioError:
    """Return an error of who builds roads, at the first key it names that was given.

    Who builds a road knows it as `RoadSpec`, whose fields have their unit in their name.
    """
    fields = road_fields(road)
    given = {**fields, "signals": road.signals}
    keys = {name: _key(road, name) for name in given}
    named = [name for name in _FIELD.findall(str(error)) if name in keys]
    place = next((value.place for name in named if (value := fields.get(name))), road.kind.place)
    return ScenarioError(_FIELD.sub(lambda found: _spoken(found, keys), str(error)), place)


def _spoken(found: re.Match[str], keys: dict[str, str]) -> str:
    """Return a word of a message, in quotes and as the YAML has it if it is a road's field."""
    whole, name = found[0], found[1]
    as_field = whole.startswith("road.") or (name in keys and "_" in name)
    return repr(f"road.{keys[name]}") if as_field and name in keys else whole


def _key(road: RoadEntry, name: str) -> str:
    """Return the YAML's key of a field of `RoadSpec`."""
    for key in (name, name.rsplit("_", 1)[0], f"{name.rsplit('_', 1)[0]}_angle"):
        if key in type(road).model_fields:
            return key
    raise AssertionError(f"no key says {name}")
