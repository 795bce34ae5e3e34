"""The pictures that the passes draw into, for one size of picture."""

from __future__ import annotations

from typing import Any

from scenegen.render.owner import Owner

GLOW_SHARE = 4
"""The glow is gathered at a quarter of the size."""


class Targets(Owner):
    """Textures and framebuffers of one picture size; `release` frees them."""

    def __init__(self, context: Any, width: int, height: int) -> None:
        super().__init__()
        size = (width, height)
        own = self.own

        def texture(components: int, dtype: str, shape: tuple[int, int] = size) -> Any:
            made = own(context.texture(shape, components, dtype=dtype))
            made.filter = (context.NEAREST, context.NEAREST)
            made.repeat_x = made.repeat_y = False
            return made

        self.normal_depth = texture(4, "f4")
        self.surface = texture(1, "u4")
        self.flow = texture(2, "f4")
        self.finish = texture(2, "u4")
        self.depth = own(context.depth_texture(size))
        truth = [self.normal_depth, self.surface, self.flow, self.finish]
        self.geometry = own(context.framebuffer(truth, self.depth))
        self.covered_surface = texture(1, "u4")
        self.covered_finish = texture(2, "u4")
        covered = [self.covered_surface, self.covered_finish]
        self.covering = own(context.framebuffer(covered, self.depth))
        self.covering.depth_mask = False
        self.open = texture(1, "f1")
        self.occlusion = own(context.framebuffer([self.open]))
        self.shade = texture(4, "f1")
        self.shading = own(context.framebuffer([self.shade], self.depth))
        self.shading.depth_mask = False
        self.lit = texture(4, "f4")
        self.film = texture(1, "f1")
        self.lighting = own(context.framebuffer([self.lit], self.depth))
        self.lighting_wet = own(context.framebuffer([self.lit, self.film], self.depth))
        self.lighting.depth_mask = self.lighting_wet.depth_mask = False
        half = ((width + 1) // 2, (height + 1) // 2)
        self.mirrored = texture(4, "f4", half)
        self.mirrored.filter = (context.LINEAR, context.LINEAR)
        self.reflection = own(context.framebuffer([self.mirrored]))
        small = (max(width // GLOW_SHARE, 1), max(height // GLOW_SHARE, 1))
        self.glow = [texture(4, "f4", small), texture(4, "f4", small)]
        self.glow[0].filter = (context.LINEAR, context.LINEAR)
        self.glowing = [own(context.framebuffer([picture])) for picture in self.glow]
        self.behind_lens = texture(4, "f4")
        self.lens = own(context.framebuffer([self.behind_lens]))
        self.shown = texture(4, "f1")
        self.luma = texture(1, "f1")
        self.tone = own(context.framebuffer([self.shown, self.luma]))
        self.final_picture = texture(4, "f1")
        self.final = own(context.framebuffer([self.final_picture], self.depth))
