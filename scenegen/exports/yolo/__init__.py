"""Ultralytics' YOLO layout: boxes, outlines and joints in text files beside the pictures."""

from scenegen.exports.yolo.read import YoloImage, YoloObject, read_yolo
from scenegen.exports.yolo.write import write_yolo

__all__ = ["YoloImage", "YoloObject", "read_yolo", "write_yolo"]
