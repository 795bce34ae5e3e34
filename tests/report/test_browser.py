"""The page in a real browser: it draws, its filters and layers work, and nothing complains."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

from scenegen.dataset import open_dataset, open_output
from scenegen.records import Light, Weather
from scenegen.report import write_report
from scenegen.report.marks import MARKS


def _browsers() -> ModuleType:
    spec = importlib.util.spec_from_file_location("browser", Path(__file__).with_name("browser.py"))
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def page(tmp_path_factory, makers) -> Path:
    """Return a page on four scenes: two at night, one of them in rain, one parameter each."""
    folder = tmp_path_factory.mktemp("page")
    with open_output(folder / "set", makers.make_info()) as output:
        for index in range(4):
            concrete = makers.make_concrete(index, speed=5.0 + index, side="lr"[index % 2])
            night = Light(sun_elevation_rad=-0.3 if index > 1 else 0.6)
            wet = Weather(rain_mmph=3.0 if index == 3 else 0.0)
            makers.write_scene(
                folder / "set", concrete.model_copy(update={"light": night, "weather": wet})
            )
        output.finish()
    return write_report(open_dataset(folder / "set"), folder / "page.html")


@pytest.fixture(scope="module")
def browser(page):
    with _browsers().Browser() as opened:
        opened.open(page)
        yield opened
        # Whatever the tests did with it: nothing was fetched, and nobody complained.
        assert set(opened.requests) == {page.resolve().as_uri()}
        assert opened.problems == []


def choose(browser, selector: str, value: str) -> str:
    """Set a field as a person does and return what the page then says of the matches."""
    return browser.evaluate(
        f"(() => {{ const field = document.querySelector({selector!r});"
        "if (field.type === 'checkbox') field.click(); else {"
        f"field.value = {value!r}; field.dispatchEvent(new Event('change', {{bubbles: true}}));"
        "field.dispatchEvent(new Event('input', {bubbles: true})); }"
        "return document.getElementById('matches').textContent; })()"
    )


@pytest.fixture
def fresh(browser):
    """Give the page with no filter set."""
    browser.evaluate(
        "new Promise(done => { document.getElementById('filters').reset(); setTimeout(done, 50); })"
    )
    return browser


def shown_cards(browser) -> list[str]:
    return browser.evaluate(
        "[...document.querySelectorAll('.card')].filter(c => c.offsetParent).map("
        "c => c.dataset.scene)"
    )


def test_every_picture_is_drawn(fresh):
    assert fresh.evaluate("[...document.images].every(i => i.complete && i.naturalWidth > 0)")
    assert fresh.evaluate("document.querySelectorAll('#found tr').length") == 8
    assert fresh.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize(
    ("changes", "said", "scenes"),
    [
        ([], "8 of 8 frames, in 4 of 4 scenes", {0, 1, 2, 3}),
        ([("[data-of=illumination]", "night")], "4 of 8 frames, in 2 of 4", {2, 3}),
        (
            [("[data-of=illumination]", "night"), ("[data-of=rain]", "moderate")],
            "2 of 8 frames, in 1 of 4",
            {3},
        ),
        ([("#weight", "50")], "4 of 8 frames", {2, 3}),
        ([("#weight", "0")], "2 of 8 frames", {3}),
        ([("[data-class-bit]", "")], "8 of 8 frames", {0, 1, 2, 3}),
        ([("#parameter", "1"), ("#low", "6"), ("#high", "7")], "4 of 8 frames", {1, 2}),
        ([("#parameter", "0"), ("#word", "r")], "4 of 8 frames", {1, 3}),
        ([("#parameter", "1"), ("#low", "99")], "0 of 8 frames, in 0 of 4 scenes", set()),
    ],
)
def test_filters_leave_what_they_say(fresh, changes, said, scenes):
    text = fresh.evaluate("document.getElementById('matches').textContent")
    for selector, value in changes:
        text = choose(fresh, selector, value)
    assert text.startswith(said)
    assert shown_cards(fresh) == [f"ball-{index:06d}" for index in sorted(scenes)]


def first_row(browser) -> str:
    return browser.evaluate("document.querySelector('#found tr').textContent")


def test_orders_put_the_extremes_first(fresh):
    assert "ball-000000 · front · frame 0" in first_row(fresh)
    choose(fresh, "#order", "rare")
    assert "ball-000003 · front" in first_row(fresh)
    choose(fresh, "#order", "critical")
    assert "ball-000000 · front · frame 1" in first_row(fresh)  # the nearest, before a slower car
    choose(fresh, "#order", "hidden")
    assert fresh.evaluate("document.querySelectorAll('#found tr img').length") == 8


def visible(browser, selector: str) -> bool:
    return browser.evaluate(f"document.querySelector({selector!r}).getClientRects().length > 0")


def test_layers_and_marks_are_switched(fresh):
    assert visible(fresh, ".layer.rgb")
    assert not visible(fresh, ".layer.depth")
    fresh.evaluate("document.querySelector('[data-show=depth]').click()")
    assert visible(fresh, ".layer.depth")
    assert visible(fresh, ".layer.rgb")  # under it
    for mark in MARKS:
        before = fresh.evaluate(f"getComputedStyle(document.querySelector('.m.{mark}')).display")
        fresh.evaluate(f"document.querySelector('[data-mark={mark}]').click()")
        after = fresh.evaluate(f"getComputedStyle(document.querySelector('.m.{mark}')).display")
        assert {before, after} == {"none", "inline"}
        fresh.evaluate(f"document.querySelector('[data-mark={mark}]').click()")
    fresh.evaluate("document.querySelector('.stage').click()")  # the next layer, of this card alone
    assert visible(fresh, ".layer.normal")
    fresh.evaluate("document.querySelector('[data-show=rgb]').click()")
    assert not visible(fresh, ".layer.normal")


def test_boxes_lie_on_their_objects(fresh, makers):
    """The box in the page covers the same share of the picture as the label does."""
    found = fresh.evaluate(
        "(() => { const box = document.querySelector('.m.boxes rect').getBoundingClientRect();"
        "const all = document.querySelector('.layer.rgb').getBoundingClientRect();"
        "return [(box.left - all.left) / all.width, (box.top - all.top) / all.height,"
        "box.width / all.width, box.height / all.height]; })()"
    )
    frame = makers.make_frame(0)
    label = makers.make_labels(makers.make_concrete(0), frame, 0).objects[0]
    x1, y1, x2, y2 = label.box2d_visible
    wanted = [x1 / 64, y1 / 48, (x2 - x1) / 64, (y2 - y1) / 48]
    assert found == pytest.approx(wanted, abs=0.02)


@pytest.mark.parametrize(("width", "dark"), [(400, False), (400, True), (1280, True)])
def test_narrow_and_dark_windows_hold_it(browser, page, width, dark):
    browser.open(page, width=width, dark=dark)
    assert browser.evaluate("document.documentElement.scrollWidth <= innerWidth")
    light = browser.evaluate(
        "getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0] > 128"
    )
    assert light is not dark
