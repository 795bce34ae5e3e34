"""Plots are valid SVG, put numbers where they belong and survive whatever is plotted."""

from __future__ import annotations

import math
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scenegen.evaluate.axes import Axis, fitting_axis, label, linear_axis
from scenegen.evaluate.plots import legend, line_plot, slots_of
from scenegen.evaluate.results import Curve, Plot
from scenegen.evaluate.strips import Span, scale, strip, strip_axis

EVIL = "<script>\"'&</script>"
NUMBERS = st.floats(-1e9, 1e9).filter(lambda v: v == 0 or abs(v) > 1e-9)


def curve(label: str, x: tuple[float, ...], y: tuple[float, ...], width: float = 0.1) -> Curve:
    low, high = tuple(v - width for v in y), tuple(v + width for v in y)
    return Curve(label=label, x=x, y=y, low=low, high=high)


def plot(*curves: Curve) -> Plot:
    return Plot(title="title", x_label="x", y_label="y", curves=curves)


def points(element: ET.Element) -> list[tuple[float, float]]:
    pairs = (pair.split(",") for pair in element.attrib["points"].split())
    return [(float(x), float(y)) for x, y in pairs]


def classes(root: ET.Element, name: str) -> list[ET.Element]:
    return [e for e in root.iter() if name in e.attrib.get("class", "").split()]


@given(st.lists(st.tuples(NUMBERS, NUMBERS, st.floats(0, 1e6)), max_size=30))
def test_any_curve_is_drawn_within_the_picture(rows):
    rows.sort()
    x, y, width = zip(*rows, strict=True) if rows else ((), (), ())
    low = tuple(a - w for a, w in zip(y, width, strict=True))
    high = tuple(a + w for a, w in zip(y, width, strict=True))
    root = ET.fromstring(line_plot(plot(Curve(label="a", x=x, y=y, low=low, high=high))))
    _, _, right, bottom = map(float, root.attrib["viewBox"].split())
    places = [p for e in root.iter() if "points" in e.attrib for p in points(e)]
    assert len(places) >= len(rows)
    assert all(0 <= px <= right and 0 <= py <= bottom for px, py in places)


def test_a_line_rises_to_the_right_in_its_band():
    root = ET.fromstring(line_plot(plot(curve("a", (0.0, 1.0, 2.0), (0.0, 0.5, 1.0)))))
    line = points(classes(root, "line")[0])
    band = points(classes(root, "band")[0])
    assert [x for x, _ in line] == sorted(x for x, _ in line)
    assert [y for _, y in line] == sorted((y for _, y in line), reverse=True)
    for (_, y), (_, low), (_, high) in zip(line, band[:3], band[:2:-1], strict=True):
        assert high < y < low


@pytest.mark.parametrize(
    "curves",
    [
        (),
        (curve("none", (), ()),),
        (curve("one", (3.0,), (2.0,)),),
        (curve("one, no width", (3.0,), (0.0,), 0.0),),
        (curve("equal", (1.0, 2.0), (5.0, 5.0), 0.0),),
        (curve("one place", (1.0, 1.0), (5.0, 6.0)),),
        (curve("negative", (-3.0, -2.0), (-5.0, -4.0)),),
    ],
)
def test_degenerate_plots_are_whole(curves):
    root = ET.fromstring(line_plot(plot(*curves)))
    assert "nan" not in ET.tostring(root, "unicode")
    assert len(classes(root, "mark")) == sum(len(c.x) for c in curves)


def test_one_point_shows_its_interval():
    root = ET.fromstring(line_plot(plot(curve("a", (1.0,), (2.0,)))))
    (_, low), (_, high) = points(classes(root, "whisker")[0])
    assert high < low


def test_texts_are_escaped():
    hostile = Plot(title=EVIL, x_label=EVIL, y_label=EVIL, curves=(curve(EVIL, (1.0,), (1.0,)),))
    root = ET.fromstring(line_plot(hostile))
    assert EVIL in root.attrib["aria-label"]
    assert [e.text for e in classes(root, "title")] == [EVIL, EVIL]
    assert EVIL in "".join(ET.fromstring(legend([EVIL])).itertext())


def test_numbers_of_pictures_stand_at_equal_distances_and_keep_their_names():
    axis = fitting_axis([0.0, 10.0, 25.0, 50.0, 100.0, 367.0], spread=True)
    assert axis.kind == "steps"
    assert [tick.text for tick in axis.ticks()] == ["0", "10", "25", "50", "100", "367"]
    assert [tick.share for tick in axis.ticks()] == pytest.approx([i / 12 for i in range(1, 12, 2)])
    assert fitting_axis([0.0, 1.0, 2.0], spread=True).kind == "linear"


