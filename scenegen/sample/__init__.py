"""Sampling: from a logical scenario to concrete ones, and how well it samples."""

from scenegen.sample.check import CheckResult, check
from scenegen.sample.designs import size_of, with_design
from scenegen.sample.draw import draw, validate
from scenegen.sample.rig import parse_rig
from scenegen.sample.until import scenes_until

__all__ = [
    "CheckResult",
    "check",
    "draw",
    "parse_rig",
    "scenes_until",
    "size_of",
    "validate",
    "with_design",
]
