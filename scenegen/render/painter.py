"""Draws colours: those of a pinhole at once, those of other cameras in parts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from scenegen.geometry import Camera
from scenegen.records import ImagerSpec
from scenegen.records.base import F64
from scenegen.render.context import copy_texture
from scenegen.render.gather_pass import Part
from scenegen.render.lens_color import Face, faces_of
from scenegen.render.loaded import LoadedScene
from scenegen.render.passes import Passes
from scenegen.render.picture import draw_picture, show_parts
from scenegen.render.readback import read_color
from scenegen.render.targets import Targets
from scenegen.render.textures import TextureArray
from scenegen.render.view import View, look

_MOST_PARTS = 24
"""Parts of pictures of so many sizes are kept: those under a lens have sizes of their own."""

_Use = Literal["picture", "part", "kept"]


@dataclass(frozen=True)
class Shot:
    """What pictures of one frame have in common.

    Attributes
    ----------
    rows : (row, next row)
        Of the trajectory.
    hidden : int
        Instance that is left out, 0 for none.
    stream : str or None
        Names the random numbers of the noise; none without.
    """

    rows: tuple[int, int]
    hidden: int
    stream: str | None


@dataclass(frozen=True)
class Begun:
    """A frame on its way.

    Attributes
    ----------
    view : View
    shot : Shot
    targets : Targets, optional
        What it is being drawn into; None where nothing was sent yet, as pixels go their own ways.
    exposure : (ImagerSpec, str), optional
        What takes the picture, and the name of its random numbers.
    timing : dict
        CPU seconds spent so far.
    """

    view: View
    shot: Shot
    targets: Targets | None
    exposure: tuple[ImagerSpec, str] | None
    timing: dict[str, float]


class Painter:
    """Programs, textures and the pictures that are drawn into, of every size that was asked for."""

    def __init__(self, context: Any, passes: Passes, textures: TextureArray) -> None:
        self._context, self._passes, self._textures = context, passes, textures
        self._pictures: dict[tuple[int, int, _Use], Targets] = {}

    def targets(self, camera: Camera, use: _Use = "picture") -> Targets:
        """Return what pictures, or parts of pictures, of a camera's size are drawn into."""
        key = (camera.width, camera.height, use)
        targets = self._pictures.pop(key, None)
        # Only parts give way: a picture is still being put together while they are drawn.
        parts = [kept for kept in self._pictures if kept[2] == "part"]
        if targets is None and use == "part" and len(parts) == _MOST_PARTS:
            self._pictures.pop(parts[0]).release()
        self._pictures[key] = targets or Targets(self._context, camera.width, camera.height)
        return self._pictures[key]

    def lit(self, width: int, height: int) -> Any:
        """Return the texture of the light of the last picture of a size."""
        return self._pictures[width, height, "picture"].lit

    def keep(self, sizes: set[tuple[int, int]]) -> None:
        """Free the pictures of other sizes (width, height)."""
        for key in [key for key in self._pictures if key[:2] not in sizes]:
            self._pictures.pop(key).release()

    def draw(self, loaded: LoadedScene, view: View, shot: Shot) -> Targets:
        """Draw truth and colours of a pinhole."""
        targets = self.targets(view.camera)
        draw_picture(self._passes, self._textures, loaded, view, targets, shot.stream, shot.rows[1])
        return targets

    def draw_part(
        self, loaded: LoadedScene, face: Face, poses: tuple[F64, F64], shot: Shot, later: float
    ) -> Targets:
        """Draw the light that a face has, of a camera at `poses`, some of a row later."""
        turned = poses[0] @ face.camera_from_face, poses[1] @ face.camera_from_face
        view = look(loaded.gpu, face.camera, turned, shot.rows, shot.hidden, later)
        targets = self.targets(face.camera, "part")
        draw_picture(
            self._passes,
            self._textures,
            loaded,
            view,
            targets,
            None,
            shot.rows[1],
            field=face.field,
        )
        return targets

    def show(
        self, loaded: LoadedScene, camera: Camera, parts: Iterable[Part], shot: Shot
    ) -> npt.NDArray[np.uint8]:
        """Put parts together, and return the colours (H, W, 3): black outside of a lens's field."""
        targets = self.targets(camera)
        show_parts(self._passes, loaded, camera, parts, targets, shot.stream)
        colors = read_color(targets)
        colors[~np.isfinite(camera.pixel_rays()[..., 0])] = 0
        return colors

    def kept_light(self, camera: Camera) -> Any:
        """Return a texture that keeps the light of what was shown last for a camera."""
        light, kept = self.targets(camera).lit, self.targets(camera, "kept").lit
        copy_texture(light, kept, (0, 0, camera.width, camera.height))
        return kept

    def colors(
        self,
        loaded: LoadedScene,
        camera: Camera,
        moments: Sequence[tuple[F64, float]],
        there: F64,
        shot: Shot,
    ) -> npt.NDArray[np.uint8]:
        """Return the colours (H, W, 3) of a camera whose rows are taken at once.

        Parameters
        ----------
        moments : sequence of (ndarray of shape (4, 4), float)
            The camera's pose in the world's at each moment of the exposure, and how much of a
            row of the trajectory later that is.
        there : ndarray, shape (4, 4)
            The camera's pose at the next picture.
        """
        share = 1.0 / len(moments)
        parts = (
            Part(self.draw_part(loaded, face, (pose, there), shot, later).lit, face.place, share)
            for pose, later in moments
            for face in faces_of(camera)
        )
        return self.show(loaded, camera, parts, shot)

    def release(self) -> None:
        """Free all pictures."""
        for targets in self._pictures.values():
            targets.release()
        self._pictures.clear()
