"""Reads an export as SemanticKITTI's users do: pykitti's odometry reader, and the data config.

Prints JSON; run in the checkers' environment. For each sequence: what each label's points are,
and the points of the last sweep in the frame of the first.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pykitti
import yaml

root = Path(sys.argv[1])
config = yaml.safe_load((root / "semantic-kitti.yaml").read_text())
learning = np.zeros(1 << 16, int)
for label, number in config["learning_map"].items():
    learning[label] = number

found = {}
for folder in sorted((root / "sequences").iterdir()):
    drive = pykitti.odometry(str(root), folder.name)
    counts = {}
    for number in range(len(drive)):
        points = drive.get_velo(number)
        marks = np.fromfile(folder / "labels" / f"{number:06d}.label", np.uint32)
        assert len(points) == len(marks)
        for label in np.unique(marks & 0xFFFF).tolist():
            name = config["labels"][label]
            counts[name] = counts.get(name, 0) + int(((marks & 0xFFFF) == label).sum())
    lidar = drive.calib.T_cam0_velo
    pose = np.linalg.inv(lidar) @ drive.poses[-1] @ lidar
    last = drive.get_velo(len(drive) - 1)[:, :3].astype(float)
    found[folder.name] = {
        "counts": counts,
        "classes": sorted(set(learning[marks & 0xFFFF].tolist())),
        "last": (last @ pose[:3, :3].T + pose[:3, 3]).round(4).tolist(),
        "times": [stamp.total_seconds() for stamp in drive.timestamps],
    }
print(json.dumps({"split": config["split"], "sequences": found}))
