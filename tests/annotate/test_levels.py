"""Levels of occlusion and truncation at their thresholds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.records.levels import occlusion_level, truncation_level

SHARES = st.floats(0, 1)


@pytest.mark.parametrize(
    ("share", "level"), [(0, 0), (0.049, 0), (0.05, 1), (0.49, 1), (0.5, 2), (0.95, 3), (1, 3)]
)
def test_occlusion(share: float, level: int) -> None:
    assert occlusion_level(share) == level


@pytest.mark.parametrize(
    ("share", "level"), [(0, 0), (0.15, 0), (0.16, 1), (0.3, 1), (0.31, 2), (0.5, 2), (0.51, 3)]
)
def test_truncation(share: float, level: int) -> None:
    assert truncation_level(share) == level


@given(SHARES, SHARES)
def test_more_is_never_a_lower_level(a: float, b: float) -> None:
    less, more = sorted((a, b))
    assert occlusion_level(less) <= occlusion_level(more)
    assert truncation_level(less) <= truncation_level(more)


@pytest.mark.parametrize("share", [-0.01, 1.01, float("nan")])
def test_what_is_no_share_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share"):
        occlusion_level(share)
    with pytest.raises(ValueError, match="share"):
        truncation_level(share)
