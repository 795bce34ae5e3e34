"""What the page says about a data set, gathered in one pass over its labels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import cast

import cv2
import numpy as np
import numpy.typing as npt

from scenegen.dataset import Dataset, FrameReader, SceneReader
from scenegen.dataset.layout import read_model
from scenegen.records import Light, Trajectory, Weather
from scenegen.records.looks import PersonLook
from scenegen.records.odd import conditions
from scenegen.report.conflict import time_to_collision
from scenegen.report.glances import Bodies, LabelsGlance, ObjectGlance, SceneGlance

FRAME_LIMIT = 12_000
"""Frames looked at, at most; beyond that every k-th."""
BRIGHTNESS_LIMIT = 300
"""Pictures decoded for their brightness, at most."""


@dataclass(frozen=True, slots=True)
class ObjectFact:
    """An object in a frame, in short.

    Attributes
    ----------
    height_px : float
        Of its visible box.
    closing_mps : float
        Speed at which it approaches the camera; negative if it recedes.
    look : PersonLook or None
        None for what is no person, and where nobody has recorded it.
    """

    instance_id: int
    name: str
    category: str
    height_px: float
    visible_px: int
    occlusion: float
    truncation: float
    distance_m: float
    closing_mps: float
    look: PersonLook | None = None


@dataclass(frozen=True, slots=True)
class FrameFact:
    """A frame in short.

    Attributes
    ----------
    ttc_s : float
        Smallest time to collision of the ego with any actor at this moment, ``inf`` if none.
    luma : float or None
        Mean brightness of the picture, 0..255 (Rec. 601); None if it wasn't looked at.
    """

    scene: str
    sensor: str
    index: int
    time_s: float
    objects: tuple[ObjectFact, ...]
    ttc_s: float
    luma: float | None


@dataclass(frozen=True)
class Encounter:
    """The moment in which the ego came closest to trouble.

    Attributes
    ----------
    ttc_s : float
        Smallest time to collision at constant velocities; ``inf`` if never on course.
    actor : int or None
        With whom.
    time_s : float
    contact_mps : float or None
        Closing speed of the ego's first contact with an actor, None without contact.
    """

    ttc_s: float
    actor: int | None
    time_s: float
    contact_mps: float | None


@dataclass(frozen=True)
class SceneFact:
    """A scene in short; `conditions` and `odd` are those of the operational design domain."""

    id: str
    scenario: str
    parameters: dict[str, float | str | bool]
    log_weight: float
    duration_s: float
    weather: Weather
    light: Light
    conditions: dict[str, str]
    odd: tuple[str, ...]
    termination: str
    encounter: Encounter


@dataclass(frozen=True)
class Facts:
    """Everything the page draws upon; `every` is 1 if all frames were looked at."""

    scenes: tuple[SceneFact, ...]
    frames: tuple[FrameFact, ...]
    every: int


def gather(dataset: Dataset) -> Facts:
    """Read labels, trajectories and brightness of a data set.

    Raises
    ------
    DatasetError
        A file is missing or damaged.
    """
    total = sum(len(scene.frames()) for scene in dataset)
    every = max(1, -(-total // FRAME_LIMIT))
    bright = max(1, -(-total // (every * BRIGHTNESS_LIMIT)))
    scenes: list[SceneFact] = []
    frames: list[FrameFact] = []
    for scene in dataset:
        fact, ttc_s = _scene_fact(scene)
        scenes.append(fact)
        for reader in scene.frames()[::every]:
            frames.append(_frame_fact(reader, ttc_s, len(frames) % bright == 0))
    return Facts(tuple(scenes), tuple(frames), every)


def effective_sample_size(log_weights: list[float]) -> float:
    """Return (sum w)^2 / sum w^2 of weights given by their logarithms (Kish 1965)."""
    weights = np.exp(np.array(log_weights) - max(log_weights))
    return float(weights.sum() ** 2 / (weights**2).sum())


def find_encounter(scenario: Bodies, trajectory: Trajectory) -> Encounter:
    """Return the ego's contact with an actor, or else its smallest time to collision."""
    return _encounter(scenario, trajectory, _times(scenario, trajectory))


