"""A plan of 10,000 scenes: what a night costs on which nothing, or one scenario of ten, changed.

Ten scenes are simulated and drawn; each stands for a thousand, as files of their own with ids of
their own, whose pictures are links.
"""

from __future__ import annotations

import hashlib
import io
import json
import multiprocessing
import os
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from bench.dataset_scale import multiply
from bench.figures import Figure
from peak import peak_mib
from scenegen.dataset import open_dataset
from scenegen.dataset.layout import MANIFEST, SCENES
from scenegen.pipeline.nightly.chain import grounds_of
from scenegen.pipeline.nightly.plan import load_nightly
from scenegen.pipeline.nightly.result import NightlyResult
from scenegen.pipeline.nightly.run import nightly
from scenegen.pipeline.nightly.store import Made, Store, finish
from scenegen.pipeline.nightly_config import NightlyConfig

NAME = "nightly"
SCENARIOS, EACH, FEW = 10, 1000, 100

SCENARIO = """\
scenario: part_{number}
description: a car on a straight road
duration: 0.2 s
road: {{kind: straight}}
parameters:
  speed: {{uniform: [8 m/s, {top} m/s]}}
ego: {{asset: vehicle.sedan, place: {{lane: forward_0, s: 20 m}}, speed: speed}}
"""


def run() -> list[Figure]:
    """Make the store; then let nights pass, each in a fresh process."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        _write_plan(root, 1)
        _night(root)
        _multiply_all(root)
        # The greater one first: what no version holds is collected.
        many, few = _passed(root, EACH), _passed(root, FEW)
        _write_plan(root, EACH)
        (root / "part_3.yaml").write_text(SCENARIO.format(number=3, top=21))
        changed = _in_fresh_process(_due, root)
    return [
        Figure(NAME, "scenes of the plan", many["scenes"], "", SCENARIOS * EACH, "at least"),
        Figure(NAME, "unchanged, wall clock", many["seconds"], "s", 10.0),
        Figure(NAME, "unchanged, CPU", many["cpu"], "s"),
        Figure(NAME, "put together anew, CPU", many["first_cpu"], "s"),
        Figure(NAME, "resident size when put together", many["first_peak"], "MB"),
        Figure(
            NAME,
            "that over a tenth of the scenes, put together",
            many["first_peak"] / few["first_peak"],
            "x",
            1.1,
        ),
        Figure(NAME, "resident size when unchanged", many["peak"], "MB"),
        Figure(NAME, "that over a tenth of the scenes", many["peak"] / few["peak"], "x", 1.1),
        Figure(NAME, "due if one scenario of ten changed", changed["due"], "scenes", EACH),
    ]


def _write_plan(root: Path, each: int) -> None:
    rows = [f"  - {{scenario: ./part_{n}.yaml, num_scenes: {each}}}" for n in range(SCENARIOS)]
    sensors = "sensors: {front: {width: 64, height: 48, hfov: 70 deg}}"
    gates = "gates: {verify: false}"
    text = "\n".join(["nightly: large", "generate:", *rows, sensors, "quality: fast", gates, ""])
    (root / "plan.yaml").write_text(text)
    for number in range(SCENARIOS):
        path = root / f"part_{number}.yaml"
        path.write_text(SCENARIO.format(number=number, top=10 + number))


def _night(root: Path, **keys: object) -> NightlyResult:
    asked = {"plan": str(root / "plan.yaml"), "out": str(root / "out"), "min_free_gb": 0.0}
    return nightly(NightlyConfig.parse({**asked, **keys}), io.StringIO())


def _multiply_all(root: Path) -> None:
    """Store each scene a thousand times, under the keys that its copies would have."""
    plan = load_nightly(str(root / "plan.yaml"))
    grounds, store = grounds_of(plan.generate), Store(root / "out/store")
    version = json.loads((root / "out/large/latest.json").read_text())["version"]
    data = open_dataset(root / "out/large/versions" / version / "data")
    for entry in plan.plan.entries:
        scene = data.scene(f"{entry.logical.name}-000000")
        for index in range(1, EACH):
            key = grounds.simulate_key(entry.logical, index)
            value = hashlib.sha256(f"{entry.logical.name} {index}".encode()).hexdigest()
            run = Made(value=value)
            place = store.folder("simulate", key)
            place.mkdir(parents=True)
            finish(place, run)
            drawing = Made(value=value, frames=2)
            place = store.folder("draw", grounds.draw_key(run))
            place.mkdir(parents=True)
            finish(place, drawing)
            place = store.folder("label", grounds.label_key(run, drawing))
            multiply(scene, place / SCENES, index)
            manifest = place / SCENES / f"{entry.logical.name}-{index:06d}" / MANIFEST
            made = hashlib.sha256(manifest.read_bytes()).hexdigest()
            finish(place, Made(value=made, frames=2))


def _passed(root: Path, each: int) -> dict[str, float]:
    """Put a version of so many scenes together; then let a night pass in which nothing is due."""
    _write_plan(root, each)
    first = _in_fresh_process(_pass, root)
    return {
        **_in_fresh_process(_pass, root),
        "first_cpu": first["cpu"],
        "first_peak": first["peak"],
    }


def _pass(root: Path) -> dict[str, float]:
    begin, before = time.monotonic(), os.times()
    result = _night(root)
    now = os.times()
    assert result.ok
    assert result.due is not None
    return {
        "seconds": time.monotonic() - begin,
        "cpu": sum(now[:4]) - sum(before[:4]),
        "peak": peak_mib(),
        "scenes": float(result.due.wanted),
    }


def _due(root: Path) -> dict[str, float]:
    due = _night(root, dry_run=True).due
    assert due is not None
    return {"due": float(len(due.simulate) + len(due.draw))}


def _in_fresh_process(work: Callable[[Path], dict[str, float]], root: Path) -> dict[str, float]:
    # A night starts processes of its own, which the processes of a `multiprocessing.Pool` mustn't.
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=spawn) as pool:
        return pool.submit(work, root).result()
