"""The step that decides a monitor, on signals that are written down."""

import numpy as np
import pytest

from scenegen.monitor.decisive import decisive_row
from scenegen.monitor.semantics import Semantics
from scenegen.scenario.formulas import parse_formula

SPEED = np.array([5.0, 4.0, 2.0, 0.5, 2.5, 6.0])
GAP = np.array([9.0, 7.0, 3.0, 1.5, 2.0, 4.0])


def row_of(text, rate_hz=1.0):
    signals = {"speed": SPEED, "gap": GAP}
    hits = np.array([-np.inf] * 6)

    def measure(call):
        return signals[call.operation]

    semantics = Semantics(measure, lambda call: hits, len(SPEED), rate_hz)
    return decisive_row(parse_formula(text, {}, ("ego", "child")), semantics)


@pytest.mark.parametrize(
    ("text", "row"),
    [
        # What breaks, or comes to hold, does so first there.
        ("always(gap(ego, child) > 4 m)", 2),
        ("eventually(speed(ego) < 3 m/s)", 2),
        # What holds, or never does, is nearest to the other there.
        ("always(gap(ego, child) > 1 m)", 3),
        ("eventually(speed(ego) > 9 m/s)", 5),
        ("not always(gap(ego, child) > 4 m)", 2),
        # Only the window counts.
        ("always[0 s, 1 s](gap(ego, child) > 4 m)", 1),
        ("eventually[4 s, 9 s](speed(ego) < 3 m/s)", 4),
        # Until: where the second comes; where the first breaks before; where the second is nearest.
        ("until(gap(ego, child) > 2 m, speed(ego) < 3 m/s)", 2),
        ("until(gap(ego, child) > 8 m, speed(ego) < 3 m/s)", 1),
        ("until(gap(ego, child) > 1 m, speed(ego) > 9 m/s)", 5),
        # Of two, the one that decides: the lesser of "and", the greater of "or".
        ("always(gap(ego, child) > 1 m) and always(speed(ego) > 3 m/s)", 2),
        ("eventually(gap(ego, child) < 1 m) or eventually(speed(ego) < 1 m/s)", 3),
        ("implies(eventually(speed(ego) < 1 m/s), always(gap(ego, child) > 4 m))", 3),
        # Every step is as good as any other.
        ("always(not touches(ego))", None),
        ("eventually(touches(ego))", None),
        ("eventually[9 s, 12 s](speed(ego) < 3 m/s)", None),
        # Nested: what is slow for 1 s begins there.
        ("eventually(always[0 s, 1 s](speed(ego) < 3 m/s))", 2),
    ],
)
def test_the_decisive_row(text, row):
    assert row_of(text) == row
