"""Every count of a silhouette is held against its bounds, not the whole area alone."""

import numpy as np

from scenegen.annotate.checks.silhouettes import Counts

BOX = np.array([10.0, 20.0, 30.0, 40.0])


def test_a_count_beyond_its_bound_is_beyond_whatever_the_others_are():
    most = Counts(202.0, 405.0, BOX)
    assert Counts(202.0, 400.0, BOX).within(most)
    assert not Counts(203.0, 400.0, BOX).within(most)
    assert not Counts(202.0, 406.0, BOX).within(most)
    for side, step in enumerate((-1.0, -1.0, 1.0, 1.0)):
        beyond = BOX + step * (np.arange(4) == side)
        assert not Counts(202.0, 400.0, beyond).within(most)
        assert Counts(202.0, 400.0, BOX - step * (np.arange(4) == side)).within(most)