def test_spectra_are_logarithmic_both_ways_and_densities_are_not():
    x = tuple(float(2**i) for i in range(10))
    power = line_plot(plot(curve("a", x, tuple(v**-2 for v in x), 0.0)))
    assert power.count("(logarithmic)") == 2
    level = tuple(float(v) for v in range(1, 256, 2))
    density = line_plot(plot(curve("a", level, tuple(math.exp(-v) for v in level), 0.0)))
    assert "(logarithmic)" not in density


def test_a_logarithmic_axis_has_decades():
    axis = Axis(0.01, 1e6, "log")
    assert axis.share(0.01) == 0
    assert axis.share(1e6) == 1
    assert axis.share(100.0) == pytest.approx(0.5)
    assert axis.share(-1.0) == 0
    assert [t.text for t in axis.ticks(8)][:3] == ["0.01", "0.1", "1"]
    assert axis.ticks(8)[-1].text == "10⁶"


@given(NUMBERS, NUMBERS)
def test_ticks_are_round_in_order_and_unlike(one, other):
    axis = linear_axis([one, other])
    ticks = axis.ticks()
    assert 2 <= len(ticks) <= 12
    assert [t.share for t in ticks] == sorted(t.share for t in ticks)
    assert len({t.text for t in ticks}) == len(ticks)


@pytest.mark.parametrize(
    ("value", "step", "text"),
    [
        (0.1 + 0.2, 0.1, "0.3"),
        (-0.25, 0.05, "−0.25"),
        (1000.0, 500.0, "1000"),
        (2e9, 5e8, "2e+09"),
        (3e-7, 1e-7, "3e−07"),
        (0.0, None, "0"),
        (0.03125, None, "0.0312"),
        (12345.0, None, "12345"),
    ],
)
def test_labels_are_as_long_as_they_need(value, step, text):
    assert label(value, step) == text


def test_a_data_set_keeps_its_colour_and_others_get_free_ones():
    labels = ["real only", "real only, longer", "base", "x", "y"]
    slots = slots_of(labels, {"base": 0, "wet": 1})
    assert slots["base"] == 0
    assert (slots["real only"], slots["real only, longer"]) == (-1, -2)
    assert len(set(slots.values())) == 5
    assert 1 not in slots.values()
    many = slots_of([str(i) for i in range(20)], {})
    assert len(set(many.values())) == 20


def test_a_strip_puts_the_interval_where_the_axis_says():
    axis = Axis(0.0, 10.0)
    root = ET.fromstring(strip(Span(5.0, 2.0, 7.5), axis, 1, Span(1.0, 0.5, 1.5)))
    whisker = classes(root, "whisker")[0].attrib
    assert (whisker["x1"], whisker["x2"]) == ("20.00%", "75.00%")
    assert classes(root, "mark")[0].attrib["cx"] == "50.00%"
    band = next(e for e in classes(root, "reference") if e.tag == "rect")
    assert (band.attrib["x"], band.attrib["width"]) == ("5.00%", "10.00%")
    assert root.attrib["aria-label"] == "5.0 (2.0 to 7.5), reference 1.0 (0.5 to 1.5)"


@given(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS).map(sorted), min_size=1, max_size=5))
def test_strips_of_one_axis_stay_on_it(rows):
    spans = [Span(value, low, high) for low, value, high in rows]
    axis = strip_axis(spans)
    ET.fromstring(scale(axis))
    for span in spans:
        root = ET.fromstring(strip(span, axis))
        assert 0 <= float(classes(root, "mark")[0].attrib["cx"].rstrip("%")) <= 100


def test_strips_without_number_or_interval():
    assert "not defined" in strip(None, strip_axis([]))
    alone = ET.fromstring(strip(Span(1.0), strip_axis([Span(1.0)])))
    assert classes(alone, "whisker") == []
    assert Span(1.0).range_text == "–"


def test_a_number_has_the_digits_that_its_interval_allows():
    span = Span(0.3142, 0.3014, 0.3291)
    assert (span.text, span.range_text) == ("0.314", "0.301 to 0.329")
    assert str(Span(2.0, 2.0, 2.0)) == "2 (2 to 2)"
