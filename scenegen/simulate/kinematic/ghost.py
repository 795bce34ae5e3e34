"""An engine without bodies: it gives numbers and keeps poses, and nothing in it ever meets."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

import numpy as np

from scenegen.records import CollisionShape
from scenegen.records.base import F64, Quaternion, Vec3
from scenegen.simulate.engine import Engine, Surfacing, Touch


class Ghost(Engine):
    """Stands where a world asks for an `Engine` that is never stepped.

    Bullet is only asked for a client where somebody makes bodies past this class: arms of barriers,
    whose hinges are read and written, and not simulated.
    """

    def __init__(self, physics_hz: int) -> None:
        self._hz = physics_hz
        self._rows: dict[int, F64] = {}

    @cached_property
    def _real(self) -> Engine:
        return Engine(self._hz)

    @property
    def client(self) -> int:  # type: ignore[override]
        """Bullet's number of a world of its own, made when it is asked for."""
        return self._real.client

    @property
    def looks(self) -> int:  # type: ignore[override]
        """The shape that is no shape, in that world."""
        return self._real.looks

    def close(self) -> None:
        """Let go of Bullet, if it was ever asked."""
        if "_real" in self.__dict__:
            self._real.close()

    def add_body(
        self,
        shapes: Sequence[CollisionShape],
        cg_m: Vec3,
        mass_kg: float,
        inertia_kgm2: Vec3,
        surfacing: Surfacing,
        turns_wxyz: Sequence[Quaternion] | None = None,
    ) -> int:
        """Return a number for a body."""
        uid = 1_000_000 + len(self._rows)
        self._rows[uid] = np.array([0.0] * 3 + [1.0] + [0.0] * 9)
        return uid

    def gathered(
        self,
        shapes: Sequence[CollisionShape],
        centers_m: Sequence[Sequence[float]],
        turns_wxyz: Sequence[Sequence[float]],
    ) -> int:
        """Return a number that stands for no shape."""
        return -1

    def add_static(self, shape: int, surfacing: Surfacing) -> int:
        """Return a number for something that stands."""
        return self.add_body((), (0.0, 0.0, 0.0), 0.0, (0.0, 0.0, 0.0), surfacing)

    def set_surfacing(self, uid: int, surfacing: Surfacing, limb: int = -1) -> None:
        """Do nothing: nothing rubs."""

    def set_collision(self, uid_a: int, uid_b: int, enabled: bool) -> None:
        """Do nothing: nothing collides."""

    def place(self, uid: int, cg_m: F64, quaternion_wxyz: F64) -> None:
        """Note where a body is."""
        if uid in self._rows:
            self._rows[uid][:3], self._rows[uid][3:7] = cg_m, quaternion_wxyz
        else:
            self._real.place(uid, cg_m, quaternion_wxyz)

    def push(
        self,
        uids: Sequence[int],
        velocity_mps: Sequence[Sequence[float]],
        spin_radps: Sequence[Sequence[float]],
    ) -> None:
        """Note how bodies move."""
        for uid, velocity, spin in zip(uids, velocity_mps, spin_radps, strict=True):
            self._rows[uid][7:10], self._rows[uid][10:] = velocity, spin

    def read(self, uids: Sequence[int]) -> F64:
        """Return rows (n, 13) of what was noted."""
        return np.array([self._rows[uid] for uid in uids]).reshape(-1, 13)

    def touches(self) -> list[Touch]:
        """Return nothing."""
        return []
