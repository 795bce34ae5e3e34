"""What a second local worker adds to a night: the same plan by one and by two, and what is serial.

The ratio of clocks says little on a machine that does other work at the same time. So it is told
beside the one that processor time allows: what the driver itself spends is serial, what its
processes spend, their start included, is shared between them.
"""

from __future__ import annotations

import io
import os
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bench.figures import Figure
from scenegen.pipeline.nightly.run import nightly
from scenegen.pipeline.nightly_config import NightlyConfig

NAME = "nightly_workers"
PLAN = """\
nightly: workers
generate:
  - {scenario: night_jaywalk, num_scenes: 20}
  - {scenario: wet_cut_in, num_scenes: 20}
sensors: {front: {width: 320, height: 192, hfov: 70 deg}}
quality: fast
"""


@dataclass(frozen=True)
class Night:
    """Seconds of a night: by the clock, and of the processor for the driver and its processes."""

    clock_s: float
    driver_s: float
    workers_s: float


def run() -> list[Figure]:
    """Let the same night pass with one worker and with two."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "plan.yaml").write_text(PLAN)
        one, two = _night(root, 1, "one"), _night(root, 2, "two")
    allowed = (one.driver_s + one.workers_s) / (two.driver_s + two.workers_s / 2)
    return [
        Figure(NAME, "load of the machine meanwhile", os.getloadavg()[1], ""),
        Figure(NAME, "one worker, clock", one.clock_s, "s"),
        Figure(NAME, "two workers, clock", two.clock_s, "s"),
        Figure(NAME, "one worker: the driver, CPU", one.driver_s, "s"),
        Figure(NAME, "one worker: its process, CPU", one.workers_s, "s"),
        Figure(NAME, "two workers: the driver, CPU", two.driver_s, "s"),
        Figure(NAME, "two workers: their processes, CPU", two.workers_s, "s"),
        Figure(NAME, "two workers / one, as CPU allows", allowed, "x", 1.8, "at least"),
        Figure(NAME, "two workers / one, by the clock", one.clock_s / two.clock_s, "x"),
    ]


def _night(root: Path, workers: int, out: str) -> Night:
    asked = {"plan": str(root / "plan.yaml"), "out": str(root / out), "min_free_gb": 0.0}
    begin, before = time.monotonic(), os.times()
    result = nightly(NightlyConfig.parse({**asked, "workers": workers}), io.StringIO())
    now = os.times()
    assert result.ok
    return Night(
        clock_s=time.monotonic() - begin,
        driver_s=now.user + now.system - before.user - before.system,
        workers_s=now.children_user
        + now.children_system
        - before.children_user
        - before.children_system,
    )
