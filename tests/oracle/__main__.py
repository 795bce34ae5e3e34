"""Hold frames of a data set against the oracle: ``tools/oracle DATASET [FRAMES] [SEED]``.

Frames are chosen at random among those of all cameras that take their rows at once; 1 if any
disagrees. Each core takes whole scenes.
"""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import groupby

import numpy as np

from scenegen.dataset import open_dataset
from tests.oracle.annotator import Oracle
from tests.oracle.compare import Comparison, compare

Place = tuple[str, str, int]
"""Scene, sensor and frame."""


def main(path: str, most: int = 1000, seed: int = 0) -> int:
    """Print a line for each fault and one of totals; return the exit code."""
    chosen = [
        (scene.id, frame.sensor, frame.index)
        for scene in open_dataset(path)
        if not any(camera.readout_s for camera in scene.scenario.cameras.values())
        for frame in scene.frames()
    ]
    order = np.random.default_rng(seed).permutation(len(chosen))[:most]
    places = [chosen[number] for number in sorted(order.tolist())]
    tasks = [(path, list(frames)) for _, frames in groupby(places, key=lambda place: place[0])]
    found: list[Comparison] = []
    with ProcessPoolExecutor() as pool:
        for (_, frames), compared in zip(tasks, pool.map(_compare, tasks), strict=True):
            found += compared
            for place, frame in zip(frames, compared, strict=True):
                for fault in frame.faults:
                    print(*place, f"{fault}", sep=" ", flush=True)
    faults = sum(len(frame.faults) for frame in found)
    print(
        f"{len(found)} frames, {sum(f.pixels for f in found)} px, "
        f"{sum(f.objects for f in found)} objects: {faults} faults; "
        f"{sum(f.edge_px for f in found)} px on edges differ; occlusion beyond those by at most "
        f"{max(f.occlusion for f in found):.4f}, amodal boxes by "
        f"{max(f.boxes_px for f in found):g} px"
    )
    return 1 if faults else 0


def _compare(task: tuple[str, list[Place]]) -> list[Comparison]:
    path, places = task
    scene = open_dataset(path).scene(places[0][0])
    oracle = Oracle(scene.scenario, scene.trajectory)
    return [compare(scene.frames(sensor)[index], oracle) for _, sensor, index in places]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *(int(word) for word in sys.argv[2:4])))
