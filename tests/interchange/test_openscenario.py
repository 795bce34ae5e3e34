"""Scenes as OpenSCENARIO: what is written stands for what is simulated."""

from __future__ import annotations

import io
from typing import get_args
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from scenegen.errors import InputError, OutputError
from scenegen.geometry import quaternion_from_rpy
from scenegen.interchange.openscenario.entities import reference_offset
from scenegen.interchange.openscenario.signals import state_name
from scenegen.interchange.openscenario.storyboard import _world_position
from scenegen.pipeline.config import ExportConfig
from scenegen.pipeline.export import export
from scenegen.pipeline.export_formats import SCENE_FORMATS, SceneToExport
from scenegen.records import Brake, Drive, Fall, Manoeuvre, Release, Stand, Trigger, Walk
from scenegen.records.behaviour import (
    Action,
    Alongside,
    Door,
    GetOut,
    Interrupt,
    Lights,
    Pace,
    Pose,
    Synchronize,
)
from scenegen.records.triggers import (
    AllOf,
    AnyOf,
    Condition,
    OnAction,
    OnAhead,
    OnGapAhead,
    OnHeadway,
    OnPlace,
    OnRoom,
    OnSignal,
    OnSpeed,
)
from scenegen.roads import build_network
from scenegen.roads.signals import head_state
from scenegen.sample import draw
from scenegen.scenario import load_scenario, parse_scenario
from scenegen.simulate.coasting import coasting

SCENARIO = """
scenario: written
description: Everything that a storyboard has to say.
duration: 6 s
parameters:
  speed: {uniform: [30 km/h, 40 km/h]}
  side: {categorical: [left, right]}
road: {kind: crossing, length: 240 m, sidewalk: 2 m, signals: {mode: MODE, offset: 3.3 s}}
weather: {rain: 4 mm/h, wetness: 0.7, cloud_cover: 0.9}
light: {date: 2026-03-20, time: 8 h, latitude: 50 deg, longitude: 10 deg}
ego:
  asset: vehicle.sedan
  place: {lane: forward_0, s: 20 m}
  speed: speed
  behaviour:
    - follow_lane
    - {when: {time: 2 s}, do: hard_brake, deceleration: 6 m/s^2, anti_lock: false}
    - {do: follow_lane, speed: 20 km/h, react: false, obey_signals: false, indicator: left}
actors:
  bicycle: {asset: bicycle.city, place: {lane: forward_0, s: 60 m}, speed: 15 km/h}
  rider: {asset: person.rider, place: {attached_to: bicycle}}
  child:
    asset: person.child
    place: {lane: sidewalk_right, s: 80 m, heading: left}
    behaviour:
      - {when: {gap: 1.5 s, to: ego}, do: cross, speed: 2 m/s, gait: run}
      - {when: {ttc: 1 s, to: ego}, do: fall}
  dog:
    asset: animal.dog
    place: {lane: sidewalk_right, s: 90 m}
    behaviour: [{when: {distance: 12 m, to: bicycle}, do: stand}]
"""


def scene(mode="normal"):
    text = SCENARIO.replace("MODE", mode)
    return draw(parse_scenario(text, "written.yaml"), 0, 0)


def written(concrete, motion="manoeuvres"):
    run = coasting(concrete.actors, 121, concrete.rates)
    files = SCENE_FORMATS["openscenario"](SceneToExport(concrete, lambda: run, motion))
    return ET.fromstring(files[f"{concrete.scene_id}.xosc"])


def test_who_is_there():
    concrete = scene()
    root = written(concrete)
    kinds = {
        entity.get("name"): (entity[0].tag, entity[0].get("vehicleCategory"))
        for entity in root.findall("Entities/ScenarioObject")
    }
    assert kinds == {
        "ego": ("Vehicle", "car"),
        "bicycle": ("Vehicle", "bicycle"),
        "rider": ("Pedestrian", None),
        "child": ("Pedestrian", None),
        "dog": ("Pedestrian", None),
    }
    declared = {p.get("name"): p.get("value") for p in root.iter("ParameterDeclaration")}
    assert float(declared["speed"]) == concrete.parameters["speed"]
    assert declared["side"] == concrete.parameters["side"]


