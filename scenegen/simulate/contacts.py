"""Contacts between bodies, gathered into episodes: first touch, peak impulse."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records import CONTACT_DTYPE
from scenegen.records.base import Vec3

GAP_S = 0.25
"""Touches of a pair that lie closer together belong to one episode."""

LEAST_NS = 0.5
"""Impulse of one step below which a touch is not worth a record."""

LEAST_MPS = 0.2
"""Closing speed below which a touch is no impact: something leans or lies."""


@dataclass
class Hit:
    """What one pair exchanged in one physics step; `a` and `b` are instance ids, b 0 scenery."""

    a: int
    b: int
    impulse_ns: float
    closing_mps: float
    position_m: Vec3


@dataclass
class _Episode:
    first_step: int
    last_step: int
    hit: Hit


class ContactLedger:
    """Keeps one record for each episode of contact.

    Parameters
    ----------
    physics_hz : int
    """

    def __init__(self, physics_hz: int) -> None:
        self._gap = round(GAP_S * physics_hz)
        self._open: dict[tuple[int, int], _Episode] = {}
        self._muted: dict[tuple[int, int], int] = {}
        self._all: list[_Episode] = []

    def note(self, step: int, hit: Hit) -> None:
        """Take in what a pair exchanged in a physics step."""
        pair = (hit.a, hit.b)
        episode = self._open.get(pair)
        if episode is None or step - episode.last_step > self._gap:
            if hit.impulse_ns < LEAST_NS or hit.closing_mps < LEAST_MPS:
                return
            episode = _Episode(step, step, hit)
            self._open[pair] = episode
            self._all.append(episode)
            return
        episode.last_step = step
        episode.hit.impulse_ns = max(episode.hit.impulse_ns, hit.impulse_ns)

    def mute(self, step: int, a: int, b: int) -> None:
        """Leave what two bodies exchange off the record until they have been apart."""
        pair = (min(a, b), max(a, b))
        self._muted[pair] = step

    def is_muted(self, step: int, a: int, b: int) -> bool:
        """Return whether a touch in this step is still part of what was muted."""
        last = self._muted.get((a, b))
        if last is None or step - last > self._gap:
            return False
        self._muted[a, b] = step
        return True

    def begun(self, since: int) -> list[Hit]:
        """Return the episodes that began after the first `since`, as far as they have gone."""
        return [episode.hit for episode in self._all[since:]]

    def records(self) -> npt.NDArray[np.void]:
        """Return the episodes in the order of their first touch."""
        rows = sorted(self._all, key=lambda e: (e.first_step, e.hit.a, e.hit.b))
        out = np.zeros(len(rows), dtype=CONTACT_DTYPE)
        for record, episode in zip(out, rows, strict=True):
            hit = episode.hit
            record["step"] = episode.first_step
            record["actor_a"], record["actor_b"] = hit.a, hit.b
            record["impulse_ns"] = hit.impulse_ns
            record["closing_speed_mps"] = hit.closing_mps
            record["position_m"] = hit.position_m
        return out
