"""Feet in their stance, known from the gait itself, stay where they stand."""

from __future__ import annotations

import numpy as np
import pytest

from scenegen import assets
from scenegen.assets import body_from_parts
from scenegen.geometry import pose, quaternion_from_yaw
from scenegen.records import Asset
from scenegen.simulate.biped import Biped
from scenegen.simulate.quadruped import LEGS, Quadruped

DT = 1 / 60
ROW = 3
SETTLED = 60


def flat(xy: np.ndarray) -> np.ndarray:
    return np.zeros(len(xy))


def soles(asset: Asset, names: list[str], values: np.ndarray, bodies: np.ndarray) -> np.ndarray:
    """Return the points (T, L, 3) that touch the ground, world."""
    parts = body_from_parts(asset, values)
    index = {part.name: k for k, part in enumerate(asset.parts)}
    points = []
    for name in names:
        frame = bodies @ parts[:, index[name]]
        if name.startswith("foot"):
            rest = asset.parts[0].origin_m[2] - sum(
                abs(asset.parts[index[part]].origin_m[2]) for part in ("shin_left", "foot_left")
            )
            local = np.array([asset.anchors["ball"][0], 0.0, -rest, 1.0])
        else:
            upper = name.replace("lower", "upper")
            trunk = asset.parts[index["trunk"]].origin_m[2]
            root = trunk + asset.parts[index[upper]].origin_m[2]
            knee = asset.parts[index[name]].origin_m
            local = np.array([-0.6 * knee[0], 0.0, -(root + knee[2]), 1.0])
        points.append((frame @ local)[:, :3])
    return np.stack(points, axis=1)


def go(asset_id: str, speed: float, steps: int, bend: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """Walk at a steady speed from within a motion; return soles and who stands (T, L)."""
    asset = assets.get(asset_id, 0)
    biped = asset_id.startswith("person")
    kind = Biped if biped else Quadruped
    yaw, position = 0.0, np.zeros(3)
    figure = kind(asset, flat, position, yaw, 1)
    values, standing, positions, yaws = [], [], [], []
    for k in range(steps):
        velocity = speed * np.array([np.cos(yaw), np.sin(yaw)])
        values.append(figure.update(position, yaw, velocity, k * DT, DT if k else 0.0))
        standing.append(figure.stepper.swing == 0)
        positions.append(position.copy())
        yaws.append(yaw)
        position = position + DT * np.array([*velocity, 0.0])
        yaw += bend * DT
    bodies = pose(np.array(positions), quaternion_from_yaw(np.array(yaws)))
    names = ["foot_left", "foot_right"] if biped else [f"lower_{leg}" for leg in LEGS]
    return soles(asset, names, np.array(values), bodies), np.array(standing)


CASES = [
    ("person.adult", 0.8),
    ("person.adult", 1.4),
    ("person.adult", 1.9),
    ("person.adult", 3.5),
    ("person.child", 1.2),
    ("person.child", 3.0),
    ("person.elder", 0.7),
    ("animal.deer", 1.0),
    ("animal.deer", 3.0),
    ("animal.deer", 9.0),
    ("animal.boar", 2.5),
    ("animal.dog", 5.0),
    ("animal.cow", 1.5),
    ("animal.horse", 4.0),
    ("animal.fox", 3.0),
    ("animal.cat", 0.8),
    ("animal.sheep", 2.0),
]


def skates(feet: np.ndarray, standing: np.ndarray, steps: int) -> np.ndarray:
    """Return how far (m) feet move over some steps throughout which they stand."""
    throughout = np.logical_and.reduce(
        [standing[k : len(standing) - steps + k] for k in range(steps + 1)]
    )
    moved = np.linalg.norm(feet[steps:] - feet[:-steps], axis=2)
    return moved[SETTLED:][throughout[SETTLED:]]


@pytest.mark.parametrize(("asset_id", "speed"), CASES)
def test_a_standing_foot_does_not_skate(asset_id: str, speed: float) -> None:
    feet, standing = go(asset_id, speed, 240)
    at_once = skates(feet, standing, 1)
    assert len(at_once) > 10
    assert at_once.max() < 0.01
    # Over a control step, where a stance lasts that long: less than 0.15 m/s.
    assert skates(feet, standing, ROW).max(initial=0.0) / (ROW * DT) < 0.15
    assert np.abs(feet[SETTLED:, :, 2][standing[SETTLED:]]).max() < 0.02


@pytest.mark.parametrize(("asset_id", "speed"), CASES)
def test_a_swinging_foot_clears_the_ground(asset_id: str, speed: float) -> None:
    feet, standing = go(asset_id, speed, 240)
    assert feet[SETTLED:, :, 2].min() > -0.025
    # Small ones lift their feet less.
    hip = max(part.origin_m[2] for part in assets.get(asset_id, 0).parts)
    assert feet[SETTLED:, :, 2][~standing[SETTLED:]].max() > min(0.03, 0.08 * hip)


def test_a_standing_foot_does_not_skate_in_a_turn() -> None:
    feet, standing = go("person.adult", 1.4, 240, bend=0.5)
    assert skates(feet, standing, ROW).max() / (ROW * DT) < 0.15


def test_arms_swing_against_the_legs() -> None:
    asset = assets.get("person.adult", 0)
    figure = Biped(asset, flat, np.zeros(3), 0.0, 1)
    values = np.array(
        [
            figure.update(
                np.array([1.4 * k * DT, 0.0, 0.0]), 0.0, np.array([1.4, 0.0]), k * DT, DT * (k > 0)
            )
            for k in range(240)
        ]
    )[SETTLED:]
    joints = asset.joints
    for side in ("left", "right"):
        hip = values[:, joints.index(f"hip_{side}")]
        shoulder = values[:, joints.index(f"shoulder_{side}")]
        assert np.corrcoef(hip, shoulder)[0, 1] < -0.8
        assert values[:, joints.index(f"knee_{side}")].min() >= 0.0
