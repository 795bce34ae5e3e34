"""Memory over many resets and steps, and whether the last episode goes as the first did.

``python -m bench.endurance kinematic 10000 1000000`` takes minutes, ``rigid`` an hour.
Fewer than some 200 resets measure how allocators warm up (4.6 KiB a reset over 60, 0.000 over 400).
Prints memory as it goes, its slope over the second half, and whether first and last agree.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass

import numpy as np
import psutil

from scenegen.drive import Episode, Target
from scenegen.drive.physics import Physics
from scenegen.records import ConcreteScenario
from scenegen.sample import draw
from scenegen.scenario import load_scenario

MARKS = 40


@dataclass(frozen=True)
class Endured:
    """What came of it.

    Attributes
    ----------
    steps : int
    memory_mib : tuple of float
        Resident memory, at even intervals.
    slope_kib : float
        Growth for each reset over the second half (least squares).
    same : bool
        Whether the last episode of the first scene was, to the bit, the first.
    """

    steps: int
    memory_mib: tuple[float, ...]
    slope_kib: float
    same: bool


def endure(scenario: str, physics: Physics, resets: int, steps: int) -> Endured:
    """Go through episodes of four scenes by turns, of equal numbers of steps."""
    logical = load_scenario(scenario)
    scenes = [draw(logical, 0, index) for index in range(4)]
    each = -(-steps // resets)
    first = _ends(scenes[0], physics, each)[0]
    process, memory, done = psutil.Process(), [], 0
    for reset in range(resets):
        count = _ends(scenes[reset % 4], physics, each)[1]
        done += count
        if reset % max(resets // MARKS, 1) == 0:
            memory.append(process.memory_info().rss / 2**20)
            print(f"{done} steps, {reset + 1} resets: {memory[-1]:.1f} MiB", file=sys.stderr)
    last = _ends(scenes[0], physics, each)[0]
    half = np.array(memory[len(memory) // 2 :])
    at = np.arange(len(half)) * max(resets // MARKS, 1)
    slope = float(np.polyfit(at, half, 1)[0]) * 1024.0 if len(half) > 1 else 0.0
    return Endured(done, tuple(memory), slope, bool(np.array_equal(first, last)))


def _ends(scene: ConcreteScenario, physics: Physics, most: int) -> tuple[np.ndarray, int]:
    """Drive an episode, and return where everybody was at its end, and its steps."""
    with Episode(scene, record=False, physics=physics) as episode:
        count = 0
        while not episode.over and count < most:
            episode.step(Target(15.0 + count % 7, 0.0))
            count += 1
        return episode.state.position_m, count


if __name__ == "__main__":
    kind: Physics = "rigid" if sys.argv[1] == "rigid" else "kinematic"
    told = endure("wet_cut_in", kind, int(sys.argv[2]), int(sys.argv[3]))
    print(f"{told.steps} steps, {sys.argv[2]} resets, {kind}")
    print("MiB:", " ".join(f"{value:.0f}" for value in told.memory_mib))
    print(f"slope {told.slope_kib:+.3f} KiB a reset; same first to last: {told.same}")
