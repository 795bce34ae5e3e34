"""One LiDAR of a scene: from beams to points."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from scenegen.geometry.beams import column_shares
from scenegen.geometry.interpolation import poses_at
from scenegen.ranging.air import air_of
from scenegen.ranging.backscatter import Backscatter
from scenegen.ranging.edges import rims, strongest
from scenegen.ranging.mount import Mount
from scenegen.ranging.optics import overlap, threshold
from scenegen.ranging.rays import Hits, Rays
from scenegen.ranging.reflectance import as_intensity
from scenegen.ranging.scene import RangingScene
from scenegen.ranging.sight import Bundles
from scenegen.ranging.vectors import F32, Bools, Ints
from scenegen.records import LidarSpec, Sweep
from scenegen.records.base import F64
from scenegen.roads.shelter import shelter_of
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
        self._air = air_of(scene.scenario.weather, self.spec.wavelength_m)
        self._surfaces = scene.surfaces(self.spec.wavelength_m)
        self._backscatter = Backscatter(self.spec, self._air)
        self._shelter = shelter_of(scene.scenario.road)
        still = self._air.under_roof
        if still == self._air:
            self._shelter = None  # nothing falls
        self._still = Backscatter(self.spec, still) if self._shelter is not None else None
        self._falling_per_m = self._air.extinction_per_m - still.extinction_per_m

    @property
    def sweep_count(self) -> int:
        """Number of whole sweeps in the scene."""
        return self.spec.sweep_count(self.scene.scenario.duration_s)

    @property
    def mount(self) -> Mount:
        """Where it is on the ego, as labels ask for it."""
        return Mount(self.scene.scenario, self.scene.trajectory, self.name)

    def _beams(self, index: int) -> tuple[F32, Bundles]:
        """Return the unit beams (columns, channels, 3) of a sweep, in the sensor's frame."""
        return self._first_beams if self.spec.repeats else _bundled(self.spec, index)

    @cached_property
    def _first_beams(self) -> tuple[F32, Bundles]:
        return _bundled(self.spec, 0)

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
        beams, bundles = self._beams(index)
        times = (index + column_shares(spec.columns)) / spec.rate_hz
        poses = poses_at(self.scene.trajectory.time_s, self.mount.rows, times)
        poses[:, :3, 3] -= self.scene.origin
        rays = _rays(beams, poses, times)
        sight = self.scene.look(poses, times, bundles, 0.5 * spec.divergence_rad)
        hits = self.scene.cast(rays, spec.far_m, sight, bundles.of)
        signal = self._signal(rays, hits)
        if spec.divergence_rad:
            beam, side, rim_rays = rims(rays, hits, spec)
            rim = self.scene.cast(rim_rays, spec.far_m, sight, bundles.of[beam])
            hits, signal = strongest(hits, signal, beam, side, rim, self._signal(rim_rays, rim))
        return self._detect(beams, rays, hits, signal, generator)

    def _signal(self, rays: Rays, hits: Hits) -> F32:
        """Return what comes back: reflectance over squared range, less what the air takes."""
        there = np.isfinite(hits.distance_m)
        distance = np.where(there, hits.distance_m, np.float32(1))
        signal = self._surfaces.returned(rays, hits)
        signal *= overlap(distance) * np.exp(np.float32(-2 * self._air.extinction_per_m) * distance)
        if self._shelter is not None:
            origins = rays.origins + self.scene.origin
            roofed = self._shelter.within_m(origins, rays.directions.astype(np.float64), distance)
            signal *= np.exp(2 * self._falling_per_m * roofed).astype(np.float32)
        signal /= distance**2
        signal *= there
        return np.asarray(signal)

    def _answer_of_air(
        self, rays: Rays, distance: F32, signal: F32, generator: np.random.Generator
    ) -> tuple[Ints, F64, F64]:
        """Return the beams whose echo is of the air, with its range and signal.

        In a tunnel that is what isn't falling.
        """
        shelter, still = self._shelter, self._still
        if shelter is None or still is None:
            return self._backscatter.draw(signal, distance, generator)

        def roofed(beam: Ints, range_m: F64) -> Bools:
            places = rays.origins[beam] + range_m[:, None] * rays.directions[beam]
            return np.asarray(shelter.inside_m(places + self.scene.origin) > 0)

        open_air = self._backscatter.draw(
            signal, distance, generator, lambda beam, at: ~roofed(beam, at)
        )
        answered = signal.copy()
        answered[open_air[0]] = open_air[2]
        inside = still.draw(answered, distance, generator, roofed)
        kept = ~np.isin(open_air[0], inside[0])
        beam, place, strength = (
            np.concatenate([a[kept], b]) for a, b in zip(open_air, inside, strict=True)
        )
        return beam, place, strength

    def _detect(
        self, beams: F32, rays: Rays, hits: Hits, signal: F32, generator: np.random.Generator
    ) -> Sweep:
        """Let the air answer first, then lose, blur and report what is left."""
        spec = self.spec
        distance, semantic, instance = hits.distance_m, hits.semantic, hits.instance
        beam, place, strength = self._answer_of_air(rays, distance, signal, generator)
        distance[beam], signal[beam], semantic[beam], instance[beam] = place, strength, 0, 0
        echo = np.flatnonzero(signal)
        normal = generator.standard_normal((2, len(echo)), dtype=np.float32)
        kept = np.ones(len(echo), dtype=np.bool_)
        lost = generator.binomial(len(echo), spec.dropout)
        kept[generator.choice(len(echo), lost, replace=False, shuffle=False)] = False
        came = signal.take(echo) * np.maximum(1 + np.float32(_GRAIN) * normal[0], 0)
        met = distance.take(echo)
        reported = met + np.float32(spec.noise_m) * normal[1]
        kept &= came >= threshold(spec)
        kept &= (reported >= spec.near_m) & (reported <= spec.far_m)
        echo, came, met = echo[kept], came[kept], met[kept]
        points = np.empty((len(echo), 4), dtype=np.float32)
        reported = reported[kept]
        for axis in range(3):
            np.multiply(beams[..., axis].take(echo), reported, out=points[:, axis])
        points[:, 3] = as_intensity(came * met**2 / overlap(met))
        return Sweep(
            points,
            semantic.take(echo).astype(np.uint16),
            instance.take(echo),
            echo.astype(np.uint32),
        )


def _bundled(spec: LidarSpec, sweep: int) -> tuple[F32, Bundles]:
    beams = spec.directions(sweep).astype(np.float32)
    return beams, Bundles.of_grid(beams)


def _rays(beams: F32, poses: F64, times: F64) -> Rays:
    """Return the beams (columns, channels, 3) of a sweep in the world, flat."""
    columns, channels = beams.shape[:2]
    directions = beams @ np.swapaxes(poses[:, :3, :3], 1, 2).astype(np.float32)
    return Rays(
        np.repeat(poses[:, :3, 3].astype(np.float32), channels, axis=0),
        directions.reshape(columns * channels, 3),
        np.repeat(times, channels),
    )
