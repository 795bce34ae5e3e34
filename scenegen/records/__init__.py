"""The frozen types that cross a stage boundary, with shapes, units and frames.

`taxonomy` names classes, joints, lamps and states; `concrete` is a scene with every
value fixed; `trajectory`, `frame` and `labels` are what simulation, drawing and
annotation make of it. Nothing here computes.
"""

from scenegen.records.behaviour import (
    Alongside,
    Brake,
    Door,
    Drive,
    Fall,
    GetOut,
    Interrupt,
    Lights,
    Manoeuvre,
    Pace,
    Pose,
    Release,
    Stand,
    Synchronize,
    Walk,
)
from scenegen.records.camera_spec import CameraSpec
from scenegen.records.concrete import Actor, ConcreteScenario, Prop, Rates
from scenegen.records.conditions import SEASONS, Light, Season, Weather
from scenegen.records.frame import Frame, Pieces, Silhouette
from scenegen.records.imager_spec import ImagerSpec
from scenegen.records.labels import FrameLabels, LaneLabel, ObjectLabel, SignalLabel, SignLabel
from scenegen.records.lens_spec import LensSpec
from scenegen.records.lidar_spec import LidarSpec
from scenegen.records.mesh import (
    Asset,
    CollisionShape,
    Joint,
    Material,
    Part,
    Spot,
    Surface,
    Wheel,
)
from scenegen.records.monitor import Monitor, Robustness
from scenegen.records.pixels import Drivable, PixelTruth
from scenegen.records.radar_spec import RadarSpec
from scenegen.records.road import Lane, LaneLine, RoadNetwork, SignalHead, YieldLine
from scenegen.records.roadspec import SWEPT, RoadSpec, SignalPlan
from scenegen.records.scan import Scan, ScanLabels
from scenegen.records.sensors import SensorSpec
from scenegen.records.sweep import Sweep, SweepLabels
from scenegen.records.taxonomy import (
    CLASS_BY_NAME,
    CLASSES,
    Intent,
    Lamp,
    SemanticClass,
    SignalState,
)
from scenegen.records.trajectory import CONTACT_DTYPE, CONTROLS, MAX_JOINTS, Trajectory
from scenegen.records.triggers import (
    AllOf,
    AnyOf,
    Condition,
    OnAction,
    OnAhead,
    OnGapAhead,
    OnHeadway,
    OnPlace,
    OnRoom,
    OnSignal,
    OnSpeed,
    Trigger,
)

__all__ = [
    "CLASSES",
    "CLASS_BY_NAME",
    "CONTACT_DTYPE",
    "CONTROLS",
    "MAX_JOINTS",
    "SEASONS",
    "SWEPT",
    "Actor",
    "AllOf",
    "Alongside",
    "AnyOf",
    "Asset",
    "Brake",
    "CameraSpec",
    "CollisionShape",
    "ConcreteScenario",
    "Condition",
    "Door",
    "Drivable",
    "Drive",
    "Fall",
    "Frame",
    "FrameLabels",
    "GetOut",
    "ImagerSpec",
    "Intent",
    "Interrupt",
    "Joint",
    "Lamp",
    "Lane",
    "LaneLabel",
    "LaneLine",
    "LensSpec",
    "LidarSpec",
    "Light",
    "Lights",
    "Manoeuvre",
    "Material",
    "Monitor",
    "ObjectLabel",
    "OnAction",
    "OnAhead",
    "OnGapAhead",
    "OnHeadway",
    "OnPlace",
    "OnRoom",
    "OnSignal",
    "OnSpeed",
    "Pace",
    "Part",
    "Pieces",
    "PixelTruth",
    "Pose",
    "Prop",
    "RadarSpec",
    "Rates",
    "Release",
    "RoadNetwork",
    "RoadSpec",
    "Robustness",
    "Scan",
    "ScanLabels",
    "Season",
    "SemanticClass",
    "SensorSpec",
    "SignLabel",
    "SignalHead",
    "SignalLabel",
    "SignalPlan",
    "SignalState",
    "Silhouette",
    "Spot",
    "Stand",
    "Surface",
    "Sweep",
    "SweepLabels",
    "Synchronize",
    "Trajectory",
    "Trigger",
    "Walk",
    "Weather",
    "Wheel",
    "YieldLine",
]
