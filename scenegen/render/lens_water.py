"""Drops of water and dirt on a camera's lens, drawn over what it would see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scenegen.render import programs
from scenegen.render.context import copy_texture
from scenegen.render.screen import ScreenPrograms, draw_screen

if TYPE_CHECKING:
    from scenegen.render.targets import Targets

_WIDE_UNIT = 2
_PLACE, _VEIL = 5, 6
"""Image units."""


@dataclass(frozen=True)
class OnLens:
    """What sits on the lens.

    Attributes
    ----------
    drops, dirt : float
        0 to 1; see `records.Weather`.
    seed : int
        The scene's own: the same places in all its frames.
    """

    drops: float
    dirt: float
    seed: int


class LensWater(ScreenPrograms):
    """Looks at the lit picture through drops and dirt, which it finds once a scene and size."""

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self._found: dict[tuple[int, int], tuple[OnLens, Any]] = {}

    def draw(self, targets: Targets, on_lens: OnLens, size: tuple[int, int]) -> None:
        """Draw from the lit picture, bound as image 1, and its blur in `targets.glow`."""
        self._sought(on_lens, size)
        vertices = self._showing(targets, size, shown=False)
        draw_screen(self._context, targets.lens, vertices, size)

    def draw_shown(self, targets: Targets, on_lens: OnLens, size: tuple[int, int]) -> None:
        """Draw over the final picture where something sits; as `draw`, but of display values.

        Where nothing does is told by the depth, which nobody needs any more.
        """
        context = self._context
        sought = self._sought(on_lens, size)
        copy_texture(sought.depth_attachment, targets.depth, (0, 0, *size))
        vertices = self._showing(targets, size, shown=True)
        context.depth_func = ">"
        draw_screen(context, targets.final, vertices, size, context.DEPTH_TEST)
        context.depth_func = "<"

    def _showing(self, targets: Targets, size: tuple[int, int], *, shown: bool) -> Any:
        """Return the vertex array that shows the lens of a size, with its pictures bound."""
        show, vertices = self._program("lens_water", SHOWN=shown)
        place, veil = self._found[size][1].color_attachments
        place.bind_to_image(_PLACE, read=True, write=False)
        veil.bind_to_image(_VEIL, read=True, write=False)
        targets.glow[0].use(_WIDE_UNIT)
        programs.assign(show, glow=_WIDE_UNIT)
        return vertices

    def _sought(self, on_lens: OnLens, size: tuple[int, int]) -> Any:
        """Return what each pixel of a lens shows: pictures and depth of `lens_place.frag`."""
        context = self._context
        known, target = self._found.get(size, (None, None))
        if target is None:
            pictures = [self.own(context.texture(size, count, dtype="f4")) for count in (4, 2)]
            depth = self.own(context.depth_texture(size))
            target = self.own(context.framebuffer(pictures, depth))
        if known != on_lens:
            seek, vertices = self._program("lens_place")
            programs.assign(seek, lens=(on_lens.drops, on_lens.dirt), seed=on_lens.seed)
            context.depth_func = "1"
            draw_screen(context, target, vertices, size, context.DEPTH_TEST)
            context.depth_func = "<"
            self._found[size] = on_lens, target
        return target
