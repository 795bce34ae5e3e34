"""Plain draws of an agent's failures, for hours: `python -m bench.plain_draws COUNT JOURNAL`.

They come from `draw` with the nominal distributions in place of the sampling ones, so nothing of
`scenegen search` has a part in them. The journal has a line for each, and is gone on with.
"""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from scenegen.drive import drive_episode, named_agent
from scenegen.sample import draw
from scenegen.scenario import LogicalScenario, load_scenario

SCENARIO = Path(__file__).with_name("rare_cut_in.yaml")
AGENT, SEED, SAVED = "idm", 1, 50


def nominal() -> LogicalScenario:
    """Return the scenario, drawn from what the real world follows."""
    logical = load_scenario(str(SCENARIO))
    return replace(
        logical, parameters={name: d.as_nominal for name, d in logical.parameters.items()}
    )


def draw_plainly(count: int, journal: Path) -> None:
    """Go on until a journal has so many lines: index, whether it failed, least gap."""
    done = len(journal.read_text().splitlines()) if journal.exists() else 0
    logical = nominal()
    with journal.open("a") as file:
        for index in range(done, count):
            scene = draw(logical, SEED, index)
            run = drive_episode(scene, named_agent(AGENT), AGENT, counted=("collision",))
            file.write(f"{index} {int(run.record.failed)} {run.record.criteria['collision']}\n")
            if index % SAVED == 0:
                file.flush()


if __name__ == "__main__":
    draw_plainly(int(sys.argv[1]), Path(sys.argv[2]))
