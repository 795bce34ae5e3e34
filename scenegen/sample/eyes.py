"""Where actors and sensors look from, in many draws."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from scenegen.assets import FIELD_RAD, REACH_M, mounts_on
from scenegen.records import CameraSpec, LidarSpec, RadarSpec
from scenegen.records.base import F64
from scenegen.sample.columns import ColumnValues
from scenegen.sample.layout import Layout, Mask
from scenegen.scenario import LogicalScenario
from scenegen.scenario.cameras import CameraEntry
from scenegen.scenario.sensors import RadarEntry
from scenegen.scenario.syntax import ACTOR, Constant


@dataclass(frozen=True)
class Eye:
    """What looks, in each of n draws.

    Attributes
    ----------
    there : ndarray, shape (n,), bool
        Whether the draw has it.
    body : int
        Number of the body that it is on.
    point_m : ndarray, shape (n, 3)
        World x and y, and height above the ground that the body stands on.
    yaw_rad : ndarray, shape (n,)
        World heading of the middle of its field of view.
    field_rad, reach_m : ndarray, shape (n,)
        Full horizontal angle of view, and how far it goes.
    """

    there: Mask
    body: int
    point_m: F64
    yaw_rad: F64
    field_rad: F64
    reach_m: F64

    def narrowed(self, field_rad: F64 | None, reach_m: F64 | None) -> Eye:
        """Return it with a field of view and a reach of one's own, where given."""
        n = len(self.yaw_rad)
        return replace(
            self,
            field_rad=self.field_rad if field_rad is None else np.broadcast_to(field_rad, (n,)),
            reach_m=self.reach_m if reach_m is None else np.broadcast_to(reach_m, (n,)),
        )


def eye_of(who: Constant, logical: LogicalScenario, layout: Layout, values: ColumnValues) -> Eye:
    """Return the eyes of an actor's first body, or a sensor of the ego."""
    name = str(who.value)
    sensor = None if who.type is ACTOR else name.partition(".")[2]
    number = layout.groups["ego" if sensor else name][0]
    body = layout.bodies[number]
    mounts = [mounts_on(model.size_m) for model in layout.models]
    n = len(body.x_m)
    if sensor is None:
        spot = np.array([mount.camera for mount in mounts]).reshape(-1, 3)[body.model]
        turn, field, reach = np.zeros(n), np.full(n, FIELD_RAD), np.full(n, REACH_M)
    else:
        entry = logical.sensors[sensor]
        kind, fields = "lidar", LidarSpec.model_fields
        if isinstance(entry, CameraEntry):
            kind, fields = "camera", CameraSpec.model_fields
        elif isinstance(entry, RadarEntry):
            kind, fields = "radar", RadarSpec.model_fields
        spot = np.array([getattr(mount, kind) for mount in mounts]).reshape(-1, 3)[body.model]
        if entry.position is not None:
            spot = np.stack([values.number(part) for part in entry.position], axis=-1)
        turn = values.number(entry.yaw)
        field = values.number(entry.hfov, fields["hfov_rad"].default)
        reach = values.number(entry.far, fields["far_m"].default)
        if kind == "lidar":
            pattern = values.text(entry.pattern, "spinning")  # type: ignore[union-attr]
            field = np.where(pattern == "spinning", 2.0 * np.pi, field)
    c, s = np.cos(body.yaw_rad), np.sin(body.yaw_rad)
    point = np.stack(
        [
            body.x_m + c * spot[:, 0] - s * spot[:, 1],
            body.y_m + s * spot[:, 0] + c * spot[:, 1],
            body.above_m + spot[:, 2],
        ],
        axis=-1,
    )
    return Eye(body.present, number, point, body.yaw_rad + turn, field, reach)
