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
    pixels, points = seen.ordered
    flow = np.zeros((len(points), 2), dtype=np.float32)
    valid = np.zeros(len(points), dtype=np.bool_)
    row = seen.frame.step - seen.stride
    camera = seen.camera_at(max(row, 0))
    for group in _lasting(seen, row) if row >= 0 else ():
        there = _seen_from(seen, group, camera, row).pixels
        there -= pixels[group.span]
        imaged = np.isfinite(there[:, 0] + there[:, 1])
        there[~imaged] = 0.0
        flow[group.span], valid[group.span] = there, imaged
    return seen.scattered(flow), seen.scattered(valid)


def scene_flow(seen: Seen) -> tuple[F32, Mask]:
    """Return the way (H, W, 3) of surface points to the next frame, m, and where there is one.

    It is the point in the next frame's camera less the point in this one's: the camera's own
    motion is in it. Under a rolling shutter each is that of the row which sees the point, so
    that there is none where the next picture doesn't.
    """
    points = seen.ordered[1]
    flow = np.zeros((len(points), 3), dtype=np.float32)
    valid = np.zeros(len(points), dtype=np.bool_)
    row = seen.frame.step + seen.stride
    camera = seen.camera_at(row)
    for group in _lasting(seen, row):
        here = points[group.span]
        if seen.camera.readout_s == 0.0:
            motion = _motion(seen, group, camera, row) - np.eye(4)
            flow[group.span] = here @ motion[:3, :3].T + motion[:3, 3]
            valid[group.span] = True
            continue
        there = _seen_from(seen, group, camera, row)
        told = np.isfinite(there.pixels[:, 0] + there.pixels[:, 1])
        flow[group.span] = np.where(told[:, None], there.points - here, 0.0)
        valid[group.span] = told
    return seen.scattered(flow), seen.scattered(valid)


def _lasting(seen: Seen, row: int) -> list[Group]:
    """Return the bodies that are there at another row, too."""
    return [group for group in seen.groups if seen.there(group.instance_id, row)]


def _motion(seen: Seen, group: Group, camera: MovingCamera, row: int) -> F64:
    """Return what takes a body's points from this frame's camera to one at another row (4, 4)."""
    then = inverse(camera.knots[row])
    if group.instance_id:
        tracks = seen.parts(group.instance_id)[:, group.part]
        then = then @ tracks[row] @ inverse(tracks[seen.frame.step])
    return np.asarray(then @ seen.frame.world_from_camera)


def _seen_from(seen: Seen, group: Group, camera: MovingCamera, row: int) -> Images:
    """Return where a camera around another row sees the points of a body's pixels."""
    pixels, points = (values[group.span] for values in seen.ordered)
    if seen.camera.readout_s == 0.0:
        motion = _motion(seen, group, camera, row)
        there = points @ motion[:3, :3].T + motion[:3, 3]
        return Images(seen.camera.project(there), there)
    path, held = None, seen.in_world(group.index)
    if group.instance_id:
        tracks = seen.parts(group.instance_id)[:, group.part]
        path, held = Path(seen.trajectory.time_s, tracks), seen.in_tracks(group.index, tracks)

    def sight(chosen: npt.NDArray[np.int64], v: F64) -> F64:
        moments = camera.moments(v)
        place = held[chosen]
        if path is not None:
            place = path.to_world(place, moments)
        return camera.path.to_body(place, moments)

    return camera.images(sight, pixels[:, 1])
