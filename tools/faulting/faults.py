"""What happens to nights: each fault takes a night that runs, and does its harm now."""

from __future__ import annotations

import json
import os
import random
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import psutil

from faulting.bucket import Server
from faulting.setting import Round, ray_workers, workers_of
from scenegen.pipeline.nightly.verifying import verify_key

LEFT_KB = 200
"""Free space that a full disk may keep, at most."""
AWAY_S = 25.0
"""How long storage is cut off, at most: longer than all tries of an upload."""

Fault = Callable[[Round, random.Random], str]


def kill_worker(night: Round, chance: random.Random) -> str:
    """SIGKILL one of the processes that make scenes."""
    assert night.process is not None
    return _kill(workers_of(night.process.pid), chance)


def kill_ray_worker(night: Round, chance: random.Random) -> str:
    """SIGKILL a worker of Ray that makes a scene."""
    return _kill(ray_workers(), chance)


def _kill(found: list[psutil.Process], chance: random.Random) -> str:
    if not found:
        return ""
    victim = chance.choice(found)
    with suppress(psutil.NoSuchProcess):
        victim.kill()
        return f"pid {victim.pid}"
    return ""


def kill_driver(night: Round, chance: random.Random) -> str:
    """SIGKILL the night."""
    assert night.process is not None
    os.kill(night.process.pid, signal.SIGKILL)
    return f"pid {night.process.pid}"


def ask_to_stop(night: Round, chance: random.Random) -> str:
    """SIGTERM the night."""
    assert night.process is not None
    os.kill(night.process.pid, signal.SIGTERM)
    return f"pid {night.process.pid}"


def fill_disk(night: Round, chance: random.Random) -> str:
    """Leave next to no space, until the night has ended."""
    room = os.statvfs(night.out)
    size = room.f_bavail * room.f_frsize - 1024 * chance.randrange(LEFT_KB)
    ballast = night.out / "ballast"
    with ballast.open("wb") as file, suppress(OSError):
        os.posix_fallocate(file.fileno(), 0, max(size, 1))
    night.end()
    ballast.unlink()
    return f"{LEFT_KB} kB left at most"


def corrupt(night: Round, chance: random.Random) -> str:
    """SIGKILL the night, and change a byte of a stored file, whoever has checked it before."""
    kill_driver(night, chance)
    night.end()
    night.note()
    store = night.out / "out/store"
    stages = ("simulate", "draw", "label")
    files = sorted(p for s in stages for p in (store / s).glob("??/*/**/*"))
    files = [p for p in files if p.is_file() and not _aside(p.relative_to(store))]
    if not files:
        return ""
    path = chance.choice(files)
    night.damaged |= {f"{stage}/{key}" for stage, key in _entries(store, path)}
    data = bytearray(path.read_bytes())
    at = chance.randrange(len(data))
    data[at] ^= 1 << chance.randrange(8)
    # In place: other names of the same file are damaged with it.
    with path.open("r+b") as file:
        file.write(bytes(data))
    stage, _, key = path.relative_to(store).parts[:3]
    return f"{stage}/{key[:8]} {path.name} byte {at}"


def _entries(store: Path, path: Path) -> Iterator[tuple[str, str]]:
    """Yield the stages that have a file, or that its damage is noted in."""
    for name in store.glob("*/??/*/**/*"):
        if name.is_file() and name.samefile(path):
            stage, _, key = name.relative_to(store).parts[:3]
            yield stage, key
            if stage == "label":
                made = json.loads((store / stage / key[:2] / key / "made.json").read_bytes())
                yield "verify", verify_key(made["made"]["value"])


def _aside(path: Path) -> bool:
    return any(part.startswith(".tmp-") for part in path.parts)


def storage_cut(server: Server) -> Fault:
    """Return the fault that kills the S3 server for a while."""

    def cut(night: Round, chance: random.Random) -> str:
        server.stop()
        seconds = chance.uniform(1.0, AWAY_S)
        time.sleep(seconds)
        server.start()
        return f"for {seconds:.0f} s"

    return cut


def node_killed(cluster: Any) -> Fault:
    """Return the fault that kills a node of a Ray cluster; another one joins in its place."""

    def kill(night: Round, chance: random.Random) -> str:
        cluster.remove_node(cluster.spare, allow_graceful=False)
        cluster.spare = cluster.add_node(num_cpus=1)
        return "one of two"

    return kill
