"""Build the whole network of a `RoadSpec`."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import numpy as np

from scenegen.records import Lane, RoadNetwork, RoadSpec
from scenegen.records.base import F64
from scenegen.roads import paint
from scenegen.roads.alignment import EXTENSION_M, Alignment, main_alignment
from scenegen.roads.lanes import lanes_of
from scenegen.roads.section import Group, Section, cross_section
from scenegen.roads.surfaces import build_surfaces
from scenegen.roads.sweep import Lift, Soup, Zone, snap_zones, sweep


def lift_along(alignment: Alignment) -> Lift:
    """Return the map from (s, t, z across) to the world."""

    def lift(s: F64, t: F64, z: F64, slope: float) -> tuple[F64, F64, F64]:
        plane = alignment.place(s, t)
        left = alignment.left(s)
        ahead = np.stack([left[:, 1], -left[:, 0]], axis=-1)
        gradient = alignment.slope(s)[:, None] * ahead + slope * left
        normal = np.column_stack([-gradient, np.ones(len(s))])
        normal /= np.linalg.norm(normal, axis=1, keepdims=True)
        uv = np.column_stack([s, t]) if alignment.bend else plane
        return np.column_stack([plane, z + alignment.height(s)]), normal, uv

    return lift


def parking_zones(section: Section, runs: Sequence[tuple[float, float]]) -> list[Zone]:
    """Return the parking strips over stretches of road."""
    zones = []
    for side, sign in ((section.right, -1), (section.left, 1)):
        if side.parking_m > 0:
            t0, t1 = sorted((sign * (side.lanes_m + side.shoulder_m), sign * side.carriageway_m))
            zones += [Zone("parking", a, b, t0, t1) for a, b in runs]
    return zones


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
    lanes = lanes_of(spec, alignment, section, (0.0, length))
    marking = _markings(spec, section, alignment)
    whole = (-EXTENSION_M, length + EXTENSION_M)
    zones = snap_zones(
        [*parking_zones(section, [whole]), *marking.zones],
        np.concatenate([whole, alignment.breaks_m]),
        section.t_m,
    )
    cuts = np.array([(z.t0, z.t1) for z in zones]).ravel()
    t, z, groups = refine(section.t_m, section.z_m, section.groups, cuts)
    soup = sweep(
        t,
        z,
        groups,
        s_range=whole,
        breaks_m=alignment.breaks_m,
        zones=zones,
        lift=lift_along(alignment),
    )
    return soup, lanes, marking


def _markings(spec: RoadSpec, section: Section, alignment: Alignment) -> paint.Marking:
    start, end = -EXTENSION_M, spec.length_m + EXTENSION_M
    if spec.kind == "straight" and spec.zebra:
        middle, half = 0.5 * spec.length_m, 0.5 * paint.ZEBRA_M
        gap = half + paint.STOP_GAP_M
        near = paint.SOLID_BEFORE_STOP_M
        runs = [
            ((start, middle - gap), [(middle - gap - near, middle - gap)]),
            ((middle + gap, end), [(middle + gap, middle + gap + near)]),
        ]
        band = paint.zebra("zebra", middle - half, middle + half, section)
        return paint.merge([paint.along(spec, section, runs), band])
    bends = alignment.breaks_m
    solid = [(float(bends[0]), float(bends[-1]))] if len(bends) else []
    return paint.along(spec, section, [((start, end), solid)])


@cache
def build_network(spec: RoadSpec) -> RoadNetwork:
    """Return lanes, paint, signals and mesh of a road.

    Raises
    ------
    InputError
        The arc or crest doesn't fit the road's length, or the arc is too tight.
    """
    alignment = main_alignment(spec)
    soup, lanes, marking = single_road(spec)
    lines = tuple(line.lift(alignment) for line in marking.lines)
    flat = alignment.profile_s_m.size == 0
    return RoadNetwork(spec, lanes, lines, (), build_surfaces(soup, spec), flat)
