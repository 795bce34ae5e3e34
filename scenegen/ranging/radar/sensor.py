"""One radar of a scene: from targets in sight to detections."""

from __future__ import annotations

from functools import cached_property

import numpy as np
import numpy.typing as npt

from scenegen import assets, roads
from scenegen.geometry import inverse
from scenegen.geometry.interpolation import blended
from scenegen.ranging.mount import Mount
from scenegen.ranging.radar.bodies import scatterers
from scenegen.ranging.radar.cells import detect
from scenegen.ranging.radar.clutter import Clutter, clutter_of
from scenegen.ranging.radar.echoes import Echoes, Targets, chained, folded, ghosts
from scenegen.ranging.radar.equation import mean_snr
from scenegen.ranging.radar.motion import motion_of
from scenegen.ranging.radar.propagation import (
    falling_loss_db_per_m,
    film_loss_db,
    film_m,
    loss_db_per_m,
)
from scenegen.ranging.radar.rain import over_noise
from scenegen.ranging.radar.road import Mirror
from scenegen.ranging.scene import RangingScene
from scenegen.records import Actor, RadarSpec, Scan
from scenegen.records.base import F64
from scenegen.records.taxonomy import CLASS_BY_NAME
from scenegen.roads.shelter import shelter_of
from scenegen.seeds import SceneKey

_FOLDS = 2
"""Echoes are looked for up to so many times the range that is reported."""
_FAINT = 0.3
"""Mean signal over noise below which an echo is left out."""
_OWN_FRONT_M2 = 10.0
"""Cross-section of the ego, from which a vehicle's echo bounces for a second time."""
_INTO_SELF_M, _INTO_OTHERS_M = 0.5, 0.15
"""A target shows through so much of its own body (bumpers and cloth let waves pass), and may
lie so far behind another's surface."""


