"""A Ray cluster of two nodes, whose workers and nodes die while scenes are made."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest


@pytest.fixture
def cluster() -> Iterator[Any]:
    """Two nodes of one CPU each, as processes of this machine."""
    import ray
    from ray.cluster_utils import Cluster

    made = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
    made.spare = made.add_node(num_cpus=1)
    yield made
    ray.shutdown()
    made.shutdown()


def begun(out: Path) -> None:
    """Wait until a run has stored its first scene."""
    while not list(out.glob("store/draw/??/[!.]*/made.json")):
        time.sleep(0.02)


def at_work() -> list[psutil.Process]:
    """Return the workers of Ray that make a scene just now."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if "ray::Worker.attempt" in " ".join(process.info["cmdline"] or []):
            found.append(process)
    return found


@pytest.mark.slow
class TestRay:
    def test_a_worker_dies(self, night, digest: str, cluster: Any) -> None:
        killed: list[int] = []

        def kill() -> None:
            begun(night.out)
            while not killed:
                for process in at_work()[:1]:
                    process.kill()
                    killed.append(process.pid)

        killer = threading.Thread(target=kill)
        killer.start()
        result = night.run(executor="ray", workers=2, address=cluster.address)
        killer.join()
        assert killed
        assert result.version.digest == digest

    def test_a_node_dies(self, night, digest: str, cluster: Any) -> None:
        def kill() -> None:
            begun(night.out)
            cluster.remove_node(cluster.spare, allow_graceful=False)

        killer = threading.Thread(target=kill)
        killer.start()
        result = night.run(executor="ray", workers=2, address=cluster.address)
        killer.join()
        assert result.version.digest == digest
