"""A data set of 10,000 frames: opened, filtered and reported, in seconds and bytes.

Eight rendered scenes stand for all: their pictures are linked into new scenes, whose manifests,
scenarios and labels are real files of their own with ids and weights of their own.
"""

from __future__ import annotations

import hashlib
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.figures import Figure
from bench.scenes import SCENARIOS
from peak import peak_mib
from scenegen.dataset import open_dataset, open_output
from scenegen.dataset.canonical import canonical_json
from scenegen.dataset.reader import SceneReader
from scenegen.dataset.schema import FileEntry

FRAMES = 10_000
NAME = "dataset_scale"


def run() -> list[Figure]:
    """Make the set; then index it, filter it and write its page, each in a fresh process."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "large"
        frames = make(Path(folder) / "small", out)
        steps = {
            "index": _in_fresh_process(_index, out),
            "open and filter": _in_fresh_process(_filter, out),
            "report": _in_fresh_process(_report, out),
        }
        audit = _in_fresh_process(_audit, out)
    figures = [Figure(NAME, "frames", frames, "", FRAMES, "at least")]
    figures += [Figure(NAME, f"{name}, wall clock", s, "s") for name, (s, _, _) in steps.items()]
    figures += [Figure(NAME, f"{name}, CPU", cpu, "s") for name, (_, cpu, _) in steps.items()]
    whole = sum(cpu for _, cpu, _ in steps.values())
    peak = max(size for _, _, size in steps.values())
    return [
        *figures,
        Figure(NAME, "indexed, filtered and reported, CPU", whole, "s", 20.0),
        Figure(NAME, "largest resident size", peak, "MB", 1000.0),
        Figure(NAME, "audited by itself, CPU", audit[1], "s", 20.0),
        Figure(NAME, "resident size of an audit", audit[2], "MB", 1000.0),
    ]


def make(small: Path, large: Path) -> int:
    """Render eight scenes, make as many of them as are needed, and return the frames."""
    if not (small / "dataset.json").exists():
        words = ["generate", f"scenario={','.join(SCENARIOS)}", "num_scenes=1", "quality=fast"]
        command = [sys.executable, "-m", "scenegen", *words, f"out={small}"]
        subprocess.run(command, check=True, stderr=subprocess.DEVNULL)
    source = open_dataset(small)
    copies = -(-FRAMES // len(source.frames()))
    with open_output(large, source.info) as output:
        for scene in source:
            for index in range(copies):
                multiply(scene, large / "scenes", index)
        return output.finish().counts.frames


def multiply(scene: SceneReader, into: Path, index: int) -> None:
    """Write a scene like another under a number of its own."""
    manifest = scene.manifest
    new_id = f"{manifest.scenario}-{index:06d}"
    folder, weight = into / new_id, -0.01 * index
    rewritten: dict[str, bytes] = {}
    for name in manifest.files:
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        if name == "scenario.json":
            content = json.loads((scene.path / name).read_bytes())
            rewritten[name] = canonical_json(content | {"index": index, "log_weight": weight})
        elif name.endswith(".json"):
            said = f'"scene":"{scene.id}"'.encode()
            data = (scene.path / name).read_bytes()
            rewritten[name] = data.replace(said, f'"scene":"{new_id}"'.encode(), 1)
        else:
            os.link(scene.path / name, place)
    files = dict(manifest.files)
    for name, data in rewritten.items():
        (folder / name).write_bytes(data)
        files[name] = FileEntry(sha256=hashlib.sha256(data).hexdigest(), bytes=len(data))
    changes = {"scene": new_id, "index": index, "log_weight": weight, "files": files}
    changed = manifest.model_copy(update=changes)
    (folder / "files.json").write_bytes(canonical_json(changed.model_dump(mode="json")))


def _index(out: Path) -> None:
    """Write the index and ``dataset.json`` anew, as the end of every run does."""
    with open_output(out, open_dataset(out).info, resume=True) as output:
        output.finish()


def _filter(out: Path) -> None:
    data = open_dataset(out)
    people = data.filter("count.person > 0 and log_weight < -0.05")
    if not 0 < len(people.frames()) < len(data.frames()):
        raise SystemExit("the filter leaves all frames or none")
    if people.frames()[-1].labels.frame != people.frames()[-1].index:
        raise SystemExit("a frame's labels are not its own")


def _report(out: Path) -> None:
    from scenegen.pipeline.config import ReportConfig  # noqa: PLC0415 - part of what is measured
    from scenegen.pipeline.report import report  # noqa: PLC0415

    report(ReportConfig.parse({"dataset": str(out), "out": str(out) + ".html"}))


def _audit(out: Path) -> None:
    from scenegen.pipeline.audit import audit  # noqa: PLC0415
    from scenegen.pipeline.config import AuditConfig  # noqa: PLC0415

    audit(AuditConfig.parse({"dataset": str(out), "out": str(out) + "-audit"}))


def _in_fresh_process(step: Callable[[Path], None], out: Path) -> tuple[float, float, float]:
    """Return wall-clock seconds, CPU seconds and the peak resident size in MB of a step."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_measured, (step, out))


def _measured(step: Callable[[Path], None], out: Path) -> tuple[float, float, float]:
    wall, cpu = time.monotonic(), time.process_time()
    step(out)
    seconds = time.monotonic() - wall, time.process_time() - cpu
    return *seconds, peak_mib()
