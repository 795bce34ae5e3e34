"""The truth under a lens: every triangle where its image may be, every pixel by its own ray.

A rasteriser knows straight edges only, so a triangle is drawn as a rectangle that holds its
curved image, and each pixel in it decides by its exact ray whether it meets the triangle and
at which depth. There is no grid of another picture in between.

A camera that reads its rows one after the other is drawn in the same way, pinholes too: there
the ray of a pixel is that of its row, see `row_motion`.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.geometry import BrownConrady, Camera, KannalaBrandt, Lens
from scenegen.records.base import F64
from scenegen.render import programs
from scenegen.render.context import clear
from scenegen.render.gpu_scene import GpuScene
from scenegen.render.motion_texture import MotionTexture
from scenegen.render.owner import Owner
from scenegen.render.silhouettes import Cell
from scenegen.render.view import View

_MOST_PICTURES = 8


@dataclass(frozen=True)
class Truth:
    """What pixels show.

    Attributes
    ----------
    normal : ndarray, shape (H, W, 3), float32
        Camera frame, facing the camera; zero where there is no surface.
    depth_m : ndarray, shape (H, W), float32
    drawable : ndarray, shape (H, W), uint32
        The number of drawables where there is no surface.
    """

    normal: npt.NDArray[np.float32]
    depth_m: npt.NDArray[np.float32]
    drawable: npt.NDArray[np.uint32]


@lru_cache(maxsize=8)
def rays_around(
    lens: Lens | None,
    size: tuple[int, int],
    focal: tuple[float, float],
    middle: tuple[float, float],
) -> npt.NDArray[np.float32]:
    """Return rays of depth 1 through the pixels of a picture and of its margin.

    The margin is one picture wide on each side.

    Returns
    -------
    ndarray, shape (3H, 3W, 4), float32
        The last is 1, or all are 0 where the lens has no image.
    """
    width, height = size
    camera = Camera(width, height, *focal, *middle, np.eye(4), lens=lens)
    rays = np.zeros((3 * height, 3 * width, 4), dtype=np.float32)
    u = np.arange(-width, 2 * width) + 0.5
    for row, v in enumerate(np.arange(-height, 2 * height) + 0.5):
        pixels = np.stack([u, np.full_like(u, v)], axis=-1)
        found = camera.unproject(pixels, np.ones(len(u)))
        seen = np.isfinite(found[:, 0])
        rays[row, seen, :3], rays[row, seen, 3] = found[seen], 1.0
    rays.setflags(write=False)
    return rays


class _Picture(Owner):
    """What one camera is drawn into."""

    def __init__(self, context: Any, camera: Camera) -> None:
        super().__init__()
        size = (camera.width, camera.height)
        rays = rays_around(camera.lens, size, (camera.fx, camera.fy), (camera.cx, camera.cy))
        self.rays = self.own(context.texture(rays.shape[1::-1], 4, rays, dtype="f4"))
        self.rays.filter = (context.NEAREST, context.NEAREST)
        self.normal_depth = self.own(context.texture(size, 4, dtype="f4"))
        self.surface = self.own(context.texture(size, 1, dtype="u4"))
        depth = self.own(context.depth_texture(size))
        self.target = self.own(context.framebuffer([self.normal_depth, self.surface], depth))


class LensPass(Owner):
    """Programs and pictures of cameras with a lens: what outlives a scene.

    Parameters
    ----------
    context : moderngl.Context
    rolling : bool
        Whether it draws what rows see one after the other.
    """

    def __init__(self, context: Any, *, rolling: bool = False) -> None:
        super().__init__()
        self._context = context
        self._motion = self.own(MotionTexture(context)) if rolling else None
        given = ("ROLLING",) if rolling else ()
        self.truth, self.silhouette = (
            self.own(
                programs.build(context, "lens.vert", "lens.frag", defines, geometry="lens.geom")
            )
            for defines in (given, (*given, "SILHOUETTE"))
        )
        self._pictures: dict[tuple[Any, ...], _Picture] = {}

    def draw(self, scene: GpuScene, vertex_array: Any, view: View) -> Truth:
        """Draw and read what a camera sees."""
        context, camera = self._context, view.camera
        picture = self._picture(camera)
        size = (camera.width, camera.height)
        picture.target.viewport = (0, 0, *size)
        picture.target.use()
        nothing = np.array([0.0, 0.0, 0.0, np.inf], dtype=np.float32)
        clear((nothing, np.array([len(scene.part), 0, 0, 0], dtype=np.uint32)))
        context.enable_only(context.DEPTH_TEST)
        if self._motion is not None:
            assert view.motion is not None
            self._motion.write(view.motion)
            scene.write_groups(view.motion.group)
        self._aim(self.truth, camera, picture, (0, 0), size)
        corners = view.corners(scene.boxes, np.arange(len(scene.part)))
        seen = scene.runs.any(in_field(camera, corners))
        near = scene.runs.mean(np.linalg.norm(corners.mean(axis=1), axis=1))
        picked = np.flatnonzero(view.shown & seen)
        picked = picked[np.argsort(near[picked], kind="stable")]
        _draw_runs(scene, self.truth, vertex_array, picked)
        normal_depth = np.empty((camera.height, camera.width, 4), dtype=np.float32)
        picture.normal_depth.read_into(normal_depth)
        drawable = np.empty((camera.height, camera.width), dtype=np.uint32)
        picture.surface.read_into(drawable)
        depth = np.ascontiguousarray(normal_depth[..., 3])
        return Truth(np.ascontiguousarray(normal_depth[..., :3]), depth, drawable)

    def begin_silhouettes(self, view: View) -> None:
        """Prepare for `draw_silhouette` of what `draw` drew last."""
        del view
        self._context.enable_only(self._context.NOTHING)

    def draw_silhouette(
        self,
        scene: GpuScene,
        vertex_array: Any,
        picked: npt.NDArray[np.int64],
        place: tuple[Cell, Camera],
    ) -> None:
        """Draw an actor alone into its cell of the atlas; see `Passes.draw_silhouette`."""
        cell, camera = place
        self._context.viewport = (cell.x, cell.y, cell.width, cell.height)
        self._context.scissor = (cell.x, cell.y, cell.width, cell.height)
        first, size, at = (cell.left, cell.top), (cell.width, cell.height), (cell.x, cell.y)
        self._aim(self.silhouette, camera, self._picture(camera), first, size, at)
        _draw_runs(scene, self.silhouette, vertex_array, picked)

    def _aim(
        self,
        program: Any,
        camera: Camera,
        picture: _Picture,
        first: tuple[int, int],
        size: tuple[int, int],
        at: tuple[int, int] = (0, 0),
    ) -> None:
        lens = camera.lens or BrownConrady()
        fisheye = isinstance(lens, KannalaBrandt)
        picture.rays.use(0)
        if self._motion is not None:
            self._motion.use(1)
            programs.assign(program, motion=1, rows=camera.height)
        programs.assign(
            program,
            rays=0,
            fisheye=fisheye,
            field=field_of(camera),
            radial=(lens.k1, lens.k2, lens.k3, lens.k4 if isinstance(lens, KannalaBrandt) else 0.0),
            tangential=(0.0, 0.0) if isinstance(lens, KannalaBrandt) else (lens.p1, lens.p2),
            intrinsics=(camera.fx, camera.fy, camera.cx, camera.cy),
            window=(*first, *size),
            offset=(first[0] - at[0] + camera.width, first[1] - at[1] + camera.height),
            range=(camera.near_m, camera.far_m),
        )

    def _picture(self, camera: Camera) -> _Picture:
        key = (camera.lens, camera.width, camera.height, *camera.K.ravel().tolist())
        if key not in self._pictures:
            if len(self._pictures) == _MOST_PICTURES:
                self._pictures.pop(next(iter(self._pictures))).release()
            self._pictures[key] = _Picture(self._context, camera)
        return self._pictures[key]

    def release(self) -> None:
        """Free everything that is owned."""
        for picture in self._pictures.values():
            picture.release()
        self._pictures.clear()
        super().release()


def _draw_runs(
    scene: GpuScene, program: Any, vertex_array: Any, picked: npt.NDArray[np.int64]
) -> None:
    """Draw closed surfaces from outside only, and leaves and cloth from both sides."""
    both = scene.runs.two_sided[picked]
    for two_sided in (False, True):
        programs.assign(program, two_sided=two_sided)
        scene.draw(vertex_array, picked[both == two_sided])


def field_of(camera: Camera) -> float:
    """Return the greatest angle from the axis, rad, that a camera and its margin have images of."""
    if camera.lens is not None:
        return camera.lens.field_rad
    far = [max(c, size - c) + size for c, size in _sides(camera)]
    return float(np.arctan(np.hypot(far[0] / camera.fx, far[1] / camera.fy)))


def _sides(camera: Camera) -> tuple[tuple[float, int], tuple[float, int]]:
    return (camera.cx, camera.width), (camera.cy, camera.height)


def in_field(camera: Camera, corners: F64) -> npt.NDArray[np.bool_]:
    """Return which bodies (D,), in points (D, K, 3) of the camera's frame, it may see."""
    middle = corners.mean(axis=1)
    distance = np.linalg.norm(middle, axis=1)
    radius = np.linalg.norm(corners - middle[:, None], axis=2).max(axis=1)
    reach = np.arcsin(np.minimum(radius / np.maximum(distance, 1e-9), 1.0))
    angle = np.arctan2(np.hypot(middle[:, 0], middle[:, 1]), middle[:, 2])
    near = camera.depth_of(middle) - radius <= camera.far_m
    return np.asarray(((distance <= radius) | (angle - reach <= field_of(camera))) & near)
