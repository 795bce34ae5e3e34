"""Charts are valid SVG, show every value once and escape their texts."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.report.charts import bars, histogram, number, strip


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60))
def test_a_histogram_counts_every_value_once(values):
    titles = [t.text or "" for t in ET.fromstring(histogram(values)).iter("title")]
    assert sum(int(title.rsplit(": ", 1)[1]) for title in titles) == len(values)


def test_equal_weights_follow_the_bars_and_others_do_not():
    values = [1.0, 2.0, 3.0, 4.0, 5.0, 5.0]
    plain = histogram(values, [1.0] * 6)
    tops = {round(float(y), 1) for y in re.findall(r'<rect class="bar" x="\S+" y="(\S+?)"', plain)}
    points = re.search(r'points="([^"]+)"', plain)
    assert points is not None
    assert {float(p.split(",")[1]) for p in points[1].split()} == tops
    skewed = re.search(r'points="([^"]+)"', histogram(values, [9.0, 1, 1, 1, 1, 1]))
    assert skewed is not None
    assert skewed[1] != points[1]


@given(
    st.dictionaries(
        st.text(st.characters(codec="utf-8", exclude_categories=("C",))),
        st.integers(0, 9),
        min_size=1,
    )
)
def test_bars_escape_names(counts):
    titles = [t.text for t in ET.fromstring(bars(counts)).iter("title")]
    assert len(titles) == len(counts)


@pytest.mark.parametrize(
    ("value", "text"), [(3.0, "3"), (0.1 + 0.2, "0.3"), (1234567.8, "1.23e+06"), (-2.5, "-2.5")]
)
def test_numbers_are_short(value, text):
    assert number(value) == text


def test_a_strip_has_a_cell_for_each_count_and_marks_empty_ones():
    root = ET.fromstring(strip(["<1 m", "1..2 m", "2..3 m"], [0, 3, 12345]))
    cells = list(root.iter("rect"))
    assert [cell.get("class") for cell in cells] == ["empty", "bar", "bar"]
    assert [t.text for t in root.iter("title")] == ["<1 m: 0", "1..2 m: 3", "2..3 m: 12345"]
    assert [t.text for t in root.iter("text")] == ["0", "3", "12345"]
    crowded = ET.fromstring(strip([str(i) for i in range(24)], [12345] * 24))
    assert not list(crowded.iter("text"))
