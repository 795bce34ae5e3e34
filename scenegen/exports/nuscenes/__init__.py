"""nuScenes (Caesar et al. 2020): all sensors, boxes in the world, in tables."""

from scenegen.exports.nuscenes.writing import write_nuscenes

__all__ = ["write_nuscenes"]
