"""Where methods are judged: the same photographs, frames, networks and draws for each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from scenegen.evaluate.comparison import share
from scenegen.evaluate.feature_store import FeatureStore
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.study import Tick, silent
from scenegen.evaluate.utility.judges import SemanticJudge
from scenegen.evaluate.utility.prepared import Prepared, prepare, working_size
from scenegen.evaluate.utility.protocol import MakeModel
from scenegen.evaluate.utility.training import Task
from scenegen.refine.comparison.estimates import Chance, Estimate
from scenegen.refine.comparison.labels import Drift, photographs_seen, seen
from scenegen.refine.comparison.lessons import utility
from scenegen.refine.comparison.looks import looks
from scenegen.refine.gate import Gate

Estimates = dict[str, Estimate]


@dataclass(frozen=True)
class BenchSettings:
    """How methods are judged.

    Attributes
    ----------
    seeds : tuple of int
        Each refines every frame anew and trains a segmenter of its own on them.
    steps : int
        Of each segmenter.
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
    train, test : MappedSet
        Real photographs: the floor of every figure, and those that figures are told on. Nothing
        is chosen by them here.
    held : MappedSet
        Rendered frames that methods refine and never learned from.
    gate : Gate
        Learned from photographs that no method saw.
    store : FeatureStore
    make_model : MakeModel
        Gives the segmenters.
    settings : BenchSettings
    """

    train: MappedSet
    test: MappedSet
    held: MappedSet
    gate: Gate
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
        found = self._judged(runs, share(tick, 0.0, 0.7))
        looked = seen(self.gate, self.held, runs, self.store.memo, share(tick, 0.7, 1.0))
        return found | self._drift.of(looked)

    def photographs(self, tick: Tick = silent) -> Estimates:
        """Return what training photographs reach in place of frames."""
        return self._judged([self.train], tick) | {"drift.miou": self._drift.of_photographs()}

    def _judged(self, runs: Sequence[MappedSet], tick: Tick) -> Estimates:
        few = min(len(self.held), len(self.train), len(self.test))
        step = 0.3 / len(runs)
        features = [
            self.store.frames(one, share(tick, k * step, (k + 1) * step))
            for k, one in enumerate(runs)
        ]
        found = looks(features, self.store.frames(self.test), self._chance, few)
        later = share(tick, 0.3, 1.0)
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
    def _drift(self) -> Drift:
        memo = self.store.memo
        return Drift(
            self._chance,
            self.held.blocks,
            self.test.blocks,
            seen(self.gate, self.held, [self.held], memo, silent),
            photographs_seen(self.gate, self.test, memo),
        )


def less(mine: Estimates, others: Estimates) -> Estimates:
    """Return the differences of figures that both have, on the same draws."""
    return {name: one.minus(others[name]) for name, one in mine.items() if name in others}


def relative(mine: Estimates, raw: Estimates) -> Estimates:
    """Return the figures with those that are told as shares of the raw frames'."""
    return {**mine, "fidelity.kid_share": mine["fidelity.kid"].over(raw["fidelity.kid"])}
