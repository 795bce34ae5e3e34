"""What a scenario as a whole has to be: names, who refers to whom, lanes and regions."""

from __future__ import annotations

import re

from scenegen.errors import nearest
from scenegen.geometry import triangulate
from scenegen.records import SWEPT
from scenegen.scenario.actors import IDENTIFIER, ActorEntry
from scenegen.scenario.behaviours import conditions, plain_entries
from scenegen.scenario.casting import check_behaviour
from scenegen.scenario.lane_names import unknown_lane
from scenegen.scenario.logical import LogicalScenario
from scenegen.scenario.places import REGIONS, PolygonEntry
from scenegen.scenario.problems import Problems
from scenegen.scenario.resolve import possible_texts
from scenegen.scenario.road_keys import lost_keys
from scenegen.scenario.source import Path
from scenegen.scenario.syntax import Call, Constant, parts
from scenegen.scenario.values import Value

_LANE = re.compile(
    r"(cross_)?((forward|backward)_\d|(shoulder|parking|sidewalk|verge)_(left|right)"
    r"|parking_(left|right)_far)|crosswalk\w*"
)

_BESIDE = re.compile(r"[+-][0-8]")
_INVERSE = {
    "ahead_of": "behind",
    "behind": "ahead_of",
    "beside": "beside",
    "left_of": "right_of",
    "right_of": "left_of",
}
"""How a place says the same of the other one."""


def check_actors(logical: LogicalScenario, problems: Problems) -> None:
    """Check names: of actors, of who they refer to, and of lanes."""
    if not logical.sensors:
        problems.add(("sensors",), "there is at least one sensor, such as 'front: {}'")
    for name in logical.sensors:
        if not re.fullmatch(IDENTIFIER, name):
            problems.add(("sensors", name), f"{name!r} can't name a sensor: letters, digits and _")
    _check_asked_lanes(logical, problems)
    for key, told in lost_keys(logical.road, logical.texts(logical.road.kind)):
        place = problems.source.key_place(("road", key))
        null = " (null takes away what a base says)" if place.file != logical.file else ""
        problems.add_at(place, f"{told}{null}")
    order = list(logical.actors)
    for index, (name, entry) in enumerate(logical.actors.items()):
        base: Path = ("ego",) if index == 0 else ("actors", name)
        if not re.fullmatch(IDENTIFIER, name) or (index and name == "ego"):
            problems.add_at(
                problems.source.key_place(base),
                f"{name!r} can't name an actor: letters, digits and _, and not 'ego'",
            )
        _check_place(logical, entry, base, order[:index], problems)
        check_behaviour(logical.actors, name, (*base, "behaviour"), problems)
        steps = plain_entries(entry.behaviour, (*base, "behaviour"))
        waits = conditions(entry.behaviour, (*base, "behaviour"))
        for path, item in (*steps, *waits):
            for key in ("lane", "their_lane"):
                if (lane := getattr(item, key, None)) is not None:
                    _check_lane(_own_lanes(logical, lane), (*path, key), problems)


def _check_place(
    logical: LogicalScenario,
    entry: ActorEntry,
    base: Path,
    before: list[str],
    problems: Problems,
) -> None:
    place = entry.place
    facing = None if place.facing is None else place.facing.raw
    named = {"facing": facing} if isinstance(facing, str) and facing in logical.actors else {}
    for key in ("ahead_of", "behind", "beside", "left_of", "right_of", "attached_to", "on_top_of"):
        named[key] = getattr(place, key)
    for key, other in named.items():
        if other is not None and other not in before:
            problems.add((*base, "place", key), _unknown_actor(key, other, logical, before))
    if place.lane is not None:
        lanes = _own_lanes(logical, place.lane)
        relative = frozenset(name for name in lanes if _BESIDE.fullmatch(name))
        if relative and place.other is None:
            problems.add(
                (*base, "place", "lane"),
                f"{min(relative)!r} counts from another actor's lane; it goes with ahead_of, "
                "behind or beside, and else lanes are called forward_0, forward_1, …",
            )
        _check_lane(lanes - relative, (*base, "place", "lane"), problems)
    if isinstance(place.on, PolygonEntry):
        _check_polygon(place.on, (*base, "place", "on", "polygon"), problems)
    elif place.on is not None:
        for name in sorted(_own_lanes(logical, place.on)):
            if name not in REGIONS and not _LANE.fullmatch(name):
                hint = nearest(name, [*REGIONS, "sidewalk_right", "sidewalk_left", "forward_0"])
                problems.add((*base, "place", "on"), f"unknown region {name!r}{hint}")


def _unknown_actor(key: str, other: str, logical: LogicalScenario, before: list[str]) -> str:
    """Return the message on somebody whom a place can't be relative to."""
    word = other.split(maxsplit=1)[0] if other.split() else other
    if other in logical.actors:
        if not before:
            return _before_ego(key, other)
        above = ", ".join(before)
        return f"{other!r} is no actor above this one ({above}): move it up, or this one down"
    hint = nearest(other, before or [name for name in logical.actors if name != "ego"])
    if word != other and word in before:
        hint = f"; write {key}: {word}, and the distance by itself as in gap: 30 m"
    return f"{other!r} is no actor above this one{hint or ' (none before the ego)'}"


def _before_ego(key: str, other: str) -> str:
    """Return the message on a place of the ego, which is laid out first, relative to somebody."""
    inverse = _INVERSE.get(key)
    if inverse is None or other == "ego":
        return f"the ego is laid out first: its {key!r} can't name {other!r}"
    return (
        f"the ego is laid out first: give it a lane and 's', and place {other!r} relative to it "
        f"instead, {{{inverse}: ego, …}}"
    )


def _check_asked_lanes(logical: LogicalScenario, problems: Problems) -> None:
    """Check the lanes that constraints ask about, where the road's lanes have known names."""
    if not logical.texts(logical.road.kind) <= SWEPT:
        return
    for constraint in logical.constraints:
        for part in parts(constraint.node):
            if not isinstance(part, Call) or part.operation not in ("in_lane", "lateral"):
                continue
            for lane in part.arguments[1:]:
                for name in possible_texts(lane, logical.parameters, logical.derived):
                    if not _LANE.fullmatch(name):
                        problems.add_at(constraint.place, unknown_lane(name))


def _check_polygon(entry: PolygonEntry, path: Path, problems: Problems) -> None:
    for k, corner in enumerate(entry.polygon):
        if not all(isinstance(part.expression, Constant) for part in corner):
            problems.add((*path, k), "corners are lengths, not expressions or distributions")
            return
    try:
        triangulate(entry.corners())
    except ValueError as error:
        problems.add(path, str(error))


def _own_lanes(logical: LogicalScenario, lane: Value) -> frozenset[str]:
    """Return the lanes that a field can name; those of maps are known once they are built."""
    swept = logical.texts(logical.road.kind) <= SWEPT
    return logical.texts(lane) if swept else frozenset()


def _check_lane(names: frozenset[str], path: Path, problems: Problems) -> None:
    for name in sorted(names):
        if not _LANE.fullmatch(name):
            problems.add(path, unknown_lane(name))
