"""What the language can't know of a scenario: whether every asset exists and can be an actor."""

from __future__ import annotations

from scenegen.assets import allowed_skies, list_assets, missing
from scenegen.errors import ScenarioError, nearest
from scenegen.records.conditions import ANALYTIC_SKY
from scenegen.records.taxonomy import CLASS_BY_NAME
from scenegen.sample.asset_hint import asset_hint
from scenegen.scenario import LogicalScenario

_FURNITURE = "static"


def validate(logical: LogicalScenario) -> None:
    """Check what the language can't know: that every asset exists and can be an actor.

    Raises
    ------
    ScenarioError
    """
    things = {
        info.id: info.category for info in list_assets() if CLASS_BY_NAME[info.category].things
    }
    for name, entry in logical.actors.items():
        for asset_id in sorted(logical.texts(entry.asset)):
            if asset_id in things:
                continue
            if (to_import := missing(asset_id)) is not None:
                raise ScenarioError(f"{name}: {to_import}", entry.asset.place)
            hint = asset_hint(asset_id, things)
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
