"""Snow over the surfaces that the geometry pass left, before they are lit."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from scenegen.render import programs
from scenegen.render.cover import kinds_of
from scenegen.render.screen import ScreenPrograms, draw_screen
from scenegen.render.sheltered import assign_room, room_words
from scenegen.roads.snow import traffic_map

if TYPE_CHECKING:
    from scenegen.records import RoadNetwork
    from scenegen.records.conditions import Weather
    from scenegen.render.gpu_scene import GpuScene
    from scenegen.render.targets import Targets
    from scenegen.roads.shelter import Shelter

_LIES = 3
"""Binding point of the storage buffer."""
_TRAFFIC_UNIT = 5


@dataclass(frozen=True)
class SnowCover:
    """What the pass needs of one scene, which frees it.

    Attributes
    ----------
    lies : moderngl.Buffer
        `cover.kinds_of` each drawable.
    traffic : moderngl.Texture
        `TrafficMap.wear`, which begins at `place`.
    depths : (2,)
        Depth of the snow in m, and the share of the road under it.
    """

    lies: Any
    traffic: Any
    place: tuple[float, float, float, float]
    depths: tuple[float, float]


def snow_cover(
    context: Any, gpu: GpuScene, network: RoadNetwork, weather: Weather
) -> SnowCover | None:
    """Make what the pass needs of a scene; None where no snow lies."""
    if weather.snow_depth_m == 0.0 and weather.road_snow == 0.0:
        return None
    worn = traffic_map(network)
    rows, columns = worn.wear.shape
    traffic = gpu.own(context.texture((columns, rows), 1, worn.wear.tobytes(), alignment=1))
    traffic.filter = (context.LINEAR, context.LINEAR)
    traffic.repeat_x = traffic.repeat_y = False
    lies = gpu.own(context.buffer(kinds_of(gpu.scene)))
    return SnowCover(lies, traffic, worn.place, (weather.snow_depth_m, weather.road_snow))


class CoverPass(ScreenPrograms):
    """The program that lays snow on what faces the sky."""

    def draw(
        self, cover: SnowCover, targets: Targets, size: tuple[int, int], room: Shelter | None
    ) -> None:
        """Copy the surfaces with snow on them; images 0 to 3 are bound for lighting, also after.

        The truth stays as it is; and attachments cost half of what stores to images did.
        """
        context = self._context
        cover.lies.bind_to_storage_buffer(_LIES)
        cover.traffic.use(_TRAFFIC_UNIT)
        program, screen = self._program("cover", "screen", **room_words(room))
        programs.assign(
            program, traffic=_TRAFFIC_UNIT, traffic_place=cover.place, depths=cover.depths
        )
        assign_room(program, room)
        context.depth_func = ">"  # where there is a surface
        draw_screen(context, targets.covering, screen, size, context.DEPTH_TEST)
        context.depth_func = "<"
        targets.covered_surface.bind_to_image(1, read=True, write=False)
        targets.covered_finish.bind_to_image(2, read=True, write=False)
