"""Hold frames of a data set against the oracle: ``tools/oracle DATASET [FRAMES] [SEED]``.

Frames are chosen at random among those of all cameras that take their rows at once; 1 if any
disagrees.
"""

from __future__ import annotations

import sys

import numpy as np

from scenegen.dataset import open_dataset
from tests.oracle.annotator import Oracle
from tests.oracle.compare import compare


def main(path: str, most: int = 1000, seed: int = 0) -> int:
    """Print a line for each fault and one of totals; return the exit code."""
    data = open_dataset(path)
    chosen = [
        (scene, frame.sensor, frame.index)
        for scene in data
        if not any(camera.readout_s for camera in scene.scenario.cameras.values())
        for frame in scene.frames()
    ]
    order = np.random.default_rng(seed).permutation(len(chosen))[:most]
    oracles: tuple[str, Oracle] | None = None
    pixels = faults = edge = objects = 0
    worst = boxes = 0.0
    for number in sorted(order.tolist()):
        scene, sensor, index = chosen[number]
        if oracles is None or oracles[0] != scene.id:
            oracles = (scene.id, Oracle(scene.scenario, scene.trajectory))
        found = compare(scene.frames(sensor)[index], oracles[1])
        for fault in found.faults:
            print(f"{scene.id} {sensor} {index}: {fault}", flush=True)
        pixels, edge, objects = (
            pixels + found.pixels,
            edge + found.edge_px,
            objects + found.objects,
        )
        faults += len(found.faults)
        worst, boxes = max(worst, found.occlusion), max(boxes, found.boxes_px)
    print(
        f"{len(order)} frames, {pixels} px, {objects} objects: {faults} faults; "
        f"{edge} px on edges differ; occlusion by at most {worst:.4f}, amodal boxes by {boxes:g} px"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *(int(word) for word in sys.argv[2:4])))
