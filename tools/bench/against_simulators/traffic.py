"""Step twenty vehicles in another simulator; run by the Python that has it.

Usage: traffic.py highway|metadrive|sumo SECONDS. Prints one line of JSON: simulated seconds per CPU
second and the vehicles that there were on average.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

VEHICLES, HZ = 20, 20


def highway(seconds: float) -> tuple[float, float]:
    """highway-env: kinematic bicycles with IDM and MOBIL on four lanes; observes kinematics."""
    import gymnasium  # noqa: PLC0415 - each has its own
    import highway_env  # noqa: F401, PLC0415 - registers itself

    config = {
        "lanes_count": 4,
        "vehicles_count": VEHICLES - 1,
        "simulation_frequency": HZ,
        "policy_frequency": HZ,
        "duration": 10 * seconds,
        "offroad_terminal": False,
    }
    env = gymnasium.make("highway-v0", config=config).unwrapped
    env.reset(seed=0)
    steps, count = round(seconds * HZ), 0
    start = time.process_time()
    for _ in range(steps):
        _, _, ended, cut, _ = env.step(1)
        count += len(env.road.vehicles)
        if ended or cut:
            env.reset()
    return seconds / (time.process_time() - start), count / steps


def metadrive(seconds: float) -> tuple[float, float]:
    """MetaDrive: rigid bodies (Bullet in Panda3D), IDM traffic, observes by LiDAR; no pictures."""
    from metadrive import MetaDriveEnv  # noqa: PLC0415

    env = MetaDriveEnv(
        {"use_render": False, "map": "SSSS", "traffic_density": 0.25, "log_level": 50,
         "horizon": 10**6, "physics_world_step_size": 1.0 / 240.0, "decision_repeat": 240 // HZ}
    )  # fmt: skip
    env.reset(seed=0)
    steps, count = round(seconds * HZ), 0
    start = time.process_time()
    for _ in range(steps):
        _, _, ended, cut, _ = env.step([0.0, 0.1])
        count += len(env.engine.traffic_manager.vehicles)
        if ended or cut:
            env.reset()
    rate = seconds / (time.process_time() - start)
    env.close()
    return rate, count / steps


def sumo(seconds: float) -> tuple[float, float]:
    """SUMO in process: vehicles along lanes by IDM, no bodies, no ego."""
    import libsumo  # noqa: PLC0415
    import sumo  # noqa: PLC0415

    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        (here / "n.xml").write_text(
            '<nodes><node id="a" x="0" y="0"/><node id="b" x="3000" y="0"/></nodes>'
        )
        (here / "e.xml").write_text(
            '<edges><edge id="ab" from="a" to="b" numLanes="4" speed="33"/></edges>'
        )
        cars = "".join(
            f'<vehicle id="{k}" type="car" depart="0" departLane="{k % 4}" '
            f'departPos="{60 + 35 * (k // 4)}" departSpeed="20"><route edges="ab"/></vehicle>'
            for k in range(VEHICLES)
        )
        (here / "r.xml").write_text(
            f'<routes><vType id="car" carFollowModel="IDM"/>{cars}</routes>'
        )
        netconvert = Path(sumo.SUMO_HOME) / "bin" / "netconvert"
        environment = {**os.environ, "SUMO_HOME": sumo.SUMO_HOME}
        net = ["-n", str(here / "n.xml"), "-e", str(here / "e.xml"), "-o", str(here / "net.xml")]
        subprocess.run([str(netconvert), *net], check=True, env=environment, capture_output=True)
        files = ["-n", str(here / "net.xml"), "-r", str(here / "r.xml")]
        rounds, count, spent = 0, 0, 0.0
        while rounds * 10.0 < seconds:
            step = ["--step-length", str(1.0 / HZ), "--no-step-log", "--no-warnings"]
            libsumo.start(["sumo", *files, *step])
            start = time.process_time()
            for _ in range(10 * HZ):
                libsumo.simulationStep()
                count += libsumo.vehicle.getIDCount()
            spent += time.process_time() - start
            libsumo.close()
            rounds += 1
    return rounds * 10.0 / spent, count / (rounds * 10 * HZ)


if __name__ == "__main__":
    rate, vehicles = globals()[sys.argv[1]](float(sys.argv[2]))
    print(json.dumps({"rate": rate, "vehicles": vehicles}))
