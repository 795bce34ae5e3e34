"""Trains the camera agent: see `train_camera_agent`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from scenegen.drive.agents.camera.lessons import Lesson, lessons
from scenegen.drive.agents.camera.network import Driver, write_driver
from scenegen.drive.agents.camera.training import train
from scenegen.sample import draw
from scenegen.sample.rig import parse_rig
from scenegen.scenario import load_scenario
from scenegen.seeds import SceneKey, named_generator

SCENARIOS = ("lead_brakes", "queue_behind_bend", "slow_lorry_at_night", "cut_out", "wet_cut_in")
SEED = 1000
"""Of the scenes that are learned from; none of them is of the seeds that anybody tests with."""
PASSES = (10, 5)
"""How often lessons are learned in each round: the teacher drives in the first, then the pupil."""
RIG = parse_rig({"front": {"width": 120, "height": 72, "position": ["0.4 m", "0 m", "1.35 m"],
                           "hfov": "70 deg"}}, "thumbnail")  # fmt: skip


def main() -> None:
    """Drive, learn, write."""
    out, count = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 14
    started = time.monotonic()
    learned: list[Lesson] = []
    driver: Driver | None = None
    for turn in range(len(PASSES)):
        for name in SCENARIOS:
            logical = load_scenario(name)
            for index in range(turn * count, (turn + 1) * count):
                scenario = draw(logical, SEED, index).model_copy(update={"sensors": RIG})
                generator = SceneKey(logical.digest, SEED, index).generator("camera agent")
                learned.extend(lessons(scenario, generator, driver))
            tell(started, f"round {turn}: {name}, {len(learned)} lessons so far")
        generator = named_generator("camera agent", SEED, turn)
        driver = train(learned, PASSES[turn], generator, driver, lambda text: tell(started, text))
        notes = {
            "scenarios": ",".join(SCENARIOS),
            "scenes": str(count * len(SCENARIOS) * (turn + 1)),
            "lessons": str(len(learned)),
            "licence": "Apache-2.0",
        }
        write_driver(out, driver, notes)
        tell(started, f"round {turn}: {out}, {out.stat().st_size / 1e6:.2f} MB")


def tell(started: float, text: str) -> None:
    """Say something with the time it took so far."""
    print(f"{time.monotonic() - started:6.0f} s  {text}", flush=True)


if __name__ == "__main__":
    main()
