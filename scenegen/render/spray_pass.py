"""Draws puffs of spray over the lit picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scenegen.render import programs
from scenegen.render.owner import Owner
from scenegen.render.spray import MOST, PUFF_DTYPE

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from scenegen.render.targets import Targets


class SprayPass(Owner):
    """The program, and a buffer for the puffs of a frame."""

    def __init__(self, context: Any) -> None:
        super().__init__()
        self._context = context
        self._program = self.own(programs.build(context, "spray.vert", "spray.frag"))
        self._table = self.own(context.buffer(reserve=MOST * PUFF_DTYPE.itemsize))
        content = [(self._table, "4f 1f/i", "in_center_radius", "in_cover")]
        self._puffs = self.own(context.vertex_array(self._program, content))

    def draw(
        self,
        targets: Targets,
        puffs: npt.NDArray[np.void],
        clip_from_camera: bytes,
        spot_count: int,
    ) -> None:
        """Blend puffs, the farthest first; the light block, the spots and image 0 are bound."""
        context = self._context
        self._table.write(puffs)
        targets.lighting.viewport = (0, 0, *targets.lit.size)
        targets.lighting.use()
        context.enable_only(context.BLEND)
        context.blend_func = context.ONE, context.ONE_MINUS_SRC_ALPHA
        programs.assign(self._program, clip_from_camera=clip_from_camera, spot_count=spot_count)
        self._puffs.render(context.TRIANGLE_STRIP, vertices=4, instances=len(puffs))
        context.blend_func = context.ONE, context.ZERO
