"""Shadow maps of the lamps that light most of a view, side by side in one texture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from scenegen.geometry import inverse
from scenegen.records.base import F64
from scenegen.render import programs
from scenegen.render.owner import Owner
from scenegen.render.view import lens

if TYPE_CHECKING:
    from scenegen.render.gpu_scene import GpuScene
    from scenegen.render.view import View

MOST = 4
"""Lamps that throw shadows in one picture: what they light is kept in a colour's four channels."""
_TEXELS = 512
_NEAR_M, _FAR_M = 0.35, 45.0
"""Nearer to a lamp stands what it is mounted on."""
MAPS = {"MAPS": float(MOST), "TEXELS": float(_TEXELS), "NEAR": _NEAR_M, "FAR": _FAR_M}
"""What ``lamp_shade.frag`` is built with."""
_STREET, _LOW, _OTHER = (2.2, 2.2), (0.8, 0.4), (0.8, 0.8)
"""Slopes up to which shadows fall, across and along what is up for a lamp of each kind."""
_LEAST = 4.0 * 2.0 / _TEXELS
"""Casters that span less of a map are left out."""
_ROWS_BYTES = 48


class LampShadows(Owner):
    """The maps, and what draws them."""

    def __init__(self, context: Any) -> None:
        super().__init__()
        self._context = context
        self._program = self.own(programs.build(context, "silhouette.vert", "shadow.frag"))
        self.map = self.own(context.depth_texture((MOST * _TEXELS, _TEXELS)))
        self.map.compare_func = "<="
        self.map.filter = (context.LINEAR, context.LINEAR)
        self.map.repeat_x = self.map.repeat_y = False
        self._target = self.own(context.framebuffer([], self.map))
        self._scene: GpuScene | None = None

    def load(self, scene: GpuScene) -> None:
        """Take a scene, whose `release` frees what is made for it here."""
        self._scene = scene
        context, parts = self._context, len(scene.scene.part_object)
        self._poses = scene.own(context.buffer(reserve=_ROWS_BYTES * parts))
        rows = (self._poses, "4f 4f 4f/i", "in_row_x", "in_row_y", "in_row_z")
        self._vertex_array = scene.own(
            context.vertex_array(
                self._program,
                [(scene.places, "3f", "in_position"), rows],
                index_buffer=scene.outlines,
                index_element_size=4,
            )
        )

    def draw(self, view: View, spots: npt.NDArray[np.void]) -> npt.NDArray[np.float32]:
        """Draw the maps of spots (S,), and return the rows x, y and w (S, 3, 4) of their clip
        spaces from the camera frame.

        The ground throws no shadow: it is the larger part of all triangles.
        """
        scene, context = self._scene, self._context
        assert scene is not None
        rows = np.zeros((len(spots), 3, 4), dtype=np.float32)
        if not len(spots):
            return rows
        context.front_face = "cw"
        context.polygon_offset = 1.5, 2.0
        context.enable_only(context.DEPTH_TEST)
        middles = scene.boxes.middles(view.camera_from_parts)
        reach = np.linalg.norm(scene.boxes.half, axis=1)
        casts = view.present & (scene.runs.object > 0)
        for index, spot in enumerate(spots):
            clip, lamp_from_camera = _clip(spot), inverse(_camera_from_lamp(spot))
            met = _met(clip, lamp_from_camera, middles, reach)
            picked = np.flatnonzero(scene.runs.any(met) & casts)
            self._draw_map(index, clip, lamp_from_camera @ view.camera_from_parts, picked)
            rows[index] = (clip @ lamp_from_camera)[[0, 1, 3]]
        self._target.scissor = None
        context.polygon_offset = 0.0, 0.0
        return rows

    def _draw_map(
        self, index: int, clip: F64, lamp_from_parts: F64, picked: npt.NDArray[np.int64]
    ) -> None:
        """Draw runs into the map of a lamp."""
        scene, context = self._scene, self._context
        assert scene is not None
        self._target.viewport = self._target.scissor = (index * _TEXELS, 0, _TEXELS, _TEXELS)
        self._target.use()
        self._target.clear(depth=1.0)
        self._poses.orphan()
        self._poses.write(lamp_from_parts[:, :3].astype("<f4"))
        programs.assign(self._program, lens=lens(clip))
        both = scene.runs.two_sided[picked]
        context.enable(context.CULL_FACE)
        scene.draw(self._vertex_array, picked[~both])
        context.disable(context.CULL_FACE)
        scene.draw(self._vertex_array, picked[both])


def _met(clip: F64, lamp_from_camera: F64, middles: F64, reach: F64) -> npt.NDArray[np.bool_]:
    """Return which balls (D,) a lamp's map shows, and large enough, by middles (D, 3)."""
    x, y, z = lamp_from_camera[:3, :3] @ middles.T + lamp_from_camera[:3, 3:]
    met = (z + reach > _NEAR_M) & (z - reach < _FAR_M)
    for along, scale in ((x, clip[0, 0]), (y, clip[1, 1])):
        met &= np.abs(along) * scale < z + reach * np.hypot(1.0, scale)
    return np.asarray(met & (2.0 * reach * clip[0, 0] > _LEAST * np.maximum(z, _NEAR_M)))


def _camera_from_lamp(spot: np.void) -> F64:
    """Return the pose of a lamp that looks along z, with y away from its up."""
    z = spot["axis_cone"][:3].astype(np.float64)
    z /= np.linalg.norm(z)
    up = spot["up_cut"][:3].astype(np.float64)
    if abs(up @ z) > 0.9:
        up = np.roll(z, 1)
    x = np.cross(z, up)
    x /= np.linalg.norm(x)
    pose = np.eye(4)
    pose[:3] = np.stack([x, np.cross(z, x), z, spot["position_range"][:3]], axis=1)
    return pose


def _clip(spot: np.void) -> F64:
    """Return the clip matrix (4, 4) of a lamp's map."""
    kind = float(spot["up_cut"][3])
    across, along = _STREET if kind < 0.0 else _LOW if kind > 0.0 else _OTHER
    deep = _FAR_M - _NEAR_M
    matrix = np.diag([1.0 / across, 1.0 / along, (_FAR_M + _NEAR_M) / deep, 0.0])
    matrix[2, 3], matrix[3, 2] = -2.0 * _FAR_M * _NEAR_M / deep, 1.0
    return matrix
