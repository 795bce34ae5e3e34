"""MakeHuman's body on the joints that our walkers have.

Its 53 bones are gathered into the biped's rigid parts; the body is taken from the pose that
it was drawn in to one with straight legs and hanging arms by linear blend skinning
(Magnenat-Thalmann et al. 1988), and cut where one part's weight outgrows another's. Faces
that two parts share belong to both, so that a bent joint shows no gap.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from scenegen.assets.packs.human import Human
from scenegen.assets.packs.simplify import simplified
from scenegen.assets.packs.source_mesh import SourceMesh
from scenegen.assets.triangles import I64
from scenegen.records.base import F64, Vec3

ROLES = ("skin", "hair", "top", "bottom", "shoes", "eyes")
_PARTS: dict[str, str] = {
    "pelvis": r"Root|pelvis",
    "torso": r"spine_0.|clavicle_.",
    "head": r"neck_01|head",
}
_LIMBS: dict[str, str] = {
    "thigh": "thigh",
    "shin": "calf",
    "foot": r"foot|ball",
    "upper_arm": "upperarm",
    "forearm": r"lowerarm|hand|index_..|middle_..|pinky_..|ring_..|thumb_..",
}
_PARENTS = {
    **{"torso": "pelvis", "thigh": "pelvis", "shin": "thigh", "foot": "shin"},
    **{"head": "torso", "upper_arm": "torso", "forearm": "upper_arm"},
}
_ENDS = {"thigh": "calf", "shin": "foot", "upper_arm": "lowerarm", "forearm": "hand"}
_BARE = r"head|neck_01|hand_.|(index|middle|pinky|ring|thumb)_.*"
_SHARED = 0.25
_BARE_FROM = 0.3
_BARE_FEWEST = 1500
_HAIR_M = 0.012


@dataclass(frozen=True)
class Walker:
    """A body in the biped's rest pose.

    Attributes
    ----------
    parts : dict
        Each part's mesh, with `ROLES` for materials, in the body frame.
    joints : dict
        Where each part turns (3,), body frame.
    anchors : dict
        See `records.mesh.Asset`.
    """

    parts: dict[str, SourceMesh]
    joints: dict[str, F64]
    anchors: dict[str, Vec3]

    def origins(self) -> dict[str, Vec3]:
        """Return where each part turns (3,), from where its parent does."""
        found: dict[str, Vec3] = {}
        for name, place in self.joints.items():
            limb, _, side = name.rpartition("_")
            parent = _PARENTS.get(limb or name, "")
            under = self.joints.get(f"{parent}_{side}", self.joints.get(parent, np.zeros(3)))
            x, y, z = (place - under).tolist()
            found[name] = (x, y, z)
        return found


def walker(human: Human, stature_m: float, triangles: int) -> Walker:
    """Return a body of a stature in the rest pose, standing at the origin.

    It is decimated as a whole and cut afterwards, so that parts meet without gaps.
    """
    names = list(_all_parts())
    share = _part_weights(human, names)
    posed, joints = _rest_pose(human, share, names)
    faces, roles = _dressed(human, share, names)
    used = posed[np.unique(faces)]
    low, high = used[:, 2].min(), used[:, 2].max()
    hips = 0.5 * (joints["thigh_left"] + joints["thigh_right"])
    scale, base = stature_m / (high - low), np.array([hips[0], 0.0, low])
    posed = (posed - base) * scale
    joints = {name: (place - base) * scale for name, place in joints.items()}
    # Both legs and both arms are taken for equally long, as the gait takes them.
    _even(joints)
    joints["pelvis"] = joints["thigh_left"] * (1.0, 0.0, 1.0)
    ball = (human.bones["ball_l"] - human.bones["foot_l"]) * scale
    toe = float(posed[np.unique(faces[roles == ROLES.index("shoes")]), 0].max())
    ankle = joints["foot_left"]
    reach = float(np.linalg.norm(human.bones["hand_l"] - human.bones["lowerarm_l"]) * scale)
    coarse, owner = _fewer(posed, faces, roles, share, triangles)
    return Walker(
        {name: _piece(coarse, owner, k) for k, name in enumerate(names)},
        joints,
        {
            "head_top": (0.0, 0.0, stature_m - float(joints["head"][2])),
            "toe": (toe - float(ankle[0]) - 0.01, 0.0, -0.7 * float(ankle[2])),
            "wrist": (0.0, 0.0, -reach),
            "palm": (0.0, 0.0, -reach - 0.05 * stature_m),
            "ball": (float(ball[0]), 0.0, -float(ankle[2])),
        },
    )


def _all_parts() -> dict[str, tuple[str, str]]:
    """Return the bone at each part's joint and the pattern of its bones, parents first."""
    parts = {
        "pelvis": ("pelvis", _PARTS["pelvis"]),
        "torso": ("spine_01", _PARTS["torso"]),
        "head": ("neck_01", _PARTS["head"]),
    }
    for side, letter in (("left", "l"), ("right", "r")):
        for limb, pattern in _LIMBS.items():
            first = re.split(r"\|", pattern)[0]
            parts[f"{limb}_{side}"] = (f"{first}_{letter}", rf"(?:{pattern})_{letter}")
    return parts


