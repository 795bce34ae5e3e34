"""A Ray cluster of two nodes, as processes of this machine."""

from __future__ import annotations

import os
from typing import Any


class Nodes:
    """Started when it is first needed; nodes have one CPU each."""

    def __init__(self) -> None:
        self.cluster: Any = None

    def start(self) -> str:
        """Return the address of a running cluster."""
        if self.cluster is None:
            os.environ.update(RAY_AUTH_MODE="disabled", RAY_USAGE_STATS_ENABLED="0")
            os.environ.update(RAY_health_check_period_ms="500", RAY_health_check_timeout_ms="500")
            from ray.cluster_utils import Cluster  # noqa: PLC0415 - an extra

            self.cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 1})
            self.cluster.spare = self.cluster.add_node(num_cpus=1)
        return str(self.cluster.address)

    def stop(self) -> None:
        """End all its processes."""
        if self.cluster is not None:
            self.cluster.shutdown()
            self.cluster = None
