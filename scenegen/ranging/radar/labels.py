"""What is known about a scan besides its detections."""

from __future__ import annotations

from collections.abc import Mapping

from scenegen.ranging.labels import ego_at, ranged_objects
from scenegen.ranging.mount import Mount
from scenegen.records import Scan, ScanLabels
from scenegen.records.base import F64


def scan_labels(radar: Mount, index: int, scan: Scan, bounds: Mapping[int, F64]) -> ScanLabels:
    """Label one scan.

    Parameters
    ----------
    radar : Mount
        Of a radar.
    index : int
        Number of the scan.
    scan : Scan
    bounds : mapping
        The box of every track in its body frame (2, 3), by instance id.
    """
    scenario, trajectory = radar.scenario, radar.trajectory
    spec = scenario.radars[radar.name]
    time_s = index / spec.rate_hz
    world_from_sensor = radar.at(time_s)
    x, y, z = radar.velocity_mps(time_s).tolist()
    return ScanLabels(
        scene=scenario.scene_id,
        sensor=radar.name,
        frame=index,
        step=round(time_s * scenario.rates.physics_hz),
        time_s=time_s,
        elevation=spec.elevation_resolution_rad is not None,
        world_from_sensor=world_from_sensor.tolist(),
        velocity_mps=(x, y, z),
        ego=ego_at(trajectory, scenario.ego, time_s),
        objects=ranged_objects(
            scenario.actors, trajectory, time_s, world_from_sensor, scan.instance, bounds
        ),
        weather=scenario.weather.model_dump(),
        parameters=scenario.parameters,
    )
