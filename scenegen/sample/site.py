"""The land that scenery is placed on: what stands where, and what must stay free."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise

import numpy as np

from scenegen.assets import get
from scenegen.geometry import Boxes, boxes_of, boxes_overlap, quaternion_from_yaw
from scenegen.geometry.rectangles import Rectangles
from scenegen.geometry.transforms import quaternion_from_rpy, turned
from scenegen.records import Prop, RoadNetwork
from scenegen.records.base import F64, Vec3
from scenegen.roads import beyond_carriageway, height_at

POST_ROOM_M = 0.6
CROSSWALK_ROOM_M = 4.5
TOUCH_M = 0.02
"""Rails and walls touch; so much of two bodies may lie in each other."""
MOST_PROPS = 150
"""Of buildings, plants, lamps and rails."""
MOST_FURNITURE = 260
"""Of what stands between them."""


@dataclass
class Site:
    """Props placed so far, none of which overlaps another or what must stay free.

    Attributes
    ----------
    stand_ins : mapping
        Assets that are added in place of others.
    taken : ndarray, shape (n, 12)
        Of what stands here or must stay free: the rectangle along the axes around it, x0, y0, x1,
        y1, then its box's numbers.
    """

    network: RoadNetwork
    limit: int = MOST_PROPS
    stand_ins: Mapping[str, str] = field(default_factory=dict)
    props: list[Prop] = field(default_factory=list)
    taken: F64 = field(default_factory=lambda: np.zeros((0, 12)))

    def __post_init__(self) -> None:
        for head in self.network.signals:
            self.keep(head.foot_m[0], head.foot_m[1], 0.0, (POST_ROOM_M, POST_ROOM_M))
        for lane in self.network.lanes.values():
            if lane.kind == "crosswalk":
                a, b = lane.centre[0], lane.centre[-1]
                middle, yaw = 0.5 * (a + b), float(np.arctan2(b[1] - a[1], b[0] - a[0]))
                length = float(np.hypot(*(b - a)[:2])) + CROSSWALK_ROOM_M
                self.keep(float(middle[0]), float(middle[1]), yaw, (length, lane.width_m))

    def keep(self, x: float, y: float, yaw: float, size: tuple[float, float]) -> None:
        """Let nothing stand on a rectangle, given by its middle, heading and size."""
        half = 0.5 * np.array([size[0], size[1], 100.0])
        self._take(_box(np.array([-half, half]), np.array([x, y, 0.0]), yaw))

    def _take(self, body: Boxes) -> None:
        row = [*_around(body), *vars(body.base).values(), body.low_m, body.high_m]
        self.taken = np.vstack([self.taken, row])

    def _hits(self, body: Boxes) -> bool:
        """Say whether a body overlaps what stands here; rectangles along the axes go first."""
        own, others = _around(body), self.taken
        apart = (others[:, :2] >= own[2:]) | (others[:, 2:4] <= own[:2])
        near = others[~(apart[:, 0] | apart[:, 1]), 4:].T
        if not near.size:
            return False
        return bool(boxes_overlap(body, Boxes(Rectangles(*near[:6]), near[6], near[7])).any())

    def _put(
        self,
        asset_id: str,
        at_m: Vec3,
        turn_wxyz: F64,
        variant: int,
        size_m: Vec3 | None = None,
        lamps: int = 0,
    ) -> None:
        w, i, j, k = turn_wxyz.tolist()
        self.props.append(
            Prop(
                asset_id=asset_id,
                variant=variant,
                position_m=at_m,
                quaternion_wxyz=(w, i, j, k),
                size_m=size_m,
                lamps=lamps,
            )
        )

    def add(
        self,
        asset_id: str,
        xy: tuple[float, float],
        yaw_rad: float,
        *,
        variant: int = 0,
        size_m: Vec3 | None = None,
        lamps: int = 0,
        clear_m: float = 0.2,
        room: float = 1.0,
    ) -> bool:
        """Place a prop if there is room; say whether there was.

        Parameters
        ----------
        xy : (2,)
            Of the body's origin; of the post's foot for what overhangs the road.
        room : float
            Share of its width that must be free: crowns reach over walkways, and to walls.
        clear_m : float
            Least distance of the whole footprint outward from every carriageway.
        """
        if len(self.props) >= self.limit:
            return False
        asset_id = self.stand_ins.get(asset_id, asset_id)
        bounds = get(asset_id, variant, size_m).bounds_m * np.array([room, room, 1.0])
        z = float(height_at(self.network, np.array(xy)))
        at = np.array([*xy, z])
        corners = _corners(bounds, at, yaw_rad)
        inner = _box(bounds, at, yaw_rad, TOUCH_M)
        if float(beyond_carriageway(self.network, _rim(corners)).min()) < clear_m:
            return False
        if self._hits(inner):
            return False
        # The lowest corner decides on slopes, so that nothing hovers.
        low = float(height_at(self.network, corners).min())
        turn = quaternion_from_yaw(yaw_rad)
        self._put(asset_id, (*xy, min(z, low)), turn, variant, size_m, lamps)
        self._take(inner)
        return True

    def build(
        self,
        asset_id: str,
        xy: tuple[float, float],
        yaw_rad: float,
        size_m: Vec3 | None,
        *,
        variant: int = 0,
        lamps: int = 0,
    ) -> None:
        """Put what belongs to the road itself where it has to be; what comes later makes way."""
        z = float(height_at(self.network, np.array(xy)))
        self._put(asset_id, (*xy, z), quaternion_from_yaw(yaw_rad), variant, size_m, lamps)
        bounds = get(asset_id, variant, size_m).bounds_m
        self._take(_box(bounds, np.array([*xy, z]), yaw_rad, TOUCH_M))

    def inlay(self, asset_id: str, xy: tuple[float, float], yaw_rad: float, variant: int) -> None:
        """Lay a cover into a level road, though not into a crossing for walkers."""
        at = np.array([*xy, 0.0])
        if self._hits(_box(get(asset_id, variant).bounds_m, at, yaw_rad)):
            return
        z = float(height_at(self.network, np.array(xy)))
        self._put(asset_id, (*xy, z), quaternion_from_yaw(yaw_rad), variant)

    def hang(self, asset_id: str, ends_m: tuple[Vec3, Vec3], size_m: Vec3, variant: int) -> None:
        """Hang something above the road whose body's x axis runs from one place to another."""
        a, b = np.array(ends_m[0]), np.array(ends_m[1])
        x, y, z = (b - a).tolist()
        turn = quaternion_from_rpy(
            0.0, -float(np.arctan2(z, np.hypot(x, y))), float(np.arctan2(y, x))
        )
        mx, my, mz = (0.5 * (a + b)).tolist()
        self._put(asset_id, (mx, my, mz), turn, variant, size_m)

    def add_overhanging(
        self, asset_id: str, foot: tuple[float, float], yaw_rad: float, *, lamps: int = 0
    ) -> bool:
        """Place a street lamp by its foot: the arm may reach over the road, the foot not."""
        bounds = get(asset_id).bounds_m
        back = -float(bounds[0, 0]) - 0.1
        xy = (foot[0] + back * float(np.cos(yaw_rad)), foot[1] + back * float(np.sin(yaw_rad)))
        if float(beyond_carriageway(self.network, np.array(foot))) < 0.3:
            return False
        reach = -float(bounds[1, 0] - bounds[0, 0])
        placed = self.add(asset_id, xy, yaw_rad, lamps=lamps, clear_m=reach)
        if placed:
            prop = self.props[-1]
            z = float(height_at(self.network, np.array(foot)))
            self.props[-1] = prop.model_copy(update={"position_m": (xy[0], xy[1], z)})
        return placed


