"""Cityscapes' layout (Cordts et al. 2016): fine label pictures, polygons, disparity, cameras."""

from scenegen.exports.cityscapes.read import CityscapesFrame, read_cityscapes
from scenegen.exports.cityscapes.write import write_cityscapes

__all__ = ["CityscapesFrame", "read_cityscapes", "write_cityscapes"]
