"""Every asset of the catalogue, several variants: what the records promise."""

from __future__ import annotations

import hashlib
import subprocess
import sys

import numpy as np
import pytest

from scenegen import assets
from scenegen.assets.ranges import JOINT_RANGES
from scenegen.errors import AssetError
from scenegen.records.taxonomy import (
    BARRIER_JOINTS,
    BICYCLE_JOINTS,
    BIPED_JOINTS,
    CLASS_BY_NAME,
    MOTORCYCLE_JOINTS,
    QUADRUPED_JOINTS,
    ROLLER_JOINTS,
    TAGGED_JOINTS,
    TRAILER_JOINTS,
    WHEELED_JOINTS,
    Lamp,
)
from scenegen.records.trajectory import MAX_JOINTS
from scenegen.seeds import named_generator

INFOS = assets.list_assets()
CASES = [(info.id, variant) for info in INFOS for variant in (0, 1, 5)]
TAGGED = ("vehicle.flatbed_truck", "vehicle.articulated_lorry", "vehicle.coach")
VEHICLES = ("car", "truck", "bus", "train")
ACTORS = {"rider", "person", "animal", "debris", "cone", "motorcycle", "bicycle", *VEHICLES}
JOINTS = {
    "car": WHEELED_JOINTS,
    "truck": WHEELED_JOINTS,
    "bus": WHEELED_JOINTS,
    "train": WHEELED_JOINTS,
    "motorcycle": MOTORCYCLE_JOINTS,
    "bicycle": BICYCLE_JOINTS,
    "rider": BIPED_JOINTS,
    "person": BIPED_JOINTS,
    "animal": QUADRUPED_JOINTS,
}
RIDDEN = {
    "person.rider": ("bicycle.city",),
    "person.motorcyclist": ("motorcycle.road", "motorcycle.moped"),
    "person.scooter_rider": ("motorcycle.kick_scooter",),
    "person.wheelchair_user": ("pushed.wheelchair",),
}
SIZES = {
    "vehicle.compact": ((3.8, 1.7, 1.35), (4.3, 2.2, 1.6)),
    "vehicle.sedan": ((4.4, 1.75, 1.35), (4.95, 2.25, 1.55)),
    "vehicle.backhoe_loader": ((5.8, 2.4, 3.5), (6.1, 2.7, 3.8)),
    "vehicle.bus": ((11.5, 2.5, 2.9), (12.5, 3.2, 3.4)),
    "vehicle.city": ((3.3, 1.6, 1.4), (3.7, 2.1, 1.6)),
    "vehicle.articulated_lorry": ((16.0, 2.5, 3.9), (16.5, 3.1, 4.1)),
    "vehicle.tram": ((14.5, 2.3, 3.2), (15.5, 2.6, 4.8)),
    "motorcycle.road": ((2.0, 0.75, 1.1), (2.3, 1.0, 1.45)),
    "motorcycle.kick_scooter": ((1.1, 0.5, 1.1), (1.25, 0.7, 1.3)),
    "motorcycle.moped": ((1.7, 0.65, 1.1), (2.1, 0.9, 1.4)),
    "person.adult": ((0.5, 0.4, 1.5), (1.7, 1.3, 2.1)),
    "person.child": ((0.3, 0.3, 1.05), (1.4, 1.1, 1.65)),
    "debris.pallet": ((1.19, 0.79, 0.14), (1.23, 0.83, 0.16)),
}


