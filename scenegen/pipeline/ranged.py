"""Labels of sweeps and scans, with the ego's motion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scenegen.annotate.ego import with_motion
from scenegen.ranging.labels import sweep_labels
from scenegen.ranging.mount import Mount
from scenegen.ranging.radar.labels import scan_labels

if TYPE_CHECKING:
    from scenegen.annotate import RunFacts
    from scenegen.records import Scan, ScanLabels, Sweep, SweepLabels


def label_sweep(facts: RunFacts, name: str, index: int, sweep: Sweep) -> SweepLabels:
    """Label a sweep of a LiDAR.

    Parameters
    ----------
    name : str
        Of the sensor.
    index : int
        Number of the sweep, from 0.
    """
    mount = Mount(facts.scenario, facts.trajectory, name)
    found = sweep_labels(mount, index, sweep, facts.bounds)
    return found.model_copy(update={"ego": with_motion(found.ego, facts, found.time_s)})


def label_scan(facts: RunFacts, name: str, index: int, scan: Scan) -> ScanLabels:
    """Label a scan of a radar; parameters as of `label_sweep`."""
    mount = Mount(facts.scenario, facts.trajectory, name)
    found = scan_labels(mount, index, scan, facts.bounds)
    return found.model_copy(update={"ego": with_motion(found.ego, facts, found.time_s)})
