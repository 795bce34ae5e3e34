"""Joints turn the way their comments say, and the matrices multiply out."""

from __future__ import annotations

import numpy as np
import pytest

from scenegen import assets
from scenegen.records.taxonomy import (
    BARRIER_JOINTS,
    BICYCLE_JOINTS,
    BIPED_JOINTS,
    QUADRUPED_JOINTS,
    WHEELED_JOINTS,
)
from scenegen.records.trajectory import MAX_JOINTS
from scenegen.seeds import named_generator


def _tip(
    asset_id: str, part: str, point: tuple[float, float, float], **joints: float
) -> np.ndarray:
    asset = assets.get(asset_id)
    values = np.zeros(MAX_JOINTS)
    for name, value in joints.items():
        values[asset.joints.index(name)] = value
    index = [p.name for p in asset.parts].index(part)
    return (assets.body_from_parts(asset, values)[index] @ [*point, 1.0])[:3]


# part, point in it, joint, axis of the motion, its sign
SENSES = [
    ("person.adult", "pelvis", (0, 0, 0), "lift", 2, 1),
    ("person.adult", "pelvis", (1, 0, 0), "pelvis_yaw", 1, 1),
    ("person.adult", "torso", (0, 0, 1), "spine_pitch", 0, 1),
    ("person.adult", "torso", (1, 0, 0), "spine_yaw", 1, 1),
    ("person.adult", "head", (1, 0, 0), "neck_pitch", 2, -1),
    ("person.adult", "head", (1, 0, 0), "neck_yaw", 1, 1),
    ("person.adult", "foot_left", (0, 0, 0), "hip_left", 0, 1),
    ("person.adult", "foot_right", (0, 0, 0), "hip_right", 0, 1),
    ("person.adult", "foot_left", (0, 0, 0), "hip_out_left", 1, 1),
    ("person.adult", "foot_right", (0, 0, 0), "hip_out_right", 1, -1),
    ("person.adult", "foot_left", (0, 0, 0), "knee_left", 0, -1),
    ("person.adult", "foot_right", (0, 0, 0), "knee_right", 0, -1),
    ("person.adult", "foot_left", (1, 0, 0), "ankle_left", 2, 1),
    ("person.adult", "foot_right", (1, 0, 0), "ankle_right", 2, 1),
    ("person.adult", "forearm_left", (0, 0, 0), "shoulder_left", 0, 1),
    ("person.adult", "forearm_right", (0, 0, 0), "shoulder_right", 0, 1),
    ("person.adult", "forearm_left", (0, 0, 0), "shoulder_out_left", 1, 1),
    ("person.adult", "forearm_right", (0, 0, 0), "shoulder_out_right", 1, -1),
    ("person.adult", "forearm_left", (0, 0, -1), "elbow_left", 0, 1),
    ("person.adult", "forearm_right", (0, 0, -1), "elbow_right", 0, 1),
    ("vehicle.sedan", "wheel_front_left", (1, 0, 0), "steer", 1, 1),
    ("vehicle.sedan", "wheel_front_right", (1, 0, 0), "steer", 1, 1),
    ("vehicle.sedan", "wheel_front_left", (0, 0, 1), "spin_front_left", 0, 1),
    ("vehicle.sedan", "wheel_front_right", (0, 0, 1), "spin_front_right", 0, 1),
    ("vehicle.sedan", "wheel_rear_left", (0, 0, 1), "spin_rear_left", 0, 1),
    ("vehicle.sedan", "wheel_rear_right", (0, 0, 1), "spin_rear_right", 0, 1),
    *[
        ("vehicle.sedan", f"wheel_{corner}", (0, 0, 0), f"travel_{corner}", 2, 1)
        for corner in ("front_left", "front_right", "rear_left", "rear_right")
    ],
    *[
        ("vehicle.flatbed_truck", f"wheel_{corner}", (0, 0, 0), f"travel_{corner}", 2, 1)
        for corner in ("rear_left", "tag_left", "tag_right")
    ],
    ("bicycle.city", "wheel_front", (1, 0, 0), "steer", 1, 1),
    ("bicycle.city", "wheel_front", (0, 0, 1), "spin_front", 0, 1),
    ("bicycle.city", "wheel_rear", (0, 0, 1), "spin_rear", 0, 1),
    ("bicycle.city", "crank", (0, 0, 1), "crank", 0, 1),
    ("prop.crossing_barrier", "arm", (0, 1, 0), "lift", 2, 1),
    ("prop.crossing_barrier", "arm", (0, 1, 0), "swing", 0, -1),
    ("animal.deer", "trunk", (0, 0, 0), "lift", 2, 1),
    ("animal.deer", "trunk", (1, 0, 0), "trunk_pitch", 2, -1),
    ("animal.deer", "head", (0, 0, 0), "neck_pitch", 2, -1),
    ("animal.deer", "head", (1, 0, 0), "head_pitch", 2, -1),
    ("animal.deer", "tail", (-1, 0, 0), "tail_pitch", 2, -1),
    *[
        ("animal.deer", f"lower_{end}_{side}", (0, 0, -1), f"{half}_{end}_{side}", 0, sign)
        for end in ("front", "rear")
        for side in ("left", "right")
        for half, sign in (("upper", 1), ("lower", -1))
    ],
]