def test_vehicles_are_placed_by_their_rear_axle():
    concrete = scene()
    root = written(concrete)
    ego = concrete.ego
    place = root.find("Storyboard/Init/Actions/Private[@entityRef='ego']//WorldPosition")
    rear = reference_offset(ego)[0]
    assert rear < -1
    assert float(place.get("x")) == pytest.approx(ego.position_m[0] + rear)
    center = root.find("Entities/ScenarioObject[@name='ego']/Vehicle/BoundingBox/Center")
    assert float(center.get("x")) == pytest.approx(-rear, abs=1e-6)
    child = root.find("Storyboard/Init/Actions/Private[@entityRef='child']//WorldPosition")
    assert float(child.get("h")) == pytest.approx(np.pi / 2)
    speed = root.find("Storyboard/Init/Actions/Private[@entityRef='ego']//AbsoluteTargetSpeed")
    assert float(speed.get("value")) == pytest.approx(concrete.parameters["speed"])


def test_disturbances_are_written_with_their_values():
    text = SCENARIO.replace("MODE", "normal") + "disturbances:\n  gust: {channel: side_wind}\n"
    concrete = draw(parse_scenario(text, "written.yaml"), 0, 0)
    (gust,) = concrete.disturbances
    (command,) = written(concrete).findall("Storyboard/Init/Actions/UserDefinedAction/*")
    assert command.get("type") == "scenegen.disturbance"
    head, values = (command.text or "").split(": ")
    assert head == "ego side_wind 0.5"
    assert tuple(map(float, values.split())) == gust.values
    assert not written(concrete, "recorded").findall("Storyboard/Init/Actions/UserDefinedAction")


@pytest.mark.parametrize(("roll", "pitch", "yaw"), [(0.1, -0.2, 2.0), (-0.4, 0.3, -1.0)])
def test_angles_are_those_of_the_body(roll, pitch, yaw):
    parent = ET.Element("Position")
    _world_position(parent, np.zeros(3), quaternion_from_rpy(roll, pitch, yaw))
    angles = [float(parent[0].get(key)) for key in ("r", "p", "h")]
    assert angles == pytest.approx([roll, pitch, yaw])


def test_manoeuvres_follow_one_another():
    root = written(scene())
    events = {event.get("name"): event for event in root.iter("Event")}
    assert list(events) == [
        "ego_0_drive",
        "ego_1_brake",
        "ego_2_drive",
        "bicycle_0_drive",
        "child_0_walk",
        "child_1_fall",
        "dog_0_stand",
    ]
    brake = events["ego_1_brake"]
    groups = brake.findall("StartTrigger/ConditionGroup")
    assert len(groups) == 2
    for group in groups:
        assert group.find(".//SimulationTimeCondition").get("value") == "2"
        before = group.find(".//StoryboardElementStateCondition")
        assert before.get("storyboardElementRef") == "ego_0_drive"
    rate = brake.find(".//SpeedActionDynamics")
    assert (rate.get("dynamicsDimension"), rate.get("value")) == ("rate", "6")
    after = events["ego_2_drive"].findall("StartTrigger//StoryboardElementStateCondition")
    assert [condition.get("state") for condition in after] == ["completeState"]
    heeds = [
        events[name].find(".//ActivateControllerAction").get("longitudinal")
        for name in ("ego_0_drive", "ego_2_drive")
    ]
    assert heeds == ["true", "false"]
    commands = {c.get("type"): c.text for c in events["ego_2_drive"].iter("CustomCommandAction")}
    assert commands == {"scenegen.obey_signals": "false", "scenegen.indicator": "left"}


def test_triggers_by_others():
    root = written(scene())
    events = {event.get("name"): event.find("StartTrigger") for event in root.iter("Event")}
    headway = events["child_0_walk"]
    assert headway.find(".//TriggeringEntities/EntityRef").get("entityRef") == "ego"
    assert (
        headway.find(".//TimeHeadwayCondition").attrib.items()
        >= {
            "entityRef": "child",
            "value": "1.5",
            "rule": "lessOrEqual",
            "relativeDistanceType": "longitudinal",
        }.items()
    )
    collision = events["child_1_fall"].find(".//TimeToCollisionCondition")
    assert collision.find(".//EntityRef").get("entityRef") == "ego"
    near = events["dog_0_stand"].find(".//RelativeDistanceCondition")
    assert (near.get("entityRef"), near.get("value")) == ("bicycle", "12")


def test_the_weather_and_the_hour():
    root = written(scene())
    environment = root.find(".//Environment")
    assert environment.find("TimeOfDay").get("dateTime") == "2026-03-20T08:00:00"
    weather = environment.find("Weather")
    assert weather.get("fractionalCloudCover") == "sevenOktas"
    # In the morning of an equinox the sun stands in the south-east.
    assert 0.5 * np.pi < float(weather.find("Sun").get("azimuth")) < np.pi
    assert 30_000 < float(weather.find("Sun").get("illuminance")) < 120_000
    rain = weather.find("Precipitation")
    assert rain.get("precipitationType") == "rain"
    assert float(rain.get("precipitationIntensity")) == pytest.approx(4)
    road = environment.find("RoadCondition")
    assert road.get("wetness") == "wetWithPuddles"
    assert 0.55 < float(road.get("frictionScaleFactor")) < 0.8


