"""Check of object coordinates against depth, poses and the boxes of tracks."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scenegen.annotate.checks.case import FrameCase, centres, depth_slack
from scenegen.geometry import inverse

_STEP = 1.0 / 65534.0


def nocs(case: FrameCase) -> Iterator[str]:
    """Coordinates are those of the pixel's point in the actor's box; only actors have any."""
    pictures, stored = case.pictures, case.pictures.truth
    assert pictures.depth_m is not None
    assert pictures.instance is not None
    assert stored.nocs is not None
    assert stored.nocs_valid is not None
    wrong = stored.nocs_valid != (pictures.instance > 0)
    if wrong.any():
        yield f"{int(wrong.sum())} px have object coordinates where no actor is, or lack them"
    for id_ in case.extents:
        row, column = np.nonzero((pictures.instance == id_) & np.isfinite(pictures.depth_m))
        if id_ not in case.truth.actors or not row.size:
            continue
        depth = pictures.depth_m[row, column].astype(np.float64)
        points = case.camera.unproject(centres(np.stack([column, row], axis=1)), depth)
        if case.rolling:
            back = inverse(case.bodies_by_row(id_))[row]
        else:
            body = case.camera_from_world @ case.truth.world_from_body(id_, case.row)
            back = np.broadcast_to(inverse(body), (len(row), 4, 4))
        local = np.einsum("nij,nj->ni", back[:, :3, :3], points) + back[:, :3, 3]
        low, high = case.truth.bounds[id_]
        expected = np.clip((local - low) / (high - low), 0.0, 1.0)
        rays = np.linalg.norm(case.rays[row, column], axis=1)
        slack = _STEP + (depth_slack(depth) * rays)[:, None] / (high - low)
        bad = (np.abs(stored.nocs[row, column] - expected) > slack).any(axis=1)
        if bad.any():
            yield f"instance {id_}: object coordinates of {int(bad.sum())} px are not its own"
