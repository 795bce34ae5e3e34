"""What refining a frame costs on the CPU, files included: rendered in memory to signed on disk."""

from __future__ import annotations

import io
import resource
import tempfile
from pathlib import Path

from bench.figures import Figure
from scenegen.dataset import open_dataset
from scenegen.pipeline.config import GenerateConfig
from scenegen.pipeline.generate import generate
from scenegen.pipeline.refine import refine
from scenegen.pipeline.refine_config import RefineConfig

SIZES = {"480x360": (480, 360), "640x384": (640, 384)}
PLAN = """
plan: refining
generate:
  - {scenario: night_jaywalk, num_scenes: 1, override: {rates.camera: 1}}
"""


def run() -> list[Figure]:
    """Refine a scene at each size with the bundled weights, one worker, after one to warm up."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        plan = Path(folder) / "plan.yaml"
        plan.write_text(PLAN)
        for name, (width, height) in SIZES.items():
            rendered = Path(folder) / name
            sensors = {"front": {"width": width, "height": height}}
            keys = {"plan": str(plan), "sensors": sensors, "quality": "fast"}
            generate(GenerateConfig.parse({**keys, "out": str(rendered)}), io.StringIO())
            each = [
                _refine(rendered, turn) / len(open_dataset(rendered).frames("front"))
                for turn in ("first", "again")
            ][1]
            found += [
                Figure("refining", f"CPU a frame, {name}, one worker", each, "s"),
                Figure("refining", f"frames/s a core, {name}", 1 / each, "frames/s"),
            ]
    return found


def _refine(rendered: Path, turn: str) -> float:
    """Return the seconds of CPU that refining a data set takes."""
    start = _cpu_s()
    out = rendered.with_name(f"{rendered.name}-{turn}")
    refine(RefineConfig.parse({"dataset": str(rendered), "out": str(out)}), io.StringIO())
    return _cpu_s() - start


def _cpu_s() -> float:
    parts = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(use.ru_utime + use.ru_stime for use in map(resource.getrusage, parts))
