"""What the production renderer holds of one scene."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen import roads
from scenegen.assets import sky_picture
from scenegen.geometry import Camera, MovingCamera, inverse
from scenegen.records import ConcreteScenario, Lamp, Trajectory
from scenegen.records.base import F64
from scenegen.records.conditions import ANALYTIC_SKY
from scenegen.render.clouds import cloud_layer
from scenegen.render.contact import Footprints
from scenegen.render.cover_pass import snow_cover
from scenegen.render.enclosure import enclosure_of
from scenegen.render.fall_pass import Air, camera_velocity
from scenegen.render.falling import falling
from scenegen.render.follow import Follow
from scenegen.render.gpu_scene import GpuScene
from scenegen.render.lens_pass import LensPass
from scenegen.render.lens_water import OnLens
from scenegen.render.passes import Passes
from scenegen.render.photometry import LightState, light_state
from scenegen.render.quality import Quality
from scenegen.render.scene_builder import build_scene
from scenegen.render.skydome import sky_dome, with_dome
from scenegen.render.spots import SpotTable
from scenegen.render.spray import Spray
from scenegen.render.surroundings import surroundings
from scenegen.render.textures import TextureArray
from scenegen.render.view import View
from scenegen.roads.shelter import shelter_of
from scenegen.seeds import SceneKey


class LoadedScene:
    """A scene's buffers and pictures, its light, and what falls and lies in it."""

    def __init__(
        self,
        context: Any,
        passes: Passes,
        textures: TextureArray,
        told: tuple[ConcreteScenario, Trajectory],
        quality: Quality,
        *,
        live: bool = False,
    ) -> None:
        self.scenario, self.trajectory = scenario, trajectory = told
        self.quality = quality
        scene = build_scene(scenario, trajectory, live=live)
        self.follow = Follow(scene, scenario, trajectory) if live else None
        self.gpu = GpuScene(context, scene, textures)
        self.geometry = tuple(self.gpu.vertex_array(context, p) for p in passes.geometry)
        passes.shadows.load(self.gpu, quality.shadow_texels)
        passes.lamp_shadows.load(self.gpu)
        self.silhouette = self.gpu.vertex_array(context, passes.silhouette)
        self._by_rays: dict[LensPass, tuple[Any, Any]] = {}
        self.spots = SpotTable(scene, joined=not quality.pairs)
        self.footprints = Footprints(scene)
        self.light = _light(scenario)
        self.enclosure = enclosure_of(scenario.road)
        self.shelter = shelter_of(scenario.road)
        key = SceneKey(scenario.scenario_digest, scenario.seed, scenario.index)
        sun = scenario.light
        clouds = cloud_layer(
            key.generator("render:clouds"), scenario.weather.cloud_cover, sun.sun_azimuth_rad
        )
        dome = sky_dome(self.light, scenario.weather, sun.sun_elevation_rad).astype("f4")
        self.light = with_dome(self.light, dome)
        self.sky = tuple(self._picture(context, picture) for picture in (clouds, dome))
        self.around = self._around(context, scenario.weather.sky)
        self.key = key
        network = roads.build_network(scenario.road)
        self.cover = snow_cover(context, self.gpu, network, scenario.weather)
        self.falling = falling(scenario.weather)
        self.spray = Spray(scenario, trajectory, self.shelter)
        drops, dirt = scenario.weather.lens_drops, scenario.weather.lens_dirt
        seed = int(key.generator("render:lens").integers(1 << 32))
        self.on_lens = OnLens(drops, dirt, seed) if drops > 0.0 or dirt > 0.0 else None
        self.falling_seed = int(key.generator("render:falling").integers(1 << 32))

    def _picture(self, context: Any, pixels: npt.NDArray[Any]) -> Any:
        """Return a texture of an array (H, W, components), which the scene frees.

        Its numbers stay float32, or are uint8 for 0 to 1.
        """
        height, width, components = pixels.shape
        kind = "f1" if pixels.dtype == np.uint8 else "f4"
        made = self.gpu.own(
            context.texture((width, height), components, np.ascontiguousarray(pixels), dtype=kind)
        )
        made.filter = (context.LINEAR, context.LINEAR)
        return made

    def _around(self, context: Any, sky: str) -> Any | None:
        """Return the texture of what surfaces see of a panorama, if one lights the scene."""
        if sky == ANALYTIC_SKY:
            return None
        stack = surroundings(sky_picture(sky), self.light)
        levels, height, width, channels = stack.shape
        made = context.texture3d((width, height, levels), channels, stack.tobytes(), dtype="f4")
        made.filter = (context.LINEAR, context.LINEAR)
        made.repeat_y = made.repeat_z = False
        return self.gpu.own(made)

    def camera_track(self, camera: Camera) -> F64:
        """Return a camera's poses (R, 4, 4), ``world_from_camera``, on the ego."""
        return self.trajectory.poses(self.scenario.ego.instance_id) @ camera.body_from_camera

    def moving_camera(self, camera: Camera, world_from_camera: F64, row: int) -> MovingCamera:
        """Return a camera that goes with the ego, and is somewhere at a row."""
        body = self.trajectory.poses(self.scenario.ego.instance_id)
        times = self.trajectory.time_s
        track = body @ (inverse(body[row]) @ world_from_camera)
        return MovingCamera(camera, float(times[row]), times, track)

    def rows(self, seconds: float) -> float:
        """Return how many rows of the trajectory some seconds are."""
        return seconds / float(self.trajectory.time_s[1] - self.trajectory.time_s[0])

    def air(self, view: View, next_row: int) -> Air:
        """Return what falls in a view."""
        now, then = self.trajectory.time_s[[view.row, next_row]]
        velocity = camera_velocity(view, float(then - now))
        return Air(self.falling, float(now), self.light.exposure_s, velocity, self.falling_seed)

    def by_rays(self, context: Any, lens: LensPass) -> tuple[Any, Any]:
        """Return the vertex arrays for truth and silhouettes by the rays of pixels."""
        if lens not in self._by_rays:
            self._by_rays[lens] = (
                self.gpu.vertex_array(context, lens.truth),
                self.gpu.vertex_array(context, lens.silhouette),
            )
        return self._by_rays[lens]


def _light(scenario: ConcreteScenario) -> LightState:
    lit = any(prop.lamps & Lamp.STREET for prop in scenario.props)
    light = scenario.light.model_copy(
        update={"street_lights": scenario.light.street_lights and lit}
    )
    town = scenario.road.surroundings in {"urban", "suburban"}
    return light_state(light, scenario.weather, town=town)
