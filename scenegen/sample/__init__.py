"""Sampling: from a logical scenario to concrete ones, and how well it samples."""

from scenegen.sample.check import CheckResult, check
from scenegen.sample.designs import size_of, with_design
from scenegen.sample.draw import draw, takes_first
from scenegen.sample.kept import Kept, keeping, setting
from scenegen.sample.lane_table import LaneRow, road_lanes
from scenegen.sample.many import Draws, sample_many
from scenegen.sample.nominal import Nominal
from scenegen.sample.rejected import RejectedDraw, rejected_draw
from scenegen.sample.rig import parse_rig
from scenegen.sample.until import pairs_covered, scenes_until
from scenegen.sample.validate import validate
from scenegen.sample.written import written

__all__ = [
    "CheckResult",
    "Draws",
    "Kept",
    "LaneRow",
    "Nominal",
    "RejectedDraw",
    "check",
    "draw",
    "keeping",
    "pairs_covered",
    "parse_rig",
    "rejected_draw",
    "road_lanes",
    "sample_many",
    "scenes_until",
    "setting",
    "size_of",
    "takes_first",
    "validate",
    "with_design",
    "written",
]
