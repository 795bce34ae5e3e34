"""The terms of what was imported and shows in a scene."""

from __future__ import annotations

from scenegen.assets import credit
from scenegen.dataset.schema import Licence
from scenegen.records import ConcreteScenario


def imported_licences(concrete: ConcreteScenario) -> list[Licence]:
    """Return the terms of the imported assets that a scene shows or is lit by."""
    shown = {actor.asset_id for actor in concrete.actors}
    shown |= {prop.asset_id for prop in concrete.props}
    sky = concrete.weather.sky
    shown.add(sky)
    credits_due = [due for due in map(credit, sorted(shown)) if due is not None]
    return [
        Licence(
            what=f"{'light of' if due.id == sky else '3D asset'} {due.id} ({due.what})",
            licence=due.licence,
            attribution=due.creator,
            source=f"{due.url}, in {due.package}",
            changes=due.changes,
            sha256=due.sha256,
        )
        for due in credits_due
    ]
