"""Where a driver goes on from a lane: a turn, an exit of a roundabout, or lanes by name."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from scenegen.errors import InputError, ScenarioError
from scenegen.records import SWEPT, Lane, RoadNetwork
from scenegen.roads import along, onward, route
from scenegen.sample.values import Values
from scenegen.scenario.behaviours import Driving
from scenegen.scenario.lane_names import no_lane


def way_ahead(
    network: RoadNetwork, lane: Lane, station_m: float, entry: Driving, values: Values
) -> Lane:
    """Return a lane with those into which a driver goes on.

    Without ``turn``, ``exit`` or ``route`` that is the way that turns least at every fork.

    Parameters
    ----------
    station_m : float
        Where in the lane the driver is.

    Raises
    ------
    ScenarioError
        Nothing leads there; with the place of the key.
    """
    if entry.turn is not None:
        turn: Any = values.text(entry.turn)
        return _by_turns(network, lane, station_m, [turn], entry.turn.place)
    if entry.exit is not None:
        number = values.count(entry.exit)
        if number < 1:
            raise ScenarioError(
                f"{entry.exit.name!r} comes to {number}; exits are counted from 1",
                entry.exit.place,
            )
        # Those who stay keep to the left, around the island.
        turns: list[Any] = [*["left"] * (number - 1), "right"]
        return _by_turns(network, lane, station_m, turns, entry.exit.place)
    if entry.route is not None:
        names = [values.text(name) for name in entry.route]
        place = entry.route[0].place
        for name, field in zip(names, entry.route, strict=True):
            if name not in network.lanes:
                raise ScenarioError(no_lane(name, network.lanes), field.place)
        ids = [lane.id, *(name for k, name in enumerate(names) if k or name != lane.id)]
        try:
            return _on(network, ids)
        except InputError as error:
            raise ScenarioError(str(error), place) from error
    return onward(network, lane)


def _by_turns(
    network: RoadNetwork, lane: Lane, station_m: float, turns: list[Any], place: Any
) -> Lane:
    if network.spec.kind in SWEPT:
        raise ScenarioError(
            f"nobody can turn on a {network.spec.kind!r}, whose lanes only go straight on: turns "
            "need a 't_junction' (with its road on 'side'), a 'roundabout' or an OpenDRIVE file",
            place,
        )
    try:
        return _on(network, route(network, lane.id, turns=turns, from_s_m=station_m))
    except InputError as error:
        raise ScenarioError(str(error), place) from error


def _on(network: RoadNetwork, ids: Any) -> Lane:
    """Return the lanes of a route as one, which goes on after its last one as lanes do."""
    last = onward(network, network.lane(ids[-1]))
    if len(ids) == 1:
        return last
    return along(replace(network, lanes={**network.lanes, last.id: last}), ids)
