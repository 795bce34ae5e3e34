"""What is searched, and what an estimate of its probability says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64, Record

CONFIDENCE = 0.95
MOST_TRIES = 100_000
"""Points in a row of which at least one has to be accepted."""
Scenes = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]


@dataclass
class Problem:
    """A system whose failures are looked for.

    What a point doesn't say, such as looks or what others make up their minds to, is drawn by the
    number of a *scene*: one that is asked about twice is the same. A class of its own says by
    `accepts` which points with which scenes belong to what the system is made for; the rest never
    occurs, and probabilities are given that it doesn't.

    Attributes
    ----------
    dimension : int
        D.
    robustness : callable
        Of points (n, D): (n,), negative where the system fails; how far it is from failing has to
        be comparable from point to point, for the methods that learn from it.
    evaluations : int
        Points that were asked about and accepted: simulations.
    acceptance, acceptance_error : float
        Probability that a nominal draw is accepted, and its relative standard error.
    levels : list of (int, float)
        How near to failing a method had come after so many simulations.
    """

    dimension: int
    robustness: Callable[[F64], F64]
    evaluations: int = field(default=0, init=False)
    acceptance: float = field(default=1.0, init=False)
    acceptance_error: float = field(default=0.0, init=False)
    levels: list[tuple[int, float]] = field(default_factory=list, init=False)
    _scenes: int = field(default=0, init=False)

    def scenes(self, count: int) -> Scenes:
        """Return numbers (n,) of scenes that were never given before."""
        first = self._scenes
        self._scenes += count
        return np.arange(first, first + count)

    def accepts(self, points: F64, scenes: Scenes) -> Mask:
        """Return which points (n, D) with their scenes (n,) can occur."""
        return np.ones(len(points), dtype=bool)

    def values(self, points: F64, scenes: Scenes) -> F64:
        """Return the robustness (n,) of points that are accepted."""
        return np.asarray(self.robustness(points), dtype=np.float64)

    def ask(self, points: F64, scenes: Scenes | None = None, *, accepted: bool = False) -> F64:
        """Return the robustness (n,) of points (n, D), infinite where they are not accepted.

        Parameters
        ----------
        scenes : ndarray of int64, shape (n,), optional
            New ones if not given.
        accepted : bool
            Whether it is known that all are.

        Raises
        ------
        ValueError
            It isn't a number for each point.
        """
        numbers = self.scenes(len(points)) if scenes is None else scenes
        can = np.ones(len(points), dtype=bool) if accepted else self.accepts(points, numbers)
        found = np.full(len(points), np.inf)
        if can.any():
            values = self.values(points[can], numbers[can])
            if values.shape != (int(can.sum()),) or np.isnan(values).any():
                raise ValueError(
                    f"robustness of {int(can.sum())} points came as {values.shape}, or NaN"
                )
            found[can] = values
        self.evaluations += int(can.sum())
        return found

    def accepted(self, count: int, draw: Callable[[int], F64]) -> tuple[F64, Scenes, int]:
        """Draw until so many points are accepted.

        Returns
        -------
        points : (count, D) float64
        scenes : (count,) int64
        tried : int
            Draws up to the last of them.

        Raises
        ------
        ValueError
            None of very many is.
        """
        points, scenes = list[F64](), list[Scenes]()
        found = tried = since = 0
        while found < count:
            some = draw(count)
            numbers = self.scenes(count)
            rows = np.flatnonzero(self.accepts(some, numbers))[: count - found]
            points.append(some[rows])
            scenes.append(numbers[rows])
            found += len(rows)
            since = 0 if len(rows) else since + count
            if since >= MOST_TRIES:
                raise ValueError(f"none of {since:,} draws is accepted")
            tried += int(rows[-1]) + 1 if found == count and len(rows) else count
        return np.concatenate(points), np.concatenate(scenes), tried

    def nominal_points(self, count: int, generator: np.random.Generator) -> tuple[F64, Scenes]:
        """Return points (n, D) as they occur, with their scenes (n,)."""
        points, scenes, _ = self.accepted(
            count, lambda n: generator.standard_normal((n, self.dimension))
        )
        return points, scenes

    def note(self, level: float) -> None:
        """Keep how near to failing a method has come."""
        if np.isfinite(level):
            self.levels.append((self.evaluations, float(level)))


class Estimate(Record):
    """How often a system fails under the nominal distribution.

    Attributes
    ----------
    method : str
    probability : float
    low, high : float
        Interval that holds the true probability in `confidence` of all estimates.
    evaluations : int
        Simulations that it took.
    failures : int
        Of these, that failed.
    effective : float
        How many failures drawn from the nominal distribution are worth as much (Kish 1965); 0
        without any. An interval of few says little.
    reliable : bool
        Whether the method trusts its own interval. If it doesn't, the upper end is 1: it has
        found failures, but not how many there are.
    """

    method: str
    probability: float
    low: float
    high: float
    confidence: float = CONFIDENCE
    evaluations: int
    failures: int
    effective: float
    reliable: bool = True

    def __str__(self) -> str:
        return (
            f"{self.probability:.3g} ({self.low:.3g} to {self.high:.3g}, {self.confidence:.0%}) by "
            f"{self.method}, {self.evaluations:,} simulations, {self.failures:,} failures "
            f"worth {self.effective:.0f}"
        )


class Findings(Record):
    """What a method came to that looks for failures and doesn't tell how often they occur.

    Attributes
    ----------
    method : str
    evaluations, failures : int
    """

    method: str
    evaluations: int
    failures: int

    def __str__(self) -> str:
        return (
            f"{self.method} finds, it doesn't estimate: {self.failures:,} failures in "
            f"{self.evaluations:,} simulations"
        )