@pytest.mark.parametrize(("asset_id", "part", "point", "joint", "axis", "sign"), SENSES)
def test_sense_of_every_joint(
    asset_id: str, part: str, point: tuple[float, float, float], joint: str, axis: int, sign: int
) -> None:
    step = 1e-4
    ahead = _tip(asset_id, part, point, **{joint: step})
    behind = _tip(asset_id, part, point, **{joint: -step})
    assert sign * (ahead - behind)[axis] / (2 * step) > 0.05


def test_every_joint_has_a_sense_test() -> None:
    tested = {(asset_id, joint) for asset_id, _, _, joint, _, _ in SENSES}
    for asset_id, names in (
        ("person.adult", BIPED_JOINTS),
        ("vehicle.sedan", WHEELED_JOINTS),
        ("bicycle.city", BICYCLE_JOINTS),
        ("animal.deer", QUADRUPED_JOINTS),
        ("prop.crossing_barrier", BARRIER_JOINTS),
    ):
        assert {(asset_id, name) for name in names} <= tested


def _turn(axis: tuple[float, float, float], angle: float) -> np.ndarray:
    """Rotate by a quaternion: another formula than the one under test."""
    n = np.asarray(axis) / np.linalg.norm(axis)
    w, (x, y, z) = np.cos(angle / 2), np.sin(angle / 2) * n
    matrix = np.eye(4)
    matrix[:3, :3] = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return matrix


@pytest.mark.parametrize("asset_id", ["person.elder", "vehicle.bus", "bicycle.city", "animal.dog"])
def test_matches_an_independent_product_over_leading_axes(asset_id: str) -> None:
    asset = assets.get(asset_id)
    values = named_generator("test", asset_id).uniform(-1, 1, (2, 3, MAX_JOINTS))
    result = assets.body_from_parts(asset, values)
    assert result.shape == (2, 3, len(asset.parts), 4, 4)
    for index in np.ndindex(2, 3):
        poses: list[np.ndarray] = []
        for k, part in enumerate(asset.parts):
            pose = np.eye(4)
            pose[:3, 3] = part.origin_m
            for joint in part.joints:
                value = float(values[index][joint.channel])
                if joint.kind == "slide":
                    shift = np.eye(4)
                    shift[:3, 3] = value * np.asarray(joint.axis)
                    pose = pose @ shift
                else:
                    pose = pose @ _turn(joint.axis, value)
            poses.append(pose if part.parent < 0 else poses[part.parent] @ pose)
            np.testing.assert_allclose(result[index][k], poses[k], atol=1e-12)


