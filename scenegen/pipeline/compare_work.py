"""The steps of a comparison, method by method, and what each of them found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Literal

from scenegen.evaluate.feature_store import FeatureStore, spread
from scenegen.evaluate.images import U8
from scenegen.evaluate.mapped import MappedSet
from scenegen.evaluate.study import Tick
from scenegen.evaluate.utility.prepared import working_size
from scenegen.evaluate.utility.protocol import MakeModel
from scenegen.pipeline.compare_methods import (
    DIFFUSION,
    RAW,
    Domains,
    Method,
    given,
    refined,
    trained,
)
from scenegen.pipeline.compare_sets import CompareSets
from scenegen.pipeline.step_progress import StepProgress
from scenegen.refine.baselines.state import BaselineRecipe
from scenegen.refine.comparison.bench import Bench, BenchSettings, Estimates, less, relative
from scenegen.refine.comparison.record import Figure, MethodResult
from scenegen.refine.comparison.table import grid
from scenegen.refine.gate import Gate, GateSettings
from scenegen.refine.pictures import open_pictures
from scenegen.refine.weights import Stored

if TYPE_CHECKING:
    from scenegen.pipeline.compare_config import CompareConfig

RIVALS = (RAW, "fda")
"""What every method is held against, draw by draw."""
_REFINE_S, _JUDGE_S, _OPEN_S = 120.0, 150.0, 30.0
"""Expected costs, for the time that is left."""


class CompareWork:
    """Does the steps of one comparison, and holds what they found."""

    def __init__(
        self,
        config: CompareConfig,
        sets: CompareSets,
        store: FeatureStore,
        make_model: MakeModel,
        recipes: Mapping[str, BaselineRecipe],
        stored: Stored | None,
    ) -> None:
        self.config, self.sets = config, sets
        self.store, self.make_model = store, make_model
        self.recipes, self.stored = recipes, stored
        self.memo = store.memo
        self.methods: dict[str, Method] = {}
        self.runs: dict[str, Sequence[MappedSet]] = {RAW: (sets.held,)}
        self.frame_s: dict[str, float] = {}
        self.found: dict[str, Estimates] = {}

    def weights(self, names: Sequence[str]) -> dict[str, float]:
        """Return what each step costs, about, in seconds."""
        found = {"pictures": _OPEN_S, "label gate": _JUDGE_S, "photographs": _JUDGE_S}
        for name in names:
            if name in self.recipes:
                found[f"train {name}"] = 60 * self.config.minutes
            if name != RAW:
                found[f"refine {name}"] = _REFINE_S
            found[f"judge {name}"] = _JUDGE_S
        return found

    def do(self, names: Sequence[str], progress: StepProgress) -> None:
        """Train, refine and judge, method by method."""
        with progress.step("pictures"):
            domains = self._domains()
        with progress.step("label gate") as tick:
            bench = self._bench(tick)
        with progress.step("photographs") as tick:
            self.found["real"] = bench.photographs(tick)
        for name in names:
            if name in self.recipes:
                with progress.step(f"train {name}") as tick:
                    self.methods[name] = trained(
                        self.recipes[name], domains, self.config, self.memo, tick
                    )
            elif name in DIFFUSION and self.stored is not None:
                self.methods[name] = given(name, self.stored, domains.rendered, self.config)
            if name != RAW:
                with progress.step(f"refine {name}") as tick:
                    self.runs[name], self.frame_s[name] = refined(
                        self.methods[name], self.sets.held, self.config.seeds, self.memo, tick
                    )
            with progress.step(f"judge {name}") as tick:
                self.found[name] = bench.frames(self.runs[name], tick)

    def _domains(self) -> Domains:
        sets = self.sets
        size = working_size(sets.train, self.config.width)
        if self.stored is not None:
            size = self.stored.spec.size
        return Domains(
            open_pictures(sets.train, "real", size, self.memo),
            open_pictures(sets.learned, "rendered", size, self.memo),
        )

    def _bench(self, tick: Tick) -> Bench:
        sets, config = self.sets, self.config
        trained_as = GateSettings(
            **config.gate.model_dump(), seed=config.seed, device=config.device
        )
        gate = Gate.train(sets.val, sets.train, self.memo, trained_as, tick)
        seeds, told = tuple(config.seeds), config.segmenter
        settings = BenchSettings(seeds, told.steps, told.width, config.seed)
        return Bench(sets.train, sets.test, sets.held, gate, self.store, self.make_model, settings)

    def results(self) -> tuple[MethodResult, ...]:
        """Return every method's row, photographs last."""
        raw = self.found[RAW]
        shares = {name: relative(self.found[name], raw) for name in self.runs}
        shares["real"] = relative(self.found["real"], raw)
        return tuple(
            MethodResult(
                name=name,
                kind=self._kind(name),
                training_s=self.methods[name].training_s if name in self.methods else 0.0,
                frame_s=self.frame_s.get(name),
                parameters=self.methods[name].parameters if name in self.methods else 0,
                size_bytes=self.methods[name].size_bytes if name in self.methods else 0,
                figures=_figures(mine),
                less={
                    rival: _figures(less(self.found[name], self.found[rival]))
                    for rival in RIVALS
                    if name not in (rival, "real") and rival in self.found
                },
            )
            for name, mine in shares.items()
        )

    def _kind(self, name: str) -> Literal["raw", "recipe", "given", "real"]:
        if name in self.methods:
            return self.methods[name].kind
        return "raw" if name == RAW else "real"

    def grid(self, count: int) -> U8:
        """Return some frames by each method, and photographs in the last column."""
        held, test = self.sets.held, self.sets.test
        frames = spread(len(held), count).tolist()
        columns = [(name, [runs[0].image(k) for k in frames]) for name, runs in self.runs.items()]
        photos = spread(len(test), len(frames)).tolist()
        photos = (photos * len(frames))[: len(frames)]
        return grid([*columns, ("photographs", [test.image(k) for k in photos])])


def _figures(found: Estimates) -> dict[str, Figure]:
    intervals = {name: one.interval() for name, one in found.items()}
    return {k: Figure(value=i.value, low=i.low, high=i.high) for k, i in intervals.items()}
