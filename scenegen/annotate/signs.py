"""Traffic signs that a picture shows: what they say, where they stand, whom they concern."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from scenegen import assets, roads
from scenegen.annotate.objects import visible_extents
from scenegen.annotate.signals import ego_lane
from scenegen.geometry import apply, pose, wrap_angle
from scenegen.records import ConcreteScenario, Frame, Lane, Prop, RoadNetwork, SignLabel
from scenegen.records.base import F64, Vec3
from scenegen.records.taxonomy import CLASS_BY_NAME

REACH_M = 15.0
"""A sign concerns the traffic of a lane whose middle is no farther away, seen from above."""
_SIGN = CLASS_BY_NAME["traffic sign"].id
_TOWARDS_RAD = 0.25 * np.pi


def sign_labels(
    frame: Frame, scenario: ConcreteScenario, network: RoadNetwork, world_from_ego: F64
) -> list[SignLabel]:
    """Label the traffic signs of which a plate shows, in the order of the scene's props.

    Parameters
    ----------
    frame : Frame
        Of a backend that tells pieces; of any other there are none.
    scenario : ConcreteScenario
    network : RoadNetwork
    world_from_ego : ndarray, shape (4, 4)
        Pose of the ego's body.
    """
    codes = {
        index: code
        for index, prop in enumerate(scenario.props)
        if (code := assets.sign_code(prop.asset_id, prop.variant)) is not None
    }
    pieces, plates = frame.pieces, frame.semantic == _SIGN
    if pieces is None or not codes or not plates.any():
        return []
    props = pieces.prop[pieces.picture]
    shown = np.where(plates & np.isin(props, list(codes)), props + 1, 0).astype(np.uint16)
    own = ego_lane(network, world_from_ego)
    eye = frame.world_from_camera[:3, 3]
    labels = []
    for number, (box, count) in visible_extents(shown).items():
        prop = scenario.props[number - 1]
        place = sign_place(prop)
        forward = pose(prop.position_m, prop.quaternion_wxyz)[:3, 0]
        facing = float(np.arctan2(forward[1], forward[0]))
        lane = _lane_met(network, place, facing)
        labels.append(
            SignLabel(
                id=f"sign_{number - 1}",
                code=codes[number - 1],
                position_world_m=place,
                facing_rad=facing,
                box2d_visible=box,
                visible_px=count,
                front_visible=bool((eye - np.array(place)) @ forward > 0.0),
                lane=None if lane is None else lane.id,
                relevant_to_ego=_concerns(lane, own, place, facing, world_from_ego),
            )
        )
    return labels


def sign_place(prop: Prop) -> Vec3:
    """Return the middle of a sign's plates, world."""
    low, high = _plates(prop.asset_id, prop.variant)
    placed = pose(prop.position_m, prop.quaternion_wxyz)
    x, y, z = apply(placed, 0.5 * (low + high)[None])[0].tolist()
    return (x, y, z)


@lru_cache(maxsize=256)
def _plates(asset_id: str, variant: int) -> tuple[F64, F64]:
    """Return the least and greatest coordinates (3,), (3,) of a sign's plates, body frame."""
    asset = assets.get(asset_id, variant)
    rest = assets.body_from_parts(asset, np.zeros(len(asset.joints)))
    points = np.concatenate(
        [
            apply(at, surface.vertices.astype(np.float64))
            for part, at in zip(asset.parts, rest, strict=True)
            for surface in part.surfaces
            if surface.semantic == "traffic sign"
        ]
    )
    return points.min(axis=0), points.max(axis=0)


def _lane_met(network: RoadNetwork, place: Vec3, facing: float) -> Lane | None:
    """Return the nearest driving lane whose traffic comes towards a sign's face."""
    nearest: tuple[float, Lane] | None = None
    for lane in network.lanes.values():
        if lane.kind != "driving":
            continue
        station, _ = roads.project_to_lane(lane, place[:2])
        point, heading = roads.lane_point(lane, float(station))
        if abs(float(wrap_angle(heading - facing - np.pi))) > _TOWARDS_RAD:
            continue
        gap = float(np.hypot(*(point[:2] - place[:2])))
        if gap <= REACH_M and (nearest is None or gap < nearest[0]):
            nearest = (gap, lane)
    return nearest[1] if nearest else None


def _concerns(
    lane: Lane | None, own: Lane | None, place: Vec3, facing: float, world_from_ego: F64
) -> bool:
    """Say whether a sign is ahead of the ego and meets traffic that goes its way."""
    if lane is None or own is None:
        return False
    there, _ = roads.project_to_lane(own, place[:2])
    here, _ = roads.project_to_lane(own, world_from_ego[:2, 3])
    point, heading = roads.lane_point(own, float(there))
    meets = abs(float(wrap_angle(heading - facing - np.pi))) <= _TOWARDS_RAD
    near = float(np.hypot(*(point[:2] - place[:2]))) <= REACH_M
    return bool(meets and near and there >= here)
