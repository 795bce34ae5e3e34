"""Build the whole network of a `RoadSpec`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from scenegen.records import Lane, RoadNetwork, RoadSpec
from scenegen.records.base import F64
from scenegen.roads import paint, symbols
from scenegen.roads.alignment import EXTENSION_M, Alignment, main_alignment
from scenegen.roads.crossing import build_crossing, crossing_lanes, crossing_yields
from scenegen.roads.fields import borders, fields_of, till
from scenegen.roads.fill import sweep_painted
from scenegen.roads.ground import ground_beside
from scenegen.roads.lanes import crosswalk_lane, lanes_of
from scenegen.roads.layouts import LAYOUTS
from scenegen.roads.lift import lift_along, parking_zones
from scenegen.roads.map.network import map_lane, map_lanes, map_shape
from scenegen.roads.section import Group, Section, cross_section
from scenegen.roads.surfaces import build_surfaces
from scenegen.roads.sweep import Soup, join, slices, snap_zones


def refine(t: F64, z: F64, groups: Sequence[Group], cuts: F64) -> tuple[F64, F64, list[Group]]:
    """Insert lateral cuts into a profile."""
    inside = cuts[(cuts > t[0]) & (cuts < t[-1])]
    finer = np.unique(np.concatenate([t, inside]))
    middles = 0.5 * (finer[:-1] + finer[1:])
    owner = np.searchsorted(t, middles) - 1
    return finer, np.interp(finer, t, z), [groups[k] for k in owner]


def single_road(spec: RoadSpec) -> tuple[Soup, dict[str, Lane], paint.Marking]:
    """Return mesh, lanes and markings of a road without a crossing."""
    alignment, section = main_alignment(spec), cross_section(spec)
    length = spec.length_m
    gap = parking_gap(spec)
    lanes = _single_lanes(spec)
    whole = (-EXTENSION_M, length + EXTENSION_M)
    parked = [(whole[0], gap[0]), (gap[1], whole[1])] if gap else [whole]
    marking = paint.merge(
        [
            _markings(spec, section, alignment),
            symbols.bays(spec, section, symbols.within_reach(spec, parked)),
            symbols.bicycles(spec, section, alignment, symbols.within_reach(spec, parked)),
        ]
    )
    breaks = slices(whole, alignment.breaks_m)
    zones = snap_zones(
        [*parking_zones(section, parked), *marking.zones],
        np.concatenate([whole, breaks]),
        section.t_m,
    )
    fields = fields_of(spec, section)
    cuts = np.concatenate([np.array([(z.t0, z.t1) for z in zones]).ravel(), borders(fields)])
    # Beside a bend the ground is no strip, and the fields in it make no cuts.
    swept = slice(None) if alignment.bend is None else slice(1, -1)
    t, z, groups = refine(section.t_m[swept], section.z_m[swept], section.groups[swept], cuts)
    soup = sweep_painted(
        t,
        z,
        groups,
        s_range=whole,
        breaks_m=breaks,
        zones=zones,
        figures=marking.figures,
        lift=lift_along(alignment),
    )
    if alignment.bend is not None:
        outer = np.unique(
            np.concatenate([whole, breaks[(breaks > whole[0]) & (breaks < whole[1])]])
        )
        soup = join([soup, ground_beside(alignment, section, outer)])
    return till(soup, alignment, fields), lanes, marking


def _single_lanes(spec: RoadSpec) -> dict[str, Lane]:
    alignment, section = main_alignment(spec), cross_section(spec)
    lanes = lanes_of(spec, alignment, section, (0.0, spec.length_m), parking_gap=parking_gap(spec))
    if _has_zebra(spec):
        walk = crosswalk_lane("crosswalk_middle", alignment, section, 0.5 * spec.length_m)
        lanes[walk.id] = walk
    return lanes


def _has_zebra(spec: RoadSpec) -> bool:
    return spec.kind == "straight" and spec.zebra


def parking_gap(spec: RoadSpec) -> tuple[float, float] | None:
    """Return the stations of a road without a crossing between which nobody parks, if any."""
    if not _has_zebra(spec):
        return None
    clear = 0.5 * paint.ZEBRA_M + paint.PARKING_CLEAR_M
    return 0.5 * spec.length_m - clear, 0.5 * spec.length_m + clear


def _markings(spec: RoadSpec, section: Section, alignment: Alignment) -> paint.Marking:
    start, end = -EXTENSION_M, spec.length_m + EXTENSION_M
    if _has_zebra(spec):
        middle, half = 0.5 * spec.length_m, 0.5 * paint.ZEBRA_M
        gap = half + paint.STOP_GAP_M
        near = paint.SOLID_BEFORE_STOP_M
        runs = [
            ((start, middle - gap), [(middle - gap - near, middle - gap)]),
            ((middle + gap, end), [(middle + gap, middle + gap + near)]),
        ]
        far = half + paint.PARKING_CLEAR_M
        band = paint.zebra("zebra", middle - half, middle + half, section)
        beside = [(middle - far, middle - half), (middle + half, middle + far)]
        zigzags = symbols.zigzags(spec, section, beside)
        return paint.merge([paint.along(spec, section, runs), band, zigzags])
    bends = alignment.breaks_m
    solid = [(float(bends[0]), float(bends[-1]))] if len(bends) else []
    return paint.along(spec, section, [((start, end), solid)])


_SINGLE: tuple[str, ...] = ("straight", "curve", "hill")


@lru_cache(maxsize=64)
def build_lanes(spec: RoadSpec) -> dict[str, Lane]:
    """Return the lanes of `build_network`, without a mesh where they don't need one.

    Raises
    ------
    InputError
        The arc or crest doesn't fit the road's length, or the arc is too tight.
    """
    if spec.kind in _SINGLE:
        return _single_lanes(spec)
    if spec.kind == "crossing":
        return crossing_lanes(spec)
    return map_lanes(spec)


def build_lane(spec: RoadSpec, name: str) -> Lane | None:
    """Return a lane of `build_lanes`, on composed maps without its successors.

    None if there is none of that id.

    Raises
    ------
    InputError
        As `build_lanes`.
    """
    return map_lane(spec, name) if spec.kind in LAYOUTS else build_lanes(spec).get(name)


@lru_cache(maxsize=16)
def build_network(spec: RoadSpec) -> RoadNetwork:
    """Return lanes, paint, signals and mesh of a road.

    Raises
    ------
    InputError
        The arc or crest doesn't fit the road's length, or the arc is too tight; or what a map
        says can't be built.
    """
    if spec.is_map:
        return map_shape(spec).network
    town = spec.surroundings == "urban"
    if spec.kind == "crossing":
        parts = build_crossing(spec)
        surfaces = build_surfaces(parts.soup, town=town)
        return RoadNetwork(
            spec, parts.lanes, parts.lines, parts.signals, surfaces, True, crossing_yields(spec)
        )
    alignment = main_alignment(spec)
    soup, lanes, marking = single_road(spec)
    lines = tuple(line.lift(alignment) for line in marking.lines)
    flat = alignment.profile_s_m.size == 0
    return RoadNetwork(spec, lanes, lines, (), build_surfaces(soup, town=town), flat)
