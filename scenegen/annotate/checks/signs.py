"""Check of traffic signs against rays that meet nothing but their plates."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from scenegen import assets
from scenegen.annotate.checks.case import DEPTH_LIMIT_M, FrameCase, centres, depth_slack
from scenegen.annotate.checks.surfaces import Placed, PlacedByRow
from scenegen.annotate.raycast import RayMesh, join, surface_triangles
from scenegen.geometry import inverse, pose
from scenegen.records import Prop
from scenegen.records.taxonomy import CLASS_BY_NAME

EDGE_PX = 3
"""So many pixels of a sign's edge may be taken either way, and a tenth of all."""
_SIGN = CLASS_BY_NAME["traffic sign"].id


def signs(case: FrameCase) -> Iterator[str]:
    """Each sign has the pixels whose depth is that of its plates, and none of them is left out."""
    labels = {label.id: label for label in case.labels.signs}
    pictures = case.pictures
    assert pictures.depth_m is not None
    row, column = np.nonzero(np.asarray(pictures.semantic == _SIGN) & (pictures.instance == 0))
    pixels = np.stack([column, row], axis=1)
    depth = pictures.depth_m[row, column].astype(np.float64)
    held = depth <= DEPTH_LIMIT_M
    known = set()
    for index, prop in enumerate(case.truth.scenario.props):
        code = assets.sign_code(prop.asset_id, prop.variant)
        if code is None:
            continue
        name = f"sign_{index}"
        known.add(name)
        label = labels.get(name)
        plates = _plates(case, prop)
        rays = plates.within(centres(pixels))
        met = plates.cast(centres(pixels[rays])).distance
        with np.errstate(invalid="ignore"):
            # A plate's sheets lie a few millimetres before it: any of them is the sign.
            same = np.abs(met - depth[rays]) <= depth_slack(np.minimum(met, DEPTH_LIMIT_M)) + 0.03
        count = int((same & held[rays]).sum())
        told = 0 if label is None else label.visible_px
        far = label is not None and not held[rays].all()
        if abs(count - told) > EDGE_PX + 0.1 * max(count, told) and not far:
            yield f"{name} ({code}) has {told} px, by rays {count}"
        if label is not None and label.code != code:
            yield f"{name} says {code}, not {label.code}"
        if label is not None:
            x1, y1, x2, y2 = label.box2d_visible
            if (x2 - x1) * (y2 - y1) < label.visible_px:
                yield f"{name} has more pixels than its box"
    if labels.keys() - known:
        yield f"signs {sorted(labels.keys() - known)} are none of the scene's"


def _plates(case: FrameCase, prop: Prop) -> Placed:
    """Return a sign's plates as the camera sees them."""
    asset = assets.drawn(prop)
    rest = assets.body_from_parts(asset, np.zeros(len(asset.joints)))
    mesh = RayMesh(
        join(
            surface_triangles(surface).moved(at)
            for part, at in zip(asset.parts, rest, strict=True)
            for surface in part.surfaces
            if surface.semantic == "traffic sign"
        )
    )
    placed = pose(prop.position_m, prop.quaternion_wxyz)
    if case.rolling:
        by_row = inverse(case.moving.row_poses) @ placed
        return PlacedByRow(case.camera, mesh, by_row[case.camera.height // 2], by_row=by_row)
    at_once = inverse(case.moving.at(np.array([case.moving.time_s]))[0]) @ placed
    return Placed(case.camera, mesh, at_once)
