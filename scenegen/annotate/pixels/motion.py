"""Where the surface point of every pixel is in another frame of its camera.

Each pixel is taken back into the rigid body that it shows, and goes with that body: scenery with
the world, an actor's pixel with the part (wheel, shin, door) that it shows.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.annotate.pixels.seen import Group, Seen
from scenegen.geometry import Images, MovingCamera, inverse
from scenegen.geometry.paths import Path
from scenegen.records.base import F64

F32 = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]


def flow_back(seen: Seen) -> tuple[F32, Mask]:
    """Return the flow (H, W, 2) to the frame before, px, and where there is one (H, W).

    There is none in the first frame, for an actor that wasn't there yet, and for what was behind
    the camera or out of a lens's field.
    """
    flow = np.zeros((len(seen.pixels), 2), dtype=np.float32)
    valid = np.zeros(len(seen.pixels), dtype=np.bool_)
    row = seen.frame.step - seen.stride
    if row >= 0:
        camera = seen.camera_at(row)
        for group in _lasting(seen, row):
            there = _moved(seen, group, camera, row)
            moved = there.pixels - seen.pixels[group.index]
            imaged = np.asarray(np.isfinite(moved).all(axis=1))
            flow[group.index] = np.where(imaged[:, None], moved, 0.0)
            valid[group.index] = imaged
    return flow.reshape(*seen.shape, 2), valid.reshape(seen.shape)


def scene_flow(seen: Seen) -> tuple[F32, Mask]:
    """Return the way (H, W, 3) of surface points to the next frame, m, and where there is one.

    It is the point in the next frame's camera less the point in this one's: the camera's own
    motion is in it. Under a rolling shutter each is that of the row which sees the point, so
    that there is none where the next picture doesn't.
    """
    flow = np.zeros((len(seen.pixels), 3), dtype=np.float32)
    valid = np.zeros(len(seen.pixels), dtype=np.bool_)
    row = seen.frame.step + seen.stride
    camera = seen.camera_at(row)
    for group in _lasting(seen, row):
        there = _moved(seen, group, camera, row)
        told = np.asarray(np.isfinite(there.points).all(axis=1))
        if seen.camera.readout_s:
            told &= np.isfinite(there.pixels).all(axis=1)
        moved = there.points - seen.points[group.index]
        flow[group.index] = np.where(told[:, None], moved, 0.0)
        valid[group.index] = told
    return flow.reshape(*seen.shape, 3), valid.reshape(seen.shape)


def _lasting(seen: Seen, row: int) -> list[Group]:
    """Return the bodies that are there at another row, too."""
    return [group for group in seen.groups if seen.there(group.instance_id, row)]


def _moved(seen: Seen, group: Group, camera: MovingCamera, row: int) -> Images:
    """Return where a camera around another row sees the points of a body's pixels."""
    actor = group.instance_id != 0
    tracks = seen.parts(group.instance_id)[:, group.part] if actor else None
    if seen.camera.readout_s == 0.0:
        then = inverse(camera.knots[row])
        if tracks is not None:
            then = then @ tracks[row] @ inverse(tracks[seen.frame.step])
        motion = then @ seen.frame.world_from_camera
        points = seen.points[group.index] @ motion[:3, :3].T + motion[:3, 3]
        return Images(seen.camera.project(points), points)
    path = None if tracks is None else Path(seen.trajectory.time_s, tracks)
    held = seen.in_world(group.index)
    if tracks is not None:
        held = seen.in_tracks(group.index, tracks)

    def sight(chosen: npt.NDArray[np.int64], v: F64) -> F64:
        moments = camera.moments(v)
        points = held[chosen]
        if path is not None:
            points = path.to_world(points, moments)
        return camera.path.to_body(points, moments)

    return camera.images(sight, seen.pixels[group.index, 1])
