"""A slow annotator that is obviously right: one ray for each pixel of each actor, and of all.

It knows the scene by its files alone (`ConcreteScenario`, `Trajectory`), asks assets and roads
for their triangles, and shares nothing with the renderer, the annotator or the checks of
`verify`: no OpenGL, no rounding to a grid, no silhouettes, no tolerance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen import assets, roads
from scenegen.geometry import inverse, pose, quaternion_from_yaw
from scenegen.records import Asset, ConcreteScenario, FrameLabels, Surface, Trajectory
from scenegen.records.taxonomy import CLASS_BY_NAME, IGNORE
from tests.oracle.rays import F64, Soup

SKY = CLASS_BY_NAME["sky"].id
MARGIN = 1
"""Pictures on each side in which an actor's amodal extent is counted."""


@dataclass(frozen=True)
class Pieces:
    """Triangles with what they belong to, in the world.

    Attributes
    ----------
    corners : ndarray, shape (F, 3, 3)
    two_sided : ndarray, shape (F,), bool
    semantic, instance : ndarray, shape (F,)
    """

    corners: F64
    two_sided: npt.NDArray[np.bool_]
    semantic: npt.NDArray[np.int64]
    instance: npt.NDArray[np.int64]

    def soup(self, camera_from_world: F64) -> Soup:
        """Return them in a camera's frame."""
        turn, move = camera_from_world[:3, :3], camera_from_world[:3, 3]
        return Soup(self.corners @ turn.T + move, self.two_sided)


def together(pieces: list[Pieces]) -> Pieces:
    """Return all of some pieces in one."""
    return Pieces(
        *(
            np.concatenate([getattr(piece, name) for piece in pieces])
            for name in ("corners", "two_sided", "semantic", "instance")
        )
    )


@dataclass(frozen=True)
class Amodal:
    """An actor alone: px within the picture, in all with its margin, and their box xyxy."""

    inside_px: int
    area_px: int
    box: tuple[float, float, float, float]


@dataclass(frozen=True)
class Seen:
    """What points (N,) show: ids, depths (``inf`` for nothing), and triangles (-1 for none)."""

    instance: npt.NDArray[np.int64]
    semantic: npt.NDArray[np.int64]
    depth_m: F64
    triangle: npt.NDArray[np.int64]


class Oracle:
    """Annotates the frames of one scene whose camera takes all rows at once.

    Parameters
    ----------
    scenario : ConcreteScenario
    trajectory : Trajectory
    """

    def __init__(self, scenario: ConcreteScenario, trajectory: Trajectory) -> None:
        self._scenario, self._trajectory = scenario, trajectory
        network = roads.build_network(scenario.road)
        still = [_surface(surface, np.eye(4), 0) for surface in network.surfaces]
        for prop in scenario.props:
            where = pose(np.array(prop.position_m), np.array(prop.quaternion_wxyz))
            still += _asset(assets.drawn(prop), where, None, 0)
        for head in network.signals:
            where = pose(np.array(head.foot_m), quaternion_from_yaw(head.yaw_rad))
            still += _asset(assets.get(head.asset_id), where, None, 0)
        self._still = together(still)

    def pictures(
        self, labels: FrameLabels
    ) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], F64]:
        """Return instance and class ids and depths (H, W) of a frame, ``inf`` for none."""
        camera = labels.camera.camera()
        centres = _grid(0, 0, camera.width, camera.height)
        seen = self.at(labels, centres.reshape(-1, 2))
        shape = (camera.height, camera.width)
        return (
            seen.instance.reshape(shape),
            seen.semantic.reshape(shape),
            seen.depth_m.reshape(shape),
        )

    def at(
        self,
        labels: FrameLabels,
        points_px: F64,
        near_m: npt.ArrayLike | None = None,
        far_m: npt.ArrayLike | None = None,
    ) -> Seen:
        """Return what points (N, 2) px of a frame show.

        Parameters
        ----------
        near_m, far_m : array_like, shape (N,) or (), optional
            Depths between which there is something to see, if not the camera's.
        """
        whole = together([self._still, *self._actors(labels).values()])
        field, hit, depth = _cast(whole, labels, points_px, near_m, far_m)
        instance = np.where(hit >= 0, whole.instance[hit], 0)
        semantic = np.where(hit >= 0, whole.semantic[hit], SKY)
        return Seen(instance, np.where(field, semantic, IGNORE), depth, hit)

    def amodal(self, labels: FrameLabels, instance_id: int) -> Amodal:
        """Return the extent of an actor as if it stood there alone."""
        camera = labels.camera.camera()
        alone = self._actors(labels)[instance_id]
        left, top, right, bottom = _reach(alone, labels)
        grid = _grid(left, top, right - left, bottom - top)
        _, hit, _ = _cast(alone, labels, grid.reshape(-1, 2))
        rows, columns = np.nonzero((hit >= 0).reshape(grid.shape[:2]))
        if not rows.size:
            return Amodal(0, 0, (0.0, 0.0, 0.0, 0.0))
        x, y = columns + left, rows + top
        inside = (x >= 0) & (x < camera.width) & (y >= 0) & (y < camera.height)
        box = (float(x.min()), float(y.min()), float(x.max() + 1), float(y.max() + 1))
        return Amodal(int(inside.sum()), len(x), box)

    def _actors(self, labels: FrameLabels) -> dict[int, Pieces]:
        """Return what everybody but the ego looks like at a frame."""
        run, shown = self._trajectory, {}
        row = int(np.flatnonzero(run.step == labels.step)[0])
        for actor in self._scenario.actors:
            column = run.column(actor.instance_id)
            if actor.instance_id == self._scenario.ego.instance_id or not run.valid[row, column]:
                continue
            where = pose(run.position_m[row, column], run.quaternion_wxyz[row, column])
            values = run.articulation[row, column]
            parts = _asset(assets.drawn(actor), where, values, actor.instance_id)
            if parts:
                shown[actor.instance_id] = together(parts)
        return shown