def test_too_few_channels_are_refused() -> None:
    with pytest.raises(ValueError, match="20 joints"):
        assets.body_from_parts(assets.get("person.adult"), np.zeros(5))


def test_joints_stand_at_the_body_heights_of_anthropometry() -> None:
    person = assets.get("person.adult", 3)
    points = assets.skeleton(person, np.zeros(MAX_JOINTS))
    tall = points["head"][2]
    for joint, share in (("hip_left", 0.53), ("knee_left", 0.285), ("ankle_left", 0.039)):
        assert points[joint][2] / tall == pytest.approx(share, abs=0.002)
    assert points["shoulder_right"][2] / tall == pytest.approx(0.818, abs=0.002)
    assert points["shoulder_left"][1] > 0 > points["shoulder_right"][1]
    assert assets.skeleton(assets.get("vehicle.sedan"), np.zeros(MAX_JOINTS)) == {}


@pytest.mark.parametrize("variant", range(5))
def test_riders_feet_stay_on_the_pedals_and_hands_on_the_bar(variant: int) -> None:
    bicycle, rider = assets.get("bicycle.city"), assets.get("person.rider", variant)
    offset = np.array(assets.rider_offset(bicycle, rider))
    cranks = np.linspace(-np.pi, np.pi, 24)
    poses = assets.riding_pose(bicycle, rider, cranks)
    assert poses.shape == (24, MAX_JOINTS)
    for crank, pose in zip(cranks, poses, strict=True):
        cycle = np.zeros(MAX_JOINTS)
        cycle[3] = crank
        bars = assets.body_from_parts(bicycle, cycle)
        body = assets.body_from_parts(rider, pose)
        at = {p.name: k for k, p in enumerate(bicycle.parts)}
        limb = {p.name: k for k, p in enumerate(rider.parts)}
        for side in ("left", "right"):
            ball = (body[limb[f"foot_{side}"]] @ [*rider.anchors["ball"], 1])[:3] + offset
            assert np.linalg.norm(ball - bars[at[f"pedal_{side}"]][:3, 3]) < 0.045
            palm = (body[limb[f"forearm_{side}"]] @ [*rider.anchors["palm"], 1])[:3] + offset
            assert np.linalg.norm(palm - bicycle.anchors[f"grip_{side}"]) < 0.03
        pelvis = body[0][:3, 3] + offset
        np.testing.assert_allclose(pelvis, bicycle.anchors["saddle"], atol=1e-9)


@pytest.mark.parametrize(
    ("asset_id", "who"),
    [
        ("motorcycle.road", "person.motorcyclist"),
        ("motorcycle.moped", "person.motorcyclist"),
        ("motorcycle.kick_scooter", "person.scooter_rider"),
        ("pushed.wheelchair", "person.wheelchair_user"),
    ],
)
@pytest.mark.parametrize("variant", range(4))
def test_riders_reach_foot_rests_and_bar(asset_id: str, who: str, variant: int) -> None:
    vehicle, rider = assets.get(asset_id), assets.get(who, variant)
    offset = np.array(assets.rider_offset(vehicle, rider))
    body = assets.body_from_parts(rider, assets.riding_pose(vehicle, rider, 0.0, idle=True))
    limb = {p.name: k for k, p in enumerate(rider.parts)}
    for side in ("left", "right"):
        ball = (body[limb[f"foot_{side}"]] @ [*rider.anchors["ball"], 1])[:3] + offset
        assert np.linalg.norm(ball - vehicle.anchors[f"rest_{side}"]) < 0.06
        palm = (body[limb[f"forearm_{side}"]] @ [*rider.anchors["palm"], 1])[:3] + offset
        assert np.linalg.norm(palm - vehicle.anchors[f"grip_{side}"]) < 0.03
    at_saddle = slice(2) if "deck" in vehicle.anchors else slice(3)
    pelvis, saddle = body[0][:3, 3] + offset, np.array(vehicle.anchors["saddle"])
    np.testing.assert_allclose(pelvis[at_saddle], saddle[at_saddle], atol=1e-9)
