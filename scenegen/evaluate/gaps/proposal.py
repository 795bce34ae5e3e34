"""What to generate next: a plan by which the set's content nears that of the real one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from scenegen.evaluate.gaps.conditions import (
    ATTRIBUTES,
    Condition,
    overrides_for,
    wanted_conditions,
)
from scenegen.evaluate.gaps.crowds import Shortage, rows_of_people, shortage_of_people
from scenegen.evaluate.gaps.mixture import Mixture, apportion, mix, spread
from scenegen.evaluate.gaps.origins import Origin
from scenegen.evaluate.gaps.profile import Profile
from scenegen.evaluate.gaps.tuning import Tuning, tune
from scenegen.evaluate.images import F64
from scenegen.evaluate.study import Study


@dataclass(frozen=True)
class Entry:
    """Some scenes that are proposed.

    Attributes
    ----------
    scenario : str
        Of the data set, from which the figures are.
    base, name : str
        In the library; what the variant is called.
    override : dict
        All values that differ from the library's, those of an earlier plan included.
    notes : tuple of str
        Why values are overridden, where it isn't for the light or the weather.
    gives : (K,) float64
        Mean content of the scenario's present pictures.
    """

    scenario: str
    base: str
    name: str
    num_scenes: int
    condition: Condition
    override: Mapping[str, Any]
    notes: tuple[str, ...]
    gives: F64


@dataclass(frozen=True)
class Proposal:
    """Entries of a plan, and what they are expected to change."""

    entries: tuple[Entry, ...]
    mixture: Mixture
    conditions: tuple[Condition, ...]


@dataclass(frozen=True)
class Aim:
    """What a proposal is made for.

    Attributes
    ----------
    target : (K,) float64
        Mean content of the real pictures.
    weights : (K,) float64
        How much of the error each kind of content bears.
    factors : mapping
        How much more a light or weather should count than it occurs.
    num_scenes : int
        In all.
    """

    target: F64
    weights: F64
    factors: Mapping[tuple[str, str], float]
    num_scenes: int


def propose(
    study: Study,
    present: Profile,
    scenarios: tuple[str, ...],
    real: Profile,
    origins: Mapping[str, Origin],
    aim: Aim,
) -> Proposal:
    """Choose scenarios, counts and overrides.

    Parameters
    ----------
    present : Profile
        Of the synthetic set.
    scenarios : tuple of str
        The scenario of each of its pictures.
    origins : mapping
        Scenarios that may be proposed, by name; at least one.
    """
    of = np.array(scenarios)
    names = sorted(name for name in origins if (of == name).any())
    scenes = [_scene_means(present.rows(of == name)) for name in names]
    means = np.array([present.content[of == name].mean(axis=0) for name in names])
    long = np.array(
        [(of == name).sum() / len(each) for name, each in zip(names, scenes, strict=True)]
    )
    added = aim.num_scenes * long.mean()
    added = float(added / (added + len(present)))
    have = present.content.mean(axis=0)
    mixture = mix(tuple(names), means, _doubt(scenes), have, aim.target, aim.weights, added)
    counts = apportion(aim.num_scenes, mixture.shares / long)
    conditions = wanted_conditions(real, present, aim.factors, added)
    split = spread(counts, np.array([condition.share for condition in conditions]))
    need = _need(mixture, aim)
    short = shortage_of_people(present.cells, mixture, aim.target, aim.weights, study.space)
    taken = set(scenarios)
    entries = []
    for row, name in enumerate(names):
        if counts[row] == 0:
            continue
        pictures = present.rows(of == name)
        generator = study.generator("gaps", "tuning", name)
        tuned = tune(origins[name], _need_by_scene(pictures, need), generator)
        changes = _changes(origins[name], tuned, short)
        for condition, count in zip(conditions, split[row], strict=True):
            if count:
                entry = _entry(origins[name], pictures, condition, int(count), changes, means[row])
                entry = replace(entry, name=_unused(entry.name, taken))
                taken.add(entry.name)
                entries.append(entry)
    ordered = sorted(entries, key=lambda entry: (-entry.num_scenes, entry.name))
    return Proposal(tuple(ordered), mixture, conditions)


def _scene_means(pictures: Profile) -> F64:
    """Return the mean content of each scene (M, K)."""
    groups = np.array(pictures.groups)
    return np.array([pictures.content[groups == g].mean(axis=0) for g in sorted(set(groups))])


def _doubt(scenes: list[F64]) -> F64:
    """Return squared standard errors (S, K) of scenarios' means, from how their scenes differ.

    Of a scenario with a single scene they are taken from the others.
    """
    varied = [each.var(axis=0, ddof=1) for each in scenes if len(each) > 1]
    usual = np.mean(varied, axis=0) if varied else np.zeros(scenes[0].shape[1])
    return np.array(
        [(each.var(axis=0, ddof=1) if len(each) > 1 else usual) / len(each) for each in scenes]
    )


def _need(mixture: Mixture, aim: Aim) -> F64:
    """Return what a thing or pixel of each kind is worth (K,): weight a unit of what lacks."""
    lacking = np.maximum(aim.target - mixture.before, 0.0)
    return np.divide(
        aim.weights * (lacking > 0), aim.target, out=np.zeros_like(lacking), where=lacking > 0
    )


def _need_by_scene(pictures: Profile, need: F64) -> dict[str, float]:
    worth = pictures.content @ need
    scenes: dict[str, list[float]] = {}
    for group, value in zip(pictures.groups, worth, strict=True):
        scenes.setdefault(group, []).append(float(value))
    return {scene: float(np.mean(values)) for scene, values in scenes.items()}


@dataclass(frozen=True)
class _Changes:
    """Overrides of a scenario that don't depend on light or weather, and why."""

    values: Mapping[str, Any]
    notes: tuple[str, ...]


def _changes(origin: Origin, tuned: tuple[Tuning, ...], short: Shortage | None) -> _Changes:
    values: dict[str, Any] = {tuning.path: tuning.value for tuning in tuned}
    notes = [
        f"{tuning.path}: goes with that (rank correlation {tuning.rho:+.2f} over {tuning.scenes} "
        f"scenes, p = {tuning.p_value:.3f} corrected for all that were looked at)."
        for tuning in tuned
    ]
    rows = rows_of_people(origin.logical, short)
    if rows and short is not None:
        notes.append(
            f"Rows of people: the scenes as they are would bring {short.name} to "
            f"{short.expected:.2g} a picture of {short.real:.2g}. Not measured yet."
        )
    return _Changes(values | rows, tuple(notes))


def _entry(
    origin: Origin,
    pictures: Profile,
    condition: Condition,
    scenes: int,
    changes: _Changes,
    gives: F64,
) -> Entry:
    usual = {
        name: {w: n / len(pictures) for w, n in Counter(pictures.words[name]).items()}
        for name in ATTRIBUTES
    }
    light = overrides_for(condition, origin.logical, usual)
    override = {**origin.override, **changes.values, **light}
    name = f"{origin.base}_{condition.label or 'more'}"[:50]
    return Entry(origin.name, origin.base, name, scenes, condition, override, changes.notes, gives)


def _unused(name: str, taken: set[str]) -> str:
    """Return a name that no scenario has: else equal variants would draw equal scenes again."""
    number, unused = 2, name
    while unused in taken:
        unused, number = f"{name}_{number}", number + 1
    return unused
