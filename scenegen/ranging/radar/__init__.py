"""Radar: points that throw waves back, in the same scene and weather as the other sensors.

`Radar` gives the scans of one radar of a `RangingScene`.
"""

from scenegen.ranging.radar.labels import scan_labels
from scenegen.ranging.radar.sensor import Radar

__all__ = ["Radar", "scan_labels"]
