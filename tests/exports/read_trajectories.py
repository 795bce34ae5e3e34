"""Reads an export by evo, and judges each way against itself and against known errors.

Prints JSON; run in the checkers' environment. Errors: moved by 3, 4, 0 m; turned by 0.1 rad about
its own x; every pose 0.1 m farther up than the one before it, but for the first.
"""

import copy
import json
import sys
from pathlib import Path

import numpy as np
from evo.core import lie_algebra, metrics
from evo.tools import file_interface

root = Path(sys.argv[1])


def error(kind, relation, one, other):
    """Return root mean square and greatest error of one way against another."""
    metric = kind(relation)
    metric.process_data((one, other))
    return [
        float(metric.get_statistic(name))
        for name in (metrics.StatisticsType.rmse, metrics.StatisticsType.max)
    ]


def changed(way, make):
    """Return a way whose poses are those that `make` gives for number and pose."""
    poses = [make(number, at) for number, at in enumerate(way.poses_se3)]
    found = copy.deepcopy(way)
    return type(found)(poses_se3=poses, timestamps=found.timestamps)


answer = {}
place, angle = metrics.PoseRelation.translation_part, metrics.PoseRelation.rotation_angle_rad
for path in sorted((root / "tum").glob("*/*.txt")):
    way = file_interface.read_tum_trajectory_file(str(path))
    there = file_interface.read_kitti_poses_file(str(root / "kitti" / path.parent.name / path.name))
    moved = changed(way, lambda _, at: lie_algebra.se3(t=np.array([3.0, 4.0, 0.0])) @ at)
    turn = lie_algebra.se3(r=lie_algebra.so3_exp(np.array([0.1, 0.0, 0.0])))
    turned = changed(way, lambda _, at, turn=turn: at @ turn)
    drifted = changed(
        way, lambda number, at: lie_algebra.se3(t=np.array([0.0, 0.0, 0.1 * number])) @ at
    )
    valid, _ = way.check()
    first = np.linalg.inv(way.poses_se3[0])
    answer[f"{path.parent.name}/{path.stem}"] = {
        "valid": valid,
        "poses": way.num_poses,
        "length_m": float(way.path_length),
        "kitti_length_m": float(there.path_length),
        "kitti_gap": float(
            max(
                np.abs(first @ one - other).max()
                for one, other in zip(way.poses_se3, there.poses_se3, strict=True)
            )
        ),
        "itself": error(metrics.APE, place, way, way),
        "moved": error(metrics.APE, place, way, moved),
        "turned": error(metrics.APE, angle, way, turned),
        "drifted": error(metrics.RPE, place, way, drifted),
        "drifted_ape": error(metrics.APE, place, way, drifted),
    }
print(json.dumps(answer))
