"""Drops of water and dirt on a camera's lens, drawn over what it would see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scenegen.render import programs
from scenegen.render.owner import Owner
from scenegen.render.screen import draw_screen

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


class LensWater(Owner):
    """Looks at the lit picture through drops and dirt, which it finds once a scene and size."""

    def __init__(self, context: Any) -> None:
        super().__init__()
        self._context = context
        self._seek, self._show = (
            self.own(programs.build(context, "screen.vert", f"{name}.frag"))
            for name in ("lens_place", "lens_water")
        )
        self._seeking, self._showing = (
            self.own(context.vertex_array(program, [])) for program in (self._seek, self._show)
        )
        self._found: dict[tuple[int, int], tuple[OnLens, Any]] = {}

    def draw(self, targets: Targets, on_lens: OnLens, size: tuple[int, int]) -> None:
        """Draw from the lit picture, bound as image 1, and its blur in `targets.glow`."""
        place, veil = self._pictures(on_lens, size)
        place.bind_to_image(_PLACE, read=True, write=False)
        veil.bind_to_image(_VEIL, read=True, write=False)
        targets.glow[0].use(_WIDE_UNIT)
        programs.assign(self._show, glow=_WIDE_UNIT)
        draw_screen(self._context, targets.lens, self._showing, size)

    def _pictures(self, on_lens: OnLens, size: tuple[int, int]) -> list[Any]:
        """Return what each pixel of a lens shows: pictures of `lens_place.frag`."""
        known, target = self._found.get(size, (None, None))
        if target is None:
            pictures = [
                self.own(self._context.texture(size, count, dtype="f4")) for count in (4, 2)
            ]
            target = self.own(self._context.framebuffer(pictures))
        if known != on_lens:
            lens = (on_lens.drops, on_lens.dirt)
            programs.assign(self._seek, lens=lens, seed=on_lens.seed)
            draw_screen(self._context, target, self._seeking, size)
            self._found[size] = on_lens, target
        return list(target.color_attachments)
