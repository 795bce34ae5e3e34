"""A data set with everything that exports can hold, made once for all workers of a test run."""

from __future__ import annotations

import fcntl
import io
import os
from pathlib import Path

import pytest

from scenegen.dataset import Dataset, open_dataset
from scenegen.pipeline.config import GenerateConfig
from scenegen.pipeline.generate import generate

SCENARIOS = (
    "crowd_at_zebra",
    "red_light_cyclist",
    "wheelchair_at_zebra",
    "wet_cut_in",
    "motorcycle_filters",
    "cargo_fall",
    "roundabout_entry",
)
CAMERA = {"width": 320, "height": 192, "hfov": "70 deg", "position": ["0.4 m", "0 m", "1.35 m"]}
SENSORS = {
    "front": CAMERA,
    "rear": CAMERA | {"position": ["-2 m", "0 m", "1.1 m"], "yaw": "180 deg"},
    "roof": {
        "kind": "lidar",
        "pattern": "spinning",
        "channels": 16,
        "columns": 512,
        "elevation": ["-25 deg", "15 deg"],
        "rate": "2 Hz",
        "position": ["0 m", "0 m", "1.9 m"],
    },
    "ahead": {
        "kind": "radar",
        "hfov": "30 deg",
        "vfov": "14 deg",
        "far": "250 m",
        "rate": "2 Hz",
        "azimuth_resolution": "1.5 deg",
        "elevation_resolution": "3 deg",
        "position": ["2.2 m", "0 m", "0.5 m"],
    },
}


def _plan() -> str:
    lines = ["plan: exports", "generate:"]
    for name in SCENARIOS:
        lines.append(f"  - {{scenario: {name}, num_scenes: 1, override: {{rates.camera: 2}}}}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="session")
def export_set(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    """Return seven scenes, each of a scenario of its own, by two cameras, a LiDAR and a radar.

    At 2 Hz, colours at their cheapest; nobody may write to it.
    """
    shared = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        shared = shared.parent
    with (shared / "export_set.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        return open_dataset(_made(shared))


def _made(shared: Path) -> Path:
    out, plan = shared / "export_set", shared / "exports.yaml"
    if not (out / "dataset.json").exists():
        plan.write_text(_plan())
        keys = {"plan": str(plan), "out": str(out), "sensors": SENSORS, "quality": "fast"}
        result = generate(GenerateConfig.parse(keys), io.StringIO())
        assert not result.failed
    return out
