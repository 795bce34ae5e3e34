"""COCO's seventeen joints of a person (Lin et al. 2014), and which of ours they are."""

from __future__ import annotations

from dataclasses import dataclass

from scenegen.dataset.codecs import Mask
from scenegen.records import ObjectLabel

COCO_JOINTS: dict[str, str] = {
    "nose": "nose",
    "left_eye": "eye_left",
    "right_eye": "eye_right",
    "left_ear": "ear_left",
    "right_ear": "ear_right",
    "left_shoulder": "shoulder_left",
    "right_shoulder": "shoulder_right",
    "left_elbow": "elbow_left",
    "right_elbow": "elbow_right",
    "left_wrist": "wrist_left",
    "right_wrist": "wrist_right",
    "left_hip": "hip_left",
    "right_hip": "hip_right",
    "left_knee": "knee_left",
    "right_knee": "knee_right",
    "left_ankle": "ankle_left",
    "right_ankle": "ankle_right",
}
"""Our name by COCO's, in COCO's order. A skeleton that lacks one leaves it unlabelled."""

COCO_LIMBS: tuple[tuple[str, str], ...] = (
    *(("left_ankle", "left_knee"), ("left_knee", "left_hip")),
    *(("right_ankle", "right_knee"), ("right_knee", "right_hip")),
    *(("left_hip", "right_hip"), ("left_shoulder", "left_hip"), ("right_shoulder", "right_hip")),
    *(("left_shoulder", "right_shoulder"), ("left_shoulder", "left_elbow")),
    *(("right_shoulder", "right_elbow"), ("left_elbow", "left_wrist")),
    *(("right_elbow", "right_wrist"), ("left_eye", "right_eye"), ("nose", "left_eye")),
    *(("nose", "right_eye"), ("left_eye", "left_ear"), ("right_eye", "right_ear")),
    *(("left_ear", "left_shoulder"), ("right_ear", "right_shoulder")),
)
"""What a skeleton is drawn by."""


def mirrored() -> list[int]:
    """Return for each joint the number of the one on the other side."""
    names = list(COCO_JOINTS)
    swap = {"left": "right", "right": "left"}
    return [names.index("_".join(swap.get(word, word) for word in n.split("_"))) for n in names]


@dataclass(frozen=True)
class JointImage:
    """Where a joint is in the picture, px from its corner, and how it shows.

    `shows` is COCO's number: 0 not in the picture or not labelled (`u` and `v` are 0), 1 hidden,
    2 in sight.
    """

    u: float
    v: float
    shows: int


def joint_images(label: ObjectLabel, mask: Mask) -> list[JointImage] | None:
    """Return a person's joints in COCO's order; None for who has no skeleton.

    Whether a joint is in sight is what the labels say. Those of older sets don't: there it is
    where its pixel shows its owner, so that what the body itself hides counts as seen.

    Parameters
    ----------
    label : ObjectLabel
    mask : ndarray, shape (H, W), bool
        The pixels that show whom the label is of.
    """
    if label.skeleton_px is None:
        return None
    said = label.skeleton_visible or {}
    joints = []
    for name in COCO_JOINTS.values():
        pixel = label.skeleton_px.get(name)
        shows = said[name] if name in said else _shows(pixel, mask)
        u, v = pixel if shows and pixel is not None else (0.0, 0.0)
        joints.append(JointImage(u, v, shows))
    return joints


def _shows(pixel: tuple[float, float] | None, mask: Mask) -> int:
    height, width = mask.shape
    if pixel is None or not (0 <= pixel[0] < width and 0 <= pixel[1] < height):
        return 0
    return 2 if mask[int(pixel[1]), int(pixel[0])] else 1
