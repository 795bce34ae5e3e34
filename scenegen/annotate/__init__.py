"""Exact labels from drawn frames, and the checks that hold them against each other.

`annotate` labels one frame; `scenegen.annotate.checks` reads nothing but what files hold.
"""

from scenegen.annotate.annotate import annotate
from scenegen.annotate.ego import with_motion
from scenegen.annotate.pixels import pixel_truth
from scenegen.annotate.run_facts import RunFacts
from scenegen.annotate.tracks import track_bounds

__all__ = ["RunFacts", "annotate", "pixel_truth", "track_bounds", "with_motion"]