@pytest.mark.parametrize(("asset_id", "variant"), CASES)
def test_surfaces_are_well_formed(asset_id: str, variant: int) -> None:
    asset = assets.get(asset_id, variant)
    assert any(part.surfaces for part in asset.parts)
    for part in asset.parts:
        for s in part.surfaces:
            assert s.vertices.dtype == np.float32
            assert s.faces.dtype == np.int32
            assert s.semantic in CLASS_BY_NAME
            np.testing.assert_allclose(np.linalg.norm(s.normals, axis=1), 1.0, atol=1e-4)
            corners = s.vertices[s.faces].astype(np.float64)
            flat = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
            area = np.linalg.norm(flat, axis=1)
            assert area.min() > 0
            facing = np.einsum("fi,fki->fk", flat, s.normals[s.faces].astype(np.float64))
            # Corner normals lean away from their face by less than a right angle.
            assert (facing.mean(axis=1) > 0).all()
            if s.material.texture:
                assert s.material.texture in assets.textures()[0]
                assert np.ptp(s.uv) > 0


@pytest.mark.parametrize(("asset_id", "variant"), CASES)
def test_bounds_hold_every_pose(asset_id: str, variant: int) -> None:
    asset = assets.get(asset_id, variant)
    np.testing.assert_allclose(asset.bounds_m.mean(axis=0)[:2], 0.0, atol=1e-9)
    if asset.category == "rider":
        turns = np.linspace(-3, 3, 23)
        poses = np.concatenate(
            [assets.riding_pose(assets.get(name), asset, turns) for name in RIDDEN[asset_id]]
        )
    else:
        poses = np.zeros((40, MAX_JOINTS))
        rng = named_generator("test", asset_id)
        for k, name in enumerate(asset.joints):
            poses[:, k] = rng.uniform(*JOINT_RANGES[asset.joints][name], 40)
        poses[0] = 0.0
    frames = assets.body_from_parts(asset, poses)
    for k, part in enumerate(asset.parts):
        for s in part.surfaces:
            points = np.einsum("mij,vj->mvi", frames[:, k, :3, :3], s.vertices)
            points += frames[:, k, None, :3, 3]
            slack = 0.01
            assert (points[..., :2] >= asset.bounds_m[0, :2] - slack).all()
            assert (points <= asset.bounds_m[1] + slack).all()
            assert points[0, :, 2].min() >= asset.bounds_m[0, 2] - 1e-6


@pytest.mark.parametrize("info", INFOS, ids=lambda info: info.id)
def test_metadata(info: assets.AssetInfo) -> None:
    asset = assets.get(info.id, 2)
    assert asset.category == info.category
    expected = TAGGED_JOINTS if info.id in TAGGED else JOINTS.get(info.category, ())
    expected = TRAILER_JOINTS if info.id == "trailer.semi" else expected
    expected = BARRIER_JOINTS if info.id == "prop.crossing_barrier" else expected
    expected = ROLLER_JOINTS if info.id.startswith("pushed.") else expected
    assert asset.joints == expected
    assert asset.mass_kg > 0
    assert min(asset.size_m) > 0
    if info.category in ACTORS:
        semantics = {s.semantic for p in asset.parts for s in p.surfaces}
        assert semantics == {info.category}
        assert asset.collision
    channels = {j.channel for p in asset.parts for j in p.joints}
    assert channels == set(range(len(asset.joints)))


@pytest.mark.parametrize("asset_id", SIZES)
@pytest.mark.parametrize("variant", range(4))
def test_sizes_are_those_of_the_real_thing(asset_id: str, variant: int) -> None:
    low, high = SIZES[asset_id]
    size = assets.get(asset_id, variant).size_m
    assert np.all(np.array(size) >= low), size
    assert np.all(np.array(size) <= high), size


@pytest.mark.parametrize(
    "asset_id",
    [i.id for i in INFOS if i.category in VEHICLES and not i.id.startswith("trailer.")],
)
def test_vehicles_have_lamps_wheels_and_beams(asset_id: str) -> None:
    asset = assets.get(asset_id, 3)
    lit = 0
    for part in asset.parts:
        for s in part.surfaces:
            lit |= int(s.material.lamp)
    assert lit & 0b111111 == 0b111111
    assert len(asset.spots) == 2
    assert all(spot.direction[2] < 0 for spot in asset.spots)
    assert {w.steered for w in asset.wheels} == {True, False}
    assert all(abs(w.position_m[2] - w.radius_m) < 1e-9 for w in asset.wheels)
    places = assets.body_from_parts(asset, np.zeros(MAX_JOINTS))[:, :3, 3]
    for wheel in asset.wheels:
        assert np.abs(places - wheel.position_m).max(axis=1).min() < 1e-9


