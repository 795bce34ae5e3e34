"""Decks as boxes: their tops are the road, they carry all of it, and parapets bound it."""

from __future__ import annotations

import numpy as np
import pytest

from scenegen.geometry import matrix_from_quaternion
from scenegen.records import RoadSpec
from scenegen.roads import Solid, build_network, deck_solids, height_at
from scenegen.roads.map.structure import PARAPET_M

BRIDGES = {
    "over": RoadSpec(kind="bridge", length_m=460, sidewalk_m=2.0, shoulder_m=0.5),
    "under, askew": RoadSpec(kind="bridge", level="under", arm_rad=1.2, sidewalk_m=1.5),
}


def within(solid: Solid, points: np.ndarray) -> np.ndarray:
    """Return the heights (N,) of a box's top at points (N, 2), -inf where it is not."""
    axes = matrix_from_quaternion(solid.quaternion_wxyz)
    top = solid.middle_m + 0.5 * solid.size_m[2] * axes[:, 2]
    # On the top's plane, in the box's own axes.
    z = top[2] - (points - top[:2]) @ axes[:2, 2] / axes[2, 2]
    local = (np.column_stack([points, z]) - top) @ axes
    inside = (np.abs(local[:, :2]) <= 0.5 * solid.size_m[:2] + 1e-3).all(axis=1)
    return np.where(inside, z, -np.inf)


def tops(solids: tuple[Solid, ...], points: np.ndarray) -> np.ndarray:
    return np.asarray(np.max([within(solid, points) for solid in solids], axis=0))


@pytest.mark.parametrize("name", BRIDGES)
def test_what_lies_on_a_deck_lies_on_its_road(name: str) -> None:
    spec = BRIDGES[name]
    network = build_network(spec)
    assert network.stacked
    solids = deck_solids(spec)
    rng = np.random.default_rng(1)
    found = 0
    for lane in network.lanes.values():
        if lane.kind not in ("driving", "shoulder", "sidewalk") or lane.centre[:, 2].max() < 4.0:
            continue
        high = lane.centre[lane.centre[:, 2] > lane.centre[:, 2].max() - 0.02]
        points = high[:, :2] + rng.uniform(-0.2, 0.2, (len(high), 2)) * lane.width_m
        top = tops(solids.slabs, points)
        there = np.isfinite(top)
        found += there.sum()
        assert top[there] == pytest.approx(height_at(network, points[there]), abs=0.02)
        middle = np.abs(points - np.array([0.5 * spec.length_m, 0.0])).max(axis=1) < 8.0
        assert there[middle].all()
    assert found > 30


def test_parapets_stand_along_both_edges() -> None:
    spec = BRIDGES["over"]
    solids = deck_solids(spec)
    middles = np.array([p.middle_m for p in solids.parapets])
    assert (middles[:, 1] > 4).sum() == (middles[:, 1] < -4).sum() > 3
    road = float(height_at(build_network(spec), np.array([230.0, -1.6])))
    highest = tops(solids.parapets, middles[:, :2]).max()
    assert highest == pytest.approx(road + PARAPET_M + 0.12, abs=0.05)
    lengths = sum(p.size_m[0] for p in solids.parapets if p.middle_m[1] > 0)
    assert lengths == pytest.approx(np.ptp(middles[:, 0]) + solids.parapets[0].size_m[0], rel=0.02)


@pytest.mark.parametrize("kind", ["straight", "hill", "crossing", "rural", "tunnel"])
def test_roads_without_decks_have_none(kind: str) -> None:
    solids = deck_solids(RoadSpec.model_validate({"kind": kind, "length_m": 800.0}))
    assert solids.slabs == solids.parapets == ()
