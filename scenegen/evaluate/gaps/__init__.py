"""Gap analysis: a model's errors shared out, what a set lacks, and a plan of what to add."""

from scenegen.evaluate.gaps.errors import Errors, errors_of
from scenegen.evaluate.gaps.run import GapOutcome, Verdicts, find_gaps, gaps

__all__ = ["Errors", "GapOutcome", "Verdicts", "errors_of", "find_gaps", "gaps"]
