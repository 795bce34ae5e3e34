"""OpenLABEL files read, checked and measured by vcd; prints JSON.

argv: the export and the names of cameras. For each object that a camera shows, the middle of its
cuboid as vcd's own transforms take it to the camera, and where vcd's camera sees it.
"""

from __future__ import annotations

import contextlib
import io
import json
import sys
from pathlib import Path

import numpy as np
from vcd import core, scl


def main(root: Path, cameras: list[str]) -> None:
    """Print, by scene, frame, camera and uid, the middle (x, y, z, u, v)."""
    with contextlib.redirect_stdout(io.StringIO()):
        found = {path.stem: _scene(path, cameras) for path in sorted(root.glob("*.json"))}
    print(json.dumps(found))


def _scene(path: Path, cameras: list[str]) -> dict[str, dict[str, list[float]]]:
    content = core.OpenLABEL()
    content.load_from_file(str(path), validation=True)
    scene = scl.Scene(content)
    return {
        f"{number} {camera}": _seen(content.get_frame(number), scene, camera, number)
        for number in range(len(content.data["openlabel"]["frames"]))
        for camera in cameras
    }


def _seen(frame: dict, scene: scl.Scene, camera: str, number: int) -> dict[str, list[float]]:
    middles = {}
    for uid, said in frame["objects"].items():
        data = said.get("object_data", {})
        if f"{camera}.visible" in [box["name"] for box in data.get("bbox", [])]:
            point = np.array([[*data["cuboid"][0]["val"][:3], 1.0]]).T
            here = scene.transform_points3d_4xN(point, "world", camera, frame_num=number)
            pixel, _ = scene.get_camera(camera).project_points3d(here)
            middles[uid] = [*here[:3, 0].tolist(), *pixel[:2, 0].tolist()]
    return middles


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
