"""Sampling: from a logical scenario to concrete ones, and how well it samples."""

from scenegen.sample.check import CheckResult, check
from scenegen.sample.draw import draw, validate
from scenegen.sample.rig import parse_rig

__all__ = ["CheckResult", "check", "draw", "parse_rig", "validate"]
