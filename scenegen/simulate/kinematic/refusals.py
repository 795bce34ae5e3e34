"""What a scene may not have to be run by kinematics."""

from __future__ import annotations

from scenegen.errors import InputError
from scenegen.records import ConcreteScenario, Door, Fall, GetOut, Release
from scenegen.records.behaviour import Action, Synchronize
from scenegen.records.disturbance import PERCEIVED
from scenegen.roads import build_network

_SAYS: dict[type[Action], str] = {
    Door: "opens a door",
    GetOut: "gets out of a car",
    Fall: "falls",
    Release: "lets go of what is carried",
    Synchronize: "keeps time with somebody",
}


def check_kinematic(scenario: ConcreteScenario) -> None:
    """Look whether a scene needs rigid bodies.

    Raises
    ------
    InputError
        It does; says who does what.
    """
    for actor in scenario.actors:
        for action in actor.actions:
            what = _SAYS.get(type(action))
            if what is not None:
                raise InputError(
                    f"{scenario.scene_id}: {actor.name} {what}, which physics=kinematic leaves "
                    "out; take physics=rigid"
                )
    for one in scenario.disturbances:
        if one.channel not in PERCEIVED:
            raise InputError(
                f"{scenario.scene_id}: disturbance {one.name!r} is {one.channel}, which "
                "physics=kinematic leaves out; take physics=rigid"
            )
    if build_network(scenario.road).stacked:
        raise InputError(
            f"{scenario.scene_id}: its roads lie above each other, and physics=kinematic knows one "
            "height for a place; take physics=rigid"
        )