class Radar:
    """A radar on the ego of a scene.

    Parameters
    ----------
    scene : RangingScene
    name : str
        Of the sensor, one of the scenario's.
    """

    def __init__(self, scene: RangingScene, name: str) -> None:
        self.scene = scene
        self.name = name
        self.spec: RadarSpec = scene.scenario.radars[name]
        self._air_db_per_m = 2 * loss_db_per_m(scene.scenario.weather)
        self._mirror = Mirror.of(scene.scenario.weather) if scene.network.surfaces else None
        self._shelter = shelter_of(scene.scenario.road)
        self._falling_db_per_m = 2 * falling_loss_db_per_m(scene.scenario.weather)

    @cached_property
    def _dry_mirror(self) -> Mirror:
        """A road in a tunnel, on which nothing has fallen."""
        dry = {"wetness": 0.0, "road_snow": 0.0}
        return Mirror.of(self.scene.scenario.weather.model_copy(update=dry))

    @property
    def scan_count(self) -> int:
        """Number of scans in the scene."""
        return self.spec.scan_count(self.scene.scenario.duration_s)

    @cached_property
    def mount(self) -> Mount:
        """Where it is on the ego, as labels ask for it."""
        return Mount(self.scene.scenario, self.scene.trajectory, self.name)

    @cached_property
    def _clutter(self) -> Clutter:
        reach = _FOLDS * self.spec.far_m
        return clutter_of(self.scene.standing, self.scene.origin, self.mount.rows[:, :3, 3], reach)

    def scan(self, index: int) -> Scan:
        """Return the detections of a scan.

        Parameters
        ----------
        index : int
            From 0 to `scan_count`, exclusive.
        """
        if not 0 <= index < self.scan_count:
            raise IndexError(f"scan {index} is not in 0..{self.scan_count - 1}")
        scenario = self.scene.scenario
        key = SceneKey(scenario.scenario_digest, scenario.seed, scenario.index)
        generator = key.generator(f"radar {self.name} {index}")
        time_s = index / self.spec.rate_hz
        eye = self.mount.at(time_s)[:3, 3]
        pieces = [self._clutter.seen_from(eye, _FOLDS * self.spec.far_m)]
        for actor in scenario.actors[1:]:
            # Every actor draws, there or not, so that none changes what the others get.
            chosen = generator.integers(16, size=64)
            pieces += self._targets_of(actor, time_s, eye, chosen)
        return detect(self.spec, self._echoes(chained(pieces), time_s), generator)

    def _targets_of(
        self, actor: Actor, time_s: float, eye: F64, chosen: npt.NDArray[np.int64]
    ) -> list[Targets]:
        """Return the points of an actor, if it is there."""
        trajectory = self.scene.trajectory
        column = trajectory.column(actor.instance_id)
        if blended(trajectory.valid[:, column].astype(float), trajectory.time_s, time_s) < 1:
            return []
        points = scatterers(actor.asset_id, actor.variant)
        asset = assets.get(actor.asset_id, actor.variant)
        motion = motion_of(trajectory, asset, column, time_s)
        count = len(points.part)
        local = points.places[np.arange(count), np.resize(chosen, count)]
        poses = motion.world_from_parts[points.part]
        place = np.einsum("kij,kj->ki", poses[:, :3, :3], local) + poses[:, :3, 3]
        towards = eye - place
        towards /= np.linalg.norm(towards, axis=1, keepdims=True)
        return [
            Targets(
                place_m=place,
                velocity_mps=motion.velocities(points.part, local, place),
                rcs_m2=points.seen_m2(np.einsum("kji,kj->ki", poses[:, :3, :3], towards)),
                semantic=np.full(count, CLASS_BY_NAME[actor.category].id, np.uint16),
                instance=np.full(count, actor.instance_id, np.uint16),
            )
        ]

    def _echoes(self, targets: Targets, time_s: float) -> Echoes:
        """Return what comes back from the targets that are in the field and in sight."""
        spec = self.spec
        pose_now, velocity = self.mount.at(time_s), self.mount.velocity_mps(time_s)
        to_sensor = inverse(pose_now)
        place = targets.place_m @ to_sensor[:3, :3].T + to_sensor[:3, 3]
        distance = np.linalg.norm(place, axis=1)
        azimuth = np.arctan2(place[:, 1], place[:, 0])
        elevation = np.arctan2(place[:, 2], np.hypot(place[:, 0], place[:, 1]))
        eye = pose_now[:3, 3]
        reach = np.maximum(distance, 1e-3)
        towards = (targets.place_m - eye) / reach[:, None]
        falls, roofed_m = self._falls(eye, targets.place_m, towards, distance)
        rain = self.scene.scenario.weather.rain_mmph if falls[0] else 0.0
        film = film_m(rain, float(np.linalg.norm(velocity)), spec.radome_m)
        air_db = self._air_db_per_m * distance + 2 * film_loss_db(film)
        air_db -= self._falling_db_per_m * roofed_m
        over_ground = np.einsum("ni,ni->n", targets.velocity_mps, towards)
        weather = self.scene.scenario.weather
        snr = mean_snr(spec, targets.rcs_m2, reach, azimuth, elevation, air_db)
        snr *= self._mirrored(eye, targets.place_m)
        drops = over_noise(spec, weather, reach, azimuth, elevation, over_ground, air_db)
        snr /= 1 + drops * falls[1:]
        kept = (np.abs(azimuth) <= spec.hfov_rad / 2) & (np.abs(elevation) <= spec.vfov_rad / 2)
        kept &= (distance >= spec.near_m) & (distance < _FOLDS * spec.far_m) & (snr > _FAINT)
        seen = np.flatnonzero(kept)
        seen = seen[self._in_sight(targets[seen], eye, time_s)]
        speed = over_ground[seen] - towards[seen] @ velocity
        echoes = Echoes(
            range_m=distance[seen],
            azimuth_rad=azimuth[seen],
            elevation_rad=elevation[seen],
            speed_mps=speed,
            snr=snr[seen],
            semantic=targets.semantic[seen],
            instance=targets.instance[seen],
        )
        again = ghosts(echoes, targets.rcs_m2[seen] * _OWN_FRONT_M2)
        near = again.range_m < _FOLDS * spec.far_m
        return folded(spec, chained([echoes, again[near & (again.snr > _FAINT)]]))

    def _falls(
        self, eye: F64, places: F64, towards: F64, distance: F64
    ) -> tuple[npt.NDArray[np.bool_], F64]:
        """Tell whether rain and snow fall at the sensor and at places (N, 3), world.

        Returns
        -------
        falls : ndarray, shape (1 + N,), bool
            First at the sensor.
        roofed_m : ndarray, shape (N,)
            How much of the way to each place is under a roof.
        """
        if self._shelter is None:
            return np.ones(1 + len(places), dtype=bool), np.zeros(len(places))
        falls = self._shelter.inside_m(np.vstack([eye[None], places])) == 0
        origins = np.tile(eye, (len(places), 1))
        return falls, self._shelter.within_m(origins, towards, distance)

    def _mirrored(self, eye: F64, places: F64) -> F64:
        """Return by how much the road changes the echoes (N,) of places (N, 3), world."""
        if self._mirror is None:
            return np.ones(len(places))
        away = np.hypot(*(places[:, :2] - eye[:2]).T)
        ground = roads.height_at(self.scene.network, np.vstack([eye[:2], places[:, :2]]))
        height = float(max(eye[2] - ground[0], 0.05))
        up = places[:, 2] - ground[1:]
        gain = self._mirror.gain(self.spec, away, height, up)
        if self._shelter is None:
            return gain
        # The road between is as wet as it is half-way.
        dry = self._shelter.dry(0.5 * (eye + places))
        bare = self._dry_mirror.gain(self.spec, away, height, up)
        return np.asarray(gain + dry * (bare - gain))

    def _in_sight(self, targets: Targets, eye: F64, time_s: float) -> npt.NDArray[np.bool_]:
        """Tell which targets (N,) nothing but their own skin lies before."""
        count = len(targets.rcs_m2)
        towards = targets.place_m - eye
        distance = np.linalg.norm(towards, axis=1)
        if not count:
            return np.zeros(0, dtype=np.bool_)
        hits = self.scene.cast_from(
            (eye - self.scene.origin).astype(np.float32),
            (towards / distance[:, None]).astype(np.float32),
            time_s,
            float(distance.max()) + 1.0,
        )
        own = (hits.instance == targets.instance) & (targets.instance > 0)
        slack = np.where(own, _INTO_SELF_M, _INTO_OTHERS_M)
        return np.asarray(hits.distance_m >= distance - slack)
