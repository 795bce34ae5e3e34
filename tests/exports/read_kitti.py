"""Reads an export as others read KITTI: pykitti, nuscenes-devkit's KittiDB, TrackEval.

Prints JSON; run in the checkers' environment.
"""

import json
import sys
from pathlib import Path

import numpy as np
import pykitti
import trackeval
from nuscenes.utils.kitti import KittiDB

root = Path(sys.argv[1])


def objects():
    """Return boxes in the LiDAR's frame and their images, by KittiDB."""
    base = root / "object"
    database = KittiDB(str(base), splits=("training",))
    turn = database.kitti_to_nu_lidar_inv
    found = {}
    for token in database.tokens[::5]:
        transforms = database.get_transforms(token, root=str(base))
        rows = []
        for box in database.get_boxes(token):
            box.rotate(turn)
            rows.append(
                {
                    "name": box.name,
                    "center": box.center.tolist(),
                    "corners": box.corners().T.tolist(),
                }
            )
        cloud = database.get_pointcloud(token, root=str(base)).points.T
        found[token.split("_")[1]] = {
            "boxes": rows,
            "points": len(cloud),
            "projection": transforms["p_combined"].tolist(),
        }
    return found


def oxts():
    """Return the poses of each sequence, by pykitti."""
    folder = root / "tracking" / "training" / "oxts"
    return {
        path.stem: [
            packet.T_w_imu.tolist() for packet in pykitti.utils.load_oxts_packets_and_poses([path])
        ]
        for path in sorted(folder.glob("*.txt"))
    }


def tracking():
    """Return what TrackEval says of the tracks, held against themselves."""
    training = root / "tracking" / "training"
    trackers = Path(sys.argv[2])
    (trackers / "truth").mkdir(parents=True)
    data = trackers / "truth" / "data"
    data.mkdir()
    for path in (training / "label_02").glob("*.txt"):
        lines = [line for line in path.read_text().splitlines() if "DontCare" not in line]
        (data / path.name).write_text("".join(f"{line} 1.0\n" for line in lines))
    config = {
        "GT_FOLDER": str(training),
        "TRACKERS_FOLDER": str(trackers),
        "SPLIT_TO_EVAL": "training",
        "PRINT_CONFIG": False,
    }
    quiet = dict.fromkeys(
        ("PRINT_RESULTS", "PRINT_CONFIG", "TIME_PROGRESS", "OUTPUT_SUMMARY", "OUTPUT_DETAILED"),
        False,
    ) | {"PLOT_CURVES": False, "DISPLAY_LESS_PROGRESS": True, "BREAK_ON_ERROR": True}
    metrics = [trackeval.metrics.HOTA(), trackeval.metrics.CLEAR(), trackeval.metrics.Identity()]
    result, _ = trackeval.Evaluator(quiet).evaluate(
        [trackeval.datasets.Kitti2DBox(config)], metrics
    )
    found = {}
    for name in ("car", "pedestrian"):
        one = result["Kitti2DBox"]["truth"]["COMBINED_SEQ"][name]
        found[name] = {
            "HOTA": float(np.mean(one["HOTA"]["HOTA"])),
            "MOTA": float(one["CLEAR"]["MOTA"]),
            "IDF1": float(one["Identity"]["IDF1"]),
            "boxes": int(one["CLEAR"]["CLR_TP"]),
        }
    return found


calibration = pykitti.utils.read_calib_file(root / "object" / "training" / "calib" / "000000.txt")
answer = {
    "objects": objects(),
    "oxts": oxts(),
    "tracking": tracking(),
    "calibration": {name: values.tolist() for name, values in calibration.items() if len(values)},
}
print(json.dumps(answer))
