"""What an audit found: the content of ``audit.json``."""

from __future__ import annotations

from typing import Literal

from scenegen.records.base import Record

State = Literal["empty", "thin", "there"]


class CellCount(Record):
    """One cell of a factor.

    Attributes
    ----------
    objects, tracks, scenes : int
        Labels in it, and tracks and scenes with at least one; scenes of a factor of scenes count
        whether or not anything is seen in them.
    share, low, high : float
        Of tracks (of scenes for a factor of scenes), with the 95 % interval over scenes.
    object_share, weighted_share : float
        Of objects; and of tracks or scenes that count exp(log_weight).
    effective : float
        How many independent tracks or scenes the share is as sure as: p (1 - p) / variance; 0
        where it has none.
    state : str
        ``thin`` where fewer scenes than asked for have it.
    """

    cell: str
    objects: int
    tracks: int
    scenes: int
    share: float
    low: float
    high: float
    object_share: float
    weighted_share: float
    effective: float
    state: State


class FactorCount(Record):
    """A factor with its cells.

    Attributes
    ----------
    unknown : int
        Objects of its classes for which nobody has recorded it.
    effective_scenes : float
        Those in which it is seen, by their weights (Kish).
    """

    name: str
    title: str
    level: Literal["scene", "track", "object"]
    unit: Literal["tracks", "scenes"]
    bins: str
    unknown: int
    effective_scenes: float
    cells: tuple[CellCount, ...]


class JointCount(Record):
    """Counts of two factors together: rows are cells of `a`, columns those of `b`.

    Attributes
    ----------
    objects, tracks, scenes : tuple of tuple of int
    weighted_share : tuple of tuple of float
        Of tracks that count exp(log_weight).
    """

    a: str
    b: str
    objects: tuple[tuple[int, ...], ...]
    tracks: tuple[tuple[int, ...], ...]
    scenes: tuple[tuple[int, ...], ...]
    weighted_share: tuple[tuple[float, ...], ...]


class Association(Record):
    """How much two factors depend on each other that ought not to.

    Attributes
    ----------
    cramers_v, low, high : float
        Over tracks (scenes, if both are factors of scenes), with the 95 % interval.
    chance : float or None
        What V stays below 95 times of 100 where they are independent.
    dependent : bool
        Whether V is above that.
    """

    a: str
    b: str
    cramers_v: float
    low: float
    high: float
    chance: float | None
    units: float
    dependent: bool


class CellGap(Record):
    """A cell's share, and what it should be.

    Attributes
    ----------
    gap, low, high : float
        Share less target, with its 95 % interval.
    count : float
        Objects, tracks or scenes that are there.
    """

    cell: tuple[str, ...]
    count: float
    share: float
    target: float
    gap: float
    low: float
    high: float


class TargetGap(Record):
    """How far a data set is from one target.

    Attributes
    ----------
    distance, low, high : float
        Total variation: what share of the set would have to be in other cells.
    of_chance : float
        What as many independent scenes of exactly the target's shares would show 19 times of 20
        at most, as their number is small.
    cells : tuple of CellGap
        The greatest lack first.
    """

    name: str
    of: tuple[str, ...]
    unit: Literal["objects", "tracks", "scenes"]
    classes: tuple[str, ...]
    rule: Literal["uniform", "nominal", "independent", "shares"]
    units: float
    distance: float
    low: float
    high: float
    of_chance: float
    cells: tuple[CellGap, ...]


class Audit(Record):
    """What data sets hold, and how far that is from what they should.

    Attributes
    ----------
    filter : str
        Which frames were looked at; empty for all.
    every : int
        One of so many frames was looked at.
    effective_scenes : float
        By their weights (Kish).
    """

    schema_version: Literal[1] = 1
    scenegen_version: str
    datasets: tuple[str, ...]
    target: str
    filter: str
    every: int
    frames: int
    objects: int
    tracks: int
    scenes: int
    effective_scenes: float
    thin_below_scenes: int
    factors: tuple[FactorCount, ...]
    joints: tuple[JointCount, ...]
    associations: tuple[Association, ...]
    gaps: tuple[TargetGap, ...]
