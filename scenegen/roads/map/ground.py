"""Everything underfoot of a road map as one mesh: the land with its roads, and decks above it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import shapely
from shapely.geometry.base import BaseGeometry

from scenegen.records import RoadSpec, Surface
from scenegen.records.base import F64
from scenegen.roads.map.carriageway import Carriageway
from scenegen.roads.map.extent import outline
from scenegen.roads.map.land import deck_of, land_of
from scenegen.roads.map.levels import levels_of
from scenegen.roads.map.locate import Locator
from scenegen.roads.map.marks import Painted, areas_by_group
from scenegen.roads.map.mesh import Mesh, mesh_of, shared_corners, together
from scenegen.roads.map.objects import Placed, painted_objects
from scenegen.roads.map.relief import heights_of
from scenegen.roads.map.structure import concrete, deck, piers, tunnel
from scenegen.roads.map.trace import TracedRoad
from scenegen.roads.map.zones import Zones, zones_of


def build_ground(
    spec: RoadSpec,
    roads: Sequence[TracedRoad],
    things: tuple[Placed, ...],
    painted: list[Painted],
) -> tuple[Mesh, Carriageway, tuple[Surface, ...], bool]:
    """Return the mesh, what is driven on, what else is built, and whether there are decks.

    Parameters
    ----------
    painted : list of Painted
        Marks along lanes; those that objects paint are added.

    Raises
    ------
    InputError
        Roads lie above each other with too little room between them.
    """
    levels = levels_of(roads)
    islands = [thing.area for thing in things if thing.object.kind == "island"]
    zones = zones_of(levels.ground, islands)
    above = [zones_of([one]) for one in levels.decks]
    carriageway = shapely.union_all([zones.carriageway, *(z.carriageway for z in above)])
    painted += painted_objects(things, carriageway)
    parts = _parts(levels.ground, levels.decks)
    outlines = [outline(one) for one in levels.decks]
    free = shapely.union_all(outlines)
    paint = areas_by_group(painted, zones.carriageway, parts)
    land = land_of(zones, levels.ground, paint, spec.verge_m, free)
    corners, index = shared_corners(land)
    z = heights_of(land, index, corners, levels.ground, spec.verge_m, levels.decks)
    ground = mesh_of(land, corners, index, z)
    meshes = [ground]
    built = []
    for one, own, area in zip(levels.decks, above, outlines, strict=True):
        meshes.append(_deck(one, own, painted, area))
        built.append(deck(one))
        built.append(piers(one, Carriageway(zones.carriageway).distance, Locator(ground).height))
    for thing in things:
        # Composed roads have their own tunnels as scenery.
        if thing.object.kind == "tunnel" and spec.kind == "opendrive":
            built.append(_tunnel(thing, roads))
    surface = concrete(built)
    structure = () if surface is None else (surface,)
    return together(meshes), Carriageway(carriageway), structure, bool(levels.decks)


def _parts(ground: Sequence[TracedRoad], decks: Sequence[TracedRoad]) -> Mapping[str, BaseGeometry]:
    """Return by road the part that lies on the ground, of roads that are partly decks."""
    parted = {one.road.id for one in decks}
    return {
        name: shapely.union_all([outline(one) for one in ground if one.road.id == name])
        for name in sorted(parted)
    }


def _deck(one: TracedRoad, zones: Zones, painted: Sequence[Painted], area: BaseGeometry) -> Mesh:
    own = [line for line in painted if line.road == one.road.id]
    paint = areas_by_group(own, zones.carriageway, {one.road.id: area})
    land = deck_of(zones, [one], paint)
    corners, index = shared_corners(land)
    return mesh_of(land, corners, index, heights_of(land, index, corners, [one], 0.0))


def _tunnel(thing: Placed, roads: Sequence[TracedRoad]) -> F64:
    one = next(one for one in roads if one.road.id == thing.road.id)
    half = 0.5 * thing.object.length_m
    s0, s1 = thing.object.s_m - half, thing.object.s_m + half
    return tunnel(one, max(s0, one.reach_m[0]), min(s1, one.reach_m[1]))
