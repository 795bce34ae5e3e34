"""OpenDRIVE: maps read from .xodr files and written to them."""

from scenegen.roads.opendrive.element import Left
from scenegen.roads.opendrive.read import Imported, parse_opendrive, read_opendrive
from scenegen.roads.opendrive.scene import describe, scene_map
from scenegen.roads.opendrive.write import write_opendrive

__all__ = [
    "Imported",
    "Left",
    "describe",
    "parse_opendrive",
    "read_opendrive",
    "scene_map",
    "write_opendrive",
]
