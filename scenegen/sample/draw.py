"""Draws concrete scenarios by rejection, each index independent of all others."""

from __future__ import annotations

from collections import Counter
from difflib import get_close_matches

from scenegen.assets import allowed_skies, list_assets, missing
from scenegen.errors import ScenarioError, UnsatisfiableError, nearest
from scenegen.records import ConcreteScenario
from scenegen.records.conditions import ANALYTIC_SKY
from scenegen.records.taxonomy import CLASS_BY_NAME
from scenegen.sample.candidates import draw_candidates
from scenegen.sample.compose import compose
from scenegen.sample.designs import points_of
from scenegen.sample.placed import Rejected
from scenegen.sample.soft import constraints_of_scene, with_constraints
from scenegen.scenario import LogicalScenario
from scenegen.seeds import SceneKey

_FURNITURE = "static"
FIRST_BATCH = 32
BATCH = 8192
CANDIDATE_BUDGET = 100_000
PLACEMENT_BUDGET = 200


def validate(logical: LogicalScenario) -> None:
    """Check what the language can't know: that every asset exists and can be an actor.

    Raises
    ------
    ScenarioError
    """
    things = {
        info.id: info.category for info in list_assets() if CLASS_BY_NAME[info.category].things
    }
    categories = {category.replace(" ", "_") for category in things.values()}
    for name, entry in logical.actors.items():
        for asset_id in sorted(logical.texts(entry.asset)):
            if asset_id in things:
                continue
            if (to_import := missing(asset_id)) is not None:
                raise ScenarioError(f"{name}: {to_import}", entry.asset.place)
            prefix = asset_id.split(".")[0]
            # The prefix alone makes names alike: 'animal.elk' is no slip of 'animal.cow'.
            family = sorted(thing for thing in things if thing.split(".")[0] == prefix)
            endings = [thing.split(".")[1] for thing in family]
            hint = nearest(asset_id, things)
            if family and not get_close_matches(asset_id.split(".")[-1], endings):
                hint = f" (known: {', '.join(family)})"
            if prefix in categories and "." not in asset_id:
                hint = " (a category; name its assets, see 'scenegen list what=assets')"
            raise ScenarioError(f"{name}: no actor can be {asset_id!r}{hint}", entry.asset.place)
    _validate_sky(logical)
    _validate_scenery(logical)


def _validate_sky(logical: LogicalScenario) -> None:
    sky = logical.weather.sky
    for text in () if sky is None else sorted(logical.texts(sky)):
        if text in (ANALYTIC_SKY, *allowed_skies()):
            problem = missing(text)
        else:
            problem = f"no sky is called {text!r}{nearest(text, (ANALYTIC_SKY, *allowed_skies()))}"
        if problem is not None and sky is not None:
            raise ScenarioError(f"weather: {problem}", sky.place)


def _validate_scenery(logical: LogicalScenario) -> None:
    """Check that what stands for furniture is there, and of a class without instances."""
    known = {info.id for info in list_assets() if info.category == _FURNITURE}
    for name in type(logical.scenery).model_fields:
        asset = getattr(logical.scenery, name)
        for asset_id in () if asset is None else sorted(logical.texts(asset)):
            if asset_id not in known:
                hint = nearest(asset_id, known)
                text = missing(asset_id) or f"no furniture is called {asset_id!r}{hint}"
                raise ScenarioError(f"{name}: {text}", asset.place)


def draw(logical: LogicalScenario, seed: int, index: int) -> ConcreteScenario:
    """Return one concrete scenario.

    Candidates are drawn in growing batches and the first one that meets all constraints
    and whose bodies don't overlap is taken.

    Parameters
    ----------
    logical : LogicalScenario
    seed : int
        Root seed of the run.
    index : int
        Number of the scene. The same three give the same scene, whatever else is drawn.

    Raises
    ------
    ScenarioError
        An asset, a lane or a value is wrong, with its place in the file.
    UnsatisfiableError
        The budget ran out; names the constraint that rejects most.
    """
    validate(logical)
    key = SceneKey(logical.digest, seed, index)
    points = points_of(logical, key)
    asked = with_constraints(logical, constraints_of_scene(logical, key))
    rejections: Counter[str] = Counter()
    tried, placed, batch = 0, 0, FIRST_BATCH
    while tried < CANDIDATE_BUDGET and placed < PLACEMENT_BUDGET:
        candidates = draw_candidates(asked, points.take(batch))
        tried += batch
        for column, constraint in enumerate(asked.constraints):
            rejections[constraint.text] += int((~candidates.met[:, column]).sum())
        for row in candidates.accepted:
            try:
                return compose(logical, candidates, int(row), key)
            except Rejected as rejected:
                rejections[rejected.constraint] += 1
                placed += 1
                if placed >= PLACEMENT_BUDGET:
                    break
        batch = min(BATCH, 8 * batch, max(CANDIDATE_BUDGET - tried, 1))
    raise unsatisfiable(logical, rejections, tried, placed)


def unsatisfiable(
    logical: LogicalScenario, rejections: Counter[str], tried: int, placed: int
) -> UnsatisfiableError:
    """Return the error that names the constraint that rejects most, its rate, and remedies."""
    spatial = {
        name: count
        for name, count in rejections.items()
        if name not in {constraint.text for constraint in logical.constraints}
    }
    if placed >= PLACEMENT_BUDGET and spatial:
        worst = max(sorted(spatial), key=lambda name: spatial[name])
        return UnsatisfiableError(
            f"{logical.file}: {worst} rejects {spatial[worst]} of {placed} placements; "
            "widen the gaps, spread the places or lengthen the road"
        )
    worst = max(sorted(rejections), key=lambda name: rejections[name])
    place = next((c.place for c in logical.constraints if c.text == worst), logical.file)
    return UnsatisfiableError(
        f"{place}: no draw of {tried:,} meets all constraints; {worst!r} rejects "
        f"{rejections[worst] / tried:.1%}; relax it, or narrow the ranges of its parameters to "
        "where it can hold"
    )
