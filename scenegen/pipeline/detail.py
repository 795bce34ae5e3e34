"""How much detail each thing of a scene is drawn with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from scenegen import assets
from scenegen.records.base import F64

if TYPE_CHECKING:
    from scenegen.records import Actor, ConcreteScenario, Prop, Trajectory

_LEAST_M = 1.0 / 128.0
"""Finer detail than this isn't left out, as there is next to none."""


def with_detail(concrete: ConcreteScenario, trajectory: Trajectory) -> ConcreteScenario:
    """Return a scene whose things have no more detail than its cameras can show.

    What is left out is smaller than a pixel from where the ego comes closest, so a thing
    has one mesh throughout the scene, for every camera, every label and every ray. A scene
    without cameras keeps all detail.

    Parameters
    ----------
    concrete : ConcreteScenario
    trajectory : Trajectory
        Of the same scene.
    """
    cameras = [spec.camera() for spec in concrete.cameras.values()]
    if not cameras:
        return concrete
    pixels = max(max(camera.fx, camera.fy) for camera in cameras)
    mounted = max(float(np.linalg.norm(c.body_from_camera[:3, 3])) for c in cameras)
    ego = trajectory.column(concrete.ego.instance_id)
    path = trajectory.position_m[:, ego]

    def detail(thing: Actor | Prop, places: F64) -> float:
        bounds = assets.whole(thing).bounds_m
        radius = float(np.linalg.norm(np.abs(bounds).max(axis=0)))
        away = float(np.linalg.norm(places - path, axis=1).min()) - radius - mounted
        return _step(away / pixels)

    actors = []
    for actor in concrete.actors:
        places = trajectory.position_m[:, trajectory.column(actor.instance_id)]
        actors.append(actor.model_copy(update={"detail_m": detail(actor, places)}))
    props = [
        prop.model_copy(update={"detail_m": detail(prop, np.array(prop.position_m)[None])})
        for prop in concrete.props
    ]
    return concrete.model_copy(update={"actors": tuple(actors), "props": tuple(props)})


def _step(length_m: float) -> float:
    """Return the power of two below a length: few levels, which things that look alike share."""
    if length_m < _LEAST_M:
        return 0.0
    return float(2.0 ** np.floor(np.log2(length_m)))
