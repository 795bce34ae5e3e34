"""Everything that was seen, as columns: which scene, which track, which cell of each factor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from scenegen.records.base import F64
from scenegen.report.audit.factors import Factor, LookFactor, NumberFactor, SceneFactor
from scenegen.report.facts import Facts

I64 = npt.NDArray[np.int64]
UNKNOWN = -1
"""The code of what has no such factor, or where nobody has recorded it."""


@dataclass(frozen=True)
class Sightings:
    """The N objects in frames of S scenes.

    Attributes
    ----------
    factors : dict of str to Factor
    scenarios : tuple of str
        Of each scene.
    log_weight : (S,) float64
    scene, track : (N,) int64
        A track is an object of a scene as one of its cameras sees it: two cameras, two tracks.
    names : tuple of str
        Of each track's object, as the scenario calls it.
    codes : dict of str to (N,) int64
        The cell of each factor, `UNKNOWN` without.
    scene_codes : dict of str to (S,) int64
        Of factors of scenes.
    frames : int
        That were looked at.
    """

    factors: dict[str, Factor]
    scenarios: tuple[str, ...]
    log_weight: F64
    scene: I64
    track: I64
    names: tuple[str, ...]
    codes: dict[str, I64]
    scene_codes: dict[str, I64]
    frames: int

    def __len__(self) -> int:
        return len(self.scene)

    @property
    def tracks(self) -> int:
        """How many there are."""
        return len(self.names)

    def rows_of(self, classes: Sequence[str]) -> npt.NDArray[np.bool_]:
        """Return which rows (N,) are objects of some classes; all, if none are named."""
        if not classes:
            return np.ones(len(self), dtype=bool)
        cells = self.factors["class"].cells
        return np.isin(self.codes["class"], [cells.index(name) for name in classes])


def sightings_of(sets: Sequence[Facts], factors: Mapping[str, Factor]) -> Sightings:
    """Return what data sets show, one after the other."""
    scenes = [scene for facts in sets for scene in facts.scenes]
    ids = [(k, scene.id) for k, facts in enumerate(sets) for scene in facts.scenes]
    number = {scene: at for at, scene in enumerate(ids)}
    frames = [(number[k, f.scene], f) for k, facts in enumerate(sets) for f in facts.frames]
    scene = np.array([at for at, f in frames for _ in f.objects], dtype=np.int64)
    objects = [o for _, f in frames for o in f.objects]
    tracks: dict[tuple[int, str, int], int] = {}
    track = np.array(
        [
            tracks.setdefault((at, f.sensor, o.instance_id), len(tracks))
            for at, f in frames
            for o in f.objects
        ],
        dtype=np.int64,
    )
    names = [""] * len(tracks)
    for at, o in zip(track.tolist(), objects, strict=True):
        names[at] = o.name
    scene_codes = {
        name: np.array(
            [factor.cells.index(factor.cell_of(s.weather, s.light)) for s in scenes], np.int64
        )
        for name, factor in factors.items()
        if isinstance(factor, SceneFactor)
    }
    codes: dict[str, I64] = {name: column[scene] for name, column in scene_codes.items()}
    cells = {name: at for at, name in enumerate(factors["class"].cells)}
    codes["class"] = np.array([cells.get(o.category, UNKNOWN) for o in objects], np.int64)
    for name, factor in factors.items():
        if isinstance(factor, NumberFactor):
            codes[name] = factor.cut([factor.number_of(o) for o in objects])
        elif isinstance(factor, LookFactor):
            index = {cell: at for at, cell in enumerate(factor.cells)}
            codes[name] = np.array(
                [UNKNOWN if o.look is None else index[factor.cell_of(o.look)] for o in objects],
                np.int64,
            )
    return Sightings(
        dict(factors),
        tuple(s.scenario for s in scenes),
        np.array([s.log_weight for s in scenes]),
        scene,
        track,
        tuple(names),
        codes,
        scene_codes,
        len(frames),
    )
