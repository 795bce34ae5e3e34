"""How fast episodes are stepped without pictures: rigid, bare Bullet, kinematic, and others.

Other simulators live in an environment of their own, made in ``build/simulators`` at the first run
(``SCENEGEN_SIMULATORS_PYTHON`` names the Python of another). What each of them simulates is told
in ``against_simulators/traffic.py``. One that doesn't run here is told with its error.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from statistics import median

import numpy as np
import pybullet as bullet

from bench.figures import Figure
from scenegen.drive import Episode, Target
from scenegen.drive.vector import DriveVectorEnv
from scenegen.records import ConcreteScenario
from scenegen.sample import draw
from scenegen.scenario import load_scenario, parse_scenario
from scenegen.simulate import Command, World
from scenegen.simulate.kinematic import Batch

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


KINEMATIC_LEAST = 300.0
"""Times real time, simulated seconds of all environments over CPU seconds, 20 actors each."""
SCENES, LIBRARY = 16, ("lead_brakes", "wet_cut_in", "night_jaywalk", "crowd_at_zebra")
PACKAGES = ("highway-env==1.12.1", "libsumo==1.28.0", "eclipse-sumo==1.28.0",
            "metadrive-simulator==0.4.3")  # fmt: skip
PROGRAM = Path(__file__).parent / "against_simulators" / "traffic.py"
OTHERS = ("highway", "metadrive", "sumo")
SIMULATED_S = 10.0


def run() -> list[Figure]:
    """Step everything in turns, and take the medians of CPU seconds."""
    scenario = traffic()
    python = _simulators()
    with_agent, bare, own, batched = [], [], [], []
    others: dict[str, list[float]] = {name: [] for name in OTHERS}
    for _ in range(REPEATS):
        with_agent.append(_episode(scenario))
        bare.append(_bare(scenario.duration_s))
        own.append(_same_bodies(scenario))
        batched.append(_batched([scenario] * SCENES))
        for name in [name for name in OTHERS if name in others]:
            rate = _other(python, name)
            if rate is None:
                del others[name]
            else:
                others[name].append(rate)
    name = f"{ACTORS} actors, an agent"
    seconds, alone = median(with_agent), median(bare)
    rate = median(batched)
    return [
        Figure("driving", name, scenario.duration_s / seconds, "x real time", LEAST, "at least"),
        Figure("driving", "bare Bullet cars", scenario.duration_s / alone, "x real time"),
        Figure("driving", "over bare Bullet", seconds / alone, "x", MOST_OVER),
        Figure("driving", "over bare stepping of the same bodies", seconds / median(own), "x"),
        Figure("driving", f"kinematic, {name}", rate, "x real time", KINEMATIC_LEAST, "at least"),
        *_library(),
        *(Figure("driving", f"{n}, {ACTORS} vehicles", median(v), "x real time")
          for n, v in others.items()),
        *(Figure("driving", f"kinematic over {n}", rate / median(v), "x")
          for n, v in others.items()),
    ]  # fmt: skip


def _library() -> list[Figure]:
    """Return rates of scenes of the library: stepped, and as environments with what they show."""
    figures = []
    for name in LIBRARY:
        logical = load_scenario(name)
        scenes = [draw(logical, 0, index) for index in range(SCENES)]
        actors = sum(len(scene.actors) for scene in scenes) / SCENES
        rate = median(_batched(scenes) for _ in range(3))
        title = f"kinematic, {name}, {actors:.0f} actors"
        figures.append(Figure("driving", title, rate, "x real time"))
    for label, scenes_each, decisions in (("steps", 1, 50), ("with resets", 1, 150)):
        rate = median(_environments(scenes_each, decisions) for _ in range(3))
        title = f"DriveVectorEnv, lead_brakes, {label}"
        figures.append(Figure("driving", title, rate, "x real time"))
    return figures


def _batched(scenes: list[ConcreteScenario]) -> float:
    """Return simulated seconds of all scenes over CPU seconds; an agent steers every ego."""
    batch = Batch(scenes)
    drives = {e: {scene.ego.instance_id: Command(0.0, 0.0)} for e, scene in enumerate(scenes)}
    batch.step(drives)
    rows = round(scenes[0].duration_s * batch.rates.control_hz) - 1
    start = time.process_time()
    for _ in range(rows):
        batch.step(drives)
    spent = time.process_time() - start
    return len(scenes) * rows / batch.rates.control_hz / spent


def _environments(scenes: int, decisions: int) -> float:
    """Return simulated seconds of all environments over CPU seconds, with observations."""
    env = DriveVectorEnv("lead_brakes", SCENES, action="target", endings=(), scenes=scenes)
    env.reset(seed=0)
    actions = np.tile(np.array([[20.0, 0.0]], np.float32), (SCENES, 1))
    env.step(actions)
    start = time.process_time()
    for _ in range(decisions):
        env.step(actions)
    spent = time.process_time() - start
    env.close()
    return SCENES * decisions / 10.0 / spent


def _same_bodies(scenario: ConcreteScenario) -> float:
    """Step the bodies that an episode has in Bullet, without anybody who drives them."""
    world = World(scenario)
    try:
        steps = round(scenario.duration_s * scenario.rates.physics_hz)
        start = time.process_time()
        for _ in range(steps):
            world.engine.step()
        return time.process_time() - start
    finally:
        world.close()


def _simulators() -> Path:
    """Return the Python of an environment with other simulators."""
    given = os.environ.get("SCENEGEN_SIMULATORS_PYTHON")
    if given:
        return Path(given)
    folder = Path("build") / "simulators"
    python = folder.absolute() / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check"]
    for package in PACKAGES:
        done = subprocess.run([*pip, package], capture_output=True, text=True, check=False)
        if done.returncode:
            print(f"{package} can't be installed: {done.stderr.strip().splitlines()[-1]}")
    return python


def _other(python: Path, name: str) -> float | None:
    """Return another simulator's rate; None, told on the terminal, if it doesn't run."""
    command = [str(python), str(PROGRAM), name, str(SIMULATED_S)]
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        print(f"{name} doesn't run: {done.stderr.strip().splitlines()[-1]}")
        return None
    told = json.loads(done.stdout.strip().splitlines()[-1])
    if round(told["vehicles"]) != ACTORS:
        print(f"{name} had {told['vehicles']:.1f} vehicles rather than {ACTORS}")
    return float(told["rate"])


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
