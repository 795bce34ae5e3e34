"""A plan of small scenes, the disk that its nights are on, and the processes of a night."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psutil

import scenegen

VERB = [sys.executable, "-m", "scenegen", "nightly"]
SCENARIOS = 4
DISK_MB = 256
BUCKET = "faults"
STAGES = ("simulate", "draw", "verify")

_SCENARIO = """\
scenario: part_{number}
description: a car on a straight road
duration: 0.5 s
road: {{kind: straight}}
parameters:
  speed: {{uniform: [8 m/s, {top} m/s]}}
ego: {{asset: vehicle.sedan, place: {{lane: forward_0, s: 20 m}}, speed: speed}}
"""


def write_plan(folder: Path, scenes: int, destination: dict[str, object] | None) -> Path:
    """Write a plan and its scenarios; return the plan's path."""
    rows = [f"  - {{scenario: ./part_{n}.yaml, num_scenes: {scenes}}}" for n in range(SCENARIOS)]
    for number in range(SCENARIOS):
        text = _SCENARIO.format(number=number, top=10 + number)
        (folder / f"part_{number}.yaml").write_text(text)
    camera = "{width: 64, height: 48, hfov: 70 deg, position: [0.4 m, 0 m, 1.35 m]}"
    lines = ["nightly: faults", "generate:", *rows, f"sensors: {{front: {camera}}}"]
    lines += ["quality: fast", "exports: {coco: {}}", "gates: {verify: true}"]
    if destination is not None:
        lines += [f"{key}: {json.dumps(value)}" for key, value in destination.items()]
    path = folder / "plan.yaml"
    path.write_text("\n".join(lines) + "\n")
    return path


@contextmanager
def disk(folder: Path) -> Iterator[Path]:
    """Give an empty disk of its own in memory, so small that it can be filled."""
    folder.mkdir(parents=True, exist_ok=True)
    mounting = ["mount", "-t", "tmpfs", "-o", f"size={DISK_MB}m", "tmpfs", str(folder)]
    subprocess.run(mounting, check=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@dataclass
class Round:
    """One data set on its disk, while its nights are disturbed.

    Attributes
    ----------
    workers : int
    cluster : str
        Address of a Ray cluster; empty for processes of this machine.
    process : Popen or None
        The night that runs just now.
    ended : tuple of int and str, or None
        Its exit code and what it told, once it has ended.
    finished : dict of str to int
        When each stored stage was first seen, in nanoseconds of the file's clock.
    damaged : set of str
        Stages that a fault has damaged: they are to be made again.
    """

    plan: Path
    out: Path
    workers: int
    cluster: str = ""
    process: subprocess.Popen[str] | None = None
    ended: tuple[int, str] | None = None
    finished: dict[str, int] = field(default_factory=dict)
    damaged: set[str] = field(default_factory=set)

    def begin(self) -> None:
        """Start a night."""
        keys = [f"plan={self.plan}", f"out={self.out / 'out'}", "min_free_gb=0"]
        # All that is published is read again each night: a fault may have damaged any of it.
        keys += [f"workers={self.workers}", "reread_s=60"]
        if self.cluster:
            keys += ["executor=ray", f"address={self.cluster}"]
        self.ended = None
        self.process = subprocess.Popen(
            [*VERB, *keys],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env={**os.environ, "RAY_AUTH_MODE": "disabled", "RAY_USAGE_STATS_ENABLED": "0"},
        )

    def end(self, limit_s: float = 300.0) -> tuple[int, str]:
        """Wait for the night; return its exit code and what it told."""
        assert self.process is not None
        if self.ended is None:
            told = self.process.communicate(timeout=limit_s)[0]
            self.ended = self.process.returncode, told
        return self.ended

    def running(self) -> bool:
        """Whether the night hasn't ended by itself."""
        return self.process is not None and self.process.poll() is None

    def stored(self) -> dict[str, int]:
        """Return when each stage that is stored now was made."""
        found = {}
        for stage in STAGES:
            for path in (self.out / "out/store" / stage).glob("??/*/made.json"):
                try:
                    found[f"{stage}/{path.parent.name}"] = path.stat().st_mtime_ns
                except FileNotFoundError:
                    continue
        return found

    def in_flight(self) -> int:
        """Return how many stages are begun and not stored."""
        return len(list((self.out / "out/store").glob("*/??/.tmp-*")))

    def note(self) -> None:
        """Remember what is stored; what was before keeps its time."""
        self.finished = self.stored() | self.finished

    def made_again(self) -> int:
        """Return how many stages were stored once and made again without being damaged."""
        now = self.stored()
        return sum(
            now[key] != when
            for key, when in self.finished.items()
            if key in now and key not in self.damaged
        )

    def digest(self) -> str:
        """Return the digest of what is published, of all its bytes; empty if nothing is."""
        home = self.out / "out/faults"
        if not (home / "latest.json").is_file():
            return ""
        name = json.loads((home / "latest.json").read_bytes())["version"]
        noted = json.loads((home / "versions" / name / "version.json").read_bytes())["digest"]
        found = scenegen.digest(str(home / "versions" / name / "data"))
        return found if found == noted else f"{found}, noted as {noted}"


def workers_of(pid: int) -> list[psutil.Process]:
    """Return the processes of a night that make scenes."""
    try:
        children = psutil.Process(pid).children(recursive=True)
        return [child for child in children if "spawn_main" in " ".join(child.cmdline())]
    except psutil.NoSuchProcess:
        return []


def ray_workers() -> list[psutil.Process]:
    """Return the workers of Ray that make a scene just now."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if "ray::attempt" in " ".join(process.info["cmdline"] or []):
            found.append(process)
    return found


def wait_within(limit_s: float, night: Round) -> None:
    """Sleep; shorter where the night ends before."""
    end = time.monotonic() + limit_s
    while time.monotonic() < end and night.running():
        time.sleep(0.02)