def _asset(asset: Asset, where: F64, values: F64 | None, instance: int) -> list[Pieces]:
    joints = np.zeros(len(asset.joints)) if values is None else values[: len(asset.joints)]
    placed = zip(asset.parts, assets.body_from_parts(asset, joints), strict=True)
    return [
        _surface(surface, where @ part_pose, instance)
        for part, part_pose in placed
        for surface in part.surfaces
    ]


def _surface(surface: Surface, where: F64, instance: int) -> Pieces:
    corners = surface.vertices.astype(np.float64)[surface.faces]
    count = len(corners)
    return Pieces(
        corners @ where[:3, :3].T + where[:3, 3],
        np.full(count, surface.material.two_sided),
        np.full(count, CLASS_BY_NAME[surface.semantic].id),
        np.full(count, instance),
    )


def _grid(left: int, top: int, width: int, height: int) -> F64:
    """Return the centres (H, W, 2) of pixels."""
    u, v = np.meshgrid(left + np.arange(width) + 0.5, top + np.arange(height) + 0.5)
    return np.stack([u, v], axis=-1)


def _reach(pieces: Pieces, labels: FrameLabels) -> tuple[int, int, int, int]:
    """Return between which px (x1, y1, x2, y2) the image of triangles lies, in the margin.

    Where edges stay straight and all is in front of the camera, the image of a triangle lies
    between those of its corners; elsewhere it may lie anywhere.
    """
    camera = labels.camera.camera()
    size = np.array([camera.width, camera.height])
    low, high = -MARGIN * size, (1 + MARGIN) * size
    turn = inverse(np.array(labels.camera.world_from_camera))
    corners = pieces.corners.reshape(-1, 3) @ turn[:3, :3].T + turn[:3, 3]
    if camera.lens is None and (corners[:, 2] > camera.near_m).all():
        px = camera.project(corners)
        low = np.clip(np.floor(px.min(axis=0)).astype(int) - 1, low, high - 1)
        high = np.clip(np.ceil(px.max(axis=0)).astype(int) + 1, low + 1, high)
    return int(low[0]), int(low[1]), int(high[0]), int(high[1])


def _cast(
    pieces: Pieces,
    labels: FrameLabels,
    points_px: F64,
    near_m: npt.ArrayLike | None = None,
    far_m: npt.ArrayLike | None = None,
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.int64], F64]:
    """Return which points (N,) have an image, and what they show: triangle, -1 for none, depth."""
    camera = labels.camera.camera()
    ways = camera.unproject(points_px, np.ones(len(points_px)))
    field = np.isfinite(ways[:, 0])
    ends = (camera.near_m if near_m is None else near_m, camera.far_m if far_m is None else far_m)
    near, far = (np.broadcast_to(end, len(ways))[field].astype(np.float64) for end in ends)
    soup = pieces.soup(inverse(np.array(labels.camera.world_from_camera)))
    hit, depth = np.full(len(ways), -1), np.full(len(ways), np.inf)
    hit[field], depth[field] = soup.first(ways[field], near, far)
    return field, hit, depth