@pytest.mark.parametrize("mode", ["normal", "conflicting", "dark", "flashing"])
def test_signals_show_what_they_show(mode):
    concrete = scene(mode)
    network = build_network(concrete.road)
    phases = written(concrete).findall("RoadNetwork/TrafficSignals//Phase")
    ends = np.cumsum([float(phase.get("duration")) for phase in phases])
    for time in np.arange(0.013, 2 * ends[-1], 0.37):
        phase = phases[int(np.searchsorted(ends, time % ends[-1]))]
        shown = {s.get("trafficSignalId"): s.get("state") for s in phase}
        plan = concrete.road.signals
        assert shown == {h.id: state_name(head_state(plan, h, time)) for h in network.signals}


def test_recorded_motion_is_the_trajectory():
    concrete = scene()
    root = written(concrete, "recorded")
    run = coasting(concrete.actors, 121, concrete.rates)
    lines = root.findall(".//Event")
    assert len(lines) == len(concrete.actors)
    vertices = lines[3].findall(".//Vertex")
    column = run.position_m[:, 3]
    assert [float(v.get("time")) for v in vertices] == run.time_s.tolist()
    found = [[float(v.find(".//WorldPosition").get(k)) for k in "xyz"] for v in vertices]
    np.testing.assert_array_equal(found, column)


def acting(*manoeuvres, **others):
    concrete = scene()
    ego = concrete.ego.model_copy(update={"behaviour": manoeuvres, **others})
    return concrete.model_copy(update={"actors": (ego, *concrete.actors[1:])})


def started_by(root, name):
    """Return the names of conditions of an event's trigger, by group."""
    event = root.find(f".//Event[@name='{name}']")
    return [
        [condition[0][-1][0].tag if condition[0].tag == "ByEntityCondition" else condition[0][0].tag
         for condition in group]
        for group in event.findall("StartTrigger/ConditionGroup")
    ]  # fmt: skip


LINE = ((0.0, 0.0), (30.0, 0.0))
ACTIONS = (
    Drive(path=LINE, speed_mps=5, frame="body", stops=True, ignores=(2,)),
    Drive(path=LINE, speed_mps=2, backward=True, join_m=4.0, ends_m=9.0),
    Pace(speed_mps=9),
    Synchronize(
        actor=2,
        place=OnPlace(point_m=(40.0, 0.0), yaw_rad=7.0),
        their_place=OnPlace(actor=2, point_m=(60.0, 4.0), yaw_rad=3.1),
        ahead_s=0.5,
        fastest_mps=20.0,
    ),
    Brake(deceleration_mps2=3, locks=True),
    Walk(path=LINE, speed_mps=1, avoid=True, room_m=(1.0, 0.5), intent="wandering"),
    Stand(hazard_lights=True),
    Fall(way="left"),
    Release(loads=(2, 3)),
    Lights(indicator="both"),
    Pose(gait="phone"),
    Door(channel="door_left", angle_rad=1.0, over_s=0.8),
    GetOut(over_s=1.8),
)
CONDITIONS = (
    *(Trigger(kind=kind, value=2, actor=2) for kind in ("time", "distance", "ttc", "gap_s")),
    OnSignal(group="major", states=(1, 2)),
    OnAction(actor=2, does="follow_lane", phase="ends"),
    OnSpeed(actor=2, at_least_mps=1, at_most_mps=9),
    OnPlace(point_m=(40.0, 0.0), yaw_rad=7.0),
    OnAhead(actor=2, by_m=6),
    OnHeadway(actor=2, time_s=1.5),
    OnGapAhead(actor=2, by_m=30.0),
    OnRoom(path=LINE, time_s=3, speed_mps=9),
)


def test_nothing_is_without_a_form():
    kinds = {kind.model_fields["kind"].default for kind in get_args(get_args(Action)[0])}
    assert {action.kind for action in ACTIONS} == kinds
    kinds = {kind.model_fields["kind"].default for kind in get_args(get_args(Condition)[0])}
    assert {type(c).model_fields["kind"].default for c in CONDITIONS} | {"all", "any"} == kinds


