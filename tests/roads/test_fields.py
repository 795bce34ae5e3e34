"""Fields lie beside open roads, are ground as before, and begin where hedges are planted."""

import pytest

from scenegen.records import RoadSpec
from scenegen.roads import build_network, field_edges, roadsides
from scenegen.roads.fields import fields_of
from scenegen.roads.section import SIDE_M, cross_section

FIELDS = {"meadow", "crop", "stubble", "soil"}


def area(network, name):
    total = 0.0
    for surface in network.surfaces:
        if surface.material.name == name:
            a, b, c = surface.vertices[surface.faces].astype(float).transpose(1, 0, 2)
            u, v = (b - a)[:, :2], (c - a)[:, :2]
            total += 0.5 * float((u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0]).sum())
    return total


@pytest.mark.parametrize("kind", ["straight", "hill", "curve"])
def test_open_land_is_several_kinds_of_terrain(kind):
    network = build_network(RoadSpec(kind=kind, surroundings="rural"))
    found = {s.material.name: s.semantic for s in network.surfaces if s.material.name in FIELDS}
    assert len(found) >= 3
    assert set(found.values()) == {"terrain"}
    kinds = sum(area(network, name) for name in FIELDS)
    assert area(network, "meadow") < 0.8 * kinds


def test_fields_end_where_rows_do():
    spec = RoadSpec(kind="straight", surroundings="motorway")
    rows = fields_of(spec, cross_section(spec))
    network = build_network(spec)
    for surface in network.surfaces:
        if surface.material.name not in FIELDS - {"meadow"}:
            continue
        middles = surface.vertices[surface.faces].mean(axis=1)
        t = surface.vertices[surface.faces][..., 1]
        for s, low, high in zip(middles[:, 0], t.min(axis=1), t.max(axis=1), strict=True):
            row = next(r for r in rows if r.t0_m < 0.5 * (low + high) < r.t1_m)
            assert row.t0_m - 1e-3 <= low
            assert high <= row.t1_m + 1e-3
            assert row.kind(float(s)) == surface.material.name


def test_town_and_woods_have_none_and_a_road_keeps_its_own():
    for surroundings in ("urban", "suburban", "forest"):
        spec = RoadSpec(kind="straight", surroundings=surroundings)
        assert fields_of(spec, cross_section(spec)) == ()
    one, other = (RoadSpec(kind="straight", surroundings="rural", length_m=m) for m in (300, 301))
    assert fields_of(one, cross_section(one)) == fields_of(one, cross_section(one))
    assert fields_of(one, cross_section(one)) != fields_of(other, cross_section(other))


def test_edges_are_where_the_rows_of_their_side_begin_outward_of_the_verge():
    spec = RoadSpec(kind="straight", surroundings="rural", verge_m=4.0, lanes_forward=2)
    rows = fields_of(spec, cross_section(spec))
    carriageway_m = {-1.0: 2 * 3.25, 1.0: 3.25}
    for side in roadsides(build_network(spec)):
        edges = field_edges(spec, side)
        begins = sorted(min(abs(r.t0_m), abs(r.t1_m)) for r in rows if r.t0_m * side.sign > 0)
        assert edges == pytest.approx([t - carriageway_m[side.sign] for t in begins])
        assert side.verge_m < edges[0] < edges[-1] < SIDE_M
