"""Finds every actor's place: lanes, gaps between bodies, rows and loads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np

from scenegen.assets import DOORS_SUFFIX, get, openable
from scenegen.errors import ScenarioError, nearest
from scenegen.geometry import wrap_angle
from scenegen.records import Asset, Lane, RoadNetwork
from scenegen.roads import lane_length, lane_point, project_to_lane
from scenegen.sample.carried import base_of, held_pose, is_person
from scenegen.sample.limits import limited
from scenegen.sample.overlap import overlap
from scenegen.sample.placed import Placed, Rejected, on_ground
from scenegen.sample.values import Values
from scenegen.scenario.actors import ActorEntry
from scenegen.scenario.behaviours import verbs
from scenegen.scenario.distributions import Distribution
from scenegen.scenario.document import PlaceEntry
from scenegen.scenario.syntax import Reference
from scenegen.scenario.values import Value

VARIANTS = 8
"""Looks of an asset that an actor without a variant is drawn from."""
MAX_ROW = 40
_FACING = {"along": 1, "against": -1}


class _Body(NamedTuple):
    """Who is placed; the first fields of `Placed`."""

    instance_id: int
    name: str
    entry: ActorEntry
    asset: Asset
    variant: int


class _Spot(NamedTuple):
    """Where in a lane: station along traffic, heading relative to it, sense of facing."""

    lane: Lane
    s_m: float
    heading_rad: float
    facing: int


class Stage:
    """The bodies placed so far, on one road.

    Parameters
    ----------
    network : RoadNetwork
    values : Values
        Of this draw.
    parameters : mapping of str to Distribution
        What the assets of a row are drawn from.
    generator : numpy.random.Generator
        Draws the variants, and the assets of a row.
    """

    def __init__(
        self,
        network: RoadNetwork,
        values: Values,
        parameters: Mapping[str, Distribution],
        generator: np.random.Generator,
    ) -> None:
        self.network = network
        self.values = values
        self.parameters = parameters
        self.generator = generator
        self.bodies: list[Placed] = []
        self.groups: dict[str, list[Placed]] = {}

    def add(self, name: str, entry: ActorEntry) -> None:
        """Place an actor, or all of a row.

        Raises
        ------
        Rejected
            A body overlaps one placed before, or is beyond the end of its lane.
        ScenarioError
            There is no such lane or anchor in this draw.
        """
        if entry.place.attached_to is not None:
            row = [self._carried(name, entry)]
        else:
            row = self._row(name, entry)
        for body in row:
            for other in self.bodies:
                if _separate(body, other) and overlap(body.footprint, other.footprint):
                    raise Rejected(f"no_overlap({other.name}, {body.name})")
            self.bodies.append(body)
        self.groups[name] = row

    def _body(self, name: str, index: int, entry: ActorEntry) -> _Body:
        asset_id = self._asset_id(index, entry)
        if {"open_door", "close_door"} & verbs(entry.behaviour) and openable(asset_id):
            asset_id += DOORS_SUFFIX
        drawn = int(self.generator.integers(VARIANTS))
        variant = self.values.count(entry.variant, drawn)
        if variant < 0:
            raise ScenarioError(f"{name}: variants count from 0", entry.asset.place)
        own = name if entry.count is None else f"{name}_{index}"
        return _Body(len(self.bodies) + index + 1, own, entry, get(asset_id, variant), variant)

    def _asset_id(self, index: int, entry: ActorEntry) -> str:
        """Return what a body looks like; each further body of a row draws anew."""
        node = entry.asset.expression
        if index > 0 and isinstance(node, Reference):
            distribution = self.parameters.get(node.name)
            if distribution is not None:
                drawn = distribution.bind(self.values.row)
                return str(drawn.sample(self.generator, 1)[0])
        return self.values.text(entry.asset)

    def _row(self, name: str, entry: ActorEntry) -> list[Placed]:
        count = self.values.count(entry.count, 1)
        if not 0 <= count <= MAX_ROW:
            place = (entry.count or entry.asset).place
            raise ScenarioError(f"{name}: a row has 0 to {MAX_ROW} bodies, not {count}", place)
        spacing = self.values.number(entry.spacing, 1.0)
        lane, heading, facing = self._lane(entry)
        bodies = [self._body(name, index, entry) for index in range(count)]
        row: list[Placed] = []
        s, sense = 0.0, 1
        for body in bodies:
            half = 0.5 * _extent(body.asset, heading)
            if row:
                s += sense * (0.5 * _extent(row[-1].asset, heading) + spacing + half)
            else:
                s, sense = self._station(entry.place, lane, half)
            aside, along = self._scattered(entry, spacing)
            row.append(self._on_lane(body, _Spot(lane, s + along, heading, facing), aside))
        return row

    def _scattered(self, entry: ActorEntry, spacing_m: float) -> tuple[float, float]:
        """Return how far one body of a row is to the side of its place, and onward of it."""
        if entry.scatter is None:
            return 0.0, 0.0
        most = self.values.number(entry.scatter)
        aside, along = self.generator.uniform(-1.0, 1.0, 2).tolist()
        return most * aside, min(most, 0.25 * spacing_m) * along

    def _lane(self, entry: ActorEntry) -> tuple[Lane, float, int]:
        """Return the lane, the heading relative to its traffic, and the sense of facing."""
        place = entry.place
        lane = self._present(place.other)[0].lane if place.other else None
        if place.lane is not None:
            lane = self.lane(place.lane)
        if lane is None:
            raise ScenarioError(
                f"{place.other!r} is carried and in no lane; name a 'lane'", entry.asset.place
            )
        heading = self.values.text(place.heading, "along")
        turns = {"along": 0.0, "against": np.pi, "left": np.pi / 2, "right": -np.pi / 2}
        # Traffic drives on the right, so the road's middle is to the left of every lane.
        turn = turns["left" if heading == "across" else heading]
        return lane, turn + self.values.number(place.turn), _FACING.get(heading, 0)

    def lane(self, value: Value) -> Lane:
        """Return a lane by what a field says."""
        name = self.values.text(value)
        lane = self.network.lanes.get(name)
        if lane is None:
            hint = nearest(name, self.network.lanes)
            raise ScenarioError(f"this road has no lane {name!r}{hint}", value.place)
        return lane

    def _station(self, place: PlaceEntry, lane: Lane, half_m: float) -> tuple[float, int]:
        """Return the station, along traffic, of a body that is 2 `half_m` long.

        And the sense, +1 or -1 along traffic, in which a row goes on from it: away from the
        other actor, or onward along the road.
        """
        if place.s is not None:
            s = self.values.number(place.s)
            return (s if lane.direction > 0 else lane_length(lane) - s), lane.direction
        row = self._present(place.other or "")
        forward = _facing_in(lane, row[0])
        stations = [float(project_to_lane(lane, body.position_m[:2])[0]) for body in row]
        halves = [0.5 * _extent_along(body, lane) for body in row]
        gap = self.values.number(place.gap)
        if place.beside is not None:
            return stations[0], forward
        if place.ahead_of is not None:
            edges = [forward * s + h for s, h in zip(stations, halves, strict=True)]
            return forward * (max(edges) + gap + half_m), forward
        edges = [forward * s - h for s, h in zip(stations, halves, strict=True)]
        return forward * (min(edges) - gap - half_m), -forward

    def _present(self, name: str) -> list[Placed]:
        """Return the bodies of an actor that another one's place counts on."""
        if not self.groups[name]:
            raise Rejected(f"present({name})")
        return self.groups[name]

    def _on_lane(self, body: _Body, spot: _Spot, aside_m: float) -> Placed:
        lane, s, heading, facing = spot
        if "kingpin" in body.asset.anchors:
            raise ScenarioError(
                f"{body.asset.id!r} stands on a tractor: place it {{attached_to: NAME}}, where "
                "NAME is a 'vehicle.tractor'",
                body.entry.asset.place,
            )
        if not 0.0 <= s <= lane_length(lane):
            raise Rejected(f"on_road({body.name})")
        lateral = self.values.number(body.entry.place.lateral) + aside_m
        point, along = lane_point(lane, s, lateral)
        yaw = float(wrap_angle(along + heading))
        position, quaternion = on_ground(self.network, body.asset, point[:2], yaw, float(point[2]))
        speed = self.values.number(body.entry.speed)
        if speed < 0 and body.entry.speed is not None:
            raise ScenarioError(
                f"{body.entry.speed.name!r} comes to {speed:g} m/s; to drive the other way, "
                "turn the 'heading'",
                body.entry.speed.place,
            )
        speed = limited(speed, body.asset, body.entry.speed)
        return Placed(*body, position, quaternion, speed, lane, s, lateral, facing)

    def _carried(self, name: str, entry: ActorEntry) -> Placed:
        place = entry.place
        carrier = self._present(place.attached_to or "")[0]
        if not (carrier.asset.wheels or is_person(carrier.asset)):
            raise ScenarioError(
                f"{name}: {carrier.name!r} carries nothing; only what drives on wheels does",
                entry.asset.place,
            )
        body = self._body(name, 0, entry)
        base = base_of(carrier, body.asset, entry, self.groups)
        offset = np.array(self.values.vector(place.offset)) + base
        turn = self.values.number(place.turn)
        position, quaternion = held_pose(self.network, carrier, body.asset, offset, turn)
        return Placed(*body, position, quaternion, 0.0, carrier=carrier)


