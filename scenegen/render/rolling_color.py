"""The colours of a picture whose rows are read one after the other.

The whole is drawn as at the picture's middle, where every pixel looks up the surface point that
the truth gives it. What another thing hides there comes from pictures of moments at which it
is in sight, one for either half of the rows.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt

from scenegen.geometry import inverse
from scenegen.records.base import F64
from scenegen.render.gather_pass import Part
from scenegen.render.lens_color import Face, faces_along
from scenegen.render.lens_pass import Truth
from scenegen.render.loaded import LoadedScene
from scenegen.render.painter import Painter, Shot
from scenegen.render.readback import read_drawables
from scenegen.render.rolling import groups_of
from scenegen.render.row_motion import RowMotion
from scenegen.render.targets import Targets

_FEW = 1 / 4000
"""Share of a picture that isn't worth another one: slivers at the edges of what moves."""

Mask = npt.NDArray[np.bool_]


class RollingColors:
    """Draws the colours of one frame.

    Parameters
    ----------
    painter : Painter
    loaded : LoadedScene
    shot : Shot
    motion : RowMotion
    truth : Truth
    """

    def __init__(
        self,
        painter: Painter,
        loaded: LoadedScene,
        shot: Shot,
        motion: RowMotion,
        truth: Truth,
    ) -> None:
        self._painter, self._loaded, self._shot = painter, loaded, shot
        self._motion, self._truth = motion, truth
        self._camera = motion.now.camera
        self._group = groups_of(loaded.gpu, motion, truth)
        self._points = _points(motion, truth, self._group)
        rays = np.where(np.isfinite(self._points[..., :1]), self._points[..., :3], np.nan)
        self._faces = faces_along(self._camera, rays)
        self._there = motion.then.at(np.array([motion.then.time_s]))[0]
        self._kept: Part | None = None

    def sharp(self) -> npt.NDArray[np.uint8]:
        """Return the picture (H, W, 3) without an exposure."""
        picture = self._painter.show(self._loaded, self._camera, self._sharp_parts(), self._shot)
        self._kept = Part(self._painter.kept_light(self._camera), self._kept_place)
        return picture

    def exposed(self, moments_s: Sequence[float]) -> npt.NDArray[np.uint8]:
        """Return the picture (H, W, 3) of light that is taken so much later; after `sharp`."""
        parts = self._exposed_parts(moments_s)
        return self._painter.show(self._loaded, self._camera, parts, self._shot)

    def _exposed_parts(self, moments_s: Sequence[float]) -> Iterator[Part]:
        """Draw the picture's middle again, and take from the sharp picture what that lacks."""
        for moment in moments_s:
            for face in self._faces:
                yield Part(self._drawn(face, moment).lit, face.place, 1.0 / len(moments_s))
        assert self._kept is not None
        yield self._kept

    def _sharp_parts(self) -> Iterator[Part]:
        """Draw the picture's middle and whatever it lacks."""
        shown = np.zeros(self._group.shape, dtype=np.bool_)
        for face in self._faces:
            targets = self._drawn(face, 0.0)
            shown |= _holds(read_drawables(targets), face.place, self._truth.drawable)
            yield Part(targets.lit, face.place)
        lacking = np.isfinite(self._points[..., 0]) & ~shown
        half = self._camera.height // 2
        for rows in (slice(0, half), slice(half, None)):
            wanted = np.zeros_like(lacking)
            wanted[rows] = lacking[rows]
            if wanted.sum() <= _FEW * wanted.size:
                lacking[rows] = False
                continue
            row = int(np.median(np.nonzero(wanted)[0]))
            delay = float(self._camera.row_delays(row + 0.5))
            for face in faces_along(self._camera, self._seen_from(row, wanted)):
                yield Part(self._drawn(face, delay).lit, face.place)
        place = np.where(lacking[..., None], self._camera.pixel_centres(), -1.0)
        self._kept_place = place.astype(np.float32)

    def _drawn(self, face: Face, later_s: float) -> Targets:
        now = self._motion.now
        pose = now.at(np.array([now.time_s + later_s]))[0]
        later = self._loaded.rows(later_s)
        return self._painter.draw_part(self._loaded, face, (pose, self._there), self._shot, later)

    def _seen_from(self, row: int, wanted: Mask) -> F64:
        """Return the rays (H, W, 3) to the points of some pixels at the moment of a row."""
        moved = inverse(self._motion.middle_from_row[:, row])[self._group[wanted]]
        rays = np.full((*wanted.shape, 3), np.nan)
        rays[wanted] = np.einsum("nij,nj->ni", moved[:, :3], self._points[wanted])
        return rays


def _points(motion: RowMotion, truth: Truth, group: npt.NDArray[np.int64]) -> F64:
    """Return what pixels show (H, W, 4), homogeneous, in the camera's frame at the middle."""
    camera = motion.now.camera
    rays = camera.pixel_rays()
    near = np.isfinite(truth.depth_m)
    inverse_depth = np.where(near, 1.0 / np.where(near, truth.depth_m, 1.0), 0.0)
    rows = np.broadcast_to(np.arange(camera.height)[:, None], group.shape)
    poses = motion.middle_from_row[group, rows]
    points = np.empty((*group.shape, 4))
    points[..., :3] = np.einsum("hwij,hwj->hwi", poses[..., :3, :3], rays)
    points[..., :3] += inverse_depth[..., None] * poses[..., :3, 3]
    points[..., 3] = inverse_depth
    return points


def _holds(
    shown: npt.NDArray[np.uint32], place: npt.NDArray[np.float32], wanted: npt.NDArray[np.uint32]
) -> Mask:
    """Return where (H, W) a picture shows, in one of the four pixels around, what is wanted."""
    holds = place[..., 0] >= 0.0
    last = np.array(shown.shape[::-1]) - 1
    first = np.clip((place[holds] - 0.5).astype(np.int64), 0, last - 1)
    around = [shown[first[:, 1] + down, first[:, 0] + aside] for down in (0, 1) for aside in (0, 1)]
    holds[holds] = np.any([found == wanted[holds] for found in around], axis=0)
    return holds
