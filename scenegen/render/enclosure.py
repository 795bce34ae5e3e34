"""A room into which the sky shines through its two ends only: a tunnel.

Of the sky above level ground, an opening of height h at a distance d leaves
(1 - d / sqrt(d² + h²)) / 2: what a half plane of that height shows, as in `contact`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.geometry import inverse
from scenegen.records import RoadSpec
from scenegen.records.base import F64
from scenegen.render.contact import BOX_DTYPE
from scenegen.roads.layouts.tunnel import tube_of

LAMPS_LUX = 250.0
"""What a tunnel's lamps give its road, about."""
AHEAD_M = 25.0
"""What lies so far ahead counts in metering, too."""
_INSIDE = -1.0
"""In the place of a contact shadow's reach: all within the box is shaded."""
_GAINS = (0.4, 250.0)
_ADAPTED = 0.92
"""How far a camera makes up for less light: 1 is wholly."""


@dataclass(frozen=True)
class Enclosure:
    """A room along a road.

    Attributes
    ----------
    world_from_box : ndarray, shape (4, 4)
        x along the road; its origin lies on the ground in the room's middle.
    half_m : (3,)
        Half of its length and width, and half of its height.
    """

    world_from_box: F64
    half_m: tuple[float, float, float]

    def row(self, world_from_camera: F64) -> npt.NDArray[np.void]:
        """Return the box (1,) as the contact pass takes it."""
        table = np.zeros(1, dtype=BOX_DTYPE)
        table["rows"] = (inverse(self.world_from_box) @ world_from_camera)[:3]
        table["half_reach"][:, :3] = self.half_m
        table["half_reach"][:, 3] = _INSIDE
        return table

    def daylight(self, point_m: F64) -> float:
        """Return the share of the sky's light that gets to a place (3,); 1 outside."""
        q = inverse(self.world_from_box) @ np.append(point_m, 1.0)
        x, y, z = (float(v) for v in q[:3])
        length, width, half = self.half_m
        if abs(x) > length or abs(y) > width or z > 2.0 * half:
            return 1.0
        h = 2.0 * half
        ends = [length - x, length + x]
        return float(min(sum(0.5 * (1.0 - d / np.hypot(d, h)) for d in ends), 1.0))

    def share(self, world_from_camera: F64) -> float:
        """Return the share of daylight where a camera is and looks to, by which it meters."""
        here = world_from_camera[:3, 3]
        inside = self.daylight(here)
        if inside == 1.0:
            return 1.0
        box_from_camera = inverse(self.world_from_box) @ world_from_camera
        ahead = box_from_camera[:3, 3] + AHEAD_M * box_from_camera[:3, 2]
        # Who looks at a wall sees that, and not what is behind it.
        ahead[1:] = np.clip(ahead[1:], (-self.half_m[1], 0.0), (self.half_m[1], self.half_m[2]))
        there = self.daylight((self.world_from_box @ np.append(ahead, 1.0))[:3])
        return float(np.sqrt(inside * there))

    def gain(self, world_from_camera: F64, outside_lux: float) -> float:
        """Return by how much more a camera exposes than outside."""
        share = self.share(world_from_camera)
        if share == 1.0:
            return 1.0
        inside = share * outside_lux + (1.0 - share) * LAMPS_LUX
        return float(np.clip((max(outside_lux, 1e-3) / inside) ** _ADAPTED, *_GAINS))


def enclosure_of(road: RoadSpec) -> Enclosure | None:
    """Return the room of a road's tunnel; None if it has none."""
    if road.kind != "tunnel":
        return None
    tube = tube_of(road)
    pose = np.eye(4)
    pose[:2, 3] = 0.5 * (tube.start_m + tube.end_m), 0.5 * (tube.left_m + tube.right_m)
    half = (
        0.5 * (tube.end_m - tube.start_m),
        0.5 * (tube.left_m - tube.right_m),
        0.5 * tube.height_m,
    )
    return Enclosure(pose, half)
