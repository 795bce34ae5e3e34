"""Settings that all tests share."""

from __future__ import annotations

import os

from hypothesis import settings

os.environ.setdefault("LP_NUM_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
# What a developer has imported is no part of what is tested.
os.environ["SCENEGEN_ASSETS_DIR"] = os.devnull

# The same examples every time: a red test can be run again.
settings.register_profile("scenegen", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("scenegen")
