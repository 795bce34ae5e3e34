"""Draws one view into its targets: the shadows, the truth, and the light on it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from scenegen.render.lamp_pass import LAMP_MAP
from scenegen.render.light_block import light_block
from scenegen.render.light_pass import Lighting
from scenegen.render.shadows import cascades

if TYPE_CHECKING:
    from collections.abc import Iterable

    from scenegen.geometry import Camera
    from scenegen.render.gather_pass import Part
    from scenegen.render.loaded import LoadedScene
    from scenegen.render.passes import Passes
    from scenegen.render.targets import Targets
    from scenegen.render.textures import TextureArray
    from scenegen.render.view import View

_NO_NOISE = -0.006 / (0.035 - 0.006)
"""What makes the amount of noise in ``noise.glsl`` nothing."""
_LEAST_SHADOW = 0.02
"""Share of the direct in all light from which on shadows are drawn."""
_LEAST_WETNESS = 0.03
"""Less darkens a road by less than this share, and mirrors nothing that is seen."""
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
    *,
    field: Camera | None = None,
) -> None:
    """Draw a view.

    Parameters
    ----------
    stream : str or None
        Names the random numbers of the noise; none without.
    next_row : int
        Row of the trajectory at which the flow ends.
    field : Camera, optional
        Of a part of a picture, whose light is put together by `show_parts`: what all such
        parts see, whose shadows thus are the same.
    """
    gpu, state = loaded.gpu, loaded.light
    weather = loaded.scenario.weather
    direct = float(state.direct_lux.mean()) * max(float(state.direction[2]), 0.0)
    room, daylight = loaded.enclosure, 1.0
    if room is not None:
        daylight = room.share(view.world_from_camera)
        outside = direct + state.sky_lux + state.lamps_lux
        gain = room.gain(view.world_from_camera, outside)
        state = replace(state, exposure=state.exposure * gain)
    shadowed = direct > _LEAST_SHADOW * np.pi / state.exposure * 0.3
    texels = loaded.quality.shadow_texels
    shadows = (
        cascades(field or view.camera, view.world_from_camera, state.direction, texels)
        if shadowed
        else ()
    )
    spots = loaded.spots.pick(
        view.world_from_camera,
        view.world_from_objects,
        view.lamps,
        view.valid,
        (daylight * state.sky_lux + (direct if daylight == 1.0 else 0.0), state.fog_per_m),
    )[: loaded.quality.spots]
    boxes = loaded.footprints.boxes(view.world_from_camera, view.world_from_objects, view.valid)
    boxes = boxes[: loaded.quality.contacts]
    if room is not None:
        boxes = np.concatenate([room.row(view.world_from_camera), boxes[: len(boxes) - 1]])
    block = light_block(view.camera, view.world_from_camera, state, weather, shadows)
    _add_noise(block, loaded, stream)
    gpu.write_frame(view.camera, view.camera_from_parts, view.next_camera_from_parts, view.lamps)
    if shadows:
        passes.shadows.draw(view, shadows)
    shades = passes.lamp_shadows.draw(view, spots[: loaded.quality.shaded_spots])
    gpu.bind()
    passes.draw_geometry(gpu, loaded.geometry, view, targets, textures.texture)
    light = Lighting(
        block=block,
        spots=spots,
        shades=shades,
        boxes=boxes,
        shadowed=bool(shadows),
        wet=weather.wetness > _LEAST_WETNESS,
        room=loaded.shelter,
        foggy=weather.visibility_m < _BEAMS_BELOW_M,
        air=loaded.air(view, next_row),
        cover=loaded.cover,
        puffs=loaded.spray.puffs(view.world_from_camera, view.row, loaded.falling_seed),
        on_lens=loaded.on_lens,
    )
    passes.lamp_shadows.map.use(LAMP_MAP)
    maps = (passes.shadows.map, *loaded.sky, loaded.around)
    passes.light.draw(view, targets, light, maps, loaded.quality, alone=field is None)


def show_parts(
    passes: Passes,
    loaded: LoadedScene,
    camera: Camera,
    parts: Iterable[Part],
    targets: Targets,
    stream: str | None,
) -> None:
    """Draw a picture whose light was drawn in parts; see `ShowPass.gather`.

    Lenses and sensors, drops and glow belong to the whole, so nothing of them shows where
    parts meet.
    """
    showing = passes.light.showing
    showing.gather(parts, targets)
    block = light_block(camera, np.eye(4), loaded.light, loaded.scenario.weather, ())
    _add_noise(block, loaded, stream)
    passes.light.bind(block)
    showing.show(targets, loaded.on_lens, (camera.width, camera.height), loaded.quality)


def _add_noise(block: npt.NDArray[np.void], loaded: LoadedScene, stream: str | None) -> None:
    if stream is None:
        block["aureole"][0, 3] = _NO_NOISE
    else:
        seeds = loaded.key.generator(f"noise:{stream}").integers(1 << 32, size=3)
        block["seeds"][0, :3] = seeds
