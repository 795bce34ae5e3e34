"""Draws puffs of spray over the lit picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scenegen.render import programs
from scenegen.render.owner import Owner
from scenegen.render.spray import MOST, PUFF_DTYPE

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt


class SprayPass(Owner):
    """The program, and a buffer for the puffs of a frame."""

    def __init__(self, context: Any) -> None:
        super().__init__()
        self._context = context
        self._table = self.own(context.buffer(reserve=MOST * PUFF_DTYPE.itemsize))
        self._built = {shown: self._build(shown=shown) for shown in (False, True)}

    def _build(self, *, shown: bool) -> tuple[Any, Any]:
        defines = ("SHOWN",) if shown else ()
        program = self.own(programs.build(self._context, "spray.vert", "spray.frag", defines))
        content = [(self._table, "4f 1f/i", "in_center_radius", "in_cover")]
        return program, self.own(self._context.vertex_array(program, content))

    def draw(
        self,
        target: Any,
        puffs: npt.NDArray[np.void],
        clip_from_camera: bytes,
        spot_count: int,
        *,
        shown: bool,
    ) -> None:
        """Blend puffs, the farthest first; the light block, the spots and image 0 are bound.

        Parameters
        ----------
        target : moderngl.Framebuffer
        shown : bool
            Whether it holds display values, and not light.
        """
        context = self._context
        self._table.write(puffs)
        program, vertices = self._built[shown]
        target.viewport = (0, 0, *target.size)
        target.use()
        context.enable_only(context.BLEND)
        context.blend_func = context.ONE, context.ONE_MINUS_SRC_ALPHA
        programs.assign(program, clip_from_camera=clip_from_camera, spot_count=spot_count)
        vertices.render(context.TRIANGLE_STRIP, vertices=4, instances=len(puffs))
        context.blend_func = context.ONE, context.ZERO