def _times(scenario: Bodies, trajectory: Trajectory) -> npt.NDArray[np.float64]:
    """Return the ego's times to collision (N, T) with each of the N other actors."""
    ego, *others = scenario.actors
    return np.array(
        [
            time_to_collision(trajectory, scenario, ego.instance_id, other.instance_id)
            for other in others
        ]
    ).reshape(len(others), len(trajectory.time_s))


def _encounter(
    scenario: Bodies, trajectory: Trajectory, ttc_s: npt.NDArray[np.float64]
) -> Encounter:
    ego = scenario.actors[0].instance_id
    for contact in trajectory.contacts:
        pair = {int(contact["actor_a"]), int(contact["actor_b"])}
        if ego in pair and 0 not in pair:
            time_s = float(contact["step"]) / scenario.rates.physics_hz
            other = (pair - {ego}).pop()
            return Encounter(0.0, other, time_s, float(contact["closing_speed_mps"]))
    if not np.isfinite(ttc_s).any():
        return Encounter(float("inf"), None, 0.5 * scenario.duration_s, None)
    who, row = np.unravel_index(int(np.argmin(ttc_s)), ttc_s.shape)
    actor = scenario.actors[1 + int(who)].instance_id
    return Encounter(float(ttc_s[who, row]), actor, float(trajectory.time_s[row]), None)


def _scene_fact(scene: SceneReader) -> tuple[SceneFact, _Moments]:
    """Return a scene's fact, and its smallest time to collision at each moment."""
    glance = read_model(scene.path / "scenario.json", SceneGlance)
    bodies = cast("Bodies", glance)
    trajectory = scene.trajectory
    ttc_s = _times(bodies, trajectory)
    fact = SceneFact(
        id=scene.id,
        scenario=glance.name,
        parameters=glance.parameters,
        log_weight=glance.log_weight,
        duration_s=glance.duration_s,
        weather=glance.weather,
        light=glance.light,
        conditions=conditions(glance.weather, glance.light),
        odd=glance.odd,
        termination=trajectory.termination,
        encounter=_encounter(bodies, trajectory, ttc_s),
    )
    return fact, _Moments(trajectory.time_s, ttc_s.min(axis=0, initial=np.inf))


@dataclass(frozen=True)
class _Moments:
    """Values (T,) at times (T,)."""

    time_s: npt.NDArray[np.float64]
    value: npt.NDArray[np.float64]

    def at(self, time_s: float) -> float:
        row = int(np.searchsorted(self.time_s, time_s - 1e-9))
        return float(self.value[min(row, len(self.value) - 1)])


def _frame_fact(frame: FrameReader, ttc_s: _Moments, with_luma: bool) -> FrameFact:
    labels = frame.labels_as(LabelsGlance)
    eye = [row[3] for row in labels.camera.world_from_camera[:3]]
    objects = tuple(_object_fact(label, eye, labels.ego.velocity_mps) for label in labels.objects)
    return FrameFact(
        scene=labels.scene,
        sensor=frame.sensor,
        index=frame.index,
        time_s=labels.time_s,
        objects=objects,
        ttc_s=ttc_s.at(labels.time_s),
        luma=_luma(frame) if with_luma else None,
    )


def _object_fact(
    label: ObjectGlance, eye: list[float], ego_mps: tuple[float, float, float]
) -> ObjectFact:
    line = [a - b for a, b in zip(label.position_world_m, eye, strict=True)]
    relative = [a - b for a, b in zip(label.velocity_world_mps, ego_mps, strict=True)]
    along = sum(a * b for a, b in zip(line, relative, strict=True))
    return ObjectFact(
        instance_id=label.instance_id,
        name=label.name,
        category=label.category,
        height_px=label.box2d_visible[3] - label.box2d_visible[1],
        visible_px=label.visible_px,
        occlusion=label.occlusion,
        truncation=label.truncation,
        distance_m=label.distance_m,
        closing_mps=-along / max(math.hypot(*line), 1e-6),
        look=label.look,
    )


def _luma(frame: FrameReader) -> float:
    small = cv2.resize(frame.rgb, (80, 48), interpolation=cv2.INTER_AREA)
    return float((small.reshape(-1, 3).mean(axis=0) * [0.299, 0.587, 0.114]).sum())
