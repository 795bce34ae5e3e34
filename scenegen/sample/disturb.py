"""Draws what differs from step to step in one scene."""

from __future__ import annotations

from collections.abc import Sequence

from scenegen.errors import ScenarioError
from scenegen.records import Actor
from scenegen.records.disturbance import PERCEIVED, Disturbance
from scenegen.scenario import LogicalScenario
from scenegen.scenario.disturbances import MOST_VALUES, Disturbed
from scenegen.seeds import SceneKey

DRIVEN = frozenset({"car", "truck", "bus", "motorcycle", "bicycle"})
"""Who has pedals, and sides that wind blows at."""
LEANING = frozenset({"motorcycle", "bicycle"})


def disturbances_of(
    logical: LogicalScenario, key: SceneKey, actors: Sequence[Actor], duration_s: float
) -> tuple[Disturbance, ...]:
    """Return the disturbances of a scene: held values, or drawn from streams of their own.

    Raises
    ------
    ScenarioError
        There is nothing to disturb, or there are too many values.
    """
    found = []
    for name, one in sorted(logical.disturbances.items()):
        count = one.count(duration_s)
        if count > MOST_VALUES:
            raise ScenarioError(
                f"{name!r} has {count:,} values; a longer 'every' makes it {MOST_VALUES:,} at most",
                one.place,
            )
        values = one.held
        if values is None:
            values = one.values(key.generator(f"disturbance.{name}").standard_normal(count))
        found.append(
            Disturbance(
                name=name,
                channel=one.channel,
                instance_id=_whom(name, one, actors),
                every_s=one.every_s,
                values=values,
            )
        )
    return tuple(found)


def _whom(name: str, one: Disturbed, actors: Sequence[Actor]) -> int:
    actor = next((actor for actor in actors if actor.name == one.on), None)
    if actor is None:
        raise ScenarioError(f"{name!r} is on {one.on}, which has no body here", one.place)
    if one.channel in PERCEIVED:
        return actor.instance_id
    if actor.category not in DRIVEN or actor.attached_to is not None:
        raise ScenarioError(
            f"{name!r} is on {one.on}, a {actor.category}; {one.channel} is of vehicles that are "
            "driven by themselves",
            one.place,
        )
    if one.channel == "steering" and actor.category in LEANING:
        raise ScenarioError(
            f"{name!r} is on {one.on}, a {actor.category}, which turns by leaning; disturb it by "
            "side_wind",
            one.place,
        )
    return actor.instance_id
