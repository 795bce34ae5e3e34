"""From the light of a picture to what is shown of it.

what sits on the lens -> glow -> tone -> smoothing

A picture that is drawn in parts, as under a lens, is put together before: so drops, glow and
smoothing know nothing of the parts.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from scenegen.render import programs
from scenegen.render.context import copy_texture
from scenegen.render.gather_pass import GatherPass, Part
from scenegen.render.lens_water import LensWater, OnLens
from scenegen.render.screen import ScreenPrograms, draw_screen

if TYPE_CHECKING:
    from scenegen.render.quality import Quality
    from scenegen.render.targets import Targets


class ShowPass(ScreenPrograms):
    """Programs of what comes after lighting; the `Light` block of the picture is bound."""

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self._lens = self.own(LensWater(context))
        self._gather = self.own(GatherPass(context))

    def gather(self, parts: Iterable[Part], targets: Targets) -> None:
        """Put the light of parts together to a picture, black where none has any."""
        targets.lighting.use()
        targets.lighting.clear()
        for part in parts:
            self._gather.draw(part, targets)

    def show(
        self, targets: Targets, on_lens: OnLens | None, size: tuple[int, int], quality: Quality
    ) -> None:
        """Take the lit picture to the final one."""
        targets.lit.bind_to_image(1, read=True, write=False)
        if on_lens is not None:
            self._draw_glow(targets, self._program("glow", ALL=True))
            self._lens.draw(targets, on_lens, size)
            targets.behind_lens.bind_to_image(1, read=True, write=False)
        tone, vertices = self._program("tone", GLOW=quality.glow, LAST=not quality.smooth)
        if quality.glow:
            self._draw_glow(targets, self._program("glow"))
            targets.glow[0].use(2)
            programs.assign(tone, glow=2)
        if quality.smooth:
            draw_screen(self._context, targets.tone, vertices, size)
            targets.luma.bind_to_image(0, read=True, write=False)
            targets.shown.bind_to_image(1, read=True, write=False)
            self._draw_smooth(targets, size)
        else:
            draw_screen(self._context, targets.final, vertices, size)

    def look_through(self, targets: Targets, on_lens: OnLens, size: tuple[int, int]) -> None:
        """Draw what sits on the lens over a final picture that nothing else comes after."""
        copy_texture(targets.final_picture, targets.shown, (0, 0, *size))
        targets.shown.bind_to_image(1, read=True, write=False)
        self._draw_glow(targets, self._program("glow", ALL=True, SHOWN=True))
        self._lens.draw_shown(targets, on_lens, size)

    def _draw_glow(self, targets: Targets, gather: tuple[Any, Any]) -> None:
        """Gather what shines, or all, and blur it into the first glow picture."""
        size = targets.glow[0].size
        draw_screen(self._context, targets.glowing[0], gather[1], size)
        blur = self._program("blur")
        for source, along in ((0, (1, 0)), (1, (0, 1))):
            targets.glow[source].bind_to_image(2, read=True, write=False)
            programs.assign(blur[0], along=along)
            draw_screen(self._context, targets.glowing[1 - source], blur[1], size)

    def _draw_smooth(self, targets: Targets, size: tuple[int, int]) -> None:
        """Draw the shown picture, then once more where the first pass marked an edge."""
        context = self._context
        test = context.DEPTH_TEST
        context.depth_func = "1"
        targets.final.depth_mask = True
        draw_screen(context, targets.final, self._program("edges")[1], size, test)
        context.depth_func = ">"
        targets.final.depth_mask = False
        draw_screen(context, targets.final, self._program("smooth")[1], size, test)
        context.depth_func = "<"
