"""The bodies that are laid out so far, and what laying out further ones needs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from scenegen.assets import DOORS_SUFFIX, SEATED_SUFFIX, openable, sits
from scenegen.errors import ScenarioError
from scenegen.geometry import wrap_angle
from scenegen.records.base import F64
from scenegen.roads import LaneLines, distinct
from scenegen.sample.carried import in_seat
from scenegen.sample.columns import ColumnValues, Texts
from scenegen.sample.layout import Body, Layout
from scenegen.sample.limits import too_fast
from scenegen.sample.looks import Looks
from scenegen.sample.models import Models
from scenegen.sample.road_columns import roads_of
from scenegen.sample.verdicts import Mask, Verdicts, always
from scenegen.scenario import LogicalScenario
from scenegen.scenario.actors import ActorEntry
from scenegen.scenario.behaviours import verbs

Rows = npt.NDArray[np.int64]
Who = tuple[str, int, ActorEntry]
"""Name of the actor, number within its row, and entry."""


@dataclass(frozen=True)
class Stand:
    """A body and the lane that it was placed in."""

    body: Body
    lines: LaneLines | None


def _each(asset: Texts, fits: Callable[[str], bool], suffix: str) -> Texts:
    """Return the ids of the same things built otherwise, where there are such."""
    found = asset.astype(object)
    for name in distinct(asset):
        if fits(name):
            found[asset == name] = name + suffix
    return found.astype(np.str_)


class Laid:
    """Bodies of n draws as they are laid out, one after the other.

    Attributes
    ----------
    counts : mapping of str to ndarray, shape (n,), int
        Bodies of each actor.
    groups : dict of str to list of Stand
        The bodies of each actor; of a row that no draw has any of, one that is nowhere.
    """

    def __init__(
        self,
        logical: LogicalScenario,
        values: ColumnValues,
        counts: Mapping[str, Rows],
        looks: Looks,
    ) -> None:
        self.logical = logical
        self.values = values
        self.n = values.n
        self.counts = counts
        self.looks = looks
        self.models = Models()
        self.stands: list[Stand] = []
        self.groups: dict[str, list[Stand]] = {}
        self.roads = roads_of(logical, values)

    @property
    def verdicts(self) -> Verdicts:
        """What is wrong with each draw."""
        return self.values.verdicts

    def slots(self, name: str) -> int:
        """Return how many bodies of an actor any draw has, at least 1."""
        return max(1, int(self.counts[name].max(initial=0)))

    def name_of(self, name: str, index: int, entry: ActorEntry) -> str:
        """Return what a body is called."""
        return name if entry.count is None else f"{name}_{index}"

    def model(self, name: str, index: int, entry: ActorEntry, rows: Mask) -> Rows:
        """Return the numbers (n,) of a body's models."""
        look = self.looks.get((name, index))
        if look is None:
            return np.zeros(self.n, dtype=np.int64)
        asset = self.values.text(entry.asset, rows=rows) if look.asset is None else look.asset
        if {"open_door", "close_door"} & verbs(entry.behaviour):
            asset = _each(asset, openable, DOORS_SUFFIX)
        if in_seat(entry):
            asset = _each(asset, sits, SEATED_SUFFIX)
        variant = look.variant
        if entry.variant is not None:
            variant = self.values.number(entry.variant, rows=rows).astype(np.int64)
        error = ScenarioError(f"{name}: variants count from 0", entry.asset.place)
        self.verdicts.note(rows & (variant < 0), always(error))
        return self.models.number(asset, variant, rows & (variant >= 0))

    def extent(self, model: Rows, turn_rad: F64) -> F64:
        """Return lengths (n,) of bodies along a lane that they stand in at an angle."""
        return self._extent([known.bounds_m for known in self.models.known], model, turn_rad)

    def shoulders(self, model: Rows, turn_rad: F64) -> F64:
        """Return widths (n,) of bodies that stand abreast, at an angle to who they stand beside."""
        bounds = [known.shoulder_m for known in self.models.known]
        return self._extent(bounds, model, turn_rad + np.pi / 2)

    def _extent(self, bounds_m: Sequence[F64], model: Rows, turn_rad: F64) -> F64:
        if not bounds_m:
            return np.zeros(self.n)
        size = np.array([np.diff(bounds, axis=0)[0] for bounds in bounds_m])
        length, width = size[model, 0], size[model, 1]
        return np.asarray(np.abs(length * np.cos(turn_rad)) + np.abs(width * np.sin(turn_rad)))

    def require_present(self, name: str, rows: Mask) -> None:
        """Reject draws without any body of an actor that another one's place counts on."""
        self.verdicts.note(rows & (self.counts[name] == 0), f"present({name})")

    def facing(self, entry: ActorEntry, x: F64, y: F64, along: F64, usual: F64, rows: Mask) -> F64:
        """Return headings (n,) of bodies at places, by what their place says they face."""
        place = entry.place
        if place.facing is None:
            return usual
        turn = self.values.number(place.turn, rows=rows)
        word = place.facing.raw
        if word == "lane":
            return wrap_angle(along + turn)
        if isinstance(word, str) and word in self.groups:
            self.require_present(word, rows)
            other = self.groups[word][0].body
            return wrap_angle(np.arctan2(other.y_m - y, other.x_m - x) + turn)
        return wrap_angle(self.values.number(place.facing, rows=rows) + turn)

    def add(
        self,
        who: Who,
        present: Mask,
        model: Rows,
        pose: tuple[F64, F64, F64],
        *,
        lines: LaneLines | None = None,
        carrier: int | None = None,
        **columns: Any,
    ) -> None:
        """Take note of a body at its place: x, y and yaw (n,)."""
        name, index, entry = who
        zero = np.zeros(self.n)
        usual: dict[str, Any] = {
            "above_m": zero,
            "lane": np.full(self.n, ""),
            "s_m": zero,
            "lateral_m": zero,
            "along_rad": zero,
            "facing": np.ones(self.n),
            "offset_m": np.zeros((self.n, 3)),
            "turn_rad": zero,
        }
        speed = zero if carrier is not None else self._speed(entry, model, present)
        x, y, yaw = pose
        body = Body(
            name=self.name_of(name, index, entry),
            actor=name,
            index=index,
            entry=entry,
            carrier=carrier,
            present=present,
            model=model,
            x_m=x,
            y_m=y,
            yaw_rad=yaw,
            speed_mps=speed,
            **{**usual, **columns},
        )
        self.stands.append(Stand(body, lines))
        self.groups.setdefault(name, []).append(self.stands[-1])

    def _speed(self, entry: ActorEntry, model: Rows, rows: Mask) -> F64:
        value = entry.speed
        if value is None:
            return np.zeros(self.n)
        speed = self.values.number(value, rows=rows)
        known = self.models.known
        most = np.array([one.most_mps for one in known])[model] if known else np.full(self.n, 1.0)

        def backward(row: int) -> ScenarioError:
            return ScenarioError(
                f"{value.name!r} comes to {speed[row]:g} m/s; to drive the other way, "
                "turn the 'heading'",
                value.place,
            )

        def beyond(row: int) -> ScenarioError:
            return too_fast(float(speed[row]), known[model[row]].asset_id, most[row], value)

        self.verdicts.note(rows & (speed < 0), backward)
        self.verdicts.note(rows & (speed > most), beyond)
        return speed

    def finished(self) -> Layout:
        """Return the layout; rows of which no draw has any body have none in it."""
        bodies = tuple(stand.body for stand in self.stands)
        return Layout(bodies, tuple(self.models.known), self.roads)
