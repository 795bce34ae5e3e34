"""How one rides on two wheels: feet on pedals or foot-rests, hands on the bar."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from scenegen.assets.kinematics import body_from_parts
from scenegen.geometry import inverse
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
_REACH = 0.9995


def two_link(target: F64, upper_m: float, lower_m: float, bend: float, out: float) -> F64:
    """Return the angles of a limb that hangs along -z and has to end at a point.

    The limb is swung forward about -y, spread about x times `out`, and bent by turning
    its lower half about y times `bend` (+1 for knees, -1 for elbows), in this order of
    matrices.

    Parameters
    ----------
    target : ndarray, shape (..., 3)
        From the limb's root. Out of reach, the limb is stretched towards it.
    upper_m, lower_m : float
    bend, out : float
        +1 or -1.

    Returns
    -------
    ndarray, shape (..., 3)
        Swing, spread and bend, rad.
    """
    distance = np.linalg.norm(target, axis=-1, keepdims=True)
    reach = np.clip(distance, abs(upper_m - lower_m) + 1e-6, _REACH * (upper_m + lower_m))
    x, y, z = np.moveaxis(target * reach / distance, -1, 0)
    cosine = (reach[..., 0] ** 2 - upper_m**2 - lower_m**2) / (2 * upper_m * lower_m)
    angle = np.arccos(np.clip(cosine, -1.0, 1.0))
    forward = -bend * lower_m * np.sin(angle)
    down = upper_m + lower_m * np.cos(angle)
    spread = np.arcsin(np.clip(y / down, -1.0, 1.0))
    # Turning by the swing takes (forward, -down cos spread) to (x, z) in the xz plane.
    swing = np.arctan2(x, -z) - np.arctan2(forward, down * np.cos(spread))
    return np.stack([swing, out * spread, angle], axis=-1)


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


def riding_pose(vehicle: Asset, rider: Asset, crank_rad: npt.ArrayLike) -> F64:
    """Return the joint values of a rider for an angle of the cranks.

    Parameters
    ----------
    vehicle, rider : Asset
        Something with the anchors ``saddle``, ``grip_left`` and ``grip_right``, and a
        biped. Without pedals it has the anchors ``rest_left`` and ``rest_right``.
    crank_rad : array_like, shape (...)
        Value of a bicycle's ``crank`` joint; of no effect on what has none.

    Returns
    -------
    ndarray, shape (..., MAX_JOINTS)
        In the order of `BIPED_JOINTS`.
    """
    crank = np.asarray(crank_rad, dtype=np.float64)
    rests = _foot_rests(vehicle, crank)
    lean = LEAN_RAD if vehicle.joints == BICYCLE_JOINTS else _easy_lean(vehicle, rider)
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

        grip = np.array(vehicle.anchors[f"grip_{side}"]) - offset
        root = inverse(frames[..., at["torso"], :, :])
        in_torso = (root[..., :3, :3] @ grip[:, None])[..., 0] + root[..., :3, 3]
        target = in_torso - np.array(rider.parts[at[f"upper_arm_{side}"]].origin_m)
        limb = two_link(target, *_arm_lengths(rider, side), -1.0, sign)
        names = ("shoulder", "shoulder_out", "elbow")
        for joint, value in zip(names, np.moveaxis(limb, -1, 0), strict=True):
            pose[..., channel[f"{joint}_{side}"]] = value
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
    wanted = _ARM_SHARE * sum(_arm_lengths(rider, "left"))
    return float(_LEANS_RAD[np.argmin(np.abs(apart - wanted))])


def _arm_lengths(rider: Asset, side: str) -> tuple[float, float]:
    """Return the lengths of the upper arm, and of the forearm to the palm."""
    origin = {part.name: part.origin_m for part in rider.parts}
    return abs(origin[f"forearm_{side}"][2]), float(np.linalg.norm(rider.anchors["palm"]))


def _lengths(rider: Asset, lower_part: str, end_part: str) -> tuple[float, float]:
    """Return the lengths of a leg's two halves."""
    origin = {part.name: part.origin_m for part in rider.parts}
    return abs(origin[lower_part][2]), abs(origin[end_part][2])
