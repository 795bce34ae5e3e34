"""Loads, renders and scores an export by nuscenes-devkit.

Takes the export, an empty folder for pictures and scores, and the splits to score; prints JSON;
run in the checkers' environment.
"""

import json
import sys
from pathlib import Path

import matplotlib as mpl

mpl.use("Agg")

import numpy as np
from nuscenes.eval.common.config import config_factory
from nuscenes.eval.detection.evaluate import DetectionEval
from nuscenes.eval.detection.utils import category_to_detection_name
from nuscenes.nuscenes import NuScenes
from nuscenes.utils.data_classes import LidarPointCloud, RadarPointCloud
from nuscenes.utils.geometry_utils import points_in_box

root, out, splits = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:]
tables = NuScenes(version="v1.0-trainval", dataroot=str(root), verbose=False)


def clouds():
    """Return what the readers of points find, and the share of a box's points that are in it."""
    lidar = radar = inside = counted = 0
    for sample in tables.sample:
        path, boxes, _ = tables.get_sample_data(sample["data"]["LIDAR_TOP"])
        points = LidarPointCloud.from_file(path).points
        lidar += points.shape[1]
        radar_path = tables.get_sample_data_path(sample["data"]["RADAR_FRONT"])
        radar += RadarPointCloud.from_file(radar_path).points.shape[1]
        for box in boxes:
            row = tables.get("sample_annotation", box.token)
            name = row["attribute_tokens"] and tables.get("attribute", row["attribute_tokens"][0])
            if name and name["name"] in ("vehicle.parked", "pedestrian.standing"):
                counted += row["num_lidar_pts"]
                inside += min(
                    int(points_in_box(box, points[:3], wlh_factor=1.02).sum()), row["num_lidar_pts"]
                )
    return {"lidar": lidar, "radar": radar, "inside": inside, "counted": counted}


def scores(split):
    """Return the detection evaluation of the truth itself, by class."""
    names = json.loads((root / "v1.0-trainval" / "splits.json").read_text())[split]
    results = {}
    present = set()
    for sample in tables.sample:
        if tables.get("scene", sample["scene_token"])["name"] not in names:
            continue
        results[sample["token"]] = []
        for token in sample["anns"]:
            row = tables.get("sample_annotation", token)
            name = category_to_detection_name(row["category_name"])
            if name is None or row["num_lidar_pts"] + row["num_radar_pts"] == 0:
                continue
            present.add(name)
            velocity = np.nan_to_num(tables.box_velocity(token)[:2]).tolist()
            attribute = [tables.get("attribute", t)["name"] for t in row["attribute_tokens"]]
            results[sample["token"]].append(
                {
                    "sample_token": sample["token"],
                    "translation": row["translation"],
                    "size": row["size"],
                    "rotation": row["rotation"],
                    "velocity": velocity,
                    "detection_name": name,
                    "detection_score": 1.0,
                    "attribute_name": attribute[0] if attribute else "",
                }
            )
    used = dict.fromkeys(("use_camera", "use_lidar", "use_radar", "use_map", "use_external"), False)
    (out / "results.json").write_text(json.dumps({"meta": used, "results": results}))
    config = config_factory("detection_cvpr_2019")
    evaluation = DetectionEval(
        tables, config, str(out / "results.json"), split, str(out / "scores"), verbose=False
    )
    metrics, _ = evaluation.evaluate()
    counted = {
        name: sum(box.detection_name == name for box in evaluation.gt_boxes.all)
        for name in sorted(present)
    }
    summary = metrics.serialize()
    return {
        "boxes": counted,
        "AP": {name: summary["mean_dist_aps"][name] for name in counted},
        "errors": {name: summary["label_tp_errors"][name] for name in counted},
        "mAP": summary["mean_ap"],
        "NDS": summary["nd_score"],
    }


def rendered():
    """Return the pictures of one sample: each sensor with boxes, points in the camera, the map."""
    best = max(tables.sample, key=lambda sample: len(sample["anns"]))
    for channel in ("CAM_FRONT", "LIDAR_TOP", "RADAR_FRONT"):
        tables.render_sample_data(
            best["data"][channel],
            out_path=str(out / f"{channel}.png"),
            verbose=False,
            underlay_map=True,
        )
    tables.render_pointcloud_in_image(
        best["token"], out_path=str(out / "points.png"), verbose=False
    )
    tables.render_sample(best["token"], out_path=str(out / "sample.png"), verbose=False)
    return {path.name: path.stat().st_size for path in sorted(out.glob("*.png"))}


def on_road():
    """Return the share of ego poses that the map says are on road or pavement."""
    hits = []
    for scene in tables.scene:
        log = tables.get("log", scene["log_token"])
        mask = tables.get("map", log["map_token"])["mask"]
        tokens = [
            row["ego_pose_token"]
            for row in tables.sample_data
            if row["channel"] == "LIDAR_TOP"
            and tables.get("sample", row["sample_token"])["scene_token"] == scene["token"]
        ]
        poses = np.array([tables.get("ego_pose", token)["translation"] for token in tokens])
        hits += mask.is_on_mask(poses[:, 0], poses[:, 1]).tolist()
    return float(np.mean(hits))


answer = {
    "samples": len(tables.sample),
    "annotations": len(tables.sample_annotation),
    "clouds": clouds(),
    "scores": {split: scores(split) for split in splits},
    "pictures": rendered(),
    "on_road": on_road(),
}
print(json.dumps(answer))
