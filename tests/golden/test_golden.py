"""Frames look as they did when they were blessed; see `tools/bless`."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from scenegen.dataset import encode_frame

MEAN_LIMIT, SHARE_LIMIT = 1.0, 0.01
"""Mean difference of colours in 8-bit steps, and share of pixels that may be 24 or more off:
versions of llvmpipe round differently, and a light may fall on the other side of a threshold."""


def _cases() -> Any:
    """Import the file beside this one; tests are no package."""
    spec = importlib.util.spec_from_file_location(
        "golden_cases", Path(__file__).parent / "cases.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["golden_cases"] = module
    spec.loader.exec_module(module)
    return module


cases = _cases()


def _read(data: bytes) -> np.ndarray:
    picture = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
    assert picture is not None
    return picture.astype(np.int64)


def _fail(case: Any, backend: str, layer: str, found: np.ndarray, golden: np.ndarray) -> None:
    """Write golden, found and their difference side by side, and fail."""
    cases.FAILED.mkdir(exist_ok=True)
    path = cases.FAILED / case.picture(backend, layer).name
    gap = np.abs(found - golden)
    scale = 255 / max(int(golden.max()), 1) if layer != "rgb" else 1
    shown = [golden * scale, found * scale, gap * (255 / max(int(gap.max()), 1))]
    cv2.imwrite(str(path), np.concatenate(shown, axis=1).astype(np.uint8))
    pytest.fail(f"{layer} differs at {(gap > 0).mean():.2%}, mean {gap.mean():.2f}: see {path}")


@pytest.mark.parametrize("case", cases.CASES, ids=lambda case: case.name)
def test_frames_are_golden(case: Any) -> None:
    for backend, frame in cases.draw_case(case).items():
        for layer, data in encode_frame(frame).items():
            if layer not in cases.LAYERS:
                continue
            found = _read(data)
            golden = _read(case.picture(backend, layer).read_bytes())
            assert found.shape == golden.shape
            gap = np.abs(found - golden)
            if layer == "rgb":
                same = gap.mean() <= MEAN_LIMIT and (gap >= 24).mean() <= SHARE_LIMIT
            elif layer == "depth":
                same = bool((gap <= 1 + golden // 4096).all())
            else:
                same = not gap.any()
            if not same:
                _fail(case, backend, layer, found, golden)