@pytest.mark.parametrize("action", ACTIONS, ids=lambda action: action.kind)
def test_every_action_has_a_form(action):
    root = written(acting(Manoeuvre(action=action)))
    event = root.find(f".//Event[@name='ego_0_{action.kind}']")
    assert event.findall("Action")


@pytest.mark.parametrize(
    ("condition", "groups"),
    [
        (CONDITIONS[4], [["TrafficSignalCondition"]] * 2),
        (CONDITIONS[5], [["StoryboardElementStateCondition"]]),
        (CONDITIONS[6], [["SpeedCondition"] * 2]),
        (CONDITIONS[7], [["DistanceCondition"] * 2]),
        (CONDITIONS[8], [["UserDefinedValueCondition"]]),
        (CONDITIONS[9], [["TimeHeadwayCondition"]]),
        (CONDITIONS[10], [["RelativeDistanceCondition"]]),
        (CONDITIONS[11], [["UserDefinedValueCondition"]]),
        (
            AllOf(conditions=(Trigger(kind="time"), AnyOf(conditions=CONDITIONS[1:3]))),
            [
                ["SimulationTimeCondition", "RelativeDistanceCondition"],
                ["SimulationTimeCondition", "TimeToCollisionCondition"],
            ],
        ),
    ],
)
def test_conditions_and_their_sums(condition, groups):
    root = written(acting(Manoeuvre(trigger=condition, action=Pace(speed_mps=3))))
    assert started_by(root, "ego_0_pace") == groups


def test_delays_add_up():
    inner = Trigger(kind="time", value=1, delay_s=0.5)
    root = written(
        acting(Manoeuvre(trigger=AllOf(conditions=(inner,), delay_s=2), action=Pace(speed_mps=3)))
    )
    event = root.find(".//Event[@name='ego_0_pace']")
    assert event.find(".//Condition").get("delay") == "2.5"


def test_beside_and_over():
    beside = Alongside(trigger=CONDITIONS[0], action=Lights(indicator="left"))
    over = Interrupt(
        trigger=CONDITIONS[4],
        manoeuvres=(Manoeuvre(action=Brake(deceleration_mps2=5)), Manoeuvre(action=Stand())),
        until=CONDITIONS[6],
    )
    first = Manoeuvre(action=Drive(path=LINE, speed_mps=5), alongside=(beside,))
    root = written(acting(first, interrupts=(over,)))
    group = root.find(".//ManeuverGroup[@name='ego_group']")
    names = [maneuver.get("name") for maneuver in group.findall("Maneuver")]
    assert names == ["ego_behaviour", "ego_interrupt_0"]
    parallel = group.find(".//Event[@name='ego_0_drive_beside_0']")
    assert parallel.get("priority") == "parallel"
    state, time = "StoryboardElementStateCondition", "SimulationTimeCondition"
    assert started_by(root, "ego_0_drive_beside_0") == [[state, time]]
    # It begins at red or amber, goes on when braked, and ends by speed alone.
    assert started_by(root, "ego_1_brake") == [["TrafficSignalCondition"]] * 2
    assert started_by(root, "ego_2_stand") == [[state]]
    assert started_by(root, "ego_interrupt_0_end") == [["SpeedCondition"] * 2]
    itself = over.model_copy(update={"until": None})
    root = written(acting(first, interrupts=(itself,)))
    assert started_by(root, "ego_interrupt_0_end") == [[state]]


def test_the_same_scene_is_the_same_bytes(tmp_path):
    keys = {"scenario": "wet_cut_in", "seed": 3, "index": 2}
    results = [
        export(ExportConfig.parse({**keys, "out": str(tmp_path / name)}), io.StringIO())
        for name in "ab"
    ]
    assert results[0].files == ("wet_cut_in-000002.xosc", "wet_cut_in-000002.xodr")
    for name in results[0].files:
        one, two = ((result.path / name).read_bytes() for result in results)
        assert one == two
    road = ET.fromstring((results[0].path / results[0].files[0]).read_bytes()).find(".//LogicFile")
    assert road.get("filepath") == results[0].files[1]


def test_what_is_asked_wrongly(tmp_path):
    def ask(**keys):
        export(ExportConfig.parse({"out": str(tmp_path / "out"), **keys}), io.StringIO())

    with pytest.raises(InputError, match="did you mean 'openscenario'"):
        ask(scenario="wet_cut_in", format="openscenari")
    with pytest.raises(InputError, match="takes the scenes of dataset=, or draws one"):
        ask()
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("mine")
    with pytest.raises(OutputError, match="holds something already"):
        ask(scenario="wet_cut_in")
    assert load_scenario("wet_cut_in").name == "wet_cut_in"
