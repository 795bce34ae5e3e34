"""Poses, cameras and boxes, and the conventions that hold everywhere.

- World: right-handed, x east, y north, z up. Body: ISO 8855, x forward, y left,
  z up, its origin on the ground below the middle of the bounding box. Camera:
  OpenCV, x right, y down, z forward.
- A transform is named after what it does: ``world_from_camera`` (4, 4) takes
  homogeneous camera coordinates to world coordinates.
- Metres, seconds, radians, kilograms; float64. Angles in (-pi, pi]; yaw is 0
  along +x and grows counter-clockwise seen from above.
- Quaternions are ``wxyz``, unit length, w >= 0 where a sign must be chosen.
- Pixels: the top-left *corner* of the picture is (0, 0), so the first pixel's
  centre is (0.5, 0.5).
"""

from scenegen.geometry.boxes import (
    box_bounds,
    box_corners,
    clip_box,
    mask_box,
    nearest_point,
    project_box,
)
from scenegen.geometry.camera import Camera, look_at
from scenegen.geometry.lens import BrownConrady, KannalaBrandt, Lens
from scenegen.geometry.polygons import in_triangles, triangulate
from scenegen.geometry.readout import Images, MovingCamera
from scenegen.geometry.sun import sun_position
from scenegen.geometry.transforms import (
    apply,
    cross,
    inverse,
    matrix_from_quaternion,
    pose,
    quaternion_from_matrix,
    quaternion_from_rpy,
    quaternion_from_yaw,
    quaternion_multiply,
    rotate,
    wrap_angle,
    yaw_of,
)
from scenegen.geometry.upright import (
    Boxes,
    boxes_of,
    boxes_overlap,
    segments_depth,
    segments_meet,
    sight_points,
)

__all__ = [
    "Boxes",
    "BrownConrady",
    "Camera",
    "Images",
    "KannalaBrandt",
    "Lens",
    "MovingCamera",
    "apply",
    "box_bounds",
    "box_corners",
    "boxes_of",
    "boxes_overlap",
    "clip_box",
    "cross",
    "in_triangles",
    "inverse",
    "look_at",
    "mask_box",
    "matrix_from_quaternion",
    "nearest_point",
    "pose",
    "project_box",
    "quaternion_from_matrix",
    "quaternion_from_rpy",
    "quaternion_from_yaw",
    "quaternion_multiply",
    "rotate",
    "segments_depth",
    "segments_meet",
    "sight_points",
    "sun_position",
    "triangulate",
    "wrap_angle",
    "yaw_of",
]
