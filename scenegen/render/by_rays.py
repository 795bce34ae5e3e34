"""Draws the truth of cameras whose pixels go their own ways: through a lens, or row by row."""

from __future__ import annotations

from typing import Any

from scenegen.records import Silhouette
from scenegen.render.lens_frame import instances
from scenegen.render.lens_pass import LensPass, Truth
from scenegen.render.loaded import LoadedScene
from scenegen.render.owner import Owner
from scenegen.render.silhouette_pass import SilhouettePass
from scenegen.render.view import View


class ByRays(Owner):
    """A `LensPass` and the silhouettes it draws.

    Parameters
    ----------
    context : moderngl.Context
    rolling : bool
        Whether rows are read one after the other: of views that have a `motion`.
    """

    def __init__(self, context: Any, *, rolling: bool) -> None:
        super().__init__()
        self._context = context
        self._lens = self.own(LensPass(context, rolling=rolling))
        self._alone = self.own(SilhouettePass(context, self._lens))

    def draw(self, loaded: LoadedScene, view: View) -> tuple[Truth, dict[int, Silhouette]]:
        """Return what a view shows, and its actors' silhouettes."""
        gpu = loaded.gpu
        whole, outline = loaded.by_rays(self._context, self._lens)
        gpu.write_frame(
            view.camera, view.camera_from_parts, view.next_camera_from_parts, view.lamps
        )
        truth = self._lens.draw(gpu, whole, view)
        return truth, self._alone.draw(gpu, outline, view, instances(gpu, truth))
