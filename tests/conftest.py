"""Settings that all tests share."""

from __future__ import annotations

import os

from hypothesis import settings

os.environ.setdefault("LP_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")

# The same examples every time: a red test can be run again.
settings.register_profile("scenegen", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("scenegen")
