"""LiDAR: rays on the exact meshes, each at its own time, through the scene's weather.

`RangingScene` is built once for a scene; `Lidar` gives its sweeps.
"""

from scenegen.ranging.labels import sweep_labels
from scenegen.ranging.lidar import Lidar
from scenegen.ranging.scene import RangingScene

__all__ = ["Lidar", "RangingScene", "sweep_labels"]
