"""Count how many scenes a second Scenic samples; run by the Python that has Scenic.

Usage: rate.py FILE SECONDS SEED. Prints one line of JSON.
"""

import json
import random
import sys
import time

import numpy
import scenic


def main() -> None:
    path, seconds, seed = sys.argv[1], float(sys.argv[2]), int(sys.argv[3])
    random.seed(seed)
    numpy.random.seed(seed)  # noqa: NPY002 - what Scenic draws from
    scenario = scenic.scenarioFromFile(path, mode2D=True)
    scenario.generate(maxIterations=10**7)
    scenes, iterations, poses = 0, 0, []
    start = time.process_time()
    while time.process_time() - start < seconds:
        scene, tried = scenario.generate(maxIterations=10**7)
        scenes, iterations = scenes + 1, iterations + tried
        poses.append([[thing.position.x, thing.position.y] for thing in scene.objects])
    spent = time.process_time() - start
    print(json.dumps({"scenes": scenes, "tried": iterations, "cpu_s": spent, "poses": poses}))


main()
