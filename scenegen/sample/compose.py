"""From one draw's values to a concrete scenario."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from scenegen.assets import mounts_on
from scenegen.errors import InputError, MapError, ScenarioError
from scenegen.records import (
    Actor,
    ConcreteScenario,
    Lamp,
    Lane,
    Light,
    Monitor,
    Prop,
    RoadNetwork,
    RoadSpec,
    Season,
)
from scenegen.roads import build_network
from scenegen.sample.barriers import barriers_of
from scenegen.sample.behave import behaviour_of
from scenegen.sample.clear import clear_of_actors
from scenegen.sample.conditions import light_of, road_of, stand_ins_of, weather_of
from scenegen.sample.disturb import disturbances_of
from scenegen.sample.layout import Layout
from scenegen.sample.placed import Placed, as_quaternion
from scenegen.sample.placement import Stage
from scenegen.sample.road_errors import road_error
from scenegen.sample.scenery import place_scenery
from scenegen.sample.sensors import sensors_of
from scenegen.sample.tracks import lay_rails
from scenegen.sample.values import Values
from scenegen.sample.weights import nominal_log_weight
from scenegen.scenario import LogicalScenario
from scenegen.scenario.syntax import Column
from scenegen.seeds import SceneKey


@dataclass(frozen=True)
class Choice:
    """The draw that becomes a scene.

    Attributes
    ----------
    columns : dict of str to ndarray, shape (1,)
        Every parameter, drawn or derived.
    log_weight : float
        ln nominal - ln proposal density.
    """

    columns: dict[str, Column]
    log_weight: float


def compose(
    logical: LogicalScenario,
    choice: Choice,
    layout: Layout,
    key: SceneKey,
    generator: np.random.Generator,
    scenery: int = 0,
) -> ConcreteScenario:
    """Add heights, behaviours, scenery and sensors to one draw's layout.

    Parameters
    ----------
    layout : Layout
        Of this draw alone.
    generator : numpy.random.Generator
        Draws what of a behaviour differs from body to body.
    scenery : int
        Which of the sceneries of its key it gets: others than the first are for draws of which
        another, with that one, was rejected.

    Raises
    ------
    ScenarioError
        A value makes no sense, with the place of its field.
    """
    values = Values(choice.columns)
    log_weight = nominal_log_weight(choice.log_weight, logical)
    stage = Stage(_network(logical, values), values, layout, generator)
    duration_s = _duration(logical, values)
    road, light = road_of(logical, values), light_of(logical, values)
    actors = tuple(_actor(body, stage, duration_s) for body in stage.bodies)
    weather = weather_of(logical, values)
    stand_ins = tuple(stand_ins_of(logical, values).items())
    props = _scenery(road, light, weather.season, stand_ins, key, scenery)
    mounts = mounts_on(stage.bodies[0].asset.size_m)
    parameters = {name: _plain(column[0]) for name, column in sorted(values.row.items())}
    return ConcreteScenario(
        name=logical.name,
        scenario_digest=logical.digest,
        seed=key.seed,
        index=key.index,
        parameters=parameters,
        log_weight=log_weight,
        duration_s=duration_s,
        rates=logical.rates,
        road=road,
        weather=weather,
        light=light,
        actors=actors + barriers_of(stage.network, actors),
        props=clear_of_actors(props, actors) + lay_rails(stage.network, road, _tram_lanes(stage)),
        sensors=sensors_of(logical.sensors, values, mounts, logical.rates),
        odd=logical.odd,
        monitors=_monitors(logical, stage, parameters),
        disturbances=disturbances_of(logical, key, actors, duration_s),
    )


@lru_cache(maxsize=4)  # a draw that was looked at is composed again once a scene takes it
def _scenery(
    road: RoadSpec,
    light: Light,
    season: Season,
    stand_ins: tuple[tuple[str, str], ...],
    key: SceneKey,
    number: int,
) -> tuple[Prop, ...]:
    which = "" if number == 0 else f".{number}"
    return place_scenery(
        build_network(road),
        road,
        light,
        key.generator(f"scenery{which}"),
        key.generator(f"furniture{which}"),
        key.generator(f"growth{which}"),
        season=season,
        stand_ins=dict(stand_ins),
    )


def _monitors(
    logical: LogicalScenario, stage: Stage, parameters: dict[str, float | str | bool]
) -> dict[str, Monitor]:
    bodies = {name: [body.instance_id for body in row] for name, row in stage.groups.items()}
    return {
        name: formula.bind(parameters, bodies, stage.network.lanes)
        for name, formula in logical.monitors.items()
    }


def _network(logical: LogicalScenario, values: Values) -> RoadNetwork:
    try:
        return build_network(road_of(logical, values))
    except (ScenarioError, MapError):
        raise
    except InputError as error:
        raise road_error(logical.road, error) from error


def _tram_lanes(stage: Stage) -> list[Lane]:
    """Return the lanes that trams are placed in, each once; a railway has its own track."""
    if stage.network.spec.kind == "level_crossing":
        return []
    trams = (body for body in stage.bodies if body.asset.category == "train")
    return list({body.lane.id: body.lane for body in trams if body.lane is not None}.values())


def _actor(body: Placed, stage: Stage, duration_s: float) -> Actor:
    x, y, z = body.position_m.tolist()
    behaviour, interrupts = behaviour_of(body, stage, duration_s)
    return Actor(
        instance_id=body.instance_id,
        name=body.name,
        asset_id=body.asset.id,
        variant=body.variant,
        category=body.asset.category,
        size_m=body.asset.size_m,
        position_m=(x, y, z),
        quaternion_wxyz=as_quaternion(body.quaternion_wxyz),
        velocity_mps=body.velocity_mps,
        mass_kg=body.asset.mass_kg,
        attached_to=None if body.carrier is None else body.carrier.instance_id,
        lights=stage.values.flag(body.entry.lights, True),
        beacon=_beacon(body, stage.values),
        behaviour=behaviour,
        interrupts=interrupts,
    )


def _beacon(body: Placed, values: Values) -> bool:
    """Say whether a body's beacons flash; it must have some."""
    if not values.flag(body.entry.beacon, False):
        return False
    if not body.asset.has_lamp(Lamp.BEACON):
        raise ScenarioError(
            f"{body.asset.id!r} has no beacon; vehicle.police, vehicle.ambulance, "
            "vehicle.fire_engine, vehicle.refuse_lorry and vehicle.backhoe_loader have",
            body.entry.asset.place,
        )
    return True


def _duration(logical: LogicalScenario, values: Values) -> float:
    """Return the duration, rounded to whole camera frames."""
    hz = logical.rates.camera_hz
    frames = round(values.number(logical.duration) * hz)
    if not 1 <= frames <= 120 * hz:
        raise ScenarioError(
            f"'duration' comes to {frames / hz:g} s and should be above 0 and at most 120 s",
            logical.duration.place,
        )
    return frames / hz


def _plain(value: np.generic) -> float | str | bool:
    """Return a parameter as JSON holds it."""
    item = value.item()
    return float(item) if isinstance(item, int) and not isinstance(item, bool) else item
