"""Where all bodies of many draws stand: the one source of poses, in plan.

Heights, and what leans on slopes, follow for the one draw that becomes a scene (`placement`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.geometry import Boxes, boxes_of
from scenegen.records.base import F64
from scenegen.sample.columns import Texts
from scenegen.sample.models import Model
from scenegen.sample.road_columns import Roads
from scenegen.scenario.actors import ActorEntry

Rows = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Body:
    """One body, or one member of a row, in each of n draws.

    Attributes
    ----------
    name : str
        The YAML's name; of a row's members with their number.
    actor, index
        Which actor it is of, and its number within the row.
    carrier : int or None
        Number, among a layout's bodies, of what holds it.
    present : ndarray, shape (n,), bool
        Whether the draw has it; where not, the numbers mean nothing.
    model : ndarray, shape (n,), int
        Number of its model.
    x_m, y_m, yaw_rad : ndarray, shape (n,)
        Of the body frame in the world; what is carried stands as on level ground.
    above_m : ndarray, shape (n,)
        Height of its frame above the ground on which it, or what carries it, stands.
    speed_mps : ndarray, shape (n,)
        Its own; 0 of what is carried.
    lane : ndarray, shape (n,), str
        Lane that it was placed in; empty for none.
    s_m, lateral_m, along_rad : ndarray, shape (n,)
        Station along that lane's traffic, offset to its left, and the lane's heading there.
    facing : ndarray, shape (n,), int
        +1 along that traffic, -1 against it, 0 across.
    offset_m : ndarray, shape (n, 3)
        Place of its frame in its carrier's.
    turn_rad : ndarray, shape (n,)
        Its heading in its carrier's frame.
    """

    name: str
    actor: str
    index: int
    entry: ActorEntry
    carrier: int | None
    present: Mask
    model: Rows
    x_m: F64
    y_m: F64
    yaw_rad: F64
    above_m: F64
    speed_mps: F64
    lane: Texts
    s_m: F64
    lateral_m: F64
    along_rad: F64
    facing: F64
    offset_m: F64
    turn_rad: F64

    def take(self, rows: Rows) -> Body:
        """Return some of the draws."""
        arrays: dict[str, Any] = {f.name: getattr(self, f.name) for f in fields(self)}
        some = {k: v[rows] for k, v in arrays.items() if isinstance(v, np.ndarray)}
        return Body(**{**arrays, **some})


@dataclass(frozen=True)
class Layout:
    """The bodies of n draws.

    Attributes
    ----------
    bodies : tuple of Body
        In the order of their instance ids; each of the B that any draw has.
    models : tuple of Model
        What the numbers in `Body.model` stand for.
    roads : Roads
    """

    bodies: tuple[Body, ...]
    models: tuple[Model, ...]
    roads: Roads

    def take(self, rows: Rows) -> Layout:
        """Return some of the draws."""
        bodies = tuple(body.take(rows) for body in self.bodies)
        return Layout(bodies, self.models, self.roads.take(rows))

    def _stack(self, name: str) -> npt.NDArray[Any]:
        array = np.stack([getattr(body, name) for body in self.bodies])
        array.setflags(write=False)
        return array

    @cached_property
    def groups(self) -> Mapping[str, Sequence[int]]:
        """Numbers of the bodies of each actor."""
        groups: dict[str, list[int]] = {}
        for number, body in enumerate(self.bodies):
            groups.setdefault(body.actor, []).append(number)
        return groups

    @cached_property
    def present(self) -> Mask:
        """Which bodies (B, n) each draw has."""
        return self._stack("present")

    @cached_property
    def x_m(self) -> F64:
        """World x (B, n) of body frames."""
        return self._stack("x_m")

    @cached_property
    def y_m(self) -> F64:
        """World y (B, n) of body frames."""
        return self._stack("y_m")

    @cached_property
    def above_m(self) -> F64:
        """Heights (B, n) of body frames above the ground under them or what carries them."""
        return self._stack("above_m")

    @cached_property
    def yaw_rad(self) -> F64:
        """World headings (B, n)."""
        return self._stack("yaw_rad")

    @cached_property
    def bounds_m(self) -> F64:
        """Bounds (B, n, 2, 3) in body frames."""
        if not self.models:
            return np.zeros((*self.present.shape, 2, 3))
        bounds = np.array([model.bounds_m for model in self.models])
        return np.asarray(bounds[self._stack("model")])

    def shoulder_boxes(self, number: int, off_m: float = 0.0) -> Boxes:
        """Return the boxes (n,) around one body, of people without swinging arms and legs."""
        bounds = np.array([model.shoulder_m for model in self.models])[self.bodies[number].model]
        x, y, z, yaw = (a[number] for a in (self.x_m, self.y_m, self.above_m, self.yaw_rad))
        return boxes_of(bounds, x, y, z, yaw, off_m)

    def boxes(self, off_m: float = 0.0) -> Boxes:
        """Return the boxes (B, n) around bodies, so much less on every side; heights as above."""
        return boxes_of(self.bounds_m, self.x_m, self.y_m, self.above_m, self.yaw_rad, off_m)

    @cached_property
    def velocity_mps(self) -> F64:
        """Velocities (B, n, 2) in plan: the speed the way it faces, or its carrier's."""
        speed = self._stack("speed_mps")
        velocity = np.stack([speed * np.cos(self.yaw_rad), speed * np.sin(self.yaw_rad)], axis=-1)
        for number, body in enumerate(self.bodies):
            if body.carrier is not None:
                velocity[number] = velocity[body.carrier]
        return velocity

    def holders(self, number: int) -> tuple[int, ...]:
        """Return what holds a body, what holds that, and so on."""
        found: list[int] = []
        carrier = self.bodies[number].carrier
        while carrier is not None:
            found.append(carrier)
            carrier = self.bodies[carrier].carrier
        return tuple(found)
