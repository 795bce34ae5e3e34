"""How one rides on two wheels: feet on pedals or foot-rests, hands on the bar."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.assets.kinematics import body_from_parts
from scenegen.assets.reaching import arm_lengths, reach_for, rim_grips, two_link
from scenegen.records.base import F64, Vec3
from scenegen.records.mesh import Asset
from scenegen.records.taxonomy import BICYCLE_JOINTS, BIPED_JOINTS
from scenegen.records.trajectory import MAX_JOINTS

LEAN_RAD = 0.42
"""Forward lean of the trunk on an upright bicycle."""
_LEANS_RAD = np.linspace(0.0, 0.6, 31)
_ARM_SHARE = 0.88
"""Distance from shoulder to grip over the arm's length: elbows a little bent."""
_LEG_SHARE = 0.965
"""Height of a rider's pelvis over a deck over the leg's length: knees hardly bent."""
STROKE_LEAN_RAD = 0.14
"""Forward lean of the trunk of who propels a wheelchair."""


def rider_offset(vehicle: Asset, rider: Asset) -> Vec3:
    """Return the rider's body origin (3,) in the vehicle's body frame.

    The pelvis is on the saddle; who stands on a deck has it at the height of straight legs.
    """
    pelvis = np.array(vehicle.anchors["saddle"])
    if "deck" in vehicle.anchors:
        leg = sum(_lengths(rider, "shin_left", "foot_left")) - rider.anchors["ball"][2]
        pelvis[2] = vehicle.anchors["deck"][2] + _LEG_SHARE * leg
    x, y, z = (pelvis - rider.parts[0].origin_m).tolist()
    return (x, y, z)


def riding_pose(vehicle: Asset, rider: Asset, crank_rad: npt.ArrayLike, idle: bool = False) -> F64:
    """Return the joint values of a rider for an angle of the cranks.

    Parameters
    ----------
    vehicle, rider : Asset
        Something with the anchors ``saddle``, ``grip_left`` and ``grip_right``, and a
        biped. Without pedals it has the anchors ``rest_left`` and ``rest_right``.
    crank_rad : array_like, shape (...)
        Value of a bicycle's ``crank`` joint, or the phase of the strokes that propel a
        wheelchair (`rim_grips`); of no effect on what has neither.
    idle : bool
        Whether someone in a wheelchair has their hands on the arm-rests.

    Returns
    -------
    ndarray, shape (..., MAX_JOINTS)
        In the order of `BIPED_JOINTS`.
    """
    crank = np.asarray(crank_rad, dtype=np.float64)
    rests = _foot_rests(vehicle, crank)
    propels = "rim_left" in vehicle.anchors and not idle
    lean = LEAN_RAD if vehicle.joints == BICYCLE_JOINTS else _easy_lean(vehicle, rider)
    lean = STROKE_LEAN_RAD if propels else lean
    pose = np.zeros((*crank.shape, MAX_JOINTS))
    channel = {name: k for k, name in enumerate(BIPED_JOINTS)}
    pose[..., channel["spine_pitch"]] = lean
    pose[..., channel["neck_pitch"]] = -0.75 * lean
    offset = np.array(rider_offset(vehicle, rider))
    at = {part.name: k for k, part in enumerate(rider.parts)}
    frames = body_from_parts(rider, pose)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        ball = np.array(rider.anchors["ball"])
        hip = frames[..., at[f"thigh_{side}"], :3, 3]
        target = rests[side] - offset - ball - hip
        limb = two_link(target, *_lengths(rider, f"shin_{side}", f"foot_{side}"), 1.0, sign)
        for joint, value in zip(("hip", "hip_out", "knee"), np.moveaxis(limb, -1, 0), strict=True):
            pose[..., channel[f"{joint}_{side}"]] = value
        pose[..., channel[f"ankle_{side}"]] = limb[..., 2] - limb[..., 0]

        grip = rim_grips(vehicle, side, crank) if propels else vehicle.anchors[f"grip_{side}"]
        reach_for(pose, rider, frames[..., at["torso"], :, :], side, np.subtract(grip, offset))
    return pose


def _foot_rests(vehicle: Asset, crank: F64) -> dict[str, F64]:
    """Return where the balls of the feet are, (..., 3) in the body frame, by side."""
    if vehicle.joints != BICYCLE_JOINTS:
        return {side: np.array(vehicle.anchors[f"rest_{side}"]) for side in ("left", "right")}
    cycle = np.zeros((*crank.shape, MAX_JOINTS))
    cycle[..., BICYCLE_JOINTS.index("crank")] = crank
    parts = body_from_parts(vehicle, cycle)
    index = {part.name: k for k, part in enumerate(vehicle.parts)}
    return {side: parts[..., index[f"pedal_{side}"], :3, 3] for side in ("left", "right")}


def _easy_lean(vehicle: Asset, rider: Asset) -> float:
    """Return the lean of the trunk at which the arms reach the bar with elbows a little bent."""
    at = {part.name: k for k, part in enumerate(rider.parts)}
    poses = np.zeros((len(_LEANS_RAD), MAX_JOINTS))
    poses[:, BIPED_JOINTS.index("spine_pitch")] = _LEANS_RAD
    shoulder = body_from_parts(rider, poses)[:, at["upper_arm_left"], :3, 3]
    grip = np.subtract(vehicle.anchors["grip_left"], rider_offset(vehicle, rider))
    apart = np.linalg.norm(grip - shoulder, axis=1)
    wanted = _ARM_SHARE * sum(arm_lengths(rider, "left"))
    return float(_LEANS_RAD[np.argmin(np.abs(apart - wanted))])


def _lengths(rider: Asset, lower_part: str, end_part: str) -> tuple[float, float]:
    """Return the lengths of a leg's two halves."""
    origin = {part.name: part.origin_m for part in rider.parts}
    return abs(origin[lower_part][2]), abs(origin[end_part][2])
