"""Whether scenes that were searched for are what the search found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenegen.dataset.searched import read_searched, summary
from scenegen.errors import DatasetError
from scenegen.scenario import parse_keep_if
from scenegen.scenario.expressions import ExpressionError

if TYPE_CHECKING:
    from scenegen.dataset import Dataset, ScenarioEntry


def check_search(dataset: Dataset) -> list[str]:
    """Return a line for each scene that its condition doesn't keep, or that nobody found.

    A refined data set says how its scenes were found, but has no table of the draws.
    """
    searched = [entry for entry in dataset.info.scenarios if entry.search is not None]
    if not searched:
        return []
    try:
        problems = [line for entry in searched for line in _check_kept(dataset, entry)]
        if dataset.info.searched_sha256:
            problems += _check_table(dataset, searched)
    except DatasetError as error:
        return [f"search: {error}"]
    return problems


def _check_kept(dataset: Dataset, entry: ScenarioEntry) -> list[str]:
    assert entry.search is not None
    try:
        keep_if = parse_keep_if(entry.search.keep_if, entry.monitors)
    except ExpressionError as error:
        return [f"search: dataset.json: {entry.name}: keep_if: {error}"]
    return [
        f"search: {scene.id}: {keep_if.text!r} does not hold"
        for scene in dataset
        if scene.manifest.scenario == entry.name and not keep_if.holds(scene.manifest.robustness)
    ]


def _check_table(dataset: Dataset, searched: list[ScenarioEntry]) -> list[str]:
    draws = read_searched(dataset.path)
    found = {(draw.scenario, draw.index): draw for draw in draws if draw.kept}
    names = {entry.name for entry in searched}
    scenes = {(s.manifest.scenario, s.manifest.index): s.manifest for s in dataset}
    problems = [
        f"search: {scene.scene}: is not among the draws that were kept, or was another run there"
        for key, scene in scenes.items()
        if scene.scenario in names
        and (key not in found or dict(found[key].robustness) != dict(scene.robustness))
    ]
    for entry in searched:
        assert entry.search is not None
        told = summary(entry.search.keep_if, [d for d in draws if d.scenario == entry.name])
        if told != entry.search:
            problems.append(f"search: dataset.json: {entry.name}: its draws say {told}")
    return problems
