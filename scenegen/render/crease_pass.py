"""Ambient occlusion in screen space: less light from around in corners and under what overhangs."""

from __future__ import annotations

from typing import Any

from scenegen.render import programs
from scenegen.render.owner import Owner
from scenegen.render.screen import draw_screen
from scenegen.render.targets import Targets


class CreasePass(Owner):
    """Two programs: what is hidden, at half the size; and that brought to the whole."""

    def __init__(self, context: Any) -> None:
        super().__init__()
        self._context = context
        self._half, self._whole = (self._screen(name) for name in ("crease.frag", "open.frag"))

    def _screen(self, fragment: str) -> Any:
        program = self.own(programs.build(self._context, "screen.vert", fragment))
        return self.own(self._context.vertex_array(program, []))

    def draw(self, targets: Targets, size: tuple[int, int]) -> None:
        """Multiply how open surfaces are; image 0 is bound as for lighting.

        The pictures of reflections hold the half size, as nothing is mirrored yet.
        """
        context = self._context
        draw_screen(context, targets.reflection, self._half, targets.mirrored.size)
        targets.mirrored.bind_to_image(5, read=True, write=False)
        context.blend_func = context.ZERO, context.SRC_COLOR
        targets.occlusion.depth_mask = False
        draw_screen(context, targets.occlusion, self._whole, size, context.BLEND)
        context.blend_func = context.ONE, context.ZERO