def _part_weights(human: Human, names: list[str]) -> F64:
    """Return the share (V, P) that each part has in each vertex."""
    share = np.zeros((len(human.vertices), len(names)))
    for k, (_, pattern) in enumerate(_all_parts().values()):
        for bone, weight in human.weights.items():
            if re.fullmatch(pattern, bone):
                share[:, k] += weight
    return np.asarray(share / np.maximum(share.sum(axis=1, keepdims=True), 1e-9))


def _rest_pose(human: Human, share: F64, names: list[str]) -> tuple[F64, dict[str, F64]]:
    """Return vertices and joints with straight legs and hanging arms."""
    bones = {name: human.bones[bone] for name, (bone, _) in _all_parts().items()}
    joints: dict[str, F64] = {}
    turns: dict[str, F64] = {}
    for name, place in bones.items():
        limb, _, side = name.rpartition("_")
        turns[name] = np.eye(3)
        if limb in _ENDS:
            end = human.bones[f"{_ENDS[limb]}_{side[0]}"]
            turns[name] = _turning(end - place, np.array([0.0, 0.0, -1.0]))
        parent = next((k for k in (f"{_PARENTS.get(limb)}_{side}",) if k in bones), None)
        joints[name] = (
            place if parent is None else joints[parent] + turns[parent] @ (place - bones[parent])
        )
    posed = np.zeros_like(human.vertices)
    for k, name in enumerate(names):
        moved = (human.vertices - bones[name]) @ turns[name].T + joints[name]
        posed += share[:, k : k + 1] * moved
    return posed, joints


def _turning(a: F64, b: F64) -> F64:
    """Return the least rotation (3, 3) that takes one direction to another (Rodrigues)."""
    a, b = a / np.linalg.norm(a), b / np.linalg.norm(b)
    v, c = np.cross(a, b), float(a @ b)
    k = np.array([[0, -v[2], v[1]], [v[2], 0, -v[0]], [-v[1], v[0], 0]])
    return np.asarray(np.eye(3) + k + k @ k / (1.0 + c))


