"""Where methods are judged: the same photographs, frames, networks and draws for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scenegen.evaluate.feature_store import FeatureStore
from scenegen.evaluate.images import I64
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.study import Tick, silent
from scenegen.evaluate.utility.judges import SemanticJudge
from scenegen.evaluate.utility.prepared import Prepared, prepare, working_size
from scenegen.evaluate.utility.protocol import MakeModel
from scenegen.evaluate.utility.training import Task
from scenegen.refine.comparison.estimates import Chance, Estimate
from scenegen.refine.comparison.lessons import Gate, agreement, common_classes, utility
from scenegen.refine.comparison.looks import looks

Estimates = dict[str, Estimate]


@dataclass(frozen=True)
class BenchSettings:
    """How methods are judged.

    Attributes
    ----------
    seeds : tuple of int
        Each refines every frame anew and trains a segmenter of its own on them.
    steps : int
        Of each segmenter, the gate's among them.
    width : int
        Of the pictures that segmenters see, px.
    seed : int
        Of draws and weights.
    """

    seeds: tuple[int, ...] = (0, 1, 2)
    steps: int = 150
    width: int = 240
    seed: int = 0


@dataclass(frozen=True)
class Bench:
    """Judges methods.

    Attributes
    ----------
    train, val, test : MappedSet
        Real photographs: the floor of every figure, the gate's own, and those that figures are
        told on. Nothing is chosen by any of them here.
    held : MappedSet
        Rendered frames that methods refine and never learned from.
    store : FeatureStore
    make_model : MakeModel
        Gives the segmenters.
    settings : BenchSettings
    """

    train: MappedSet
    val: MappedSet
    test: MappedSet
    held: MappedSet
    store: FeatureStore
    make_model: MakeModel
    settings: BenchSettings

    def frames(self, runs: Sequence[MappedSet], tick: Tick = silent) -> Estimates:
        """Return the figures of a method by its frames.

        Parameters
        ----------
        runs : sequence of MappedSet
            The held-out frames as the method makes them, by seed; one where seeds change nothing.
        """
        found = self._judged(runs, tick)
        mine = [self._gate.confusions(self._small(one), self._classes) for one in runs]
        full = mine * (len(self.settings.seeds) if len(runs) == 1 else 1)
        drawn = self._chance.draws("frames", self.held.blocks)
        seen = agreement(full, drawn.weights, drawn.seeds, self._told)
        return found | {"drift.miou": seen, "drift.share": seen.over(self._photos_seen)}

    def photographs(self, tick: Tick = silent) -> Estimates:
        """Return what training photographs reach in place of frames."""
        return self._judged([self.train], tick) | {"drift.miou": self._photos_seen}

    def _judged(self, runs: Sequence[MappedSet], tick: Tick) -> Estimates:
        few = min(len(self.held), len(self.train), len(self.test))
        features = []
        for k, one in enumerate(runs):

            def part(share: float, note: str, before: int = k) -> None:
                tick(0.3 * (before + share) / len(runs), note)

            features.append(self.store.frames(one, part))
        found = looks(features, self.store.frames(self.test), self._chance, few)

        def later(share: float, note: str) -> None:
            tick(0.3 + 0.7 * share, note)

        small = [self._small(one) for one in runs]
        s = self.settings
        found["utility.miou"] = utility(self._task, small, s.seeds, s.steps, self._chance, later)
        return found

    @property
    def _chance(self) -> Chance:
        return Chance(self.settings.seed, len(self.settings.seeds))

    @property
    def _classes(self) -> int:
        return len(self.test.mapping.space)

    def _small(self, mapped: MappedSet) -> Prepared:
        size = working_size(self.test, self.settings.width)
        return prepare(mapped, "semantic", size, self.store.memo)

    @cached_property
    def _task(self) -> Task:
        return Task(
            self.make_model,
            SemanticJudge(self._classes),
            self.test.mapping.space.names,
            self.settings.seed,
            self._small(self.test),
            None,
            self.store.memo,
        )

    @cached_property
    def _gate(self) -> Gate:
        s = self.settings
        return Gate(
            lambda: self._task.model(s.seeds[0]),
            self._small(self.val),
            s.steps,
            s.seed,
            self.store.memo,
        )

    @cached_property
    def _told(self) -> I64:
        """Classes that rendered frames and photographs both have: agreement is over these."""
        raw = self._gate.confusions(self._small(self.held), self._classes)
        photos = self._gate.confusions(self._small(self.test), self._classes)
        return common_classes(raw, photos)

    @cached_property
    def _photos_seen(self) -> Estimate:
        photos = self._gate.confusions(self._small(self.test), self._classes)
        drawn = self._chance.draws("test", self.test.blocks)
        return agreement([photos], drawn.weights, np.ones((len(drawn.weights), 1)), self._told)


def less(mine: Estimates, others: Estimates) -> Estimates:
    """Return the differences of figures that both have, on the same draws."""
    return {name: one.minus(others[name]) for name, one in mine.items() if name in others}


def relative(mine: Estimates, raw: Estimates) -> Estimates:
    """Return the figures with those that are told as shares of the raw frames'."""
    return {**mine, "fidelity.kid_share": mine["fidelity.kid"].over(raw["fidelity.kid"])}