def _box(bounds_m: F64, at_m: F64, yaw_rad: float, off_m: float = 0.0) -> Boxes:
    """Return what a body takes up at a place (3,)."""
    x, y, z = at_m
    return boxes_of(bounds_m, x, y, z, np.array(yaw_rad), off_m)


def _corners(bounds_m: F64, at_m: F64, yaw_rad: float) -> F64:
    """Return the corners (4, 2) of a body in plan, in order around."""
    (x0, y0), (x1, y1) = bounds_m[:, :2].tolist()
    return turned(np.array([[x0, y0], [x1, y0], [x1, y1], [x0, y1]]), yaw_rad) + at_m[:2]


def _around(body: Boxes) -> F64:
    """Return the rectangle along the axes around a body: x0, y0, x1, y1."""
    base = body.base
    c, s = abs(base.cos), abs(base.sin)
    x = c * base.half_length_m + s * base.half_width_m
    y = s * base.half_length_m + c * base.half_width_m
    return np.array([base.x_m - x, base.y_m - y, base.x_m + x, base.y_m + y])


@lru_cache(maxsize=64)
def _shares(count: int) -> F64:
    """Return even shares (count, 1) from 0 to 1."""
    shares = np.linspace(0.0, 1.0, count)[:, None]
    shares.setflags(write=False)
    return shares


def _rim(corners_m: F64) -> F64:
    """Return points (K, 2) around an outline (4, 2), at most 2 m apart."""
    corners = np.concatenate([corners_m, corners_m[:1]])
    sides = []
    for a, b in pairwise(corners):
        share = _shares(max(2, int(np.hypot(*(b - a)) / 2.0) + 2))
        sides.append(a + share * (b - a))
    return np.concatenate(sides)