def test_a_semitrailer_fits_its_tractor() -> None:
    tractor, trailer = assets.get("vehicle.tractor", 1), assets.get("trailer.semi", 1)
    wheel, pin = tractor.anchors["fifth_wheel"], trailer.anchors["kingpin"]
    assert wheel[1:] == pytest.approx(pin[1:], abs=0.02)
    # The corners of the load's front swing clear of the back of the cab.
    front = np.hypot(trailer.bounds_m[1, 0] - pin[0], trailer.bounds_m[1, 1])
    cab = tractor.collision[0]
    assert front < cab.center_m[0] - 0.5 * cab.size_m[0] - wheel[0]
    assert not trailer.spots
    assert trailer.has_lamp(Lamp.BRAKE)
    assert trailer.has_lamp(Lamp.INDICATOR_LEFT)


def test_signal_head_shines_forward_at_its_height() -> None:
    post = assets.get("prop.signal_post")
    assert post.anchors["head"][2] == pytest.approx(2.9)
    heights = {}
    for s in post.parts[0].surfaces:
        if s.material.lamp:
            heights[s.material.lamp.name] = float(s.vertices[:, 2].mean())
            assert s.normals[:, 0].mean() > 0
    assert heights["RED"] > heights["AMBER"] > heights["GREEN"]


def test_bed_anchor_lies_on_the_bed() -> None:
    truck = assets.get("vehicle.flatbed_truck")
    x, _y, z = truck.anchors["bed"]
    near = [
        float(s.vertices[:, 2].max())
        for s in truck.parts[0].surfaces
        if s.material.name in ("wood", "seam") and s.vertices[:, 0].max() < x + 4
    ]
    assert min(abs(top - z) for top in near) < 0.01


def test_measured_assets_take_their_size() -> None:
    building = assets.get("prop.building", 4, (14.0, 18.0, 16.0))
    assert np.all(np.array(building.size_m) <= np.array([14.6, 18.6, 16.5]))
    assert building.size_m[2] == pytest.approx(16.0, abs=0.4)
    rail = assets.get("prop.guardrail", 0, (12.0, 0.3, 0.75))
    assert rail.size_m[0] == pytest.approx(12.0, abs=0.05)


def test_bad_requests_say_what_is_right() -> None:
    with pytest.raises(AssetError, match=r"vehicle\.sedan"):
        assets.get("vehicle.sedn")
    with pytest.raises(AssetError, match="no size_m"):
        assets.get("vehicle.sedan", 0, (1.0, 1.0, 1.0))
    with pytest.raises(AssetError, match="positive"):
        assets.get("prop.building", 0, (1.0, -1.0, 1.0))
    with pytest.raises(AssetError, match="from 0"):
        assets.get("vehicle.sedan", -1)


def test_digest_is_the_same_in_another_process() -> None:
    ids = ("vehicle.suv", "person.child", "prop.tree_broadleaf", "prop.building")
    code = (
        "from scenegen import assets; import hashlib;"
        f"print([assets.digest(assets.get(i, 3)) for i in {ids!r}],"
        "hashlib.sha256(assets.textures()[1].tobytes()).hexdigest())"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    ).stdout
    here = [assets.digest(assets.get(i, 3)) for i in ids]
    picture = hashlib.sha256(assets.textures()[1].tobytes()).hexdigest()
    assert result.strip() == f"{here} {picture}"


def test_variants_differ() -> None:
    assert len({assets.digest(assets.get("person.adult", v)) for v in range(6)}) == 6
