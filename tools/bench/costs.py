"""What large data sets cost: measured on a few scenes, extrapolated, and scheduled with faults.

`python -m bench.costs [--frames N] [--cores N]` draws and packs a scene of each of a few scenarios
on one core, and says what so many frames take: core-hours, bytes, requests, money, and which step
is the bottleneck. Then it plays the schedule: nodes that die and come back, scenes of unlike
lengths, the scene in flight of each core lost with its node.
"""

from __future__ import annotations

import argparse
import heapq
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from scenegen.dataset.layout import SCENES
from scenegen.pipeline.nightly.packs import pack
from scenegen.pipeline.scene import SceneJob, make_scene
from scenegen.scenario import load_scenario

SAMPLE = ("wet_cut_in", "night_jaywalk", "red_light_cyclist", "lead_brakes", "behind_the_bus")
CORE_HOUR, GIGABYTE_MONTH, REQUEST = 0.04, 0.023, 5e-6
"""Dollars: a virtual core of the large providers on demand, their object storage, and a PUT."""
NODE_CORES, NODE_LIFE_H, NODE_BACK_H = 16, 24.0, 0.1
"""Cores of a node, its mean time between failures (as spot instances have it), and until another
one stands in for it."""


@dataclass(frozen=True)
class Scene:
    """What one scene took.

    Attributes
    ----------
    cpu_s : dict of str to float
        CPU seconds by stage.
    pack_s : float
        CPU seconds to put it into an archive.
    size : int
        Bytes of the archive.
    """

    name: str
    frames: int
    cpu_s: dict[str, float]
    pack_s: float
    size: int

    @property
    def seconds(self) -> float:
        """All CPU seconds."""
        return sum(self.cpu_s.values()) + self.pack_s


def measure(quality: str) -> list[Scene]:
    """Make a scene of each scenario of the sample; the first, which pays for imports, twice."""
    found = []
    with tempfile.TemporaryDirectory() as out:
        make_scene(SceneJob(load_scenario(SAMPLE[0]), 0, 1, out, quality=quality))
        for name in SAMPLE:
            made = make_scene(SceneJob(load_scenario(name), 0, 0, out, quality=quality))
            begin = time.process_time()
            size = len(pack(Path(out) / SCENES / made.scene_id))
            packing = time.process_time() - begin
            found.append(Scene(name, made.frames, made.cpu_s, packing, size))
    return found


@dataclass(frozen=True)
class Schedule:
    """What came of playing a schedule.

    Attributes
    ----------
    hours : float
        Until the last scene is stored.
    lost : float
        Share of the core-hours that died with nodes.
    busy : float
        Share of the cores' time that went into scenes that were stored.
    again : int
        Scenes that were begun more than once.
    """

    hours: float
    lost: float
    busy: float
    again: int


def play(
    scenes_s: np.ndarray,
    cores: int,
    generator: np.random.Generator,
    node_cores: int = NODE_CORES,
    life_h: float = NODE_LIFE_H,
    back_h: float = NODE_BACK_H,
) -> Schedule:
    """Play a schedule: whoever is free takes the next scene; nodes die and take theirs along.

    Parameters
    ----------
    scenes_s : ndarray, shape (n,)
        CPU seconds of each scene.
    cores, node_cores : int
        In all, and of each node.
    life_h, back_h : float
        Hours that nodes live on average, exponentially, and until another one is there.
    """
    nodes = -(-cores // node_cores)
    dies = generator.exponential(life_h * 3600.0, nodes)
    free = [(0.0, core) for core in range(cores)]
    heapq.heapify(free)
    waiting = scenes_s.tolist()
    lost = end = 0.0
    again = 0
    while waiting:
        begin, core = heapq.heappop(free)
        node = core // node_cores
        while dies[node] + back_h * 3600.0 <= begin:
            dies[node] += back_h * 3600.0 + generator.exponential(life_h * 3600.0)
        if dies[node] <= begin:
            heapq.heappush(free, (dies[node] + back_h * 3600.0, core))
            continue
        seconds = waiting.pop()
        if begin + seconds > dies[node]:
            lost += dies[node] - begin
            again += 1
            waiting.append(seconds)
            heapq.heappush(free, (dies[node] + back_h * 3600.0, core))
            continue
        end = max(end, begin + seconds)
        heapq.heappush(free, (begin + seconds, core))
    useful = float(scenes_s.sum())
    return Schedule(end / 3600.0, lost / (useful + lost), useful / (end * cores), again)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m bench.costs", description=__doc__)
    parser.add_argument("--frames", type=float, default=1e8)
    parser.add_argument("--cores", type=int, default=1024)
    parser.add_argument("--quality", default="full")
    arguments = parser.parse_args()
    sample = measure(arguments.quality)
    frames = sum(scene.frames for scene in sample)
    seconds = sum(scene.seconds for scene in sample)
    size = sum(scene.size for scene in sample)
    stages: dict[str, float] = {}
    for scene in sample:
        for stage, spent in {**scene.cpu_s, "pack": scene.pack_s}.items():
            stages[stage] = stages.get(stage, 0.0) + spent
    each = arguments.frames / frames
    hours = each * seconds / 3600.0
    scenes = each * len(sample)
    print(f"{len(sample)} scenes, {frames} frames, quality={arguments.quality}")
    for stage, spent in sorted(stages.items(), key=lambda item: -item[1]):
        print(f"  {stage:<10}{1000 * spent / frames:8.1f} ms a frame {spent / seconds:7.1%}")
    print(f"{3600 * frames / seconds:,.0f} frames a core-hour, {size / frames:,.0f} bytes a frame")
    print(f"{arguments.frames:,.0f} frames, {scenes:,.0f} scenes:")
    print(f"  {hours:,.0f} core-hours, {CORE_HOUR * hours:,.0f} $ at {CORE_HOUR} $")
    stored = each * size / 1e9
    print(f"  {stored:,.0f} GB, {GIGABYTE_MONTH * stored:,.0f} $ a month at {GIGABYTE_MONTH} $")
    print(f"  {scenes:,.0f} requests, {REQUEST * scenes:,.0f} $")
    rate = stored * 8.0 / (hours * 3600.0 / arguments.cores)
    print(f"  {rate:,.1f} Gbit/s to storage with {arguments.cores:,} cores")
    million = (CORE_HOUR * hours + REQUEST * scenes) / arguments.frames * 1e6
    print(f"  {million:,.2f} $ a million frames, without keeping them")
    generator = np.random.default_rng(0)
    lengths = generator.choice([scene.seconds for scene in sample], int(scenes))
    played = play(lengths, arguments.cores, generator)
    print(
        f"played with a node lost every {NODE_LIFE_H:g} h: {played.hours:,.1f} h, "
        f"{played.lost:.2%} of the work lost, {played.again:,} scenes begun again, cores busy "
        f"{played.busy:.1%} of the time"
    )


if __name__ == "__main__":
    main()
