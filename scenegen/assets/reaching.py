"""Limbs that end where they have to: arms that hold on, hands on the rims of a wheelchair."""

from __future__ import annotations

import numpy as np

from scenegen.assets.kinematics import body_from_parts
from scenegen.geometry import inverse
from scenegen.records.base import F64, Vec3
from scenegen.records.mesh import Asset
from scenegen.records.taxonomy import BIPED_JOINTS

STROKE_RAD = 3.2
"""How far a wheelchair's wheels turn from one push to the next: some 1 m."""

HELD_RAD = (-0.45, 0.80)
"""Where on the rim, from its top forward, hands take hold and let go."""

RETURN_SHARE, RETURN_OUT_M = 0.82, 0.03
"""Hands come back below the rim and a little outside it (a semicircular stroke)."""

HANDLE_SHARE = 0.86
"""Distance from shoulder to handle over the arm's length of someone who pushes."""

PUSH_LEAN_RAD = 0.10
PALM_UP_M = 0.03
"""How high palms are over the axis of what they hold."""

_REACH = 0.9995
_NAMES = ("shoulder", "shoulder_out", "elbow")


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


def arm_lengths(person: Asset, side: str) -> tuple[float, float]:
    """Return the lengths of the upper arm, and of the forearm to the palm."""
    origin = {part.name: part.origin_m for part in person.parts}
    return abs(origin[f"forearm_{side}"][2]), float(np.linalg.norm(person.anchors["palm"]))


def reach_for(pose: F64, person: Asset, torso: F64, side: str, grip_m: F64) -> None:
    """Set the joints of an arm so that its palm is at a point.

    Parameters
    ----------
    pose : ndarray, shape (..., MAX_JOINTS)
        Joint values, changed in place.
    torso : ndarray, shape (..., 4, 4)
        Pose of the part ``torso`` in the body frame.
    grip_m : ndarray, shape (..., 3)
        Body frame; out of reach, the arm is stretched towards it.
    """
    root = inverse(torso)
    in_torso = (root[..., :3, :3] @ grip_m[..., None])[..., 0] + root[..., :3, 3]
    origin = next(part.origin_m for part in person.parts if part.name == f"upper_arm_{side}")
    sign = 1.0 if side == "left" else -1.0
    limb = two_link(in_torso - np.array(origin), *arm_lengths(person, side), -1.0, sign)
    for joint, value in zip(_NAMES, np.moveaxis(limb, -1, 0), strict=True):
        pose[..., BIPED_JOINTS.index(f"{joint}_{side}")] = value


def rim_grips(chair: Asset, side: str, phase_rad: F64) -> F64:
    """Return where a hand is in the course of a stroke, (..., 3) in the chair's body frame.

    While it holds the rim it goes as the rim does: a whole cycle of 2 pi is `STROKE_RAD` of
    the wheel, whatever the speed. Contact for two fifths of a stroke of some 1 s at 1 m/s is
    what users do (Boninger et al., Arch. Phys. Med. Rehabil. 83, 2002).
    """
    hub, top = np.array(chair.anchors[f"hub_{side}"]), np.array(chair.anchors[f"rim_{side}"])
    turned = np.mod(phase_rad, 2 * np.pi) * (STROKE_RAD / (2 * np.pi))
    first, last = HELD_RAD
    back = np.clip((turned - (last - first)) / (STROKE_RAD - (last - first)), 0.0, 1.0)
    swing = 0.5 - 0.5 * np.cos(np.pi * back)
    angle = np.minimum(first + turned, last) - swing * (last - first)
    bow = np.sin(np.pi * back)
    radius = (top[2] - hub[2]) * (1.0 - (1.0 - RETURN_SHARE) * bow)
    out = np.sign(top[1]) * RETURN_OUT_M * bow
    x, z = hub[0] + radius * np.sin(angle), hub[2] + radius * np.cos(angle)
    return np.stack([x, top[1] + out, z + PALM_UP_M * (1.0 - bow)], axis=-1)


def pushed_offset(pushed: Asset, person: Asset) -> Vec3:
    """Return the body origin (3,) of what someone pushes in their own body frame.

    They stand so far behind its handle that their arms are a little bent.
    """
    shoulder = body_from_parts(person, np.zeros(len(BIPED_JOINTS)))
    at = next(k for k, part in enumerate(person.parts) if part.name == "upper_arm_left")
    x, y, z = shoulder[at, :3, 3].tolist()
    hx, hy, hz = pushed.anchors["handle_left"]
    length = HANDLE_SHARE * sum(arm_lengths(person, "left"))
    ahead = float(np.sqrt(max(length**2 - (z - hz) ** 2 - (y - hy) ** 2, 0.2**2)))
    lean = PUSH_LEAN_RAD * (z - person.parts[0].origin_m[2])
    return (x + lean + ahead - hx, 0.0, 0.0)
