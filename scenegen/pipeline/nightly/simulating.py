"""The first stage: a scene drawn from its scenario, and its run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from scenegen.dataset.canonical import canonical_json, trajectory_npz
from scenegen.monitor import judge
from scenegen.pipeline.nightly.names import SCENARIO, TRAJECTORY
from scenegen.pipeline.nightly.run_sum import run_digest
from scenegen.pipeline.nightly.store import Made, Store, finish
from scenegen.sample import draw
from scenegen.simulate import simulate

if TYPE_CHECKING:
    from scenegen.scenario import LogicalScenario


def simulated(store: Store, key: str, logical: LogicalScenario, seed: int, index: int) -> Made:
    """Simulate a scene and store its run.

    Raises
    ------
    ScenegenError
        It can't be drawn or simulated; nothing is stored then.
    """
    concrete = draw(logical, seed, index)
    trajectory = simulate(concrete)
    files = {
        SCENARIO: canonical_json(concrete.model_dump(mode="json")),
        TRAJECTORY: trajectory_npz(trajectory),
    }
    made = Made(
        value=run_digest(files),
        log_weight=concrete.log_weight,
        robustness=judge(concrete, trajectory),
    )
    with store.making("simulate", key) as folder:
        for name, data in files.items():
            Path(folder / name).write_bytes(data)
        finish(folder, made)
    return made
