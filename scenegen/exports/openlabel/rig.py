"""Sensors as OpenLABEL's streams and coordinate systems."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.geometry import inverse
from scenegen.records.labels import CameraLabel, EgoLabel

WORLD, EGO = "world", "ego"


def matrix(transform: npt.ArrayLike) -> dict[str, Any]:
    """Return a transform (4, 4), row by row."""
    return {"matrix4x4": np.asarray(transform, dtype=np.float64).ravel().tolist()}


def coordinate_systems(world_from_sensor: dict[str, tuple[EgoLabel, Any]]) -> dict[str, Any]:
    """Return the tree of systems: the world, the ego in it, the sensors on the ego.

    Parameters
    ----------
    world_from_sensor : dict
        By sensor: the ego and the sensor's pose (4, 4) at the same moment.
    """
    systems: dict[str, Any] = {
        WORLD: {"type": "scene_cs", "parent": "", "children": [EGO]},
        EGO: {"type": "local_cs", "parent": WORLD, "children": list(world_from_sensor)},
    }
    for name, (ego, pose) in world_from_sensor.items():
        mounted = inverse(np.array(ego.world_from_body)) @ np.array(pose)
        systems[name] = {
            "type": "sensor_cs",
            "parent": EGO,
            "children": [],
            "pose_wrt_parent": matrix(mounted),
        }
    return systems


def ego_transform(ego: EgoLabel) -> dict[str, Any]:
    """Return where the ego is in a frame, under its usual name."""
    found = {"src": EGO, "dst": WORLD, "transform_src_to_dst": matrix(ego.world_from_body)}
    return {"ego_to_world": found}


def intrinsics(camera: CameraLabel) -> dict[str, Any]:
    """Return a camera's calibration; pixels count from the picture's corner, as everywhere here.

    Under the names of the schema, and under those that vcd's cameras look for.
    """
    (fx, skew, cx), (_, fy, cy), _ = camera.K
    size = {"width_px": camera.width, "height_px": camera.height}
    if camera.model == "kannala_brandt":
        found: dict[str, Any] = {
            "intrinsics_fisheye": size
            | {
                "focal_length_x": fx,
                "focal_length_y": fy,
                "center_x_px": cx,
                "center_y_px": cy,
                "center_x": cx,
                "center_y": cy,
                "lens_coeffs": camera.distortion,
                "lens_coeffs_1xN": [1.0, *camera.distortion],  # the angle itself has one
                "model": "kannala",
                "field_rad": camera.field_rad,
            }
        }
    else:
        projection = [fx, skew, cx, 0.0, 0.0, fy, cy, 0.0, 0.0, 0.0, 1.0, 0.0]
        found = {
            "intrinsics_pinhole": size
            | {
                "camera_matrix": projection,
                "camera_matrix_3x4": projection,
                "distortion_coeffs": camera.distortion,
                "distortion_coeffs_1xN": camera.distortion,
            }
        }
    return found | {"pixel_origin": "corner", "readout_s": camera.readout_s}
