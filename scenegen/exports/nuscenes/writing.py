"""A data set as nuScenes: its tables, key frames and sweeps of all sensors, maps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from scenegen.dataset import FrameReader, ScanReader, SceneReader, SweepReader
from scenegen.exports.clouds import cloud
from scenegen.exports.folder import ExportFolder
from scenegen.exports.nuscenes.annotations import add_annotations
from scenegen.exports.nuscenes.channels import LIDAR, Modality, channels_of
from scenegen.exports.nuscenes.maps import scene_map
from scenegen.exports.nuscenes.radar import scan_pcd
from scenegen.exports.nuscenes.samples import Placed, Reading, placed, sample_times
from scenegen.exports.nuscenes.tables import VERSION, Row, Tables, json_bytes, token
from scenegen.exports.pinholes import check_pinholes
from scenegen.exports.source import Source
from scenegen.exports.things import RIDDEN, WHEELCHAIR, SceneThings
from scenegen.geometry import inverse, pose, quaternion_from_matrix, quaternion_from_yaw
from scenegen.records import CameraSpec, ConcreteScenario
from scenegen.records.base import F64

FIRST_S, SCENE_S = 1_600_000_000, 1000
"""Time stamp of the first scene's start, and from one scene to the next: scenes have no date."""
_NIGHT_RAD = -0.105
_TURN = pose([0.0, 0.0, 0.0], quaternion_from_yaw(np.pi / 2))
"""From this project's LiDAR frame to nuScenes', x right and y forward."""


def write_nuscenes(source: Source, folder: ExportFolder) -> None:
    """Write ``v1.0-trainval``, ``samples``, ``sweeps`` and ``maps``.

    Raises
    ------
    InputError
        A camera has a lens.
    """
    check_pinholes(source, "nuScenes")
    tables = Tables()
    splits: dict[str, list[str]] = {"scenegen_train": [], "scenegen_val": []}
    for number, scene in enumerate(source.scenes()):
        if _SceneExport(scene, source, tables, folder, FIRST_S + number * SCENE_S).write():
            splits[f"scenegen_{source.split(scene.id)}"].append(scene.id)
    tables.write(folder)
    folder.write(f"{VERSION}/splits.json", json_bytes(splits))