def _separate(a: Placed, b: Placed) -> bool:
    """Say whether two bodies may not overlap: neither holds the other, at first or second hand."""
    return all(h is not a for h in _holders(b)) and all(h is not b for h in _holders(a))


def _holders(body: Placed) -> list[Placed]:
    """Return who holds a body, who holds them, and so on."""
    found: list[Placed] = []
    while body.carrier is not None:
        body = body.carrier
        found.append(body)
    return found


def _extent(asset: Asset, heading: float) -> float:
    """Return a body's length along a lane that it stands in at an angle."""
    length, width, _ = asset.size_m
    return abs(length * float(np.cos(heading))) + abs(width * float(np.sin(heading)))


def _extent_along(body: Placed, lane: Lane) -> float:
    s = float(project_to_lane(lane, body.position_m[:2])[0])
    return _extent(body.asset, body.yaw_rad - lane_point(lane, s)[1])


def _facing_in(lane: Lane, body: Placed) -> int:
    """Return +1 if "ahead of" a body is along a lane's traffic, -1 if against it.

    A body that stands across a lane counts as facing along its own lane's traffic.
    """
    reference = body.yaw_rad
    if body.facing == 0 and body.lane is not None:
        reference = lane_point(body.lane, body.s_m)[1]
    s = float(project_to_lane(lane, body.position_m[:2])[0])
    return 1 if np.cos(reference - lane_point(lane, s)[1]) >= 0 else -1
