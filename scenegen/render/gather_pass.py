"""Puts pinhole pictures together to the picture of a camera that sees by rays of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from scenegen.render import programs
from scenegen.render.owner import Owner
from scenegen.render.screen import draw_screen

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from scenegen.render.targets import Targets


class GatherPass(Owner):
    """A program that looks up light, before anything that a lens or a sensor does to it."""

    def __init__(self, context: Any) -> None:
        super().__init__()
        self._context = context
        program = self.own(programs.build(context, "screen.vert", "gather.frag"))
        self._screen = self.own(context.vertex_array(program, []))
        self._places: dict[tuple[int, int], Any] = {}

    def draw(self, lit: Any, place: npt.NDArray[np.float32], targets: Targets) -> None:
        """Draw the pixels that a picture holds; `place` (H, W, 2) as in `Face`."""
        size = (place.shape[1], place.shape[0])
        if size not in self._places:
            self._places[size] = self.own(self._context.texture(size, 2, dtype="f4"))
        self._places[size].write(place)
        lit.bind_to_image(1, read=True, write=False)
        self._places[size].bind_to_image(2, read=True, write=False)
        draw_screen(self._context, targets.lighting, self._screen, size)
