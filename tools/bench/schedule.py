"""The schedule that the cost model plays, held against a night that really ran.

``python -m bench.schedule OUT/log.jsonl`` reads how long each scene of the last run in a log took,
plays them on as many cores as there were processes, and compares the time with the real one.
"""

from __future__ import annotations

import json
import math
import sys
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np

from bench.costs import play


@dataclass(frozen=True)
class Compared:
    """A night as it was, and as it is played.

    Attributes
    ----------
    real_s, played_s : float
        From the first stage's begin to the last one's end.
    """

    scenes: int
    workers: int
    real_s: float
    played_s: float


def compare(log: Path) -> Compared:
    """Play the last run of a log that made scenes."""
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()]
    stages = [line for line in lines if line["event"] == "stage"]
    stages = [line for line in stages if line["run"] == stages[-1]["run"]]
    seconds: dict[str, float] = defaultdict(float)
    ends: dict[str, float] = {}
    for line in stages:
        seconds[line["scene"]] += line["seconds"]
        # A scene's stages are told of when all of them are done.
        ends[line["scene"]] = datetime.fromisoformat(line["time"]).timestamp()
    workers = len({line["worker"] for line in stages})
    real = max(ends.values()) - min(ends[scene] - seconds[scene] for scene in seconds)
    in_order = np.array(list(seconds.values()))[::-1]  # the last one is taken first
    played = play(in_order, workers, np.random.default_rng(0), life_h=math.inf)
    return Compared(len(seconds), workers, real, played.hours * 3600.0)


def main() -> None:
    """Print the comparison."""
    found = compare(Path(sys.argv[1]))
    print(
        f"{found.scenes} scenes on {found.workers} processes: {found.real_s:.1f} s, played "
        f"{found.played_s:.1f} s ({found.played_s / found.real_s - 1.0:+.1%})"
    )


if __name__ == "__main__":
    main()
