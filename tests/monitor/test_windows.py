"""Operators on time against their definitions, step by step."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.monitor.windows import always, eventually, until

values = st.lists(st.integers(-9, 9).map(float), min_size=1, max_size=30).map(np.array)
pairs = st.integers(1, 30).flatmap(
    lambda n: st.tuples(
        *2 * [st.lists(st.integers(-9, 9).map(float), min_size=n, max_size=n).map(np.array)]
    )
)
windows = st.one_of(
    st.none(), st.tuples(st.integers(0, 35), st.integers(0, 35)).map(lambda p: (p[0], p[0] + p[1]))
)


def within(window, now, steps):
    first, last = window or (0, steps)
    return range(now + first, min(now + last, steps - 1) + 1)


@given(values, windows)
def test_eventually_is_the_greatest_of_its_window(signal, window):
    steps = len(signal)
    expected = [
        max([signal[k] for k in within(window, now, steps)], default=-np.inf)
        for now in range(steps)
    ]
    assert eventually(signal, window).tolist() == expected
    assert always(signal, window).tolist() == (-eventually(-signal, window)).tolist()


@given(pairs, windows)
def test_until_by_its_definition(signals, window):
    before, then = signals
    steps = len(then)
    expected = [
        max(
            [min([then[k], *before[now:k]]) for k in within(window, now, steps)],
            default=-np.inf,
        )
        for now in range(steps)
    ]
    assert until(before, then, window).tolist() == expected


def test_many_runs_at_once():
    signals = np.random.default_rng(0).normal(size=(5, 40))
    together = eventually(signals, (2, 7))
    for one, alone in zip(signals, together, strict=True):
        assert (eventually(one, (2, 7)) == alone).all()


def test_a_window_beyond_the_end_holds_nothing():
    signal = np.array([1.0, 2.0, 3.0])
    assert always(signal, (5, 9)).tolist() == [np.inf] * 3
    assert eventually(signal, (5, 9)).tolist() == [-np.inf] * 3
    assert always(signal, (1, 9)).tolist() == [2.0, 3.0, np.inf]
    assert eventually(signal, (1, 0)).tolist() == [-np.inf] * 3


@pytest.mark.parametrize("window", [None, (0, 300), (150, 4000)])
def test_time_grows_with_the_run_and_not_with_the_window(window):
    """240,000 steps are a matter of milliseconds; a window each would take minutes."""
    assert np.isfinite(eventually(np.zeros(240_000), window)[:1000]).all()
