"""Names that every stage shares: classes, joints, lamps, signal states, intents.

Class ids and colours are those of Cityscapes (Cordts et al. 2016, `labels.py`); ids
from 40 name what Cityscapes lacks, and `cityscapes_id` maps them back.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, IntFlag

IGNORE = 255
"""Semantic id of pixels that training must skip."""


@dataclass(frozen=True)
class SemanticClass:
    """One semantic class.

    Attributes
    ----------
    id : int
        Value in semantic pictures.
    name : str
        Cityscapes' name, or ours for ids from 40.
    color : tuple of int
        8-bit sRGB used in overlays.
    things : bool
        Whether actors of this class are told apart.
    cityscapes_id : int
        The class that Cityscapes would have given; 0 is "unlabeled".
    """

    id: int
    name: str
    color: tuple[int, int, int]
    things: bool
    cityscapes_id: int


def _own(id_: int, name: str, color: tuple[int, int, int], things: bool = False) -> SemanticClass:
    return SemanticClass(id_, name, color, things, id_)


CLASSES: tuple[SemanticClass, ...] = (
    _own(0, "unlabeled", (0, 0, 0)),
    _own(4, "static", (0, 0, 0)),
    _own(5, "dynamic", (111, 74, 0), True),
    _own(6, "ground", (81, 0, 81)),
    _own(7, "road", (128, 64, 128)),
    _own(8, "sidewalk", (244, 35, 232)),
    _own(9, "parking", (250, 170, 160)),
    _own(11, "building", (70, 70, 70)),
    _own(12, "wall", (102, 102, 156)),
    _own(13, "fence", (190, 153, 153)),
    _own(14, "guard rail", (180, 165, 180)),
    _own(17, "pole", (153, 153, 153)),
    _own(19, "traffic light", (250, 170, 30)),
    _own(20, "traffic sign", (220, 220, 0)),
    _own(21, "vegetation", (107, 142, 35)),
    _own(22, "terrain", (152, 251, 152)),
    _own(23, "sky", (70, 130, 180)),
    _own(24, "person", (220, 20, 60), True),
    _own(25, "rider", (255, 0, 0), True),
    _own(26, "car", (0, 0, 142), True),
    _own(27, "truck", (0, 0, 70), True),
    _own(28, "bus", (0, 60, 100), True),
    _own(31, "train", (0, 80, 100), True),
    _own(32, "motorcycle", (0, 0, 230), True),
    _own(33, "bicycle", (119, 11, 32), True),
    SemanticClass(40, "lane marking", (255, 255, 255), False, 7),
    SemanticClass(41, "debris", (200, 100, 30), True, 5),
    SemanticClass(42, "animal", (190, 140, 70), True, 5),
    SemanticClass(43, "cone", (255, 120, 0), True, 4),
)

CLASS_BY_NAME: dict[str, SemanticClass] = {c.name: c for c in CLASSES}
CLASS_BY_ID: dict[int, SemanticClass] = {c.id: c for c in CLASSES}


class SignalState(IntEnum):
    """State of a traffic signal head, as in Vienna-convention signals."""

    OFF = 0
    RED = 1
    RED_AMBER = 2
    AMBER = 3
    GREEN = 4
    FLASHING_AMBER_ON = 5
    FLASHING_AMBER_OFF = 6


class Lamp(IntFlag):
    """Lamps of a vehicle, a signal head or a street light; set bits are lit."""

    NONE = 0
    LOW_BEAM = 1
    TAIL = 2
    BRAKE = 4
    INDICATOR_LEFT = 8
    INDICATOR_RIGHT = 16
    REVERSE = 32
    BEACON = 64
    RED = 128
    AMBER = 256
    GREEN = 512
    STREET = 1024
    WINDOW = 2048


SIGNAL_LAMPS: dict[SignalState, Lamp] = {
    SignalState.OFF: Lamp.NONE,
    SignalState.RED: Lamp.RED,
    SignalState.RED_AMBER: Lamp.RED | Lamp.AMBER,
    SignalState.AMBER: Lamp.AMBER,
    SignalState.GREEN: Lamp.GREEN,
    SignalState.FLASHING_AMBER_ON: Lamp.AMBER,
    SignalState.FLASHING_AMBER_OFF: Lamp.NONE,
}


class Intent(IntEnum):
    """What a pedestrian, rider or animal is about, taken from the behaviour that drives it."""

    NONE = 0
    WAITING = 1
    WILL_CROSS = 2
    CROSSING = 3
    WALKING_ALONG = 4
    STRUCK = 5
    FALLEN = 6
    TURNING_BACK = 7
    WANDERING = 8
    HESITATING = 9


# Joint channels of an articulated body, in the order of `Trajectory.articulation`.
# Angles in rad are right-handed about the axis that gives the stated positive sense;
# "lift" and "travel" slide along z, in m. All zero is the rest pose: standing straight, arms down.
WHEELED_JOINTS = (
    "steer",  # both front wheels to the left
    "spin_front_left",  # forward rolling
    "spin_front_right",
    "spin_rear_left",
    "spin_rear_right",
    "travel_front_left",  # wheel up in its arch, against the spring
    "travel_front_right",
    "travel_rear_left",
    "travel_rear_right",
)
DOORED_JOINTS = (  # of a car whose doors open: outward, about upright hinges at their front edges
    *WHEELED_JOINTS,
    "door_front_left",
    "door_front_right",
)
FOUR_DOORED_JOINTS = (
    *DOORED_JOINTS,
    "door_rear_left",
    "door_rear_right",
)
TAGGED_JOINTS = (  # of a lorry with an axle behind the rear one, which turns as that does
    *WHEELED_JOINTS,
    "travel_tag_left",
    "travel_tag_right",
)
TRAILER_JOINTS = (  # of a semitrailer, whose axles are all alike
    "spin_rear_left",
    "spin_rear_right",
    "travel_tag_left",
    "travel_tag_right",
)
BICYCLE_JOINTS = (
    "steer",  # to the left
    "spin_front",  # forward rolling
    "spin_rear",
    "crank",  # forward pedalling; 0 = left pedal straight ahead (+x)
)
MOTORCYCLE_JOINTS = (
    "steer",  # to the left
    "spin_front",  # forward rolling
    "spin_rear",
)
ROLLER_JOINTS = (  # of pushchairs, wheelchairs and trolleys
    "spin_rear_left",  # forward rolling
    "spin_rear_right",
    "spin_front_left",
    "spin_front_right",
    "swivel_left",  # front castors, to the left
    "swivel_right",
)
BARRIER_JOINTS = (  # of level crossings
    "lift",  # the arm up, from lying across the road
    "swing",  # the arm aside, to the left, when it has been run into
)
BIPED_JOINTS = (
    "lift",  # pelvis up
    "pelvis_yaw",  # to the left
    "spine_pitch",  # lean forward
    "spine_yaw",  # to the left
    "neck_pitch",  # look down
    "neck_yaw",  # look left
    "hip_left",  # thigh forward
    "hip_right",
    "hip_out_left",  # thigh away from the body
    "hip_out_right",
    "knee_left",  # shin backward
    "knee_right",
    "ankle_left",  # toes up
    "ankle_right",
    "shoulder_left",  # arm forward
    "shoulder_right",
    "shoulder_out_left",  # arm away from the body
    "shoulder_out_right",
    "elbow_left",  # forearm forward
    "elbow_right",
)
QUADRUPED_JOINTS = (
    "lift",  # trunk up
    "trunk_pitch",  # nose down
    "neck_pitch",  # head down
    "head_pitch",  # nose down
    "tail_pitch",  # tail down
    "upper_front_left",  # leg forward
    "upper_front_right",
    "upper_rear_left",
    "upper_rear_right",
    "lower_front_left",  # lower leg backward
    "lower_front_right",
    "lower_rear_left",
    "lower_rear_right",
)

_LIMB_ENDS = (
    ("neck", "shoulder_{}"),
    ("shoulder_{}", "elbow_{}"),
    ("elbow_{}", "wrist_{}"),
    ("pelvis", "hip_{}"),
    ("hip_{}", "knee_{}"),
    ("knee_{}", "ankle_{}"),
    ("ankle_{}", "toe_{}"),
)
BONES = (
    ("head", "neck"),
    ("neck", "spine"),
    ("spine", "pelvis"),
    *((a.format(side), b.format(side)) for side in ("left", "right") for a, b in _LIMB_ENDS),
)
"""Pairs of joints of a person's skeleton that a bone lies between."""
