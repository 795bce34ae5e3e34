"""How fast episodes are stepped without pictures, against bare stepping of the same engine."""

from __future__ import annotations

import time
from statistics import median

import pybullet as bullet

from bench.figures import Figure
from scenegen.drive import Episode, Target
from scenegen.records import ConcreteScenario
from scenegen.sample import draw
from scenegen.scenario import parse_scenario

ACTORS, REPEATS = 20, 5
LEAST = 15.0
"""Times real time, with 20 actors at 240 Hz of physics and 20 Hz of control on one core."""
MOST_OVER = 1.3
HEAD = """
scenario: traffic
description: Twenty cars on four lanes.
duration: 10 s
road: {kind: straight, length: 900 m, lanes_forward: 4, lanes_backward: 0, surroundings: motorway}
ego: {asset: vehicle.sedan, place: {lane: forward_1, s: 60 m}, speed: 90 km/h}
actors:
"""


def run() -> list[Figure]:
    """Step an episode and a bare world in turns, and take the medians of CPU seconds."""
    scenario = traffic()
    with_agent, bare = [], []
    for _ in range(REPEATS):
        with_agent.append(_episode(scenario))
        bare.append(_bare(scenario.duration_s))
    name = f"{ACTORS} actors, an agent"
    seconds, alone = median(with_agent), median(bare)
    return [
        Figure("driving", name, scenario.duration_s / seconds, "x real time", LEAST, "at least"),
        Figure("driving", "bare Bullet cars", scenario.duration_s / alone, "x real time"),
        Figure("driving", "over bare Bullet", seconds / alone, "x", MOST_OVER),
    ]


def traffic() -> ConcreteScenario:
    """Return twenty cars that follow each other at their own speeds."""
    rows = [
        f"  car_{k}: {{asset: vehicle.sedan, variant: {k}, place: {{lane: forward_{k % 4}, "
        f"s: {60 + 35 * (k // 4) + (20 if k % 4 == 1 else 0)} m}}, speed: {80 + 7 * (k % 5)} km/h,"
        " behaviour: [cruise]}"
        for k in range(1, ACTORS)
    ]
    text = HEAD + "\n".join(rows) + "\n"
    return draw(parse_scenario(text, "traffic.yaml"), 0, 0)


def _episode(scenario: ConcreteScenario) -> float:
    with Episode(scenario, record=False) as episode:
        start = time.process_time()
        while not episode.over:
            episode.step(Target(20.0, 0.0))
        return time.process_time() - start


def _bare(duration_s: float) -> float:
    """Step as many cars as Bullet itself has them, without anybody in them.

    Each is a box on four wheels that turn on hinges and roll on a plane.
    """
    client = bullet.connect(bullet.DIRECT)
    try:
        bullet.setPhysicsEngineParameter(fixedTimeStep=1 / 240, physicsClientId=client)
        bullet.setGravity(0, 0, -9.81, physicsClientId=client)
        plane = bullet.createCollisionShape(bullet.GEOM_PLANE, physicsClientId=client)
        bullet.createMultiBody(0, plane, physicsClientId=client)
        for k in range(ACTORS):
            _add_car(client, [10.0 * (k // 4), 4.0 * (k % 4), 0.83])
        start = time.process_time()
        for _ in range(round(duration_s * 240)):
            bullet.stepSimulation(client)
        return time.process_time() - start
    finally:
        bullet.disconnect(client)


def _add_car(client: int, place_m: list[float]) -> None:
    box = bullet.createCollisionShape(
        bullet.GEOM_BOX, halfExtents=[2.3, 0.9, 0.5], physicsClientId=client
    )
    wheel = bullet.createCollisionShape(
        bullet.GEOM_CYLINDER, radius=0.33, height=0.2, physicsClientId=client
    )
    hubs = [[x, y, -0.5] for x in (-1.4, 1.4) for y in (-0.8, 0.8)]
    uid = bullet.createMultiBody(
        1500,
        box,
        basePosition=place_m,
        linkMasses=[20] * 4,
        linkCollisionShapeIndices=[wheel] * 4,
        linkVisualShapeIndices=[-1] * 4,
        linkPositions=hubs,
        linkOrientations=[[0.5**0.5, 0, 0, 0.5**0.5]] * 4,
        linkInertialFramePositions=[[0, 0, 0]] * 4,
        linkInertialFrameOrientations=[[0, 0, 0, 1]] * 4,
        linkParentIndices=[0] * 4,
        linkJointTypes=[bullet.JOINT_REVOLUTE] * 4,
        linkJointAxis=[[0, 0, 1]] * 4,
        physicsClientId=client,
    )
    for joint in range(4):
        bullet.setJointMotorControl2(
            uid, joint, bullet.VELOCITY_CONTROL, force=0, physicsClientId=client
        )
    bullet.resetBaseVelocity(uid, [20, 0, 0], physicsClientId=client)
