"""Pictures and pages for people: overlays, contact sheets, plans and the HTML report."""

from scenegen.report.birds_eye import birds_eye
from scenegen.report.contact_sheet import contact_sheet
from scenegen.report.coverage import CellsFact, CombinationFact, CoverageFact, OddFact
from scenegen.report.overlay import annotated
from scenegen.report.page import write_audit_page, write_report

__all__ = [
    "CellsFact",
    "CombinationFact",
    "CoverageFact",
    "OddFact",
    "annotated",
    "birds_eye",
    "contact_sheet",
    "write_audit_page",
    "write_report",
]
