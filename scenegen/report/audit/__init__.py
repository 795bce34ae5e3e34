"""The audit of data sets: what they hold by factor, and how far that is from what they should."""

from scenegen.report.audit.record import Audit
from scenegen.report.audit.run import audit_of
from scenegen.report.audit.sightings import Sightings, sightings_of
from scenegen.report.audit.target import Spec, Target, load_target, parse_target

__all__ = [
    "Audit",
    "Sightings",
    "Spec",
    "Target",
    "audit_of",
    "load_target",
    "parse_target",
    "sightings_of",
]
