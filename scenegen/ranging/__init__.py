"""LiDAR and radar: on the exact meshes, each ray at its own time, through the scene's weather.

`RangingScene` is built once for a scene; `Lidar` gives sweeps, `Radar` scans.
"""

from scenegen.ranging.labels import sweep_labels
from scenegen.ranging.lidar import Lidar
from scenegen.ranging.radar import Radar, scan_labels
from scenegen.ranging.scene import RangingScene

__all__ = ["Lidar", "Radar", "RangingScene", "scan_labels", "sweep_labels"]
