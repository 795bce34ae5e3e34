"""What shaders know of a `RowMotion`."""

from __future__ import annotations

from typing import Any

import numpy as np

from scenegen.render.owner import Owner
from scenegen.render.row_motion import RowMotion

_TEXELS = 3
"""A rigid motion is three rows of four."""


class MotionTexture(Owner):
    """A texture that grows with the groups and rows of what is written; see row_motion.glsl."""

    def __init__(self, context: Any) -> None:
        super().__init__()
        self._context = context
        self._texture: Any = None

    def write(self, motion: RowMotion) -> None:
        """Store the motions of all groups and rows."""
        groups, rows = motion.middle_from_row.shape[:2]
        size = (_TEXELS * rows, groups)
        texels = np.ascontiguousarray(motion.middle_from_row[:, :, :3], dtype="<f4")
        if self._texture is None or any(
            a < b for a, b in zip(self._texture.size, size, strict=True)
        ):
            self.release()
            self._texture = self.own(self._context.texture(size, 4, dtype="f4"))
            self._texture.filter = (self._context.NEAREST, self._context.NEAREST)
        self._texture.write(texels, viewport=(0, 0, *size))

    def use(self, unit: int) -> None:
        """Bind the texture."""
        self._texture.use(unit)
