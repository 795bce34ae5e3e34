"""One LiDAR of a scene: from beams to points."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from scenegen.geometry import pose
from scenegen.geometry.beams import column_shares
from scenegen.geometry.interpolation import poses_at
from scenegen.ranging.air import air_of
from scenegen.ranging.backscatter import Backscatter, overlap, threshold
from scenegen.ranging.edges import rims, strongest
from scenegen.ranging.mesh import F32
from scenegen.ranging.reflectance import BINS, as_intensity
from scenegen.ranging.scene import Hits, RangingScene, Rays
from scenegen.records import LidarSpec, Sweep
from scenegen.records.base import F64
from scenegen.seeds import SceneKey

_GRAIN = 0.05
"""Standard deviation of an echo's strength, as a share of it."""


class Lidar:
    """A LiDAR on the ego of a scene.

    Parameters
    ----------
    scene : RangingScene
    name : str
        Of the sensor, one of the scenario's.
    """

    def __init__(self, scene: RangingScene, name: str) -> None:
        self.scene = scene
        self.name = name
        self.spec: LidarSpec = scene.scenario.lidars[name]
        self._air = air_of(scene.scenario.weather)
        self._backscatter = Backscatter(self.spec, self._air)

    @property
    def sweep_count(self) -> int:
        """Number of whole sweeps in the scene."""
        return self.spec.sweep_count(self.scene.scenario.duration_s)

    @cached_property
    def world_from_sensor(self) -> F64:
        """Poses (R, 4, 4) of the sensor by row of the trajectory."""
        trajectory = self.scene.trajectory
        ego = trajectory.column(self.scene.scenario.ego.instance_id)
        body = pose(trajectory.position_m[:, ego], trajectory.quaternion_wxyz[:, ego])
        return np.asarray(body @ self.spec.body_from_sensor)

    def sweep(self, index: int) -> Sweep:
        """Return the points of a sweep.

        Parameters
        ----------
        index : int
            From 0 to `sweep_count`, exclusive.
        """
        if not 0 <= index < self.sweep_count:
            raise IndexError(f"sweep {index} is not in 0..{self.sweep_count - 1}")
        spec = self.spec
        scenario = self.scene.scenario
        key = SceneKey(scenario.scenario_digest, scenario.seed, scenario.index)
        generator = key.generator(f"lidar {self.name} {index}")
        beams = spec.directions(index)
        times = (index + column_shares(spec.columns)) / spec.rate_hz
        poses = poses_at(self.scene.trajectory.time_s, self.world_from_sensor, times)
        rays = _rays(beams, poses, times, self.scene.origin)
        hits = self.scene.cast(rays, spec.far_m)
        signal = self._signal(hits)
        if spec.divergence_rad:
            beam, side, rim_rays = rims(rays, hits, spec)
            rim = self.scene.cast(rim_rays, spec.far_m)
            hits, signal = strongest(hits, signal, beam, side, rim, self._signal(rim))
        return self._detect(beams, hits, signal, generator)

    def _signal(self, hits: Hits) -> F32:
        """Return what comes back: reflectance over squared range, less what the air takes."""
        column = np.minimum((hits.cosine * BINS).astype(np.int64), BINS - 1)
        returned = self.scene.reflectance[hits.coat, column] * overlap(hits.distance_m)
        fades = np.exp(np.float32(-2 * self._air.extinction_per_m) * hits.distance_m)
        with np.errstate(invalid="ignore"):
            signal = returned * fades / hits.distance_m**2
        return np.where(np.isfinite(hits.distance_m), signal, 0).astype(np.float32)

    def _detect(self, beams: F64, hits: Hits, signal: F32, generator: np.random.Generator) -> Sweep:
        """Let the air answer first, then lose, blur and report what is left."""
        spec, count = self.spec, len(signal)
        uniform = generator.random((4, count), dtype=np.float32)
        normal = generator.standard_normal((2, count), dtype=np.float32)
        distance, semantic, instance = hits.distance_m, hits.semantic, hits.instance
        beam, place, strength = self._backscatter.draw(signal, distance, uniform[:3])
        distance[beam], signal[beam], semantic[beam], instance[beam] = place, strength, 0, 0
        signal *= np.maximum(1 + np.float32(_GRAIN) * normal[0], 0)
        reported = distance + np.float32(spec.noise_m) * normal[1]
        seen = (signal >= threshold(spec)) & (uniform[3] >= spec.dropout)
        kept = np.flatnonzero(seen & (reported >= spec.near_m) & (reported <= spec.far_m))
        points = np.empty((len(kept), 4), dtype=np.float32)
        points[:, :3] = beams.reshape(-1, 3).take(kept, axis=0)
        points[:, :3] *= reported[kept, None]
        met = distance[kept]
        points[:, 3] = as_intensity(signal[kept] * met**2 / overlap(met))
        return Sweep(
            points, semantic[kept].astype(np.uint16), instance[kept], kept.astype(np.uint32)
        )


def _rays(beams: F64, poses: F64, times: F64, origin: F64) -> Rays:
    """Return the beams (columns, channels, 3) of a sweep in the world, flat."""
    columns, channels = beams.shape[:2]
    directions = beams @ np.swapaxes(poses[:, :3, :3], 1, 2)
    return Rays(
        np.repeat((poses[:, :3, 3] - origin).astype(np.float32), channels, axis=0),
        directions.reshape(columns * channels, 3).astype(np.float32),
        np.repeat(times, channels),
    )