@dataclass(frozen=True)
class _SceneExport:
    """One scene on its way into the tables; `start_s` is its time stamp."""

    scene: SceneReader
    source: Source
    tables: Tables
    folder: ExportFolder
    start_s: int

    def write(self) -> bool:
        """Add everything of the scene; return whether there is anything."""
        scene, source = self.scene, self.source
        readings: list[Reading] = [
            *source.sweeps(scene),
            *source.frames(scene),
            *source.scans(scene),
        ]
        if not readings:
            return False
        by_sensor: dict[str, list[Reading]] = {}
        for reading in readings:
            by_sensor.setdefault(reading.sensor, []).append(reading)
        channels = channels_of(scene.scenario, list(by_sensor))
        reference = next(
            (name for name, (channel, _) in channels.items() if channel == LIDAR),
            readings[0].sensor,
        )
        times = sample_times([reading.entry.time_s for reading in by_sensor[reference]])
        samples = [(token("sample", scene.id, i), time_s) for i, time_s in enumerate(times)]
        moved = self._add_scene(samples)
        everything: list[Placed] = []
        for name, found in by_sensor.items():
            channel, modality = channels[name]
            self._add_calibration(name, channel, modality)
            everything += self._add_data(channel, placed(found, times), samples, moved)
        things = SceneThings(scene, RIDDEN | {WHEELCHAIR})
        add_annotations(self.tables, scene, things, samples, everything, moved)
        return True

    def _stamp(self, time_s: float) -> int:
        return self.start_s * 1_000_000 + round(time_s * 1e6)

    def _add_scene(self, samples: list[tuple[str, float]]) -> F64:
        """Add scene, log, map and samples; return how the map lies in the world."""
        scene, tables = self.scene, self.tables
        found = scene_map(scene.scenario, scene.trajectory)
        log, name = token("log", scene.id), f"maps/{token('map', scene.id)}.png"
        self.folder.write(name, found.png)
        tables.add(
            "map",
            token=token("map", scene.id),
            log_tokens=[log],
            category="semantic_prior",
            filename=name,
        )
        tables.add(
            "log",
            token=log,
            logfile=scene.id,
            vehicle="scenegen",
            date_captured=datetime.fromtimestamp(self.start_s, UTC).date().isoformat(),
            location=scene.manifest.scenario,
        )
        tables.add(
            "scene",
            token=token("scene", scene.id),
            log_token=log,
            nbr_samples=len(samples),
            first_sample_token=samples[0][0],
            last_sample_token=samples[-1][0],
            name=scene.id,
            description=_description(scene.scenario),
        )
        rows: list[Row] = [
            {
                "token": name,
                "timestamp": self._stamp(time_s),
                "scene_token": token("scene", scene.id),
            }
            for name, time_s in samples
        ]
        tables.chain("sample", rows)
        return found.map_from_world

    def _add_calibration(self, sensor: str, channel: str, modality: Modality) -> None:
        spec = self.scene.scenario.sensors[sensor]
        if isinstance(spec, CameraSpec):
            camera = spec.camera()
            body_from_sensor, K = camera.body_from_camera, camera.K.tolist()
        else:
            body_from_sensor, K = spec.body_from_sensor, []
            if modality == "lidar":
                body_from_sensor = body_from_sensor @ inverse(_TURN)
        self.tables.add(
            "calibrated_sensor",
            token=token("calibrated_sensor", self.scene.id, channel),
            sensor_token=self.tables.sensor(channel, modality),
            translation=body_from_sensor[:3, 3].tolist(),
            rotation=quaternion_from_matrix(body_from_sensor).tolist(),
            camera_intrinsic=K,
        )

    def _add_data(
        self,
        channel: str,
        readings: list[Placed],
        samples: list[tuple[str, float]],
        map_from_world: F64,
    ) -> list[Placed]:
        rows: list[Row] = []
        for one in readings:
            reading, labels = one.reading, one.reading.labels
            name = token("sample_data", self.scene.id, channel, reading.index)
            stamp = self._stamp(reading.entry.time_s)
            ego = map_from_world @ np.array(labels.ego.world_from_body)
            self.tables.add(
                "ego_pose",
                token=name,
                timestamp=stamp,
                rotation=quaternion_from_matrix(ego).tolist(),
                translation=ego[:3, 3].tolist(),
            )
            kind = "samples" if one.key else "sweeps"
            file = f"{kind}/{channel}/{self.scene.id}__{channel}__{stamp}"
            rows.append(
                {
                    "token": name,
                    "sample_token": samples[one.sample][0],
                    "ego_pose_token": name,
                    "calibrated_sensor_token": token("calibrated_sensor", self.scene.id, channel),
                    "timestamp": stamp,
                    "is_key_frame": one.key,
                    **_write_file(self.folder, file, reading),
                }
            )
        self.tables.chain("sample_data", rows)
        return readings


def _write_file(folder: ExportFolder, name: str, reading: Reading) -> Row:
    """Write a reading's file; return its columns of ``sample_data``."""
    height = width = 0
    if isinstance(reading, FrameReader):
        name, layout = f"{name}.png", "png"
        folder.copy(name, reading.path("rgb"))
        camera = reading.labels.camera
        height, width = camera.height, camera.width
    elif isinstance(reading, SweepReader):
        name, layout = f"{name}.pcd.bin", "pcd"
        folder.write(name, _lidar_file(reading))
    else:
        assert isinstance(reading, ScanReader)
        name, layout = f"{name}.pcd", "pcd"
        folder.write(name, scan_pcd(reading))
    return {"fileformat": layout, "height": height, "width": width, "filename": name}


def _lidar_file(sweep: SweepReader) -> bytes:
    """Return rows of 5 float32: x, y, z in m, intensity 0 to 255, and the channel."""
    labels = sweep.labels
    points = cloud(sweep, np.array(labels.poses[0].world_from_sensor))
    rows = np.empty((len(points), 5), "<f4")
    rows[:, 0], rows[:, 1], rows[:, 2] = -points[:, 1], points[:, 0], points[:, 2]
    rows[:, 3] = points[:, 3] * 255
    rows[:, 4] = sweep.beam % np.uint32(labels.channels)
    return rows.tobytes()


def _description(scenario: ConcreteScenario) -> str:
    words = [scenario.name]
    if scenario.light.sun_elevation_rad < _NIGHT_RAD:
        words.append("night")
    if scenario.weather.rain_mmph > 0:
        words.append("rain")
    return ", ".join(words)
