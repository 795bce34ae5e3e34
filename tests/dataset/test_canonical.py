"""JSON and npz: exact round trips and bytes that depend on content alone."""

from __future__ import annotations

import io
import json
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.dataset.canonical import (
    canonical_json,
    labels_json,
    read_trajectory,
    trajectory_npz,
)
from scenegen.records import ConcreteScenario, FrameLabels


@given(st.dictionaries(st.text(), st.floats(allow_nan=False, allow_infinity=False)))
def test_floats_survive_exactly_and_order_does_not_matter(content):
    data = canonical_json(content)
    assert json.loads(data) == content
    assert canonical_json(dict(reversed(content.items()))) == data


def test_nan_is_refused():
    with pytest.raises(ValueError, match="not JSON compliant"):
        canonical_json({"x": float("nan")})


def test_scenario_survives_exactly(make):
    concrete = make["concrete"](3, speed=0.1 + 0.2)
    data = canonical_json(concrete.model_dump(mode="json"))
    assert ConcreteScenario.model_validate_json(data) == concrete


def test_labels_survive_exactly_and_leave_out_what_a_category_lacks(make):
    labels = make["labels"](make["concrete"](), make["frame"](), 0)
    data = labels_json(labels)
    assert FrameLabels.model_validate_json(data) == labels
    keys = json.loads(data)["objects"][0].keys()
    assert "lamps" in keys
    assert not keys & {"intent", "skeleton"}


def test_trajectory_survives_exactly_with_equal_bytes(make):
    trajectory = make["trajectory"](2)
    data = trajectory_npz(trajectory)
    assert trajectory_npz(make["trajectory"](2)) == data
    back = read_trajectory(data)
    for field in fields(back):
        ours, theirs = getattr(trajectory, field.name), getattr(back, field.name)
        np.testing.assert_array_equal(ours, theirs)
        assert np.asarray(ours).dtype == np.asarray(theirs).dtype or field.name == "termination"
    assert np.load(io.BytesIO(data))["contacts"].dtype.names[0] == "step"
