"""A simulated scene as the stages after it read it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenegen.dataset.canonical import read_trajectory
from scenegen.dataset.layout import read_content
from scenegen.pipeline.detail import with_detail
from scenegen.pipeline.nightly.names import SCENARIO, TRAJECTORY
from scenegen.records import ConcreteScenario

if TYPE_CHECKING:
    from pathlib import Path

    from scenegen.records import SensorSpec, Trajectory


def read_run(
    run: Path, sensors: dict[str, SensorSpec] | None
) -> tuple[ConcreteScenario, Trajectory]:
    """Return a simulated scene with the sensors and the detail that it is drawn with.

    Parameters
    ----------
    run : Path
        Its entry.
    sensors : dict or None
        In place of the scenario's own.
    """
    concrete = read_content(run / SCENARIO, ConcreteScenario.model_validate_json)
    trajectory = read_content(run / TRAJECTORY, read_trajectory)
    if sensors is not None:
        concrete = concrete.model_copy(update={"sensors": sensors})
    return with_detail(concrete, trajectory), trajectory
