"""A scene that is drawn while it is being simulated: rows are read anew as they become known."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen import assets
from scenegen.geometry import pose
from scenegen.records import Asset, ConcreteScenario, Trajectory
from scenegen.render.scene import RenderScene
from scenegen.render.scene_builder import LAMPS_BY_STATE


@dataclass(frozen=True)
class _Followed:
    """Where an actor's rows go.

    Attributes
    ----------
    column : int
        Of the trajectory.
    object : int
        Of the scene.
    slots : ndarray, shape (P,)
        Of its drawn parts among those that move.
    pieces : ndarray, shape (P,)
        Which parts of the asset these are.
    """

    column: int
    object: int
    asset: Asset
    slots: npt.NDArray[np.int64]
    pieces: npt.NDArray[np.int64]


class Follow:
    """Writes rows of a trajectory into the scene that was built of it.

    Parameters
    ----------
    scene : RenderScene
        Its arrays by row are written to.
    scenario : ConcreteScenario
    trajectory : Trajectory
        Its arrays may be views on others that change.
    """

    def __init__(
        self, scene: RenderScene, scenario: ConcreteScenario, trajectory: Trajectory
    ) -> None:
        self._scene, self._trajectory = scene, trajectory
        piece = np.zeros(len(scene.part_object), dtype=np.int64)
        for drawable in scene.drawables:
            piece[drawable.part] = drawable.piece
        part_of_slot = scene.parts.moving
        slot_of_body = {int(k): slot for slot, k in enumerate(scene.bodies.moving)}
        self._actors = []
        self._bodies = []
        for number, actor in enumerate(scenario.actors):
            own = number + 1  # the road is the first object
            slots = np.flatnonzero(scene.part_object[part_of_slot] == own)
            column = trajectory.column(actor.instance_id)
            pieces = piece[part_of_slot[slots]]
            self._actors.append(_Followed(column, own, assets.drawn(actor), slots, pieces))
            self._bodies.append(slot_of_body[own])
        self._signals = len(scene.objects) - trajectory.signal_states.shape[1]

    def take(self, rows: slice) -> None:
        """Read rows anew: where everybody is, which lamps are lit, what signals show."""
        scene, known = self._scene, self._trajectory
        for actor, body in zip(self._actors, self._bodies, strict=True):
            column = actor.column
            poses = pose(known.position_m[rows, column], known.quaternion_wxyz[rows, column])
            channels = known.articulation[rows, column, : len(actor.asset.joints)]
            parts = assets.body_from_parts(actor.asset, channels)[:, actor.pieces]
            scene.bodies.by_row[rows, body] = poses
            scene.parts.by_row[rows, actor.slots] = poses[:, None] @ parts
            scene.lamps[rows, actor.object] = known.lamps[rows, column]
            scene.valid[rows, actor.object] = known.valid[rows, column]
        scene.lamps[rows, self._signals :] = LAMPS_BY_STATE[known.signal_states[rows]]
