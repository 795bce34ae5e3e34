"""What a night came to as metrics that Prometheus reads from a file."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from scenegen.dataset.storage import storage_errors
from scenegen.errors import InputError

if TYPE_CHECKING:
    from scenegen.pipeline.nightly.result import NightlyResult


def need_metrics() -> None:
    """Make sure that metrics can be written; InputError if they can't."""
    try:
        import prometheus_client  # noqa: F401, PLC0415 - an extra
    except ImportError:
        raise InputError("metrics= needs the extra: pip install 'scenegen[metrics]'") from None


def write_metrics(path: Path, plan: str, result: NightlyResult, seconds: float) -> None:
    """Write the metrics of a run; the file is replaced as a whole.

    Parameters
    ----------
    path : Path
        As node_exporter's textfile collector reads them: ``….prom``.
    seconds : float
        That the run took.
    """
    from prometheus_client import CollectorRegistry, Gauge, write_to_textfile  # noqa: PLC0415

    registry = CollectorRegistry()

    def say(name: str, told: str, value: float, **labels: str) -> None:
        full = f"scenegen_nightly_{name}"
        gauge = gauges.get(full)
        if gauge is None:
            gauge = Gauge(full, told, ["plan", *labels], registry=registry)
            gauges[full] = gauge
        gauge.labels(plan=plan, **labels).set(value)

    gauges: dict[str, Gauge] = {}
    say("published", "1 if what the plan says is published", float(result.ok))
    say("duration_seconds", "How long the run took", seconds)
    say("end_timestamp_seconds", "When the run ended", time.time())
    if result.due is not None:
        say("scenes", "Scenes of the plan", result.due.wanted)
        say("due_scenes", "Scenes to make", len(result.due.simulate), stage="simulate")
        say("due_scenes", "Scenes to make", len(result.due.draw), stage="draw")
    if result.version is not None:
        say("quarantined_scenes", "Scenes that can't be made", len(result.version.quarantined))
        for gate in result.version.gates:
            say("gate_holds", "1 if a gate holds", float(gate.passed), gate=gate.name)
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        write_to_textfile(str(path), registry)
