"""A concrete scenario as OpenSCENARIO XML 1.2: the same scene is the same bytes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree as ET

from scenegen.interchange.openscenario.entities import Limits, add_entities
from scenegen.interchange.openscenario.environment import add_environment
from scenegen.interchange.openscenario.manoeuvres import add_manoeuvres
from scenegen.interchange.openscenario.signals import add_signals
from scenegen.interchange.openscenario.storyboard import (
    add_act,
    add_disturbances,
    add_recorded,
    add_start_states,
    end_act,
)
from scenegen.records import ConcreteScenario, RoadNetwork, Trajectory
from scenegen.records.base import Vec2
from scenegen.roads import height_at
from scenegen.roads.opendrive.xml import add, number

_DATE = "1980-01-01T00:00:00"
"""The header asks for a date; bytes may not depend on the clock."""


@dataclass(frozen=True)
class Derived:
    """What follows from a scene by models of other stages.

    Attributes
    ----------
    limits : mapping of str to Limits
        What vehicles of each category can do.
    friction_scale : float
        Friction of the road over that of a dry one.
    sun_lux : float
        Illuminance of the sun on what faces it, without clouds.
    """

    limits: Mapping[str, Limits]
    friction_scale: float
    sun_lux: float


def write_openscenario(
    concrete: ConcreteScenario,
    network: RoadNetwork,
    road_file: str,
    derived: Derived,
    recorded: Trajectory | None = None,
) -> bytes:
    """Return a scene as an OpenSCENARIO 1.2 file.

    Parameters
    ----------
    road_file : str
        Path of the OpenDRIVE file from the scenario's folder.
    derived : Derived
    recorded : Trajectory, optional
        If given, everybody follows what they did in it, instead of manoeuvres and triggers.
    """
    root = ET.Element("OpenSCENARIO")
    _header(root, concrete)
    _parameters(root, concrete)
    add(root, "CatalogLocations")
    road = add(root, "RoadNetwork")
    add(road, "LogicFile", filepath=road_file)
    add_signals(road, network)
    add_entities(root, concrete.actors, derived.limits)
    storyboard = add(root, "Storyboard")
    actions = add(add(storyboard, "Init"), "Actions")
    add_environment(
        actions, concrete.weather, concrete.light, derived.friction_scale, derived.sun_lux
    )
    if recorded is None:
        add_disturbances(actions, concrete.actors, concrete.disturbances)
    add_start_states(actions, concrete.actors)

    def height(point: Vec2) -> float:
        return float(height_at(network, [point])[0])

    act = add_act(storyboard)
    if recorded is None:
        add_manoeuvres(act, concrete.actors, network, height)
    else:
        add_recorded(act, concrete, recorded)
    end_act(storyboard, act, concrete.duration_s)
    ET.indent(root, space="  ")
    text = ET.tostring(root, encoding="unicode", short_empty_elements=True)
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + text + "\n").encode()


def _header(root: ET.Element, concrete: ConcreteScenario) -> None:
    header = add(
        root,
        "FileHeader",
        revMajor="1",
        revMinor="2",
        date=_DATE,
        description=concrete.scene_id,
        author="scenegen",
    )
    properties = add(header, "Properties")
    for name, value in {
        "scenario": concrete.name,
        "scenario_digest": concrete.scenario_digest,
        "seed": str(concrete.seed),
        "index": str(concrete.index),
        "log_weight": number(concrete.log_weight),
        "odd": ", ".join(concrete.odd),
    }.items():
        add(properties, "Property", name=f"scenegen.{name}", value=value)


def _parameters(root: ET.Element, concrete: ConcreteScenario) -> None:
    """Declare what was drawn, in SI units; nothing refers to it, it is for who reads."""
    declarations = add(root, "ParameterDeclarations")
    for name, value in sorted(concrete.parameters.items()):
        kind, text = "double", ""
        if isinstance(value, bool):
            kind, text = "boolean", "true" if value else "false"
        elif isinstance(value, str):
            kind, text = "string", value
        else:
            text = number(value)
        # Names are identifiers there: those of inline distributions have dots.
        plain = re.sub(r"\W", "_", name)
        add(declarations, "ParameterDeclaration", name=plain, parameterType=kind, value=text)
