"""A scenario with an agent in it, as a problem whose failures are looked for."""

from __future__ import annotations

import numpy as np

from scenegen.errors import ScenegenError, StorageError, UnsatisfiableError
from scenegen.pipeline.progress import RunProgress
from scenegen.pipeline.search_config import SearchConfig
from scenegen.pipeline.searching.journal import Journal, Line
from scenegen.pipeline.searching.outcome import Outcome, Simulation, simulate_one, streams_of
from scenegen.pipeline.searching.stressed import Steps, Stressed
from scenegen.pipeline.workers import Crew
from scenegen.records.base import F64
from scenegen.sample import Nominal, takes_first, written
from scenegen.sample.candidates import Candidates
from scenegen.sample.soft import constraints_of_scene
from scenegen.scenario import LogicalScenario, hold
from scenegen.search import Problem
from scenegen.search.problem import Mask, Scenes
from scenegen.seeds import SceneKey, named_generator


class Driven(Problem):
    """Robustness of an agent's episodes over standard normal points of a scenario.

    The first coordinates are of its parameters, the others of the disturbances that are searched.

    A scene of the problem is a name of random streams: what they decide (looks, scenery, what
    others make up their minds to) is drawn anew for each. Where constraints are soft, streams are
    passed over with a probability that makes it as if coins were thrown before any candidate.

    Parameters
    ----------
    nominal : Nominal
    stress : Stressed
    config : SearchConfig
    journal : Journal
    crew : Crew
    progress : RunProgress

    Raises
    ------
    UnsatisfiableError
        No nominal draw of many meets the constraints.
    """

    def __init__(
        self,
        nominal: Nominal,
        stress: Stressed,
        config: SearchConfig,
        journal: Journal,
        crew: Crew,
        progress: RunProgress,
    ) -> None:
        super().__init__(len(nominal.names) + sum(stress.counts), self._refused)
        self.nominal, self.stress, self.config = nominal, stress, config
        self._journal, self._crew, self._progress = journal, crew, progress
        self._digest = nominal.logical.digest
        self._streams: list[str] = []
        self._next = self._first = 0
        self._accept()

    @staticmethod
    def _refused(points: F64) -> F64:
        raise TypeError("a point of a scenario has a robustness together with a scene")

    def _accept(self) -> None:
        """Work out how often draws are accepted, whichever coins soft constraints throw."""
        self._acceptance = found = self.nominal.acceptance(self.config.seed)
        self._shares: dict[tuple[bool, ...], float] = {}
        logical, generator = self.nominal.logical, named_generator("coins", self._digest)
        probability = np.array([c.probability for c in logical.constraints])
        patterns = generator.random((4096 if (probability < 1).any() else 1, len(probability)))
        kinds, counts = np.unique(patterns < probability, axis=0, return_counts=True)
        inverse, errors = 0.0, [0.0]
        for row, count in zip(kinds, counts.tolist(), strict=True):
            share, error = found.of(row)
            if not share:
                raise UnsatisfiableError(
                    f"{logical.name}: none of {found.drawn:,} nominal draws meets all constraints; "
                    "`scenegen check` says which rejects most"
                )
            self._shares[tuple(row.tolist())] = share
            inverse += count / counts.sum() / share
            errors.append(error)
        self._least = min(self._shares.values())
        self.acceptance, self.acceptance_error = 1.0 / inverse, max(errors)

    def streams(self, scene: int) -> str:
        """Return the name of a scene's streams."""
        while len(self._streams) <= scene:
            name = streams_of(self._digest, self.config.seed, self._next)
            self._next += 1
            if self._kept(name):
                self._streams.append(name)
        return self._streams[scene]

    def _kept(self, streams: str) -> bool:
        """Say whether streams are taken: those whose coins leave fewer draws, more often.

        Scenes throw their coins before any candidate, so each outcome of coins has its share of
        scenes, however many candidates it rejects; taken in inverse proportion to how many it
        accepts, accepted points have them in these shares.
        """
        if len(self._shares) == 1:
            return True
        logical, key = self.nominal.logical, SceneKey(streams, 0, 0)
        asked = constraints_of_scene(logical, key)
        pattern = tuple(any(c is one for one in asked) for c in logical.constraints)
        if pattern not in self._shares:
            self._shares[pattern] = self._acceptance.of(np.array(pattern))[0] or np.inf
        return bool(key.generator("coins").random() < self._least / self._shares[pattern])

    def candidates(self, points: F64) -> Candidates:
        """Return the parameters that points (n, D) stand for."""
        return self.nominal.candidates(points[:, : len(self.nominal.names)])

    def steps(self, point: F64) -> Steps:
        """Return the disturbances that a point (D,) stands for."""
        return self.stress.steps(point[len(self.nominal.names) :])

    def written(self, line: Line, name: str) -> str:
        """Return a parameter or a disturbance of a simulation as users read it."""
        if name in line.disturbances:
            return self.stress.written(name, line.disturbances[name])
        return written(self.nominal.logical, name, line.values[name])

    def accepts(self, points: F64, scenes: Scenes) -> Mask:
        """Return which points (n, D) with their scenes (n,) are draws of the scenario."""
        candidates = self.candidates(points)
        fine = self.nominal.possible(candidates)
        for row in np.flatnonzero(fine).tolist():
            values = self.nominal.values(candidates, row)
            fine[row] = takes_first(self.held(values, int(scenes[row])), 0, 0)
        return fine

    def held(self, values: dict[str, float | str], scene: int) -> LogicalScenario:
        """Return the scenario of which every draw is this one."""
        return hold(self.nominal.logical, values, self.streams(scene))

    def values(self, points: F64, scenes: Scenes) -> F64:
        """Return the robustness (n,) of accepted points, simulating those that aren't known."""
        return np.array([outcome.robustness for outcome in self.outcomes(points, scenes)])

    def outcomes(self, points: F64, scenes: Scenes) -> list[Outcome]:
        """Return what comes of accepted points (n, D), by the journal or by simulation."""
        candidates = self.candidates(points)
        first, journal = self._first, self._journal
        self._first += len(points)
        todo = []
        for row, (point, scene) in enumerate(zip(points, scenes.tolist(), strict=True)):
            if journal.known(first + row, scene, point) is None:
                values = self.nominal.values(candidates, row)
                todo.append(self.task(first + row, values, self.steps(point), scene))
        early: dict[int, Outcome] = {}
        for task, result in self._crew.run(simulate_one, todo):
            if isinstance(result, StorageError):
                raise result
            if isinstance(result, ScenegenError):
                journal.sync()
                raise ScenegenError(f"simulation {task.number}: {result}") from result
            early[task.number] = result
            self._progress.advance(f"simulation {task.number}", None)
            while (number := len(journal.lines)) in early:
                row = number - first
                journal.add(
                    Line(
                        number=number,
                        scene=int(scenes[row]),
                        point=tuple(points[row].tolist()),
                        values=self.nominal.values(candidates, row),
                        disturbances=self.steps(points[row]),
                        outcome=early.pop(number),
                    )
                )
        return [journal.lines[first + row].outcome for row in range(len(points))]

    def task(
        self, number: int, values: dict[str, float | str], steps: Steps, scene: int
    ) -> Simulation:
        """Return what it takes to simulate a point."""
        return Simulation(
            number,
            self.nominal.logical,
            values,
            self.streams(scene),
            self.config.agent,
            self.config.counted,
            self.config.decision_hz,
            self.config.stop_at_collision,
            steps,
        )
