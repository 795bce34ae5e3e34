"""No two faces of a vehicle or a sign lie in each other: they would flicker in the depth test."""

from __future__ import annotations

import numpy as np
import pytest

from scenegen import assets
from scenegen.assets import shapes
from scenegen.assets.materials import GLASS, WOOD
from scenegen.assets.surfaces import surface
from scenegen.records.base import F64
from scenegen.records.mesh import Asset, Part, Surface

GAP_M = 0.002
"""Depth that 24 bits still tell apart at 100 m, near plane at 0.3 m: 100² / 0.3 / 2²⁴."""
TILT = np.cos(np.radians(2.0))
AREA_M2 = 1e-4
KINDS = ("car", "truck", "bus", "train", "motorcycle", "traffic sign", "traffic light")
CHECKED = [info.id for info in assets.list_assets() if info.category in KINDS]


def triangles(parts: tuple[Part, ...], poses: F64) -> tuple[F64, np.ndarray, list[str]]:
    """Return corners (F, 3, 3) in the body frame, whose they are (F,), and the owners' names."""
    corners, owner, names = [], [], []
    for part, pose in zip(parts, poses, strict=True):
        for s in part.surfaces:
            points = s.vertices.astype(np.float64) @ pose[:3, :3].T + pose[:3, 3]
            corners.append(points[s.faces])
            owner.append(np.full(len(s.faces), len(names)))
            names.append(f"{part.name}: {s.material.name}")
    return np.concatenate(corners), np.concatenate(owner), names


def near_pairs(corners: F64, owner: np.ndarray) -> np.ndarray:
    """Return pairs (N, 2) of faces of different surfaces that face one way and may lie together.

    Faces are swept along x in the order of their boxes' low ends, so each is only held
    against those that begin before it ends.
    """
    order = np.argsort(corners[..., 0].min(axis=1), kind="stable")
    faces, owner = corners[order], owner[order]
    low, high = faces.min(axis=1) - GAP_M, faces.max(axis=1) + GAP_M
    normal = np.cross(*(faces[:, k] - faces[:, 0] for k in (1, 2)))
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    count = np.searchsorted(low[:, 0], high[:, 0]) - np.arange(1, len(faces) + 1)
    pairs = []
    # Faces in portions, or all pairs at once would fill the memory.
    for some in np.array_split(np.arange(len(faces)), 1 + count.sum() // 200_000):
        one = np.repeat(some, count[some])
        following = np.arange(len(one)) - np.repeat(
            np.cumsum(count[some]) - count[some], count[some]
        )
        two = one + 1 + following
        met = (low[two, 1:] <= high[one, 1:]) & (high[two, 1:] >= low[one, 1:])
        met = met.all(axis=1) & (owner[one] != owner[two])
        one, two = one[met], two[met]
        alike = (normal[one] * normal[two]).sum(axis=1) > TILT
        pairs.append(np.column_stack([one, two])[alike])
    one, two = np.concatenate(pairs).T
    # A face that lies wholly above or below the other's plane can't come within the gap of it.
    height = np.einsum("nkx,nx->nk", faces[two] - faces[one][:, :1], normal[one])
    reaches = (height.min(axis=1) < GAP_M) & (height.max(axis=1) > -GAP_M)
    return order[np.column_stack([one, two])[reaches]]


def clip(polygon: F64, a: F64, b: F64) -> F64:
    """Return the part of a polygon (N, 2) to the left of the line from a to b."""
    side = (b - a)[0] * (polygon - a)[:, 1] - (b - a)[1] * (polygon - a)[:, 0]
    kept = []
    for k, (here, there) in enumerate(zip(side, np.roll(side, -1), strict=True)):
        following = polygon[(k + 1) % len(polygon)]
        if here >= 0:
            kept.append(polygon[k])
        if (here >= 0) != (there >= 0):
            kept.append(polygon[k] + here / (here - there) * (following - polygon[k]))
    return np.array(kept).reshape(-1, 2)


def flicker_m2(one: F64, other: F64) -> float:
    """Return the area over which two triangles (3, 3) overlap and lie within the gap."""
    x = (one[1] - one[0]) / np.linalg.norm(one[1] - one[0])
    normal = np.cross(one[1] - one[0], one[2] - one[0])
    normal /= np.linalg.norm(normal)
    frame = np.stack([x, np.cross(normal, x), normal])
    base, lid = (one - one[0]) @ frame.T, (other - one[0]) @ frame.T
    shared = base[:, :2]
    for k in range(3):
        shared = clip(shared, lid[k, :2], lid[(k + 1) % 3, :2])
        if len(shared) < 3:
            return 0.0
    slope = np.linalg.solve(np.column_stack([lid[:, :2], np.ones(3)]), lid[:, 2])
    height = shared @ slope[:2] + slope[2]
    if np.abs(height).max() >= GAP_M:
        return 0.0
    x, y = shared.T
    return float(0.5 * abs(x @ np.roll(y, -1) - y @ np.roll(x, -1)))


def flicker(parts: tuple[Part, ...], poses: F64) -> dict[tuple[str, str], float]:
    """Return the flickering area of each pair of surfaces, m², where it can be seen."""
    corners, owner, names = triangles(parts, poses)
    found: dict[tuple[str, str], float] = {}
    for i, j in near_pairs(corners, owner):
        area = flicker_m2(corners[i], corners[j])
        pair = (names[owner[i]], names[owner[j]])
        if area > 0:
            found[pair] = found.get(pair, 0.0) + area
    return {pair: area for pair, area in found.items() if area > AREA_M2}


def check(asset: Asset) -> None:
    poses = assets.body_from_parts(asset, np.zeros(max(1, len(asset.joints))))
    assert flicker(asset.parts, poses) == {}


@pytest.mark.parametrize("asset_id", CHECKED)
def test_nothing_flickers(asset_id: str) -> None:
    check(assets.get(asset_id))


@pytest.mark.slow
@pytest.mark.parametrize("asset_id", CHECKED)
@pytest.mark.parametrize("variant", range(1, 8))
def test_nothing_flickers_on_other_variants(asset_id: str, variant: int) -> None:
    check(assets.get(asset_id, variant))


def laid(lift_m: float, tilt_rad: float = 0.0) -> tuple[Part, ...]:
    table = surface(shapes.box((1.0, 1.0, 0.1)), WOOD, "static", 0.7)
    sheet = shapes.box((0.2, 0.2, 0.1)).turned((0, 1, 0), tilt_rad).moved(z=lift_m)
    top: Surface = surface(sheet, GLASS, "static", 0.7)
    return (Part("table", -1, surfaces=(table, top)),)


@pytest.mark.parametrize(("lift_m", "seen"), [(0.0, True), (0.0015, True), (0.003, False)])
def test_the_check_tells_a_gap_from_none(lift_m: float, seen: bool) -> None:
    found = flicker(laid(lift_m), np.eye(4)[None])
    assert bool(found) is seen
    if lift_m == 0.0:
        # Top and bottom, each shared by the whole of the smaller face.
        assert sum(found.values()) == pytest.approx(0.08, rel=1e-6)


def test_crossing_faces_do_not_flicker() -> None:
    assert flicker(laid(0.0, 0.1), np.eye(4)[None]) == {}