def _dressed(human: Human, share: F64, names: list[str]) -> tuple[I64, I64]:
    """Return triangles (F, 3) and the role (F,) of each: shell of clothes, what is bare, hair."""
    shell, body = human.faces["helper-tights"], human.faces["body"]
    owner = np.array([re.sub(r"_(left|right)$", "", name) for name in names])[share.argmax(axis=1)]
    bare = sum(
        (w for bone, w in human.weights.items() if re.fullmatch(_BARE, bone)),
        np.zeros(len(human.vertices)),
    )
    body = body[(bare > _BARE_FROM)[body].any(axis=1)]
    worn = np.isin(owner[shell[:, 0]], ("pelvis", "thigh", "shin", "foot"))
    roles = [np.where(worn, ROLES.index("bottom"), ROLES.index("top"))]
    roles[0][(owner == "foot")[shell].all(axis=1)] = ROLES.index("shoes")
    on_head = (owner == "head")[body].all(axis=1) & _is_hair(human, body)
    roles.append(np.where(on_head, ROLES.index("hair"), ROLES.index("skin")))
    roles[1][(owner == "foot")[body].any(axis=1)] = ROLES.index("shoes")
    eyes = np.concatenate([human.faces[f"helper-{side}-eye"] for side in "lr"])
    roles.append(np.full(len(eyes), ROLES.index("eyes")))
    return np.concatenate([shell, body, eyes]), np.concatenate(roles)


def _is_hair(human: Human, faces: I64) -> npt.NDArray[np.bool_]:
    """Say which faces of the head hair grows on: above the forehead, and behind the ears."""
    eye, top = human.points["joint-l-eye"], human.points["joint-head-2"][2]
    chin = human.points["joint-mouth"][2]
    x, _, z = np.moveaxis(human.vertices[faces].mean(axis=1), 1, 0)
    forehead = eye[2] + 0.6 * (top - eye[2])
    back = eye[0] - 0.095
    return np.asarray((z > forehead) | ((x < back) & (z > chin)))


def _fewer(
    posed: F64, faces: I64, roles: I64, share: F64, triangles: int
) -> tuple[SourceMesh, F64]:
    """Return the body with fewer triangles, and the share (F, P) of each part in each of them."""
    shell = np.isin(roles, [ROLES.index(name) for name in ("top", "bottom", "shoes")])
    groups, black = np.where(shell, 0, 1), np.zeros((len(faces), 3))
    whole = SourceMesh(posed, faces, groups, black, ("shell", "bare"), (1.0, 1.0))
    # Seams between clothes are cleaner in the shell's own, even rows.
    kept = triangles - int(shell.sum())
    made = (
        simplified(whole, int(kept * len(faces) / (~shell).sum()), ("shell",))
        if kept > _BARE_FEWEST
        else simplified(whole, triangles)
    )
    _, old = cKDTree(posed[faces].mean(axis=1)).query(made.vertices[made.faces].mean(axis=1))
    used = np.unique(faces)
    _, nearest = cKDTree(posed[used]).query(made.vertices)
    roles, owner = roles[old], share[used[nearest]][made.faces].mean(axis=1)
    rough = (1.0,) * len(ROLES)
    thick = _with_thick_hair(made.vertices, made.faces, roles)
    return SourceMesh(thick, made.faces, roles, made.color, ROLES, rough), owner


def _with_thick_hair(vertices: F64, faces: I64, roles: I64) -> F64:
    """Return the vertices with those amid hair moved outward."""
    corners = vertices[faces]
    across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normal = np.zeros_like(vertices)
    for k in range(3):
        np.add.at(normal, faces[:, k], across)
    normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-12)
    hair = np.zeros(len(vertices), dtype=bool)
    hair[faces[roles == ROLES.index("hair")]] = True
    hair[faces[roles != ROLES.index("hair")]] = False
    return vertices + _HAIR_M * hair[:, None] * normal


def _piece(mesh: SourceMesh, owner: F64, k: int) -> SourceMesh:
    return mesh.only((owner.argmax(axis=1) == k) | (owner[:, k] > _SHARED))


def _even(joints: dict[str, Any]) -> None:
    for limb in _LIMBS:
        left, right = joints[f"{limb}_left"], joints[f"{limb}_right"]
        mean = 0.5 * (left + right * (1.0, -1.0, 1.0))
        joints[f"{limb}_left"], joints[f"{limb}_right"] = mean, mean * (1.0, -1.0, 1.0)
