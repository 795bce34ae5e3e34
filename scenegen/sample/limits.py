"""How fast bodies may go: what legs and wheels do, and what physics steps can follow."""

from __future__ import annotations

from scenegen.errors import ScenarioError
from scenegen.records import Asset
from scenegen.scenario.values import Value

MOST_MPS = {"person": 12.0, "animal": 22.0, "bicycle": 25.0, "dynamic": 3.0}
"""A sprinter, a galloping deer, a racer downhill; what is pushed or propelled by hand."""

WHEELS_MPS = 70.0
"""Of everything else: in a physics step of 1/240 s, less than anybody's depth, so that none
passes through another."""


def most_speed(asset: Asset) -> float:
    """Return how fast a body may go at most, m/s."""
    return MOST_MPS.get(asset.category, WHEELS_MPS)


def limited(speed_mps: float, asset: Asset, value: Value | None) -> float:
    """Return a speed that a body can have.

    Raises
    ------
    ScenarioError
        It is beyond what the body can do or the simulator can follow.
    """
    most = most_speed(asset)
    if speed_mps > most and value is not None:
        raise too_fast(speed_mps, asset.id, most, value)
    return speed_mps


def too_fast(speed_mps: float, asset_id: str, most_mps: float, value: Value) -> ScenarioError:
    """Return the error of a speed that is beyond what a body can have."""
    return ScenarioError(
        f"{value.name!r} comes to {speed_mps:g} m/s; {asset_id!r} goes at most {most_mps:g} m/s "
        f"({3.6 * most_mps:g} km/h)",
        value.place,
    )
