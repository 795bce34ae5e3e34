"""The catalogue: which assets there are, and who builds them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from scenegen.assets.animals import boar, cat, cow, deer, dog, fox, horse, sheep
from scenegen.assets.artic import articulated_lorry
from scenegen.assets.backdrop import hill, row, woodland
from scenegen.assets.backhoe import backhoe_loader
from scenegen.assets.barriers import beacon, concrete_barrier, railing, works_barrier
from scenegen.assets.bicycle import city_bicycle
from scenegen.assets.buildings import building
from scenegen.assets.coaches import bus, coach
from scenegen.assets.covers import drain, manhole
from scenegen.assets.crossing_barrier import crossing_barrier
from scenegen.assets.debris import barrel, box_debris, cone, crate, mattress, pallet, triangle, tyre
from scenegen.assets.kerbside import (
    bicycle_rack,
    bollard,
    cabinet,
    hydrant,
    parking_meter,
    planter,
    post_box,
    rubbish,
    sandwich_board,
)
from scenegen.assets.kickscooter import kick_scooter
from scenegen.assets.level_crossing import (
    andrews_cross,
    level_crossing_light,
    railway_track,
)
from scenegen.assets.lost import bag, exhaust, ladder, planks, tyre_shred
from scenegen.assets.moped import moped
from scenegen.assets.motorcycle import motorcycle
from scenegen.assets.overhead import cables, gantry, gantry_leg
from scenegen.assets.people import (
    adult,
    child,
    elder,
    motorcyclist,
    rider,
    scooter_rider,
    wheelchair_user,
)
from scenegen.assets.pushed import pushchair, trolley, wheelchair
from scenegen.assets.rails import tram_rails
from scenegen.assets.semi import semitrailer, tractor
from scenegen.assets.shelters import (
    advertising_column,
    bus_shelter,
    bus_stop,
    kiosk,
    poster_board,
)
from scenegen.assets.signs import sign
from scenegen.assets.street import (
    bench,
    bin_,
    delineator,
    fence,
    guardrail,
    signal_post,
    street_lamp,
    utility_pole,
)
from scenegen.assets.towntrucks import fire_engine, refuse_lorry
from scenegen.assets.tram import tram
from scenegen.assets.trees import broadleaf, conifer
from scenegen.assets.trucks import box_truck, flatbed_truck
from scenegen.assets.tunnels import tunnel, tunnel_lamp, tunnel_portal
from scenegen.assets.vegetation import bush, hedge, tall_grass
from scenegen.assets.vehicles import (
    ambulance,
    city,
    compact,
    estate,
    pickup,
    police,
    sedan,
    suv,
    taxi,
    van,
)
from scenegen.assets.walk_signals import tram_signal, walk_signal
from scenegen.records.base import Vec3
from scenegen.records.mesh import Asset

Builder = Callable[[str, int, np.random.Generator, Vec3 | None], Asset]


@dataclass(frozen=True)
class _Entry:
    category: str
    description: str
    builder: Builder
    to_measure: bool = False


CATALOGUE: dict[str, _Entry] = {
    "vehicle.compact": _Entry("car", "five-door hatchback", compact),
    "vehicle.sedan": _Entry("car", "four-door saloon", sedan),
    "vehicle.estate": _Entry("car", "estate car", estate),
    "vehicle.suv": _Entry("car", "sport utility vehicle", suv),
    "vehicle.van": _Entry("car", "delivery van or minibus", van),
    "vehicle.city": _Entry("car", "small city car with two doors", city),
    "vehicle.pickup": _Entry("car", "pickup with a double cab and a covered bed", pickup),
    "vehicle.taxi": _Entry("car", "saloon with a taxi sign on its roof", taxi),
    "vehicle.police": _Entry("car", "police estate with blue beacons", police),
    "vehicle.ambulance": _Entry("car", "ambulance with blue beacons", ambulance),
    "vehicle.box_truck": _Entry("truck", "lorry with a box body", box_truck),
    "vehicle.flatbed_truck": _Entry("truck", "lorry with an open load bed", flatbed_truck),
    "vehicle.articulated_lorry": _Entry("truck", "tractor with semitrailer", articulated_lorry),
    "vehicle.tractor": _Entry("truck", "tractor that pulls a trailer.semi", tractor),
    "trailer.semi": _Entry("truck", "semitrailer of 13.6 m, for a vehicle.tractor", semitrailer),
    "vehicle.fire_engine": _Entry("truck", "fire engine with blue beacons", fire_engine),
    "vehicle.refuse_lorry": _Entry("truck", "refuse lorry with amber beacons", refuse_lorry),
    "vehicle.backhoe_loader": _Entry(
        "truck", "backhoe loader with an amber beacon, on its way", backhoe_loader
    ),
    "vehicle.bus": _Entry("bus", "city bus with three doors", bus),
    "vehicle.coach": _Entry("bus", "touring coach on three axles", coach),
    "vehicle.tram": _Entry("train", "tram of 15 m on two bogies", tram),
    "motorcycle.road": _Entry("motorcycle", "motorcycle of some 700 cc", motorcycle),
    "motorcycle.moped": _Entry("motorcycle", "motor scooter, some with a box", moped),
    "motorcycle.kick_scooter": _Entry("motorcycle", "electric kick scooter", kick_scooter),
    "bicycle.city": _Entry("bicycle", "city bicycle", city_bicycle),
    "person.rider": _Entry("rider", "cyclist, to sit on bicycle.city", rider),
    "person.motorcyclist": _Entry("rider", "rider of a motorcycle or moped", motorcyclist),
    "person.scooter_rider": _Entry("rider", "rider of a kick scooter, standing", scooter_rider),
    "person.wheelchair_user": _Entry("rider", "someone in a wheelchair", wheelchair_user),
    "person.adult": _Entry("person", "adult pedestrian", adult),
    "person.child": _Entry("person", "child of six to eleven years", child),
    "person.elder": _Entry("person", "elderly pedestrian", elder),
    "animal.deer": _Entry("animal", "roe or red deer, some with antlers", deer),
    "animal.boar": _Entry("animal", "wild boar", boar),
    "animal.dog": _Entry("animal", "dog", dog),
    "animal.cow": _Entry("animal", "cow, some with horns", cow),
    "animal.horse": _Entry("animal", "horse without tack", horse),
    "animal.sheep": _Entry("animal", "sheep", sheep),
    "animal.fox": _Entry("animal", "red fox", fox),
    "animal.cat": _Entry("animal", "house cat", cat),
    "debris.box": _Entry("debris", "cardboard box", box_debris),
    "debris.crate": _Entry("debris", "wooden crate", crate),
    "debris.pallet": _Entry("debris", "EUR pallet", pallet),
    "debris.barrel": _Entry("debris", "steel drum, 200 l", barrel),
    "debris.tyre": _Entry("debris", "lorry tyre, lying", tyre),
    "debris.mattress": _Entry("debris", "mattress", mattress),
    "debris.tyre_shred": _Entry("debris", "tread of a burst lorry tyre", tyre_shred),
    "debris.ladder": _Entry("debris", "ladder, lying", ladder),
    "debris.planks": _Entry("debris", "planks off a load", planks),
    "debris.exhaust": _Entry("debris", "broken-off exhaust", exhaust),
    "debris.bag": _Entry("debris", "rubbish bag or travelling bag", bag),
    "pushed.pushchair": _Entry("dynamic", "pushchair, some with a child in it", pushchair),
    "pushed.wheelchair": _Entry("dynamic", "wheelchair", wheelchair),
    "pushed.trolley": _Entry("dynamic", "shopping trolley", trolley),
    "object.cone": _Entry("cone", "traffic cone", cone),
    "object.warning_triangle": _Entry("debris", "warning triangle, standing", triangle),
    "prop.building": _Entry("building", "house, block or office, to measure", building, True),
    "prop.tree_broadleaf": _Entry("vegetation", "broad-leaved tree of six species", broadleaf),
    "prop.tree_conifer": _Entry("vegetation", "spruce or pine", conifer),
    "prop.bush": _Entry("vegetation", "bush", bush),
    "prop.hedge": _Entry("vegetation", "clipped hedge, to measure", hedge, True),
    "prop.tall_grass": _Entry("terrain", "unmown grass, to measure", tall_grass, True),
    "prop.woodland": _Entry("vegetation", "edge of a wood far away, to measure", woodland, True),
    "prop.hill": _Entry("terrain", "rise of the ground, to measure", hill, True),
    "prop.far_row": _Entry("building", "row of houses far away, to measure", row, True),
    "prop.street_lamp": _Entry("pole", "street lamp on a bent post", street_lamp),
    "prop.signal_post": _Entry("traffic light", "traffic signal on a post", signal_post),
    "prop.guardrail": _Entry("guard rail", "steel guard rail, to measure", guardrail, True),
    "prop.fence": _Entry("fence", "fence, to measure", fence, True),
    "prop.delineator": _Entry("pole", "road edge delineator", delineator),
    "prop.sign_warning": _Entry("traffic sign", "warning sign", sign),
    "prop.sign_speed": _Entry("traffic sign", "speed limit sign", sign),
    "prop.sign_stop": _Entry("traffic sign", "stop sign", sign),
    "prop.sign_priority": _Entry("traffic sign", "give way or priority sign", sign),
    "prop.sign_prohibition": _Entry("traffic sign", "prohibitory sign", sign),
    "prop.sign_mandatory": _Entry("traffic sign", "mandatory sign", sign),
    "prop.sign_information": _Entry("traffic sign", "information sign", sign),
    "prop.bin": _Entry("static", "litter bin or wheelie bin", bin_),
    "prop.bench": _Entry("static", "park bench", bench),
    "prop.utility_pole": _Entry("pole", "wooden utility pole", utility_pole),
    "prop.cables": _Entry("pole", "cables between utility poles, to measure", cables, True),
    "prop.gantry": _Entry("pole", "gantry beam, to measure", gantry, True),
    "prop.gantry_leg": _Entry("pole", "leg of a gantry", gantry_leg),
    "prop.walk_signal": _Entry("traffic light", "signal for walkers on a post", walk_signal),
    "prop.tram_signal": _Entry("traffic light", "signal for trams on a post", tram_signal),
    "prop.concrete_barrier": _Entry(
        "guard rail", "concrete wall, to measure", concrete_barrier, True
    ),
    "prop.railing": _Entry("fence", "railing along a pavement, to measure", railing, True),
    "prop.works_barrier": _Entry("fence", "striped barrier of road works", works_barrier),
    "prop.beacon": _Entry("fence", "striped beacon of road works", beacon),
    "prop.bollard": _Entry("pole", "bollard", bollard),
    "prop.hydrant": _Entry("static", "fire hydrant", hydrant),
    "prop.bicycle_rack": _Entry("static", "hoops to lock bicycles to", bicycle_rack),
    "prop.post_box": _Entry("static", "post box", post_box),
    "prop.cabinet": _Entry("static", "cabinet of a power or telephone line", cabinet),
    "prop.parking_meter": _Entry("static", "parking ticket machine", parking_meter),
    "prop.planter": _Entry("static", "tub with a bush", planter),
    "prop.rubbish": _Entry("static", "rubbish put out: bags and boxes", rubbish),
    "prop.sandwich_board": _Entry("static", "folding board of a shop", sandwich_board),
    "prop.bus_shelter": _Entry("building", "bus shelter with bench and posters", bus_shelter),
    "prop.bus_stop": _Entry("traffic sign", "bus stop post", bus_stop),
    "prop.advertising_column": _Entry("static", "round column of posters", advertising_column),
    "prop.poster_board": _Entry("static", "lit poster case", poster_board),
    "prop.kiosk": _Entry("building", "kiosk", kiosk),
    "prop.manhole": _Entry("road", "manhole cover", manhole),
    "prop.drain": _Entry("road", "drain of a gutter", drain),
    "prop.andrews_cross": _Entry("traffic sign", "St Andrew's cross on a post", andrews_cross),
    "prop.level_crossing_light": _Entry(
        "traffic light", "St Andrew's cross with lights", level_crossing_light
    ),
    "prop.crossing_barrier": _Entry(
        "fence", "half barrier of a level crossing; variants have longer arms", crossing_barrier
    ),
    "prop.railway_track": _Entry("road", "rails on sleepers, to measure", railway_track, True),
    "prop.tunnel": _Entry("wall", "piece of a tunnel, to measure", tunnel, True),
    "prop.tunnel_portal": _Entry("wall", "end of a tunnel, to measure", tunnel_portal, True),
    "prop.tunnel_lamp": _Entry("static", "lamp under a ceiling, to measure", tunnel_lamp, True),
    "prop.tram_rails": _Entry("road", "pair of grooved rails, to measure", tram_rails, True),
}
