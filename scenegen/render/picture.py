"""Draws one view into its targets: the shadows, the truth, and the light on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scenegen.render.light_block import light_block
from scenegen.render.light_pass import Lighting
from scenegen.render.shadows import cascades

if TYPE_CHECKING:
    from scenegen.render.loaded import LoadedScene
    from scenegen.render.passes import Passes
    from scenegen.render.targets import Targets
    from scenegen.render.textures import TextureArray
    from scenegen.render.view import View

_NO_NOISE = -0.006 / (0.035 - 0.006)
"""What makes the amount of noise in ``shown.glsl`` nothing."""
_LEAST_SHADOW = 0.02
"""Share of the direct in all light from which on shadows are drawn."""
_BEAMS_BELOW_M = 1500.0
"""Visibility from which on the beams of lamps show in the air."""


def draw_picture(
    passes: Passes,
    textures: TextureArray,
    loaded: LoadedScene,
    view: View,
    targets: Targets,
    stream: str | None,
    next_row: int,
) -> None:
    """Draw a view.

    Parameters
    ----------
    stream : str or None
        Names the random numbers of the noise; none without.
    next_row : int
        Row of the trajectory at which the flow ends.
    """
    gpu, state = loaded.gpu, loaded.light
    weather = loaded.scenario.weather
    direct = float(state.direct_lux.mean()) * max(float(state.direction[2]), 0.0)
    shadowed = direct > _LEAST_SHADOW * np.pi / state.exposure * 0.3
    texels = loaded.quality.shadow_texels
    shadows = (
        cascades(view.camera, view.world_from_camera, state.direction, texels) if shadowed else ()
    )
    spots = loaded.spots.pick(
        view.world_from_camera,
        view.world_from_objects,
        view.lamps,
        view.valid,
        (direct + state.sky_lux, state.fog_per_m),
    )[: loaded.quality.spots]
    boxes = loaded.footprints.boxes(view.world_from_camera, view.world_from_objects, view.valid)
    boxes = boxes[: loaded.quality.contacts]
    block = light_block(view.camera, view.world_from_camera, state, weather, shadows)
    if stream is None:
        block["aureole"][0, 3] = _NO_NOISE
    else:
        seeds = loaded.key.generator(f"noise:{stream}").integers(1 << 32, size=3)
        block["seeds"][0, :3] = seeds
    gpu.write_frame(view.camera, view.camera_from_parts, view.next_camera_from_parts, view.lamps)
    if shadows:
        passes.shadows.draw(view, shadows)
    gpu.bind()
    passes.draw_geometry(gpu, loaded.geometry, view, targets, textures.texture)
    light = Lighting(
        block=block,
        spots=spots,
        boxes=boxes,
        shadowed=bool(shadows),
        wet=weather.wetness > 0.0,
        foggy=weather.visibility_m < _BEAMS_BELOW_M,
        air=loaded.air(view, next_row),
        cover=loaded.cover,
        puffs=loaded.spray.puffs(view.world_from_camera, view.row, loaded.falling_seed),
        on_lens=loaded.on_lens,
    )
    maps = (passes.shadows.map, *loaded.sky, loaded.around)
    passes.light.draw(view, targets, light, maps, loaded.quality)
