"""How many accepted scenes a second are sampled, beside Scenic on equivalent scenarios.

Each pair in `against_scenic` says the same in both languages, on the same straight road; sizes
of bodies are those of our assets. Scenic comes into an environment of its own, parses its map
and compiles its program before the clock starts, and runs in its faster 2D mode; ours has read
the scenario and met the assets. Both keep the places of all bodies of every scene.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from string import Template

import numpy as np

from bench.figures import Figure
from scenegen.assets import get
from scenegen.sample import Draws, sample_many
from scenegen.scenario import LogicalScenario, parse_scenario

SCENIC = "scenic==3.1.0"
PAIRS = Path(__file__).parent / "against_scenic"
SECONDS = {"ours": 6.0, "theirs": 20.0}
"""CPU time that each side samples for, in each turn."""
KEPT = 200_000
"""Scenes of which the places are kept, to be compared."""
TURNS = 2
BAR = 50.0
SCENES = {"one_car": 200_000, "eight_objects": 4_000, "rare": 4_000}
"""Draws of ours in one call."""
AGREE_SIGMAS = 5.0


def run() -> list[Figure]:
    """Sample each pair with both, and hold what comes out against each other."""
    python = _scenic()
    figures = []
    for name, count in SCENES.items():
        ours, theirs = _Tally(), _Tally()
        logical = _logical(name)
        for turn in range(TURNS):
            _ours(logical, turn, count, ours)
            _theirs(python, name, turn, theirs)
        _refuse_different(name, ours, theirs)
        label = name.replace("_", " ")
        accepted = "of candidates accepted"
        figures += [
            Figure("sampling", f"{label}: Scenic 3.1", theirs.rate, "scenes/s"),
            Figure("sampling", f"{label}: scenegen", ours.rate, "scenes/s"),
            Figure("sampling", f"{label}: Scenic, {accepted}", 100 * theirs.accepted, "%"),
            Figure("sampling", f"{label}: scenegen, {accepted}", 100 * ours.accepted, "%"),
            Figure("sampling", f"{label}: faster", ours.rate / theirs.rate, "x", BAR, "at least"),
        ]
    return figures


class _Tally:
    """Scenes, candidates and CPU seconds so far, and the places of bodies (n, B, 2)."""

    def __init__(self) -> None:
        self.scenes, self.tried, self.cpu_s = 0, 0, 0.0
        self.places: list[np.ndarray[tuple[int, ...], np.dtype[np.float64]]] = []

    @property
    def rate(self) -> float:
        return self.scenes / self.cpu_s

    @property
    def accepted(self) -> float:
        return self.scenes / self.tried


def _logical(name: str) -> LogicalScenario:
    return parse_scenario(_filled(PAIRS / f"{name}.yaml"), f"{name}.yaml")


def _filled(path: Path) -> str:
    """Return a scenario's text with the sizes of our assets."""
    car, person = get("vehicle.sedan", 0).size_m, get("person.adult", 0).size_m
    sizes = {"LENGTH": car[0], "WIDTH": car[1], "DEPTH": person[0], "BREADTH": person[1]}
    return Template(path.read_text()).substitute({k: f"{v:.9f}" for k, v in sizes.items()})


def _ours(logical: LogicalScenario, turn: int, count: int, tally: _Tally) -> None:
    sample_many(logical, 1000 + turn, 1)
    start, seed = time.process_time(), 0
    while (spent := time.process_time() - start) < SECONDS["ours"]:
        draws: Draws = sample_many(logical, 1_000_000 * turn + seed, count)
        seed += 1
        tally.scenes, tally.tried = tally.scenes + len(draws), tally.tried + draws.tried
        if sum(map(len, tally.places)) < KEPT:
            tally.places.append(draws.position_m)
    tally.cpu_s += spent


def _theirs(python: Path, name: str, turn: int, tally: _Tally) -> None:
    with tempfile.TemporaryDirectory() as folder:
        program = Path(folder) / f"{name}.scenic"
        program.write_text(_filled(PAIRS / program.name))
        (Path(folder) / "straight.xodr").write_text((PAIRS / "straight.xodr").read_text())
        rate = [
            str(python),
            str(PAIRS / "rate.py"),
            str(program),
            str(SECONDS["theirs"]),
            str(turn),
        ]
        environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
        done = subprocess.run(rate, check=True, capture_output=True, text=True, env=environment)
    found = json.loads(done.stdout.splitlines()[-1])
    tally.scenes, tally.tried = tally.scenes + found["scenes"], tally.tried + found["tried"]
    tally.cpu_s += found["cpu_s"]
    tally.places.append(np.array(found["poses"]))


def _refuse_different(name: str, ours: _Tally, theirs: _Tally) -> None:
    """Stop where the two don't sample the same: mean places and distances differ."""
    for what, measure in (("place", lambda p: p), ("distance", lambda p: p - p[:, :1])):
        a, b = (np.abs(measure(np.concatenate(tally.places))) for tally in (ours, theirs))
        error = np.sqrt(a.var(axis=0) / len(a) + b.var(axis=0) / len(b)) + 1e-9
        apart = np.abs(a.mean(axis=0) - b.mean(axis=0)) / error
        if not apart.max() < AGREE_SIGMAS:
            raise SystemExit(
                f"{name}: the mean {what} differs from Scenic's by {apart.max():.1f} standard "
                f"errors: {a.mean(axis=0).tolist()} and {b.mean(axis=0).tolist()}"
            )


def _scenic() -> Path:
    """Return the Python of an environment with Scenic, made in ``build/`` at the first run."""
    given = os.environ.get("SCENEGEN_SCENIC_PYTHON")
    if given:
        return Path(given)
    folder = Path("build") / "scenic"
    python = folder.absolute() / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    pip = [str(python), "-m", "pip", "install", "-q", "--disable-pip-version-check", SCENIC]
    subprocess.run(pip, check=True)
    return python
