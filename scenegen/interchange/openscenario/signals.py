"""Signals of a crossing as a traffic signal controller: phases in which nothing changes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from xml.etree import ElementTree as ET

from scenegen.records import RoadNetwork, SignalPlan, SignalState
from scenegen.roads.opendrive.xml import add, number
from scenegen.roads.signals import WALK_SHARE, cycle_s, head_state

CONTROLLER = "signals"
_STATES = {
    SignalState.FLASHING_AMBER_ON: "flashing_amber",
    SignalState.FLASHING_AMBER_OFF: "flashing_amber",
}
_LEAST_S = 1e-6


def state_name(state: SignalState) -> str:
    """Return the word for a state."""
    return _STATES.get(state, state.name.lower())


def add_signals(road_network: ET.Element, network: RoadNetwork) -> None:
    """Add the controller of a road with signals, from what they show at the start of the scene."""
    plan = network.spec.signals
    if plan is None or not network.signals:
        return
    signals = add(road_network, "TrafficSignals")
    controller = add(signals, "TrafficSignalController", name=CONTROLLER)
    for number_of, (duration, at) in enumerate(_phases(plan)):
        phase = add(controller, "Phase", name=f"phase_{number_of}", duration=number(duration))
        for head in network.signals:
            state = state_name(head_state(plan, head, at))
            add(phase, "TrafficSignalState", trafficSignalId=head.id, state=state)


def _phases(plan: SignalPlan) -> Iterator[tuple[float, float]]:
    """Return lengths of the phases of one cycle, and a time within each."""
    if plan.mode in {"dark", "flashing"}:
        yield cycle_s(plan), 0.0
        return
    cycle = cycle_s(plan)
    switches = {0.0, plan.green_s, plan.green_s + plan.amber_s, WALK_SHARE * plan.green_s}
    switches.add(plan.green_s + plan.amber_s + plan.all_red_s)
    both = {(at + half - plan.offset_s) % cycle for at in switches for half in (0.0, cycle / 2)}
    times = sorted({0.0, cycle, *both})
    for start, end in pairwise(times):
        if end - start > _LEAST_S:
            yield end - start, (start + end) / 2
