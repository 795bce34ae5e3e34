"""Puts pinhole pictures together to the picture of a camera that sees by rays of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scenegen.render import programs
from scenegen.render.owner import Owner
from scenegen.render.screen import draw_screen

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    from scenegen.render.targets import Targets


@dataclass(frozen=True)
class Part:
    """Light for some pixels of a picture.

    Attributes
    ----------
    lit : moderngl.Texture
        Overwritten when the next part is drawn.
    place : ndarray, shape (H, W, 2), float32
        Where it has the picture's pixels, px; negative for those that it hasn't.
    share : float
        1 replaces what is there; less is added to it, as light is that comes for a part of
        the exposure.
    """

    lit: Any
    place: npt.NDArray[np.float32]
    share: float = 1.0


class GatherPass(Owner):
    """A program that looks up light, before anything that a lens or a sensor does to it."""

    def __init__(self, context: Any) -> None:
        super().__init__()
        self._context = context
        self._program = program = self.own(programs.build(context, "screen.vert", "gather.frag"))
        self._screen = self.own(context.vertex_array(program, []))
        self._places: dict[tuple[int, int], Any] = {}

    def draw(self, part: Part, targets: Targets) -> None:
        """Draw the pixels that a part holds."""
        context, place = self._context, part.place
        size = (place.shape[1], place.shape[0])
        if size not in self._places:
            self._places[size] = self.own(self._context.texture(size, 2, dtype="f4"))
        self._places[size].write(place)
        part.lit.bind_to_image(1, read=True, write=False)
        self._places[size].bind_to_image(2, read=True, write=False)
        programs.assign(self._program, share=part.share)
        context.blend_func = context.ONE, context.ONE
        blend = context.BLEND if part.share < 1.0 else context.NOTHING
        draw_screen(context, targets.lighting, self._screen, size, blend)
        context.blend_func = context.ONE, context.ZERO
