"""What the page says about a data set, gathered in one pass over its labels."""

from __future__ import annotations

from dataclasses import dataclass

import cv2
import numpy as np

from scenegen.dataset import Dataset, FrameReader, SceneReader
from scenegen.records import ConcreteScenario, ObjectLabel, Trajectory
from scenegen.report.conflict import time_to_collision

FRAME_LIMIT = 4000
"""Frames looked at, at most; beyond that every k-th."""


@dataclass(frozen=True)
class FrameFact:
    """A frame in short: its objects, how fast the nearest comes closer, how bright it is.

    Attributes
    ----------
    closing_mps : tuple of float
        Speed at which each of `objects` approaches the camera; negative if it recedes.
    luma : float
        Mean brightness of the picture, 0..255 (Rec. 601).
    """

    scene: str
    sensor: str
    index: int
    time_s: float
    objects: tuple[ObjectLabel, ...]
    closing_mps: tuple[float, ...]
    luma: float


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
    """A scene in short."""

    id: str
    scenario: str
    parameters: dict[str, float | str | bool]
    log_weight: float
    duration_s: float
    termination: str
    encounter: Encounter


@dataclass(frozen=True)
class Facts:
    """Everything the page draws upon; `every` is 1 if all frames were looked at."""

    scenes: tuple[SceneFact, ...]
    frames: tuple[FrameFact, ...]
    every: int


def gather(dataset: Dataset) -> Facts:
    """Read labels, trajectories and brightness of a data set."""
    total = sum(len(scene.manifest.frames) for scene in dataset)
    every = -(-total // FRAME_LIMIT) if total else 1
    scenes, frames = [], []
    for scene in dataset:
        scenes.append(_scene_fact(scene))
        frames += [_frame_fact(scene.id, frame) for frame in scene.frames()[::every]]
    return Facts(tuple(scenes), tuple(frames), every)


def effective_sample_size(log_weights: list[float]) -> float:
    """Return (sum w)^2 / sum w^2 of weights given by their logarithms (Kish 1965)."""
    weights = np.exp(np.array(log_weights) - max(log_weights))
    return float(weights.sum() ** 2 / (weights**2).sum())


def find_encounter(scenario: ConcreteScenario, trajectory: Trajectory) -> Encounter:
    """Return the ego's contact with an actor, or else its smallest time to collision."""
    ego = scenario.ego.instance_id
    for contact in trajectory.contacts:
        pair = {int(contact["actor_a"]), int(contact["actor_b"])}
        if ego in pair and 0 not in pair:
            time_s = float(contact["step"]) / scenario.rates.physics_hz
            other = (pair - {ego}).pop()
            return Encounter(0.0, other, time_s, float(contact["closing_speed_mps"]))
    best = Encounter(float("inf"), None, 0.5 * scenario.duration_s, None)
    for actor in scenario.actors[1:]:
        ttc = time_to_collision(trajectory, scenario, ego, actor.instance_id)
        row = int(np.argmin(ttc))
        if ttc[row] < best.ttc_s:
            time_s = float(trajectory.time_s[row])
            best = Encounter(float(ttc[row]), actor.instance_id, time_s, None)
    return best


def _scene_fact(scene: SceneReader) -> SceneFact:
    scenario = scene.scenario
    return SceneFact(
        id=scene.id,
        scenario=scenario.name,
        parameters=dict(scenario.parameters),
        log_weight=scenario.log_weight,
        duration_s=scenario.duration_s,
        termination=scene.trajectory.termination,
        encounter=find_encounter(scenario, scene.trajectory),
    )


def _frame_fact(scene: str, frame: FrameReader) -> FrameFact:
    labels = frame.labels
    eye = np.array(labels.camera.world_from_camera)[:3, 3]
    ego_velocity = np.array(labels.ego.velocity_mps)
    closing = []
    for label in labels.objects:
        line = np.array(label.position_world_m) - eye
        relative = np.array(label.velocity_world_mps) - ego_velocity
        closing.append(float(-(line @ relative) / max(float(np.linalg.norm(line)), 1e-6)))
    small = cv2.resize(frame.rgb, (80, 48), interpolation=cv2.INTER_AREA)
    luma = float((small.reshape(-1, 3).mean(axis=0) * [0.299, 0.587, 0.114]).sum())
    return FrameFact(
        scene,
        frame.sensor,
        frame.index,
        labels.time_s,
        tuple(labels.objects),
        tuple(closing),
        luma,
    )
