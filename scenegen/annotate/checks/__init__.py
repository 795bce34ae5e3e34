"""Checks that hold a data set's labels, pictures and trajectory against each other.

All of them are functions of what was read from files. `check_frame` and `check_scene`
run them by name; `FRAME_CHECKS` and `SCENE_CHECKS` list them.
"""

from scenegen.annotate.checks.case import FrameCase, Pictures, Violation, stored_pictures
from scenegen.annotate.checks.run import (
    FRAME_CHECKS,
    SCENE_CHECKS,
    applicable,
    check_frame,
    check_scene,
)
from scenegen.annotate.checks.scans import SCAN_CHECKS, check_scan, check_scan_series
from scenegen.annotate.checks.sweeps import SWEEP_CHECKS, check_sweep, check_sweep_series
from scenegen.annotate.checks.truth import SceneTruth

__all__ = [
    "FRAME_CHECKS",
    "SCAN_CHECKS",
    "SCENE_CHECKS",
    "SWEEP_CHECKS",
    "FrameCase",
    "Pictures",
    "SceneTruth",
    "Violation",
    "applicable",
    "check_frame",
    "check_scan",
    "check_scan_series",
    "check_scene",
    "check_sweep",
    "check_sweep_series",
    "stored_pictures",
]
