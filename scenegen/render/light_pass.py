"""From the truth to the picture that a camera shows.

contact occlusion -> snow cover -> creases -> lighting -> more spots -> beams in fog -> reflection
-> spray, what falls -> drops on the lens -> glow -> tone -> smoothing

The fast quality leaves out creases, reflection, glow and smoothing. Where nothing is left that adds
light, lighting gives display values at once, and spray and what falls are blended with those.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.render import programs
from scenegen.render.cover_pass import CoverPass, SnowCover
from scenegen.render.crease_pass import CreasePass
from scenegen.render.fall_pass import Air, FallPass
from scenegen.render.lamp_pass import LampPass, Lamps, groups
from scenegen.render.lens_water import OnLens
from scenegen.render.quality import Quality
from scenegen.render.screen import ScreenPrograms, draw_screen
from scenegen.render.sheltered import assign_room, room_words
from scenegen.render.show_pass import ShowPass
from scenegen.render.spray_pass import SprayPass
from scenegen.render.targets import Targets
from scenegen.render.view import View, columns, picture_from_camera
from scenegen.roads.shelter import Shelter

_LIGHT_BLOCK, _SPOTS, _BOXES = 0, 1, 2
_MOST_RECORDS = 64
_RECORD_BYTES = 64
_BOX_VERTICES = 36
_ROOM, _WET_INPUTS, _SHADOW_INPUTS = 22, 4, 10
"""Inputs of four numbers that lighting has left for lamps, and what water and shadows take."""
_IN_AIR = 8
"""So many spots at most light what is in the air."""


@dataclass(frozen=True)
class Lighting:
    """What lights one frame.

    Attributes
    ----------
    block : ndarray, shape (1,), `light_block.LIGHT_DTYPE`
    spots : ndarray, shape (S,), `spots.SPOT_DTYPE`
    shades : ndarray, shape (K, 3, 4)
        Clip spaces of the first spots, those that throw shadows; see `LampShadows.draw`.
    boxes : ndarray, shape (B,), `contact.BOX_DTYPE`
    shadowed, wet : bool
        Whether the sun or moon throws shadows, and ground is wet.
    room : Shelter, optional
        The room of a tunnel, where no rain or snow falls and what is mirrored is dark.
    foggy : bool
        Whether beams show in the air.
    air : Air
        What falls.
    cover : SnowCover, optional
        What lies.
    puffs : ndarray, shape (P,), `spray.PUFF_DTYPE`
    on_lens : OnLens, optional
        What sits on the lens.
    """

    block: npt.NDArray[np.void]
    spots: npt.NDArray[np.void]
    shades: npt.NDArray[np.float32]
    boxes: npt.NDArray[np.void]
    shadowed: bool
    wet: bool
    room: Shelter | None
    foggy: bool
    air: Air
    cover: SnowCover | None
    puffs: npt.NDArray[np.void]
    on_lens: OnLens | None


class LightPass(ScreenPrograms):
    """Programs and small buffers of lighting: what outlives a scene."""

    def __init__(self, context: Any) -> None:
        super().__init__(context)
        self._cover = self.own(CoverPass(context))
        self._creases = self.own(CreasePass(context))
        self._lamps = self.own(LampPass(context))
        self._fall = self.own(FallPass(context))
        self._spray = self.own(SprayPass(context))
        self.showing = self.own(ShowPass(context))
        own = self.own
        self._block = own(context.buffer(reserve=1024))
        self._spot_table = own(context.buffer(reserve=_MOST_RECORDS * _RECORD_BYTES))
        self._box_table = own(context.buffer(reserve=_MOST_RECORDS * _RECORD_BYTES))

    def draw(
        self,
        view: View,
        targets: Targets,
        light: Lighting,
        maps: tuple[Any, Any, Any, Any | None],
        quality: Quality,
        *,
        alone: bool = True,
    ) -> None:
        """Draw the colour picture from the geometry; maps: shadows, clouds, dome, surroundings.

        Of what is not alone, but part of a larger picture, only the light is drawn.
        """
        self._bind(light)
        size = (view.camera.width, view.camera.height)
        clip = columns(picture_from_camera(view.camera))
        targets.normal_depth.bind_to_image(0, read=True, write=False)
        targets.surface.bind_to_image(1, read=True, write=False)
        targets.finish.bind_to_image(2, read=True, write=False)
        targets.open.bind_to_image(3, read=True, write=False)
        self._draw_contact(targets, clip, len(light.boxes))
        if light.cover is not None:
            self._cover.draw(light.cover, targets, size, light.room)
        if quality.creases:
            self._creases.draw(targets, size)
        up, count = light.block["up"][0, :3], len(light.shades)
        lamps = groups(light.spots[count:], up)
        in_air = min(len(light.spots), _IN_AIR)
        beams = light.foggy and in_air > 0
        mirrors = light.wet and quality.mirrors
        room = _ROOM - _WET_INPUTS * light.wet - _SHADOW_INPUTS * light.shadowed
        fits = lamps and lamps[0].inputs <= room
        first, others = (lamps[0], lamps[1:]) if fits else (None, lamps)
        more = others or count or beams or mirrors or quality.glow or quality.smooth
        shown = alone and not more
        self._draw_lit(targets, light, first, maps, size, shown=shown, soft=quality.soft_shadows)
        if light.wet:
            targets.film.bind_to_image(4, read=True, write=False)
        self._lamps.draw(targets, others, wet=light.wet, foggy=light.foggy)
        if count:
            self._lamps.shade(targets, light.shades)
            shaded = groups(light.spots[:count], up)
            self._lamps.draw(targets, shaded, wet=light.wet, foggy=light.foggy, shaded=True)
        if beams:
            self._draw_beams(targets, clip, in_air)
        if mirrors:
            self._draw_mirrored(targets, maps[3], size)
        target = targets.final if shown else targets.lighting
        if len(light.puffs):
            self._spray.draw(target, light.puffs, clip, in_air, shown=shown)
        if light.air.bodies:
            self._fall.draw(view, target, light.air, clip, in_air, light.room, shown=shown)
        if shown and light.on_lens is not None:
            self.showing.look_through(targets, light.on_lens, size)
        elif alone and not shown:
            self.showing.show(targets, light.on_lens, size, quality)

    def bind(self, block: npt.NDArray[np.void]) -> None:
        """Bind a `Light` block, for a picture of its size."""
        self._block.write(block)
        self._block.bind_to_uniform_block(_LIGHT_BLOCK)

    def _bind(self, light: Lighting) -> None:
        self.bind(light.block)
        for buffer, table, binding in (
            (self._spot_table, light.spots, _SPOTS),
            (self._box_table, light.boxes, _BOXES),
        ):
            if len(table):
                buffer.write(table)
            buffer.bind_to_uniform_block(binding)

    def _draw_lit(
        self,
        targets: Targets,
        light: Lighting,
        lamps: Lamps | None,
        maps: tuple[Any, Any, Any, Any | None],
        size: tuple[int, int],
        *,
        shown: bool,
        soft: bool,
    ) -> None:
        """Draw the sky where the depth is that of nothing, and surfaces where it is less.

        Where no other light comes on top they are shown at once.
        """
        context = self._context
        shadow_map, clouds, dome, around = maps
        clouds.use(4)
        dome.use(5)
        sky = self._program("sky", SHOWN=shown)
        programs.assign(sky[0], cloud_layer=4, dome=5)
        target = targets.final if shown else targets.lighting
        target.depth_mask = False
        context.depth_func = "=="
        draw_screen(context, target, sky[1], size, context.DEPTH_TEST)
        lit: dict[str, bool | int] = {}
        taken = sum(bodies.extinction_per_m for bodies in light.air.bodies)
        falls = light.room is not None and taken > 0.0
        if lamps is not None:
            lit = {"LAMPS": True, "FOGGY": light.foggy, **lamps.counts}
        lighting = self._program(
            "lighting",
            "screen" if lamps is None else "lamplight",
            **lit,
            SHADOW=light.shadowed,
            WET=light.wet,
            ROOM=light.room is not None,
            **(room_words(light.room, "SHELTER") if light.wet or falls else {}),
            FALLING=falls,
            SHOWN=shown,
            SOFT=soft,
            PANORAMA=around is not None,
        )
        _take(lighting[0], around)
        if light.wet or falls:
            assign_room(lighting[0], light.room)
        if falls:
            programs.assign(
                lighting[0], falling_per_m=min(taken, float(light.block["towards_light"][0, 3]))
            )
        if lamps is not None:
            lamps.fill(lighting[0])
        if light.shadowed:
            shadow_map.use(3)
            programs.assign(lighting[0], shadow_map=3)
        context.depth_func = ">"
        target = targets.lighting_wet if light.wet and not shown else target
        draw_screen(context, target, lighting[1], size, context.DEPTH_TEST)
        context.depth_func = "<"

    def _draw_contact(self, targets: Targets, clip_from_camera: bytes, count: int) -> None:
        """Darken the ground around and below what stands on it."""
        context = self._context
        targets.occlusion.use()
        targets.occlusion.clear(1.0, 1.0, 1.0, 1.0)
        context.blend_func = context.ZERO, context.SRC_COLOR
        self._draw_boxes(
            self._program("occlusion", "occlusion"), clip_from_camera, count, context.NOTHING
        )

    def _draw_beams(self, targets: Targets, clip_from_camera: bytes, count: int) -> None:
        """Add what the air throws back of the light of each spot."""
        context = self._context
        targets.glowing[0].viewport = (0, 0, *targets.glow[0].size)
        targets.glowing[0].use()
        targets.glowing[0].clear()
        # Colours add up while the nearness of surfaces stays.
        context.blend_func = context.ONE, context.ONE, context.ONE, context.ZERO
        context.enable_direct(DEPTH_CLAMP)
        self._draw_boxes(self._program("haze", "spot"), clip_from_camera, count, context.NOTHING)
        context.disable_direct(DEPTH_CLAMP)
        targets.glow[0].bind_to_image(5, read=True, write=False)
        context.blend_func = context.ONE, context.ONE
        draw_screen(
            context,
            targets.lighting,
            self._program("add_beams")[1],
            targets.lit.size,
            context.BLEND,
        )
        context.blend_func = context.ONE, context.ZERO

    def _draw_boxes(
        self, program: tuple[Any, Any], clip_from_camera: bytes, count: int, test: int
    ) -> None:
        """Draw the far sides of boxes: the camera may stand inside."""
        if not count:
            return
        context = self._context
        context.enable_only(context.CULL_FACE | context.BLEND | test)
        context.front_face = "cw"  # the picture's rows run downward
        context.cull_face = "front"
        programs.assign(program[0], clip_from_camera=clip_from_camera)
        program[1].render(vertices=_BOX_VERTICES, instances=count)
        context.cull_face = "back"
        context.blend_func = context.ONE, context.ZERO

    def _draw_mirrored(self, targets: Targets, around: Any | None, size: tuple[int, int]) -> None:
        """Add what wet ground mirrors, which may be darker than the sky it took."""
        context = self._context
        targets.lit.bind_to_image(1, read=True, write=False)
        reflection = self._program("reflection", PANORAMA=around is not None)
        _take(reflection[0], around)
        draw_screen(context, targets.reflection, reflection[1], targets.mirrored.size)
        targets.mirrored.bind_to_image(1, read=True, write=False)
        context.blend_func = context.ONE, context.ONE
        draw_screen(context, targets.lighting, self._program("mirror")[1], size, context.BLEND)
        context.blend_func = context.ONE, context.ZERO


def _take(program: Any, around: Any | None) -> None:
    """Let a program see the surroundings, if a panorama gives some."""
    if around is not None:
        around.use(6)
        programs.assign(program, surroundings=6)


DEPTH_CLAMP = 0x864F
"""Not named by moderngl: what lies before the near or behind the far plane is still drawn."""
